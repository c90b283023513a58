"""First review in the district and the department review that follows the opinions."""

from workflows import audit, clock
from workflows.errors import ReasonMissing, StageClosed
from workflows.models import Case, Opinion, User
from workflows.models.case import State
from workflows.stages import countersign, deadlines, messages, papers
from workflows.stages.law import entitled, lawfully, release, settle, verb


@verb
def recommend(case: Case, *, favourable: bool, text: str, by: User) -> None:
    """The district recommends the file or not; it goes up either way, and departments are asked.

    An unfavourable review needs words (``ReasonMissing``). 行政许可法 35.
    """
    if not favourable and not text.strip():
        raise ReasonMissing
    verdict = Opinion.Verdict.RECOMMEND if favourable else Opinion.Verdict.NOT_RECOMMEND
    with lawfully(case) as locked:
        entitled(by, "district_reviewer", scope=locked.district)
        locked.begin_review()
        _opine(locked, Opinion.Phase.DISTRICT, verdict, text, by)
        audit.record(locked, "reviewed", by=by, verdict=verdict, text=text)
        settle(locked)
        asked = countersign.departments(locked)
        locked.consult()
        audit.record(locked, "consulted", by=None, departments=asked)
    release(locked, "district_review", by=by)
    countersign.watch(locked, asked, key=str(locked.review_round))


@verb
def conclude(case: Case, *, verdict: str, text: str, by: User) -> None:
    """After the opinions: send the case to ``evaluate``, ``back`` to the district, or ``stop`` it.

    ``back`` and ``stop`` need words. Stopping leads to a proposal to refuse.
    """
    if verdict != "evaluate" and not text.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "case_officer")
        if locked.state != State.REVIEWING:
            raise StageClosed
        _CONCLUSIONS[verdict](locked, text, by)
    release(locked, "department_review", by=by)


def _evaluate(locked: Case, text: str, by: User) -> None:
    _opine(locked, Opinion.Phase.DEPARTMENT_REVIEW, Opinion.Verdict.PASS, text, by)
    locked.evaluate()
    locked.evaluation_round += 1
    days = locked.procedure.evaluation.planned_days
    planned = deadlines.due(locked, "evaluation")
    deadlines.pause(locked, "evaluation")
    event = audit.record(
        locked, "sent_to_evaluation", by=by, text=text, planned=planned.day.isoformat()
    )
    papers.request(
        locked,
        "special_procedure_notice",
        revision=locked.evaluation_round,
        days=days,
        due_on=planned.day,
    )
    messages.tell(locked, "evaluating", event=event, days=days, planned=planned.day.isoformat())


def _back(locked: Case, text: str, by: User) -> None:
    locked.review_again()
    locked.review_round += 1
    audit.record(locked, "sent_back_to_review", by=by, text=text)


def _stop(locked: Case, text: str, by: User) -> None:
    _opine(locked, Opinion.Phase.DEPARTMENT_REVIEW, Opinion.Verdict.BLOCKED, text, by)
    locked.stop_on_block()
    audit.record(locked, "stopped", by=by, text=text)


_CONCLUSIONS = {"evaluate": _evaluate, "back": _back, "stop": _stop}


def _opine(locked: Case, phase: str, verdict: str, text: str, by: User) -> None:
    Opinion.objects.create(
        case=locked,
        phase=phase,
        round=locked.review_round,
        by=by,
        verdict=verdict,
        text=text,
        given=clock.now(),
    )
