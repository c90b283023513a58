"""The supervisor's page: how much work there is, how long it takes, and what becomes of it."""
