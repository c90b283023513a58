"""Pages of the office: the inbox, a task with its case, the register, the file of a case."""
