"""Drafting and filing an application."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import formats, translation

from forms import binding, gate
from forms.schema import Attachment
from workflows import audit, clock
from workflows.assessment import Assessment, assess
from workflows.edition import Edition
from workflows.errors import (
    AlreadySubmitted,
    CaseBusy,
    FileRefused,
    Incomplete,
    NotEligible,
    OpenCaseExists,
    RoundClosed,
    StageClosed,
    StaleForm,
)
from workflows.models import (
    Case,
    Correction,
    CorrectionItem,
    File,
    Organisation,
    Round,
    Submission,
    User,
)
from workflows.models.case import State
from workflows.stages import (
    deadlines,
    likeness,
    limits,
    messages,
    numbers,
    papers,
    partners,
    register,
)
from workflows.stages.fingerprint import digest
from workflows.stages.law import acts_for, begin, lawfully, release, verb


@verb
def draft(round_: Round, *, procedure: str, organisation: Organisation, by: User) -> Case:
    """Open a draft for ``organisation``, pre-filled from its profile.

    Raises ``OpenCaseExists`` when one of the same procedure is open already (X1); where an
    applicant may have one of each subject, drafts are free and the filing tells. Raises
    ``RoundClosed`` once the round is over.
    """
    rules = round_.edition.shape
    acts_for(by, Case(applicant=organisation))
    if clock.now() > round_.closes:
        raise _closed(round_)
    one_per = rules.procedures[procedure].one_per
    existing = Case.objects.open().filter(
        applicant=organisation, programme_key=round_.programme, procedure_key=procedure
    )
    if one_per is None and (found := existing.first()):
        raise OpenCaseExists(reference=found.reference)
    reference = _reference(round_)
    case = Case(
        reference=reference,
        subject="" if one_per is None else reference,
        programme_key=round_.programme,
        procedure_key=procedure,
        round=round_,
        edition=round_.edition,
        applicant=organisation,
        district=organisation.district,
        draft={**_known(rules, organisation), **_preset(rules, procedure)},
        created=clock.now(),
        created_by=by,
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as twice:
        if (other := existing.first()) is None:
            raise CaseBusy from twice
        raise OpenCaseExists(reference=other.reference) from twice
    with lawfully(case) as locked:
        audit.record(locked, "drafted", by=by, procedure=procedure)
    return locked


def _known(rules: Edition, organisation: Organisation) -> dict[str, Any]:
    """What the profile answers already; a consent or promise is given anew on each application."""
    promises = {field.code for field in rules.form.fields() if field.must_be is not None}
    return {code: value for code, value in organisation.profile.items() if code not in promises}


def _preset(rules: Edition, procedure: str) -> dict[str, str]:
    return {"stage": procedure} if "stage" in rules.form.names() else {}


def _reference(round_: Round) -> str:
    year = clock.today().year
    (series,) = numbers.advance(f"case:{year}")
    return f"CJRH-{year}-{series.last:04d}"


@verb
def save(case: Case, *, answers: dict[str, Any], revision: int, by: User) -> Case:
    """Keep the draft's answers, right or wrong, at any point.

    Raises ``StaleForm`` when somebody else saved after ``revision``. While a case is returned
    for correction the same form is open again.
    """
    with lawfully(case) as locked:
        acts_for(by, locked)
        if locked.state not in (State.DRAFT, State.RETURNED):
            raise AlreadySubmitted
        if locked.draft_revision != revision:
            raise StaleForm
        locked.draft = answers
        locked.draft_revision += 1
        partners.sync(locked, answers)
        audit.record(
            locked, "draft_saved", by=by, revision=locked.draft_revision, digest=digest(answers)
        )
    return locked


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


@verb
def submit(case: Case, *, by: User) -> Submission:
    """File the draft: an immutable submission with the questions as shown. The desk's clock starts.

    Raises ``Incomplete`` (with ``errors``), ``NotEligible`` (with ``blocks``), ``RoundClosed``,
    ``AlreadySubmitted``, and what ``limits.hold`` and ``partners.require_all`` raise. Missing
    papers do not refuse: completeness is the window's (行政许可法 32).
    """
    with lawfully(case) as locked:
        if locked.state != State.DRAFT:
            raise AlreadySubmitted
        acts_for(by, locked, signing=True)
        _round_is_open(locked)
        filed = _file(locked, by)
        locked.submit()
        locked.submitted = clock.now()
        limit = deadlines.due(locked, "completeness")
        event = audit.record(
            locked,
            "submitted",
            by=by,
            submission=filed.number,
            content=filed.content_hash,
            due=limit.day.isoformat(),
        )
        likeness.find(locked, filed)
    begin(locked)
    _receive(locked, filed, limit.day)
    messages.tell(locked, "received", event=event, due=limit.day.isoformat())
    return filed


@verb
def resubmit(case: Case, *, note: str, answers: dict[int, str], by: User) -> Submission:
    """Answer the correction notice: a new submission, and the desk's clock starts afresh.

    ``answers`` maps an item's position to the applicant's words.
    """
    with lawfully(case) as locked:
        if locked.state != State.RETURNED:
            raise AlreadySubmitted
        acts_for(by, locked, signing=True)
        correction = locked.correction
        _answer(correction, note, answers)
        filed = _file(locked, by)
        locked.resubmit()
        limit = deadlines.due(locked, "completeness")
        event = audit.record(
            locked,
            "resubmitted",
            by=by,
            submission=filed.number,
            content=filed.content_hash,
            note=note,
            due=limit.day.isoformat(),
        )
        likeness.find(locked, filed)
    release(locked, "correction", by=by)
    _receive(locked, filed, limit.day)
    messages.tell(locked, "received", event=event, due=limit.day.isoformat())
    return filed


def _receive(locked: Case, filed: Submission, due: date) -> None:
    days = locked.procedure.limits["completeness"].days
    papers.request(
        locked, "receipt", revision=filed.number, days=days, due_on=due, content=filed.content_hash
    )
    deadlines.watch(locked, "deem_accepted", due, key=str(filed.number))


def _answer(correction: Correction, note: str, answers: dict[int, str]) -> None:
    correction.answered, correction.note = clock.now(), note
    correction.save(update_fields=["answered", "note"])
    items = list(correction.items.all())
    for item in items:
        item.answer = answers.get(item.position, "")
    CorrectionItem.objects.bulk_update(items, ["answer"])


@verb
def discard(case: Case, *, by: User) -> None:
    """Throw a draft away; nothing was filed, so nothing is told to anyone."""
    with lawfully(case) as locked:
        acts_for(by, locked)
        if locked.state != State.DRAFT:
            raise AlreadySubmitted
        locked.withdraw()
        locked.outcome, locked.decided = "withdrawn", clock.now()
        audit.record(locked, "discarded", by=by)


# --- what filing means --------------------------------------------------------------------------
def weigh(case: Case, *, submitted: bool = False) -> Assessment:
    """Try the case's answers on its edition, as of now; ``submitted`` demands every answer."""
    record = register.record_of(
        case.applicant, case.programme_key, case.procedure_key, besides=case
    )
    return assess(
        case.rules, case.procedure_key, case.draft, record, clock.today(), submitted=submitted
    )


def missing_papers(case: Case, assessment: Assessment) -> list[Attachment]:
    """Required papers that are neither attached nor obtainable by the office itself."""
    return assessment.lacking(set(case.files.filter(removed=None).values_list("code", flat=True)))


def _file(locked: Case, by: User) -> Submission:
    found = sound(locked)
    limits.hold(locked, found)
    partners.require_all(locked, found)
    files = list(
        locked.files.filter(removed=None)
        .order_by("code", "name")
        .values("code", "name", "sha256", "size", "pages")
    )
    language = translation.get_language() or "zh-hans"
    transcript = binding.transcript(locked.rules.form, found.bound, language)
    content = {"answers": found.bound.answers, "files": files, "transcript": transcript}
    return Submission.objects.create(
        case=locked,
        number=locked.submissions.count() + 1,
        answers=found.bound.answers,
        derived=found.bound.derived,
        transcript=transcript,
        files=files,
        assessment=weighed(found),
        content_hash=digest(content),
        language=language,
        submitted=clock.now(),
        by=by,
    )


def sound(locked: Case) -> Assessment:
    """Weigh answers that must stand by themselves: raises ``Incomplete`` or ``NotEligible``."""
    found = weigh(locked, submitted=True)
    if found.bound.errors:
        raise Incomplete(errors=found.bound.errors)
    if found.blocks:
        raise NotEligible(blocks=[rule.code for rule in found.blocks])
    return found


def weighed(found: Assessment) -> dict[str, Any]:
    """What the edition said of these answers on the day they were weighed."""
    return {
        "conditions": list(found.conditions),
        "warnings": [rule.code for rule in found.warnings],
        "departments": [department.code for department in found.departments()],
        "points": {code: str(points) for code, points in found.points().items()},
        "bands": [str(band.at_least) for band in found.bands()],
        "visited": found.visited(),
    }


def _round_is_open(case: Case) -> None:
    if not case.round.opens <= clock.now() <= case.round.closes:
        raise _closed(case.round)


def _closed(call: Round) -> RoundClosed:
    return RoundClosed(
        opens=formats.date_format(clock.local(call.opens), "Y-m-d H:i"),
        closes=formats.date_format(clock.local(call.closes), "Y-m-d H:i"),
    )
