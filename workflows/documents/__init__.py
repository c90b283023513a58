"""Papers: set in our own type, signed, and verified. Bytes in, bytes out; knows no case."""
