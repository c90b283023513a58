"""Sheets locked by third parties, seats found void, and the mark computed from the rest."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workflows import audit, clock, rubric
from workflows.errors import (
    BadScore,
    NotDeclared,
    PanelShort,
    ReasonMissing,
    ScoreUnexplained,
    StageClosed,
)
from workflows.models import Case, Opinion, Seat, Task, User, rows
from workflows.models.case import State
from workflows.procedure import Evaluation, Part
from workflows.stages import deadlines, messages, sampling, visits
from workflows.stages.cuts import lowered
from workflows.stages.law import entitled, lawfully, release, separate, verb, wait_again
from workflows.stages.panel import (
    annul,
    open_sheets,
    own_seat,
    rules_of,
    seat_unit,
    seated,
    vacate,
)
from workflows.stages.sampling import Need


# --- sheets -------------------------------------------------------------------------------------
@verb
def keep(seat: Seat, *, draft: Mapping[str, Any], by: User) -> Seat:
    """Keep a half-filled sheet as it was typed, right or wrong; nothing is reported by it.

    Raises ``NotDeclared`` before the declaration, ``StageClosed`` once the sheet is locked.
    """
    with lawfully(seat.case) as locked:
        own = own_seat(locked, seat, by)
        if own.declared is None:
            raise NotDeclared
        own.draft = dict(draft)
        own.save(update_fields=["draft"])
        audit.record(locked, "sheet_kept", by=by, seat=own.code)
    return own


@verb
def score(
    seat: Seat,
    *,
    points: Mapping[str, Decimal],
    remarks: Mapping[str, str],
    by: User,
    comment: str = "",
    cuts: Mapping[int, Decimal] | None = None,
) -> Seat:
    """Lock one expert's sheet; the last sheet closes the evaluation.

    ``points`` maps every part of the rubric to 0..maximum. A part that the system computes may be
    marked otherwise, with a remark. ``cuts`` maps rows of the budget to what is left of them, see
    ``cuts.lowered``. Raises ``BadScore``, ``ScoreUnexplained``, ``NotDeclared``, ``CutTooHigh``
    and ``CutUnexplained``.
    """
    with lawfully(seat.case) as locked:
        own = own_seat(locked, seat, by)
        rules = _asked_for(locked, "panel")
        separate(locked, "evaluate", by)
        _checked(locked, rules, points, remarks)
        given = {part.code: points[part.code] for part in parts(rules)}
        own.scores = {code: str(value) for code, value in given.items()}
        own.remarks = dict(remarks)
        own.total = sum(given.values(), Decimal(0))
        own.cuts = lowered(locked, cuts or {}, remarks)
        _lock_sheet(own, comment)
        _report(locked, own, by, total=str(own.total), **({"cuts": own.cuts} if own.cuts else {}))
    release(locked, "sheet", unit=seat_unit(own), by=by)
    return own


@verb
def check(seat: Seat, *, verdict: str, text: str, by: User) -> None:
    """Lock one reviewer's check of truth and conditions (pool entry, domain 2.1.5).

    ``verdict`` is ``pass`` or ``fail``; when two reviewers disagree a third must be seated.
    """
    if verdict == Opinion.Verdict.FAIL and not text.strip():
        raise ReasonMissing
    with lawfully(seat.case) as locked:
        own = own_seat(locked, seat, by)
        _asked_for(locked, "checks")
        separate(locked, "evaluate", by)
        opinion = Opinion(
            case=locked,
            phase=Opinion.Phase.CHECK,
            round=locked.evaluation_round,
            unit=own.code,
            by=by,
            verdict=verdict,
            text=text,
            given=clock.now(),
        )
        rows.insert(opinion)
        _lock_sheet(own, text)
        clear = _report(locked, own, by, verdict=verdict)
    release(locked, "sheet", unit=seat_unit(own), by=by)
    if clear is False and not open_sheets(locked).exists():
        vacate(locked, own)  # they disagree evenly


def _asked_for(locked: Case, kind: str) -> Evaluation:
    """How the edition evaluates; ``ValueError`` where it asks for sheets of another kind."""
    rules = rules_of(locked)
    if rules.kind != kind:
        raise ValueError(f"{locked.procedure_key} is evaluated by {rules.kind}, not by {kind}")
    return rules


def _lock_sheet(seat: Seat, comment: str) -> None:
    if seat.node != "sheet":
        raise StageClosed
    if seat.declared is None:
        raise NotDeclared
    seat.comment, seat.locked, seat.draft = comment, clock.now(), {}
    seat.save(update_fields=["scores", "remarks", "cuts", "total", "comment", "locked", "draft"])


def _report(locked: Case, seat: Seat, by: User, **facts: object) -> bool | None:
    """Put the sheet on the trail and close the round if that was the last; see ``_result``."""
    closes = _result(locked)
    visit = _close(locked) if closes else None
    event = audit.record(
        locked,
        "sheet_locked",
        by=by,
        duty="evaluate",
        seat=seat.code,
        score=str(locked.score) if closes and locked.score is not None else None,
        **facts,
    )
    if visit:
        visits.order(locked, visit)
    if closes:
        kind = "scores_apart" if _are_apart(locked) else "scores_in"
        messages.tell(locked, kind, event=event, audience="group:case_officer")
    return closes


def _are_apart(locked: Case) -> bool:
    """Whether marks of the panel need reasons (domain 0.10, spread check)."""
    rules = locked.procedure.evaluation
    totals = seated(locked).filter(void=None).values_list("total", flat=True)
    marks = [total for total in totals if total is not None]
    return bool(rubric.spread(marks, rules.spread_from_median, rules.spread_range))


def _checked(
    locked: Case,
    rules: Evaluation,
    points: Mapping[str, Decimal],
    remarks: Mapping[str, str],
) -> None:
    computed = computed_points(locked)
    for part in parts(rules):
        value = points.get(part.code)
        if value is None or not value.is_finite() or not 0 <= value <= part.maximum:
            raise BadScore(criterion=str(part.title), maximum=part.maximum)
        expected = computed.get(part.code, value)
        if value != expected and not remarks.get(part.code, "").strip():
            raise ScoreUnexplained(criterion=str(part.title), computed=expected)


def computed_points(case: Case) -> dict[str, Decimal]:
    """Points the system computed from the filed answers, by part."""
    return {key: Decimal(text) for key, text in case.weighed["points"].items()}


def parts(rules: Evaluation) -> list[Part]:
    """Every part of every criterion, in order: what one sheet asks."""
    return [part for criterion in rules.rubric for part in criterion.parts]


# --- closing ------------------------------------------------------------------------------------
@verb
def void_seat(seat: Seat, *, reason: str, by: User) -> None:
    """A conflict was found late: the seat's marks are void (招标投标法 37, a model).

    If the evaluation had closed already the mark is computed again from the rest, and the case is
    proposed anew. Where the rest comes to no result a substitute is seated, and where it no longer
    finds the figures consistent they are checked again (domain 0.10, 2.3.4). While the place waits
    to be visited enough must remain: raises ``PanelShort``.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(seat.case) as locked:
        entitled(by, "agency_manager", "case_officer")
        own = seated(locked).filter(pk=seat.pk, void=None).first()
        if own is None or locked.state not in (State.EVALUATING, State.PROPOSAL):
            raise StageClosed
        annul(own, reason)
        former = str(locked.score) if locked.score is not None else None
        weighed = visits.sheets_are_in(locked)
        closes = not weighed and _result(locked)
        visit = _close(locked) if closes else None
        again = _weigh_again(locked) if weighed else ""
        audit.record(
            locked,
            "seat_voided",
            by=by,
            seat=own.code,
            reason=reason,
            former=former,
            score=str(locked.score) if locked.score is not None else None,
        )
        if visit:
            visits.order(locked, visit)
    if closes:
        release(locked, "sheet", unit=open_sheets(locked)[0].unit, by=by)
    elif again:
        _begin_again(locked, again, own)
    elif weighed:
        _propose_anew(locked)
    elif own.locked is None or _is_short(locked):
        vacate(locked, own)


def _weigh_again(locked: Case) -> str:
    """Compute the mark without a void seat; the node where the case goes back to if that fails."""
    node = "sheet" if not _result(locked) else "data_check" if _is_questioned(locked) else ""
    if locked.state != State.PROPOSAL or not node:
        _weigh(locked)
        return ""
    locked.evaluate_again()
    locked.evaluation_round += node == "data_check"
    deadlines.pause(locked, "evaluation")
    return node


def _begin_again(locked: Case, node: str, seat: Seat) -> None:
    """The flow stands at ``node`` again: a void ``seat`` waits to be filled, or the figures."""
    if node == seat.node:
        wait_again(locked, node, seat_unit(seat))
        vacate(locked, seat)
    else:
        wait_again(locked, node)


def _is_questioned(locked: Case) -> bool:
    """Whether those who read the case do not find its figures in order."""
    return locked.procedure.verification is not None and not consistent(locked)


def _propose_anew(locked: Case) -> None:
    """What has been proposed speaks of the former mark: the office proposes again."""
    proposed = Task.objects.filter(case=locked, node__in=["endorsement", "tabling"], finished=None)
    if proposed.exists():
        wait_again(locked, "proposal")


def _result(locked: Case) -> bool | None:
    """Whether the round has a clear result; None while somebody has still to report."""
    rules = locked.procedure.evaluation
    reported = list(seated(locked).filter(void=None).values_list("locked", flat=True))
    if None in reported:
        return None
    if len(reported) < rules.quorum:
        return False
    if rules.kind == "checks" and rules.third_on_disagreement:
        passed, failed = checks(locked)
        return passed != failed
    return True


def _is_short(locked: Case) -> bool:
    """Whether too few seats are left for a result."""
    return seated(locked).filter(void=None).count() < locked.procedure.evaluation.quorum


def checks(case: Case) -> tuple[int, int]:
    """How many reviewers of the present round, void seats left out, passed and failed the case."""
    seats = seated(case).filter(void=None).values("code")
    found = case.opinions.filter(
        phase=Opinion.Phase.CHECK, round=case.evaluation_round, unit__in=seats
    )
    verdicts = list(found.values_list("verdict", flat=True))
    return verdicts.count(Opinion.Verdict.PASS), verdicts.count(Opinion.Verdict.FAIL)


def consistent(case: Case) -> bool:
    """Whether most of those who read the case found it in order."""
    passed, failed = checks(case)
    return passed > failed


def reading_over(case: Case) -> bool:
    """Whether the panel has reported: the case went on, or a new round began without seats."""
    return case.state != State.EVALUATING or not seated(case).exists()


def _close(locked: Case) -> Need | None:
    """Weigh the sheets and go on; the reason for a visit, where the case waits for one first."""
    _weigh(locked)
    if _is_questioned(locked):
        locked.evaluation_round += 1  # the readers question the figures: they are checked again
        audit.record(locked, "figures_questioned", by=None)
        return None
    if visits.visit_of(locked) is None and (visit := sampling.needed(locked)):
        return visit
    locked.close_evaluation()
    deadlines.unpause(locked)
    return None


def _weigh(locked: Case) -> None:
    """Compute the mark from the sheets that count; ``PanelShort`` without a clear result."""
    rules = locked.procedure.evaluation
    if not _result(locked):
        raise PanelShort(quorum=rules.quorum)
    if rules.kind == "panel":
        marks = seated(locked).filter(void=None).exclude(total=None)
        totals = [seat.total for seat in marks if seat.total is not None]
        locked.score = rubric.panel_score(totals, trim_from=rules.trim_from, quorum=rules.quorum)
