"""Designation of collaborative education bases (产教融合协同育人基地认定)."""
