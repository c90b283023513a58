"""Seats of an evaluation: drawn, declared or left, filled again; who sits in a round."""

import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from workflows import audit, clock
from workflows.errors import (
    BadPanel,
    ConflictOfInterest,
    NotEntitled,
    NotImpartial,
    NotSeatable,
    PanelMakeUp,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Appointment, Case, Organisation, Seat, Task, User, rows
from workflows.models.case import State
from workflows.procedure import Evaluation
from workflows.stages import messages
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
BACKGROUNDS = {"industry": _("industry"), "school": _("school"), "finance": _("finance")}


@verb
def form_panel(case: Case, *, experts: Sequence[User], by: User) -> list[Seat]:
    """Seat the drawn ``experts``; each must declare before the file opens (domain 0.10).

    The agency of ``by`` evaluates the case from now on. Raises ``BadPanel`` when their number is
    not what the edition asks, ``NotSeatable`` and ``NotImpartial`` for somebody who may not sit,
    ``PanelMakeUp`` when a background is missing.
    """
    with lawfully(case) as locked:
        entitled(by, "agency_manager", "case_officer")
        rules = rules_of(locked)
        _fit(locked, rules, experts)
        locked.agency = agency = agency_of(by)
        try:
            seats = give_seats(locked, experts, first=1)
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


def agency_of(by: User) -> Organisation | None:
    """The agency that ``by`` manages; None for an officer."""
    offices = (office for office in by.offices if office.role == Appointment.Role.AGENCY)
    return next((office.organisation for office in offices), None)


def _fit(locked: Case, rules: Evaluation, experts: Sequence[User]) -> None:
    different, size = len({expert.pk for expert in experts}), least(locked)
    odd = different % 2 == 1  # 招标投标法 37, a model
    larger = rules.kind == "panel" and different > size and odd
    if different != len(experts) or not (different == size or larger):
        raise BadPanel(size=size, given=len(experts))
    backgrounds = _backgrounds(rules, [expert.pk for expert in experts])
    for expert in experts:
        if expert.pk not in backgrounds:
            raise NotSeatable(name=expert.name)
    _impartial(locked, experts)
    _refuse(rules, missing(rules, backgrounds.values()))


def interested(case: Case) -> Q:
    """The offices of people who work or act for the applicant or a partner, past or present.

    Source: domain 0.10, the grounds a register can show; others are declared by the experts.
    """
    partners = case.partners.values("organisation")
    units = Organisation.objects.filter(Q(pk=case.applicant_id) | Q(pk__in=partners)).values("pk")
    return Q(organisation__in=units) | Q(user__memberships__organisation__in=units)


def _impartial(locked: Case, experts: Sequence[User]) -> None:
    people = Appointment.objects.filter(user__in=[expert.pk for expert in experts])
    barred = set(people.filter(interested(locked)).values_list("user", flat=True))
    for expert in experts:
        if expert.pk in barred:
            raise NotImpartial(name=expert.name)


def least(case: Case) -> int:
    """How many seats the evaluation of ``case`` has at least: more where much money is asked for.

    Source: domain 0.10.
    """
    size, funding = case.procedure.evaluation.size, case.procedure.funding
    if funding is None or funding.large_from is None or funding.large_size is None:
        return size
    asked = Decimal(str(case.filed.answers.get(funding.request) or 0))
    return max(size, funding.large_size) if asked >= funding.large_from else size


def evaluator(rules: Evaluation) -> str:
    """The office from which seats are filled."""
    usual = Appointment.Role.EXPERT if rules.kind == "panel" else Appointment.Role.CHECKER
    return rules.by or usual


def make_up(rules: Evaluation) -> dict[str, int]:
    """How many the edition asks of each background, at least (domain 0.10)."""
    asked = (rules.industry_min, rules.school_min, rules.finance_min)
    return dict(zip(BACKGROUNDS, asked, strict=True))


def missing(rules: Evaluation, backgrounds: Iterable[str]) -> Counter[str]:
    """How many of each background the panel still lacks."""
    return Counter(make_up(rules)) - Counter(backgrounds)


def _backgrounds(rules: Evaluation, people: Sequence[int]) -> dict[int, str]:
    """What each of ``people`` who may sit today stands for, by their key."""
    offices = Appointment.objects.in_force().filter(user__in=people, role=evaluator(rules))
    return dict(offices.values_list("user", "background"))


def _refuse(rules: Evaluation, lacking: Counter[str]) -> None:
    for background in lacking:
        raise PanelMakeUp(needed=make_up(rules)[background], background=BACKGROUNDS[background])


def give_seats(
    locked: Case, experts: Sequence[User], *, first: int, node: str = "sheet"
) -> list[Seat]:
    """Give ``experts`` the seats from ``first`` on; their sheets wait at ``node`` of the flow."""
    seats = [
        Seat(
            case=locked,
            round=locked.evaluation_round,
            node=node,
            number=number,
            expert=expert,
            code="".join(secrets.choice(ALPHABET) for _ in range(10)),
            drawn=clock.now(),
        )
        for number, expert in enumerate(experts, first)
    ]
    rows.insert(*seats)
    return seats


@verb
def declare(seat: Seat, *, by: User) -> None:
    """The expert declares to have no interest in the case; only then the file opens."""
    with lawfully(seat.case) as locked:
        own = own_seat(locked, seat, by)
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
        own = own_seat(locked, seat, by)
        annul(own, reason)
        audit.record(locked, "recused", by=by, seat=own.code, reason=reason)
        vacate(locked, own)


@verb
def substitute(case: Case, *, expert: User, by: User) -> Seat:
    """Seat a substitute for a void seat (next in the drawn reserve, X14), or a third reviewer.

    Raises ``BadPanel`` when no seat is empty, or for somebody who sat on the case already;
    ``NotSeatable`` and ``NotImpartial`` for somebody who may not sit; ``PanelMakeUp`` when the
    empty seats are needed for another background.
    """
    with lawfully(case) as locked:
        entitled(by, "agency_manager", "case_officer")
        rules = rules_of(locked)
        sat, vacancy = seated(locked), _vacancy(locked)
        if vacancy is None or sat.filter(expert=expert).exists():
            raise BadPanel(size=least(locked), given=sat.filter(void=None).count() + 1)
        if not expert.holds(evaluator(rules)):
            raise NotSeatable(name=expert.name)
        _impartial(locked, [expert])
        _complete(locked, expert)
        (seat,) = give_seats(locked, [expert], first=sat.count() + 1)
        event = audit.record(locked, "substitute_seated", by=by, seat=seat.code)
        open_branches(locked, "sheet", [seat_unit(seat)])
        close_branch(locked, "sheet", vacancy.unit)
    messages.tell(locked, "panel_seat", event=event, audience=f"user:{expert.pk}")
    return seat


def _complete(locked: Case, expert: User) -> None:
    """Refuse ``expert`` where every empty seat is needed for a background they do not stand for."""
    rules, empty = rules_of(locked), sum(bool(task.candidate) for task in open_sheets(locked))
    sitting = list(seated(locked).filter(void=None).values_list("expert", flat=True))
    backgrounds = _backgrounds(rules, [*sitting, expert.pk])
    own = backgrounds.pop(expert.pk)
    lacking = missing(rules, backgrounds.values())
    if lacking.total() >= empty and own not in lacking:
        _refuse(rules, lacking)


# --- who sits -----------------------------------------------------------------------------------
def seat_unit(seat: Seat) -> str:
    """How the flow names the branch of a seat: its code and its expert."""
    return f"{seat.code}-{seat.expert_id}"


def seats_in_play(case: Case) -> list[str]:
    """Branches of the seats of the present round."""
    return [seat_unit(seat) for seat in seated(case).filter(void=None)]


def seated(case: Case) -> QuerySet[Seat]:
    """Every seat of the present round's panel, void ones too."""
    return Seat.objects.filter(case=case, round=case.evaluation_round, node="sheet")


def own_seat(locked: Case, seat: Seat, by: User) -> Seat:
    """The seat of ``by``, read under the lock; it has still to report."""
    own = Seat.objects.get(pk=seat.pk, case=locked)
    if own.expert_id != by.pk:
        raise NotEntitled
    if own.void is not None:
        raise ConflictOfInterest
    if own.locked is not None or locked.state != State.EVALUATING:
        raise StageClosed
    return own


def rules_of(locked: Case) -> Evaluation:
    """How the edition evaluates; ``StageClosed`` outside the evaluation."""
    if locked.state != State.EVALUATING:
        raise StageClosed
    return locked.procedure.evaluation


def annul(seat: Seat, reason: str) -> None:
    """The seat is void: whoever held it is out and its marks do not count."""
    seat.void, seat.void_reason = clock.now(), reason
    seat.save(update_fields=["void", "void_reason"])


def vacate(locked: Case, seat: Seat) -> None:
    """Put a branch for one more seat into the queue of whoever must fill it.

    It is the branch of the empty ``seat``, opened again if its sheet was locked already.
    """
    unit = seat_unit(seat)
    branch = Task.objects.filter(case=locked, node=seat.node, unit=unit, finished=None)
    if not branch.exists():
        open_branches(locked, seat.node, [unit])
    branch.update(
        owner=None, status=NEW, candidate="agency_manager" if locked.agency_id else "case_officer"
    )


def _vacancy(locked: Case) -> Task | None:
    """The branch that has waited longest for somebody to be seated."""
    return next((task for task in open_sheets(locked) if task.candidate), None)


def open_sheets(locked: Case) -> QuerySet[Task]:
    """Branches that wait for a sheet or for somebody to be seated, oldest first."""
    found: QuerySet[Task] = Task.objects.filter(case=locked, node="sheet", finished=None)
    return found.order_by("pk")
