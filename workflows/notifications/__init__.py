"""What people are told, and on which ways it reaches them; knows no case, only plain values."""
