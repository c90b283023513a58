"""What people and machines do: one module a stage, verbs inside."""
