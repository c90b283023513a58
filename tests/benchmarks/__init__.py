"""Benchmarks on PostgreSQL (``make bench``): ratios inside one run, never a time in a test."""
