"""Recorded applications."""
