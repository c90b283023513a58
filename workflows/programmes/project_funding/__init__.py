"""Project funding for industry-education integration (P4)."""
