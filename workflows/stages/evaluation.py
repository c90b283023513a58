"""Third-party evaluation: seats drawn, interests declared, sheets locked, marks computed."""

import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import QuerySet

from workflows import audit, clock, rubric
from workflows.errors import (
    BadPanel,
    BadScore,
    ConflictOfInterest,
    NotDeclared,
    NotEntitled,
    PanelShort,
    ReasonMissing,
    ScoreUnexplained,
    StageClosed,
)
from workflows.models import Appointment, Case, Opinion, Organisation, Seat, Task, User
from workflows.models.case import State
from workflows.procedure import Evaluation, Part
from workflows.stages import deadlines, messages
from workflows.stages.law import (
    NEW,
    close_branch,
    entitled,
    lawfully,
    open_branches,
    release,
    separate,
    verb,
)

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


# --- seats --------------------------------------------------------------------------------------
@verb
def form_panel(case: Case, *, experts: Sequence[User], by: User) -> list[Seat]:
    """Seat the drawn ``experts``; each must declare before the file opens (domain 0.10).

    The agency of ``by`` evaluates the case from now on. Raises ``BadPanel`` when their number or
    make-up is not what the edition asks.
    """
    with lawfully(case) as locked:
        entitled(by, "agency_manager", "case_officer")
        rules = _open(locked)
        _fit(rules, experts)
        locked.agency = agency = _agency_of(by)
        try:
            seats = _seat(locked, experts, first=1)
        except IntegrityError as taken:  # this round has a first seat already
            raise StageClosed from taken
        event = audit.record(
            locked,
            "panel_formed",
            by=by,
            seats=[seat.code for seat in seats],
            agency=agency.uscc if agency else None,
        )
    release(locked, "panel", by=by)
    messages.tell(locked, "panel_seat", event=event, audience="panel")
    return seats


def _agency_of(by: User) -> Organisation | None:
    offices = (office for office in by.offices if office.role == Appointment.Role.AGENCY)
    return next((office.organisation for office in offices), None)


def _fit(rules: Evaluation, experts: Sequence[User]) -> None:
    different = len({expert.pk for expert in experts})
    if rules.kind == "panel":
        fits = different >= rules.size and different % 2 == 1  # odd (招标投标法 37, a model)
    else:
        fits = different == rules.size
    if not fits or different != len(experts):
        raise BadPanel(size=rules.size, given=len(experts))
    role = Appointment.Role.EXPERT if rules.kind == "panel" else Appointment.Role.CHECKER
    seatable = Appointment.objects.in_force().filter(user__in=experts, role=role)
    if seatable.values("user").distinct().count() != different:
        raise NotEntitled


def _seat(locked: Case, experts: Sequence[User], *, first: int) -> list[Seat]:
    return Seat.objects.bulk_create(
        Seat(
            case=locked,
            round=locked.evaluation_round,
            number=number,
            expert=expert,
            code="".join(secrets.choice(ALPHABET) for _ in range(10)),
            drawn=clock.now(),
        )
        for number, expert in enumerate(experts, first)
    )


@verb
def declare(seat: Seat, *, by: User) -> None:
    """The expert declares to have no interest in the case; only then the file opens."""
    with lawfully(seat.case) as locked:
        own = _own(locked, seat, by)
        separate(locked, "evaluate", by)
        if own.declared is None:
            own.declared = clock.now()
            own.save(update_fields=["declared"])
            audit.record(locked, "no_interest_declared", by=by, seat=own.code)


@verb
def recuse(seat: Seat, *, reason: str, by: User) -> None:
    """The expert leaves the seat because of an interest; a substitute must be drawn."""
    if not reason.strip():
        raise ReasonMissing
    with lawfully(seat.case) as locked:
        own = _own(locked, seat, by)
        _void(own, reason)
        audit.record(locked, "recused", by=by, seat=own.code, reason=reason)
        _vacate(locked, own)


@verb
def void_seat(seat: Seat, *, reason: str, by: User) -> None:
    """A conflict was found late: the seat's marks are void (招标投标法 37, a model).

    If the evaluation had closed already the mark is computed again from the rest; raises
    ``PanelShort`` when fewer than the quorum would remain.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(seat.case) as locked:
        entitled(by, "agency_manager", "case_officer")
        own = _seated(locked).filter(pk=seat.pk, void=None).first()
        if own is None or locked.state not in (State.EVALUATING, State.PROPOSAL):
            raise StageClosed
        _void(own, reason)
        former = str(locked.score) if locked.score is not None else None
        closes = locked.state == State.EVALUATING and _result(locked)
        if closes:
            _close(locked)
        elif locked.state == State.PROPOSAL:
            _weigh(locked)
        audit.record(
            locked,
            "seat_voided",
            by=by,
            seat=own.code,
            reason=reason,
            former=former,
            score=str(locked.score) if locked.score is not None else None,
        )
    if closes:
        release(locked, "sheet", unit=_open_sheets(locked)[0].unit, by=by)
    elif locked.state == State.EVALUATING and (own.locked is None or _is_short(locked)):
        _vacate(locked, own)


def _void(seat: Seat, reason: str) -> None:
    seat.void, seat.void_reason = clock.now(), reason
    seat.save(update_fields=["void", "void_reason"])


def _vacate(locked: Case, seat: Seat) -> None:
    """Put a branch for one more seat into the queue of whoever must fill it.

    It is the branch of the empty ``seat``, opened again if its sheet was locked already.
    """
    unit = seat_unit(seat)
    branch = Task.objects.filter(case=locked, node="sheet", unit=unit, finished=None)
    if not branch.exists():
        open_branches(locked, "sheet", [unit])
    branch.update(
        owner=None, status=NEW, candidate="agency_manager" if locked.agency_id else "case_officer"
    )


def _vacancy(locked: Case) -> Task | None:
    """The branch that has waited longest for somebody to be seated."""
    return next((task for task in _open_sheets(locked) if task.candidate), None)


def _open_sheets(locked: Case) -> QuerySet[Task]:
    found: QuerySet[Task] = Task.objects.filter(case=locked, node="sheet", finished=None)
    return found.order_by("pk")


@verb
def substitute(case: Case, *, expert: User, by: User) -> Seat:
    """Seat a substitute for a void seat (next in the drawn reserve, X14), or a third reviewer.

    Raises ``BadPanel`` when no seat is empty, or for somebody who sat on the case already.
    """
    with lawfully(case) as locked:
        entitled(by, "agency_manager", "case_officer")
        rules = _open(locked)
        seated, vacancy = _seated(locked), _vacancy(locked)
        if vacancy is None or seated.filter(expert=expert).exists():
            raise BadPanel(size=rules.size, given=seated.filter(void=None).count() + 1)
        role = Appointment.Role.EXPERT if rules.kind == "panel" else Appointment.Role.CHECKER
        if not expert.holds(role):
            raise NotEntitled
        (seat,) = _seat(locked, [expert], first=seated.count() + 1)
        event = audit.record(locked, "substitute_seated", by=by, seat=seat.code)
        open_branches(locked, "sheet", [seat_unit(seat)])
        close_branch(locked, "sheet", vacancy.unit)
    messages.tell(locked, "panel_seat", event=event, audience=f"user:{expert.pk}")
    return seat


def seat_unit(seat: Seat) -> str:
    """How the flow names the branch of a seat: its code and its expert."""
    return f"{seat.code}-{seat.expert_id}"


def seats_in_play(case: Case) -> list[str]:
    """Branches of the seats of the present round."""
    return [seat_unit(seat) for seat in _seated(case).filter(void=None)]


def _seated(case: Case) -> QuerySet[Seat]:
    return Seat.objects.filter(case=case, round=case.evaluation_round)


# --- sheets -------------------------------------------------------------------------------------
@verb
def score(
    seat: Seat,
    *,
    points: Mapping[str, Decimal],
    remarks: Mapping[str, str],
    by: User,
    comment: str = "",
) -> Seat:
    """Lock one expert's sheet; the last sheet closes the evaluation.

    ``points`` maps every part of the rubric to 0..maximum. A part that the system computes may be
    marked otherwise, with a remark. Raises ``BadScore``, ``ScoreUnexplained``, ``NotDeclared``.
    """
    with lawfully(seat.case) as locked:
        own = _own(locked, seat, by)
        rules = _open(locked)
        separate(locked, "evaluate", by)
        _checked(locked, rules, points, remarks)
        given = {part.code: points[part.code] for part in parts(rules)}
        own.scores = {code: str(value) for code, value in given.items()}
        own.remarks = dict(remarks)
        own.total = sum(given.values(), Decimal(0))
        _lock_sheet(own, comment)
        _report(locked, own, by, total=str(own.total))
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
        own = _own(locked, seat, by)
        separate(locked, "evaluate", by)
        Opinion.objects.create(
            case=locked,
            phase=Opinion.Phase.CHECK,
            round=locked.evaluation_round,
            unit=own.code,
            by=by,
            verdict=verdict,
            text=text,
            given=clock.now(),
        )
        _lock_sheet(own, text)
        clear = _report(locked, own, by, verdict=verdict)
    release(locked, "sheet", unit=seat_unit(own), by=by)
    if clear is False and not _open_sheets(locked).exists():
        _vacate(locked, own)  # they disagree evenly


def _lock_sheet(seat: Seat, comment: str) -> None:
    if seat.declared is None:
        raise NotDeclared
    seat.comment, seat.locked = comment, clock.now()
    seat.save(update_fields=["scores", "remarks", "total", "comment", "locked"])


def _report(locked: Case, seat: Seat, by: User, **facts: object) -> bool | None:
    """Put the sheet on the trail and close the round if that was the last; see ``_result``."""
    closes = _result(locked)
    if closes:
        _close(locked)
    audit.record(
        locked,
        "sheet_locked",
        by=by,
        duty="evaluate",
        seat=seat.code,
        score=str(locked.score) if closes and locked.score is not None else None,
        **facts,
    )
    return closes


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


def _own(locked: Case, seat: Seat, by: User) -> Seat:
    own = Seat.objects.get(pk=seat.pk, case=locked)
    if own.expert_id != by.pk:
        raise NotEntitled
    if own.void is not None:
        raise ConflictOfInterest
    if own.locked is not None or locked.state != State.EVALUATING:
        raise StageClosed
    return own


def _open(locked: Case) -> Evaluation:
    if locked.state != State.EVALUATING:
        raise StageClosed
    return locked.procedure.evaluation


# --- closing ------------------------------------------------------------------------------------
def _result(locked: Case) -> bool | None:
    """Whether the round has a clear result; None while somebody has still to report."""
    rules = locked.procedure.evaluation
    reported = list(_seated(locked).filter(void=None).values_list("locked", flat=True))
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
    return _seated(locked).filter(void=None).count() < locked.procedure.evaluation.quorum


def checks(case: Case) -> tuple[int, int]:
    """How many reviewers of the present round, void seats left out, passed and failed the case."""
    seats = _seated(case).filter(void=None).values("code")
    found = case.opinions.filter(
        phase=Opinion.Phase.CHECK, round=case.evaluation_round, unit__in=seats
    )
    verdicts = list(found.values_list("verdict", flat=True))
    return verdicts.count(Opinion.Verdict.PASS), verdicts.count(Opinion.Verdict.FAIL)


def _close(locked: Case) -> None:
    _weigh(locked)
    locked.close_evaluation()
    deadlines.unpause(locked)


def _weigh(locked: Case) -> None:
    """Compute the mark from the sheets that count; ``PanelShort`` without a clear result."""
    rules = locked.procedure.evaluation
    if not _result(locked):
        raise PanelShort(quorum=rules.quorum)
    if rules.kind == "panel":
        marks = _seated(locked).filter(void=None).exclude(total=None)
        totals = [seat.total for seat in marks if seat.total is not None]
        locked.score = rubric.panel_score(totals, trim_from=rules.trim_from, quorum=rules.quorum)
