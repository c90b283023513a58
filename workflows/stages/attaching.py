"""Attaching files to an application, and taking them out again."""

from forms import gate
from workflows import audit, clock
from workflows.errors import AlreadySubmitted, FileRefused, StageClosed
from workflows.models import Case, File, User
from workflows.models.case import State
from workflows.stages import papers
from workflows.stages.law import acts_for, lawfully, verb


def attach(case: Case, *, code: str, name: str, data: bytes, by: User) -> File:
    """Attach a file under an attachment code; it must pass the gate (``FileRefused``).

    Raises ``StoreFull`` when there is no room for it.
    """
    try:
        accepted = gate.check(name, data)  # a process of its own: no lock waits for it
    except gate.Refused as refusal:
        raise FileRefused(reason=str(refusal)) from refusal
    return _attach(case, code, accepted, papers.keep(data), len(data), by)


@verb
def _attach(
    case: Case, code: str, accepted: gate.Accepted, sha256: str, size: int, by: User
) -> File:
    with lawfully(case) as locked:
        acts_for(by, locked)
        if locked.state not in (State.DRAFT, State.RETURNED):
            raise AlreadySubmitted
        file, new = File.objects.get_or_create(
            case=locked,
            code=code,
            sha256=sha256,
            removed=None,
            defaults={
                "name": accepted.name,
                "kind": accepted.kind,
                "size": size,
                "pages": accepted.pages,
                "uploaded": clock.now(),
                "by": by,
            },
        )
        if new:
            audit.record(
                locked, "file_attached", by=by, code=code, name=accepted.name, sha256=sha256
            )
    return file


@verb
def detach(case: Case, *, file: File, by: User) -> None:
    """Take a file out of the draft; what was filed before keeps it."""
    with lawfully(case) as locked:
        acts_for(by, locked)
        if locked.state not in (State.DRAFT, State.RETURNED):
            raise AlreadySubmitted
        kept = File.objects.filter(pk=file.pk, case=locked, removed=None)
        if not kept.update(removed=clock.now()):
            raise StageClosed
        audit.record(locked, "file_removed", by=by, code=file.code, sha256=file.sha256)
