"""What happens when something dies: workers, brokers, machines."""
