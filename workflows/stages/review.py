"""First review in the district and the department review that follows the opinions."""

from collections.abc import Sequence

from workflows import audit, clock
from workflows.calendar import Due
from workflows.errors import EditionUnfit, ReasonMissing, StageClosed
from workflows.models import Case, Edition, Opinion, Submission, User, rows
from workflows.models.case import State
from workflows.stages import (
    countersign,
    deadlines,
    likeness,
    messages,
    papers,
    submission,
    supplements,
)
from workflows.stages.findings import Finding, facts
from workflows.stages.law import entitled, lawfully, release, settle, verb
from workflows.working_days import calendar

BEFORE_EVALUATION = (State.SUBMITTED, State.ACCEPTED, State.REVIEWING, State.COUNTERSIGN)


@verb
def recommend(case: Case, *, favourable: bool, text: str, by: User) -> None:
    """The district recommends the file or not; it goes up either way, and departments are asked.

    Where the edition asks none the case goes straight to the department review. An unfavourable
    review needs words (``ReasonMissing``). 行政许可法 35.
    """
    if not favourable and not text.strip():
        raise ReasonMissing
    verdict = Opinion.Verdict.RECOMMEND if favourable else Opinion.Verdict.NOT_RECOMMEND
    with lawfully(case) as locked:
        entitled(by, "district_reviewer", scope=locked.district)
        supplements.require_none(locked)
        locked.begin_review()
        _opine(locked, Opinion.Phase.DISTRICT, verdict, text, by)
        audit.record(locked, "reviewed", by=by, verdict=verdict, text=text)
        asked = countersign.departments(locked)
        if asked:
            settle(locked)
            locked.consult()
            audit.record(locked, "consulted", by=None, departments=asked)
    release(locked, "district_review", by=by)
    if asked:
        countersign.watch(locked, asked, key=str(locked.review_round))


@verb
def screen(
    case: Case, *, verdict: str, text: str, by: User, findings: Sequence[Finding] = ()
) -> None:
    """The case officer screens an accepted file: ``evaluate`` it, or ``stop`` it with words.

    For procedures without a district and without departments; stopping leads to a proposal to
    refuse. Raises ``ReasonMissing`` for a stop without words, ``LikenessUndecided`` while it is
    open whether another file speaks of the same matter, and ``DoubleFunding`` where one does (X2).
    """
    if verdict != "evaluate" and not text.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "case_officer")
        supplements.require_none(locked)
        likeness.check(locked, evaluated=verdict == "evaluate")
        locked.begin_review()
        audit.record(
            locked, "screened", by=by, verdict=verdict, text=text, findings=facts(findings)
        )
        settle(locked)
        _SCREENED[verdict](locked, text, by, ())
    release(locked, "screening", by=by)


@verb
def conclude(
    case: Case, *, verdict: str, text: str, by: User, findings: Sequence[Finding] = ()
) -> None:
    """After the opinions: send the case to ``evaluate``, ``back`` to the district, or ``stop`` it.

    ``back`` and ``stop`` need words. Stopping leads to a proposal to refuse. A case that leaves
    the review has been compared with its likes, as in ``screen`` (X2).
    """
    if verdict != "evaluate" and not text.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "case_officer")
        if locked.state != State.REVIEWING:
            raise StageClosed
        supplements.require_none(locked)
        if verdict != "back":
            likeness.check(locked, evaluated=verdict == "evaluate")
        _CONCLUSIONS[verdict](locked, text, by, findings)
    release(locked, "department_review", by=by)


def _evaluate(locked: Case, text: str, by: User, found: Sequence[Finding]) -> None:
    _opine(locked, Opinion.Phase.DEPARTMENT_REVIEW, Opinion.Verdict.PASS, text, by)
    locked.evaluate()
    locked.evaluation_round += 1
    days, planned = _planned(locked)
    deadlines.stop(locked, "evaluation")  # it runs: nothing is asked of the applicant
    event = audit.record(
        locked,
        "sent_to_evaluation",
        by=by,
        text=text,
        planned=planned.day.isoformat(),
        findings=facts(found),
    )
    papers.request(
        locked,
        "special_procedure_notice",
        revision=locked.evaluation_round,
        days=days,
        due_on=planned.day,
    )
    messages.tell(locked, "evaluating", event=event, days=days, planned=planned.day.isoformat())


def _planned(locked: Case) -> tuple[int, Due]:
    """How long outsiders need, and until when: told to the applicant in writing (行政许可法 45)."""
    days = locked.procedure.evaluation.planned_days
    if locked.procedure.verification is None:
        return days, deadlines.due(locked, "evaluation")
    days += locked.procedure.verification.planned_days
    return days, calendar().add(clock.today(), days)


def _back(locked: Case, text: str, by: User, found: Sequence[Finding]) -> None:
    locked.review_again()
    locked.review_round += 1
    audit.record(locked, "sent_back_to_review", by=by, text=text, findings=facts(found))


def _stop(locked: Case, text: str, by: User, found: Sequence[Finding]) -> None:
    _opine(locked, Opinion.Phase.DEPARTMENT_REVIEW, Opinion.Verdict.BLOCKED, text, by)
    locked.stop_on_block()
    audit.record(locked, "stopped", by=by, text=text, findings=facts(found))


_CONCLUSIONS = {"evaluate": _evaluate, "back": _back, "stop": _stop}
_SCREENED = {"evaluate": _evaluate, "stop": _stop}


def _opine(locked: Case, phase: str, verdict: str, text: str, by: User) -> None:
    opinion = Opinion(
        case=locked,
        phase=phase,
        round=locked.review_round,
        by=by,
        verdict=verdict,
        text=text,
        given=clock.now(),
    )
    rows.insert(opinion)


# --- when the law changes -------------------------------------------------------------------------
@verb
def apply_newer(case: Case, edition: Edition, *, reason: str, by: User) -> None:
    """The law changed while the file ran, and the new one is better for the applicant (X41).

    A case keeps the edition it began with; the leader alone may put it under a newer one, with
    words and before outsiders evaluate it. The answers are weighed again and must stand as they
    are (``Incomplete``, ``NotEligible``). Raises ``EditionUnfit`` unless ``edition`` is a newer one
    of the programme in which the procedure takes the same course. Model: 行政许可法 8.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "leader")
        if locked.state not in BEFORE_EVALUATION:
            raise StageClosed
        former = locked.edition
        if not _takes_its_place(edition, locked):
            raise EditionUnfit(edition=str(edition))
        locked.edition = edition
        number = _weigh_again(locked)
        deadlines.recount(locked)
        event = audit.record(
            locked,
            "newer_edition_applied",
            by=by,
            reason=reason,
            former=former.digest,
            digest=edition.digest,
            submission=number,
        )
    messages.tell(locked, "newer_edition_applied", event=event, version=edition.version)


def _takes_its_place(edition: Edition, locked: Case) -> bool:
    """Whether ``edition`` is newer than the case's, and its procedure takes the same course."""
    procedure = edition.shape.procedures.get(locked.procedure_key)
    if procedure is None or edition.programme != locked.programme_key:
        return False
    newer = edition.published > locked.edition.published
    return newer and procedure.flow == locked.procedure.flow


def _weigh_again(locked: Case) -> int:
    """What was filed, word for word, with what the case's edition says of it now."""
    filed, found = locked.submissions.latest("number"), submission.sound(locked)
    return Submission.objects.create(
        case=locked,
        number=filed.number + 1,
        answers=found.bound.answers,
        derived=found.bound.derived,
        transcript=filed.transcript,
        files=filed.files,
        assessment=submission.weighed(found),
        content_hash=filed.content_hash,
        language=filed.language,
        submitted=filed.submitted,
        by=filed.by,
    ).number
