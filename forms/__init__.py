"""What can be asked, and how it looks; knows nothing of cases."""
