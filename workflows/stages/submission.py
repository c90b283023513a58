"""Filing an application: what is demanded of it, and what is kept."""

from collections.abc import Mapping
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
    Submission,
    User,
)
from workflows.models.case import State
from workflows.stages import (
    deadlines,
    indexing,
    likeness,
    limits,
    messages,
    papers,
    partners,
    profile,
    register,
    rounds,
)
from workflows.stages.fingerprint import digest
from workflows.stages.law import acts_for, begin, lawfully, verb


@verb
def submit(case: Case, *, by: User, signed_with: str = "") -> Submission:
    """File the draft: an immutable submission with the questions as shown. The desk's clock starts.

    Raises ``Incomplete`` (with ``errors``), ``NotEligible`` (with ``blocks``), ``RoundClosed``,
    ``AlreadySubmitted``, and what ``limits.hold`` and ``partners.require_all`` raise. Missing
    papers do not refuse: completeness is the window's (行政许可法 32). ``signed_with`` names the
    factor the signer proved with, for the trail.
    """
    with lawfully(case) as locked:
        if locked.state != State.DRAFT:
            raise AlreadySubmitted
        acts_for(by, locked, signing=True)
        _round_is_open(locked)
        filed = enter(locked, by)
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
            signed_with=signed_with,
        )
        likeness.find(locked, filed)
    begin(locked)
    receive(locked, filed, limit.day)
    messages.tell(locked, "received", event=event, due=limit.day.isoformat())
    return filed


def receive(locked: Case, filed: Submission, due: date) -> None:
    """Ask for the receipt of ``filed``, and read the desk's silence as acceptance after ``due``."""
    indexing.ask(locked, f"submission:{filed.number}")
    days = locked.procedure.limits["completeness"].days
    papers.request(
        locked, "receipt", revision=filed.number, days=days, due_on=due, content=filed.content_hash
    )
    deadlines.watch(locked, "deem_accepted", due, key=str(filed.number))


# --- what filing means --------------------------------------------------------------------------
def weigh(
    case: Case, *, answers: Mapping[str, Any] | None = None, submitted: bool = False
) -> Assessment:
    """Try the draft, or ``answers``, on the case's edition; ``submitted`` demands every answer.

    A draft is weighed as of today, a filed case as of the day it was filed: a correction neither
    gains nor loses by the time it takes.
    """
    day = clock.local(case.submitted).date() if case.submitted else clock.today()
    record = register.record_of(
        case.applicant, case.programme_key, case.procedure_key, besides=case
    )
    given = case.draft if answers is None else answers
    return assess(case.rules, case.procedure_key, given, record, day, submitted=submitted)


def missing_papers(case: Case, assessment: Assessment) -> list[Attachment]:
    """Required papers that are neither attached nor obtainable by the office itself."""
    return assessment.lacking(set(case.files.filter(removed=None).values_list("code", flat=True)))


def enter(locked: Case, by: User) -> Submission:
    """Put the answers and files on file as they now stand, word for word, once they are sound."""
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
    applicant = profile.known(locked.applicant, by)
    content = {
        "answers": found.bound.answers,
        "applicant": applicant,
        "files": files,
        "transcript": transcript,
    }
    filed = Submission.objects.create(
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
    profile.freeze(filed, applicant)
    return filed


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
