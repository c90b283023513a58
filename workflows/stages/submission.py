"""Filing an application, and handing in its correction."""

from datetime import date
from typing import Any

from django.utils import translation

from forms import binding
from forms.schema import Attachment
from workflows import audit, clock
from workflows.assessment import Assessment, assess
from workflows.errors import (
    AlreadySubmitted,
    Incomplete,
    NotEligible,
)
from workflows.models import (
    Case,
    Correction,
    CorrectionItem,
    Submission,
    User,
)
from workflows.models.case import State
from workflows.stages import (
    deadlines,
    likeness,
    limits,
    messages,
    papers,
    partners,
    register,
    rounds,
)
from workflows.stages.fingerprint import digest
from workflows.stages.law import acts_for, begin, lawfully, release, verb


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
        raise rounds.closed(case.round)
