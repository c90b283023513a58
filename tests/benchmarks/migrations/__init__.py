"""The rivals' tables."""
