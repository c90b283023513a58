"""Benchmarks, run on PostgreSQL by ``make bench``; ratios inside one run, never a time in a test."""
