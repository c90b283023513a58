"""Tables of cases that leave the house: who took which away is on the trail."""

from workflows import audit
from workflows.models import User

CHAIN = "exports"


def register(*, by: User, kind: str, asked: str, rows: int) -> None:
    """Record that ``by`` took the register of cases away as ``kind``, narrowed as ``asked``."""
    audit.record_system(
        CHAIN, "register_exported", by=by, kind_of_file=kind, asked=asked, rows=rows
    )
