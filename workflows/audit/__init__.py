"""The audit trail: who did what, on which facts, provably in this order."""

from workflows.audit.guards import is_refusal
from workflows.audit.record import origin, record, record_all, record_system, whence
from workflows.audit.verify import Finding, findings, verify

__all__ = [
    "Finding",
    "findings",
    "is_refusal",
    "origin",
    "record",
    "record_all",
    "record_system",
    "verify",
    "whence",
]
