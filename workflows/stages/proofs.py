"""Papers that prove who somebody is or may act for: checked at the gate, kept in the store."""

from dataclasses import dataclass

from workflows.stages import intake


@dataclass(frozen=True)
class Proof:
    """A paper that lies in the store, under the name it came with."""

    name: str = ""
    sha256: str = ""


NONE = Proof()


def keep(name: str, data: bytes) -> Proof:
    """Put a paper into the store; it must pass the gate (``FileRefused``).

    Call it before a transaction begins. Raises ``StoreFull`` when there is no room for it. Nobody
    opens it before the scanner, where there is one, has seen it.
    """
    found = intake.take_in_paper(name, data)
    return Proof(found.name, found.sha256)
