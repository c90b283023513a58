"""Recorded applications carried through the real stage verbs, each act at its own moment.

A recording says what an applicant filed, when, and what a timeline tells of the acts; everything
it leaves open happens as on an ordinary day. See docs/recordings.md.
"""
