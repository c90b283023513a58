"""The company library (材料库): upload once, use in every application of the organisation.

Nobody else learns what lies here: a file is looked for within one organisation only. What is kept,
changed, used and removed is an entry of the organisation's own chain ``sys:library:<key>``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from workflows import audit, clock, jobs
from workflows.errors import EvidenceGone, Infected, NotEntitled
from workflows.models import Case, Event, Evidence, File, Job, Organisation, User
from workflows.models.evidence import Validity
from workflows.stages import attaching, intake, messages, picturing, scanning
from workflows.stages.intake import Incoming


@dataclass(frozen=True)
class Label:
    """What is written on a paper: its title, the day it bears, the last day it is good for."""

    title: str
    dated: date | None = None
    valid_to: date | None = None

    def checked(self) -> "Label":
        """The label as it is kept; raises ``ValidationError`` for each field."""
        title = self.title.strip()
        if not title:
            raise ValidationError({"title": _("Say what paper it is.")})
        if self.dated and self.dated > clock.today():
            raise ValidationError({"dated": _("This day has not come yet.")})
        if self.dated and self.valid_to and self.valid_to < self.dated:
            raise ValidationError({"valid_to": _("It cannot expire before it was issued.")})
        return Label(title, self.dated, self.valid_to)


# --- keeping ------------------------------------------------------------------------------------
def keep(organisation: Organisation, *, label: Label, name: str, data: bytes, by: User) -> Evidence:
    """Put a paper into the library; it must pass the gate (``FileRefused``).

    The same file once more only gets the new label. Raises ``ValidationError``, for each field of
    the label, and ``StoreFull`` when there is no room.
    """
    label = label.checked()
    _acts(by, organisation)
    attaching.require_room(organisation, len(data))
    return _keep(organisation, intake.take_in(name, data), label, by=by)


def keep_file(case: Case, *, file: File, label: Label, by: User) -> Evidence:
    """Put a file of an application into the library of its applicant; see ``keep``."""
    label = label.checked()
    _acts(by, case.applicant)
    if file.case_id != case.pk:
        raise NotEntitled
    if file.scan == File.Scan.INFECTED:
        raise Infected(name=file.name)
    known = Incoming(file.name, file.kind, file.pages, file.size, file.sha256, File.Scan(file.scan))
    return _keep(case.applicant, known, label, code=file.code, by=by)


@transaction.atomic
def _keep(
    organisation: Organisation, file: Incoming, label: Label, *, by: User, code: str = ""
) -> Evidence:
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    evidence = Evidence.objects.filter(
        organisation=organisation, sha256=file.sha256, removed=None
    ).first() or Evidence(
        organisation=organisation,
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
    new = evidence.pk is None
    _write(evidence, label)
    _record(evidence, "evidence_kept" if new else "evidence_described", by, **_told(label))
    if new:
        _look_at(evidence)
    return evidence


@transaction.atomic
def describe(evidence: Evidence, *, label: Label, by: User) -> Evidence:
    """Write another title and other days on a paper; ``EvidenceGone`` when it was removed."""
    label = label.checked()
    held = _held(evidence, by)
    _write(held, label)
    _record(held, "evidence_described", by, **_told(label))
    return held


@transaction.atomic
def remove(evidence: Evidence, *, by: User) -> None:
    """Take a paper out of the library; every application that uses it keeps its copy."""
    held = _held(evidence, by)
    held.removed = clock.now()
    held.save(update_fields=["removed"])
    _record(held, "evidence_removed", by)


def _write(evidence: Evidence, label: Label) -> None:
    evidence.title, evidence.dated, evidence.valid_to = label.title, label.dated, label.valid_to
    evidence.save()


def _told(label: Label) -> dict[str, str]:
    days = {"dated": label.dated, "valid_to": label.valid_to}
    return {"title": label.title} | {name: day.isoformat() for name, day in days.items() if day}


# --- using --------------------------------------------------------------------------------------
@transaction.atomic
def attach_from(case: Case, *, code: str, evidence: Evidence, by: User) -> File:
    """Attach a paper of the applicant's library under ``code``, as if it came anew.

    What the scanner has not seen stays in quarantine. Raises what ``attaching.attach`` does where
    nothing may be attached now, and ``EvidenceGone``.
    """
    held = _held(evidence, by)
    if held.organisation_id != case.applicant_id:
        raise NotEntitled
    known = Incoming(held.name, held.kind, held.pages, held.size, held.sha256, File.Scan(held.scan))
    file = attaching.attach_known(case, code=code, file=known, by=by)
    _record(held, "evidence_used", by, case=case.reference, code=code)
    return file


def shelf(organisations: Iterable[int]) -> list[Evidence]:
    """What lies in the libraries of these organisations, by title."""
    held = Evidence.objects.filter(organisation__in=organisations, removed=None)
    return list(held.select_related("by").order_by("title", "-uploaded", "-pk"))


def validities(organisation: Organisation, digests: Iterable[str]) -> Mapping[str, Validity]:
    """What the organisation's library knows of files, by digest; removed ones keep their day."""
    held = Evidence.objects.filter(organisation=organisation, sha256__in=set(digests))
    return {
        sha256: Validity(valid_to, removed is None)
        for sha256, valid_to, removed in held.order_by("pk").values_list(
            "sha256", "valid_to", "removed"
        )
    }


# --- viruses ------------------------------------------------------------------------------------
def _look_at(evidence: Evidence) -> None:
    """Have a paper drawn, or scanned first where it waits in quarantine."""
    if evidence.available:
        picturing.ask(evidence.sha256, evidence.kind)
    else:
        payload = {"evidence": evidence.pk}
        jobs.enqueue("scan_evidence", key=f"scan_evidence:{evidence.pk}", payload=payload)


def scan(job: Job) -> str:
    """The virus in a paper, empty if there is none; see ``scanning.verdict``."""
    papers = Evidence.objects.values_list("sha256", flat=True)
    return scanning.verdict(papers.get(pk=job.payload["evidence"]), job.attempt)


@jobs.handler("scan_evidence", work=scan)
def scanned(job: Job, virus: str) -> None:
    """Open the paper, or take it out for good and tell the organisation's people."""
    with transaction.atomic():
        held = Evidence.objects.select_for_update().select_related("organisation")
        evidence = held.get(pk=job.payload["evidence"])
        evidence.scan = File.Scan.INFECTED if virus else File.Scan.CLEAN
        if virus:
            evidence.removed = evidence.removed or clock.now()
        evidence.save(update_fields=["scan", "removed"])
        if not virus:
            picturing.ask(evidence.sha256, evidence.kind)
            return
        event = _record(evidence, "evidence_infected", None, virus=virus)
        messages.remind(
            "evidence_infected",
            origin=str(event.pk),
            audience=f"organisation:{evidence.organisation_id}",
            name=evidence.name,
        )


# --- who and where ------------------------------------------------------------------------------
def _acts(by: User, organisation: Organisation) -> None:
    if organisation.pk not in by.organisations():
        raise NotEntitled


def _held(evidence: Evidence, by: User) -> Evidence:
    """Lock a paper that still lies in a library of ``by``."""
    locked = Evidence.objects.select_for_update(of=("self",)).select_related("organisation")
    held = locked.filter(pk=evidence.pk, removed=None).first()
    if held is None:
        raise EvidenceGone
    _acts(by, held.organisation)
    return held


def _record(evidence: Evidence, kind: str, by: User | None, **facts: object) -> Event:
    return audit.record_system(
        f"library:{evidence.organisation_id}",
        kind,
        by=by,
        uscc=evidence.organisation.uscc,
        name=evidence.name,
        sha256=evidence.sha256,
        **facts,
    )
