"""Attaching files to an application, and taking them out again."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext

from workflows import audit, clock
from workflows.errors import FileRefused, StageClosed
from workflows.models import Case, Evidence, File, Organisation, User
from workflows.stages import intake, picturing, reopening, scanning
from workflows.stages.intake import Incoming
from workflows.stages.law import acts_for, lawfully, verb

MOST_FILES = 50  # under one paper
LATELY = timedelta(days=1)


def attach(case: Case, *, code: str, name: str, data: bytes, by: User) -> File:
    """Attach a file under an attachment code; it must pass the gate (``FileRefused``).

    Raises ``StoreFull`` when there is no room for it.
    """
    require_room(case.applicant, len(data))
    return attach_known(case, code=code, file=intake.take_in(name, data), by=by)


@verb
def attach_known(case: Case, *, code: str, file: Incoming, by: User) -> File:
    """Attach what has come in already; the same file under the same paper is attached once."""
    with lawfully(case) as locked:
        require_open(locked, code, by=by)
        held = locked.files.filter(code=code, removed=None)
        if known := held.filter(sha256=file.sha256).first():
            return known
        if held.count() >= MOST_FILES:
            words = gettext("At most %(most)d files may lie under one paper; put some together")
            raise FileRefused(reason=words % {"most": MOST_FILES})
        attached = File.objects.create(
            case=locked,
            code=code,
            name=file.name,
            kind=file.kind,
            sha256=file.sha256,
            size=file.size,
            pages=file.pages,
            scan=file.scan,
            uploaded=clock.now(),
            by=by,
        )
        audit.record(
            locked,
            "file_attached",
            by=by,
            code=code,
            name=file.name,
            sha256=file.sha256,
            scan=str(file.scan),
        )
    if attached.available:
        picturing.ask(file.sha256, file.kind)
    else:
        scanning.ask(locked, attached)
    return attached


@verb
def detach(case: Case, *, file: File, by: User) -> None:
    """Take a file out of the draft; what was filed before keeps it."""
    with lawfully(case) as locked:
        require_open(locked, file.code, by=by)
        kept = File.objects.filter(pk=file.pk, case=locked, removed=None)
        if not kept.update(removed=clock.now()):
            raise StageClosed
        audit.record(locked, "file_removed", by=by, code=file.code, sha256=file.sha256)


def require_open(locked: Case, code: str, *, by: User) -> None:
    """Refuse unless ``by`` may change the files under the paper ``code`` now."""
    acts_for(by, locked)
    reopening.require(locked, code)


# --- room ---------------------------------------------------------------------------------------
def require_room(organisation: Organisation, size: int) -> None:
    """Refuse a file of ``size`` bytes beyond what one organisation may keep (reliability 4.3)."""
    if used(organisation) + size > settings.HENG_QUOTA:
        words = gettext(
            "Your organisation keeps %(most)d MB of files, which is all it may; "
            "remove files that are no longer needed"
        )
        raise FileRefused(reason=words % {"most": settings.HENG_QUOTA // 1024**2})


def used(organisation: Organisation) -> int:
    """The bytes an organisation keeps in its applications and its library, every file once.

    What it took out lately counts for a day: without that, putting in and taking out without end
    would fill the store.
    """
    counts = Q(removed=None) | Q(uploaded__gte=clock.now() - LATELY)
    attached = File.objects.filter(counts, case__applicant=organisation)
    kept = Evidence.objects.filter(counts, organisation=organisation)
    held = attached.order_by().values_list("sha256", "size")
    return sum(size for _, size in held.union(kept.order_by().values_list("sha256", "size")))
