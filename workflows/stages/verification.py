"""The check of an index's figures: by two people of an agency, confirmed or contested once.

Every figure is laid beside its evidence; what two people find alike stands, a third settles the
rest (domain 2.3.4, steps 4 to 6). After the ranking only the head of the office opens them again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import QuerySet

from workflows import audit, clock
from workflows.errors import BadPanel, FigureUnknown, NotDeclared, NotEntitled, StageClosed
from workflows.models import Appointment, Case, Figures, Seat, Task, User
from workflows.models.case import State
from workflows.selection import Verification
from workflows.stages import deadlines, figures, messages
from workflows.stages.figures import Figure
from workflows.stages.law import (
    close_branch,
    entitled,
    lawfully,
    open_branches,
    release,
    separate,
    verb,
)
from workflows.stages.panel import agency_of, give_seats, own_seat, seat_unit, vacate

NODE = "data_sheet"
Findings = Mapping[str, Mapping[str, Any]]  # indicator -> finding, value, na, reason


# --- who checks ---------------------------------------------------------------------------------
@verb
def assign(case: Case, *, checkers: Sequence[User], by: User) -> list[Seat]:
    """The agency of ``by`` takes the figures in hand and seats the people who check them.

    Raises ``BadPanel`` unless they are as many different ones as the edition asks, ``NotEntitled``
    for somebody who is not a checker of the agency, and for another agency than the one that
    checked the figures before.
    """
    with lawfully(case) as locked:
        entitled(by, "agency_manager")
        if locked.agency_id is not None:
            manages(by, locked)
        size = rules_of(locked).size
        if not len(set(checkers)) == len(checkers) == size:
            raise BadPanel(size=size, given=len(checkers))
        locked.agency = agency_of(by)
        for checker in checkers:
            _may_check(locked, checker)
        try:
            seats = give_seats(locked, checkers, first=1, node=NODE)
        except IntegrityError as taken:  # this round has its people already
            raise StageClosed from taken
        event = audit.record(
            locked,
            "checkers_assigned",
            by=by,
            seats=[seat.code for seat in seats],
            agency=locked.agency.uscc if locked.agency else None,
        )
    release(locked, "data_check", by=by)
    messages.tell(locked, "panel_seat", event=event, audience="panel")
    return seats


@verb
def seat_checker(case: Case, *, checker: User, by: User) -> Seat:
    """Seat a third person where two differ, or a substitute for one who left.

    Raises ``BadPanel`` when no seat is empty, or for somebody who checked the case already.
    """
    with lawfully(case) as locked:
        manages(by, locked)
        size, sat = rules_of(locked).size, seated(locked)
        vacancy = next((task for task in _open_sheets(locked) if task.candidate), None)
        if vacancy is None or sat.filter(expert=checker).exists():
            raise BadPanel(size=size, given=in_play(locked).count() + 1)
        _may_check(locked, checker)
        (seat,) = give_seats(locked, [checker], first=sat.count() + 1, node=NODE)
        event = audit.record(locked, "substitute_seated", by=by, seat=seat.code)
        open_branches(locked, NODE, [seat_unit(seat)])
        close_branch(locked, NODE, vacancy.unit)
    messages.tell(locked, "panel_seat", event=event, audience=f"user:{checker.pk}")
    return seat


def manages(by: User, locked: Case) -> None:
    """Refuse with ``NotEntitled`` whoever does not manage the agency that checks the case."""
    entitled(by, "agency_manager")
    ours = {office.organisation_id for office in by.offices if office.role == "agency_manager"}
    if locked.agency_id not in ours:
        raise NotEntitled


def _may_check(locked: Case, checker: User) -> None:
    """Refuse anyone who is no checker, checks for another agency, or acts for the applicant."""
    offices = [one for one in checker.offices if one.role == Appointment.Role.CHECKER]
    agencies = {one.organisation_id for one in offices}
    ours = not agencies.isdisjoint({None, locked.agency_id})
    if not ours or locked.applicant_id in checker.organisations():
        raise NotEntitled


def rules_of(locked: Case) -> Verification:
    """How the edition checks figures; ``StageClosed`` outside the evaluation."""
    rules = locked.procedure.verification
    if locked.state != State.EVALUATING or rules is None:
        raise StageClosed
    return rules


def seated(case: Case) -> QuerySet[Seat]:
    """Everyone who was given the figures of the present round, void seats too."""
    return Seat.objects.filter(case=case, round=case.evaluation_round, node=NODE)


def in_play(case: Case) -> QuerySet[Seat]:
    """Those whose findings count."""
    return seated(case).filter(void=None).order_by("number")


def branches(case: Case) -> list[str]:
    """Branches of the flow: one for each who checks."""
    return [seat_unit(seat) for seat in in_play(case)]


def _open_sheets(locked: Case) -> QuerySet[Task]:
    found: QuerySet[Task] = Task.objects.filter(case=locked, node=NODE, finished=None)
    return found.order_by("pk")


# --- what they find -----------------------------------------------------------------------------
@verb
def check_figures(seat: Seat, *, findings: Findings, by: User) -> Figures | None:
    """Sign one person's check of every figure; where all agree the figures are set.

    ``findings`` names what is not confirmed as it stands: ``corrected`` with a ``value`` (or
    ``na``), or ``unproven``, which counts as 0; both with a ``reason``. A third person settles
    only what the first two found differently. Raises ``BadFigure``, ``FigureUnexplained``,
    ``NotDeclared``; gives the figures once they are set.
    """
    with lawfully(seat.case) as locked:
        own = own_seat(locked, seat, by)
        rules_of(locked)
        if own.node != NODE:
            raise StageClosed
        if own.declared is None:
            raise NotDeclared
        separate(locked, "evaluate", by)
        own.scores, own.draft = _sheet(locked, own, findings), {}
        own.locked = clock.now()
        own.save(update_fields=["scores", "draft", "locked"])
        counted = Counter(figure["finding"] for figure in own.scores.values())
        audit.record(
            locked, "figures_checked", by=by, duty="evaluate", seat=own.code, **dict(counted)
        )
        agreed = _agreed(locked)
        set_ = _set(locked, agreed) if agreed else None
    release(locked, NODE, unit=seat_unit(own), by=by)
    if set_ is None and not _open_sheets(locked).exists():
        vacate(locked, own)  # they differ: a third person is needed
    return set_


def asked(seat: Seat) -> dict[str, Figure]:
    """The figures laid before ``seat``: all of them, or only what the others found differently."""
    case = seat.case
    known = figures.known(case)
    disputed = differing(case, before=seat)
    return {code: known[code] for code in known if disputed is None or code in disputed}


def differing(case: Case, *, before: Seat | None = None) -> set[str] | None:
    """Indicators on which those first seated disagree; None until all of them have signed."""
    signed = in_play(case).exclude(locked=None).order_by("locked", "pk")
    if before is not None:
        signed = signed.exclude(pk=before.pk)
    sheets = [seat.scores for seat in signed[: rules_of(case).size]]
    if len(sheets) < rules_of(case).size:
        return None
    first, *others = sheets
    return {
        code
        for code, figure in first.items()
        if not all(figures.same(figure, other[code]) for other in others)
    }


def _sheet(locked: Case, own: Seat, findings: Findings) -> dict[str, Figure]:
    own.case = locked
    indicators = {one.code: one for one in figures.index_of(locked.procedure).indicators}
    before = asked(own)
    if unknown := sorted(findings.keys() - before.keys()):
        raise FigureUnknown(code=unknown[0])
    return {
        code: figures.found(indicators[code], figure, findings.get(code))
        for code, figure in before.items()
    }


def _agreed(locked: Case) -> dict[str, Figure] | None:
    """The figures all sheets come to; None while somebody has to report or a third is needed."""
    sheets = list(in_play(locked).order_by("locked", "pk"))
    if any(seat.locked is None for seat in sheets):
        return None
    disputed, size = differing(locked), rules_of(locked).size
    if disputed is None or (disputed and len(sheets) == size):
        return None
    settled: dict[str, Figure] = sheets[-1].scores
    return {**sheets[0].scores, **{code: settled[code] for code in disputed}}


def _set(locked: Case, agreed: Mapping[str, Figure]) -> Figures:
    """Lay the checked figures before the applicant, who confirms or contests them in time."""
    set_ = figures.enter(locked, agreed, by=None)
    due = deadlines.due(locked, "confirmation").day
    changed = sum(figure["finding"] != figures.Finding.CONFIRMED for figure in agreed.values())
    event = audit.record(
        locked, "figures_set", by=None, revision=set_.revision, changed=changed, due=str(due)
    )
    watch(locked, set_, key=str(set_.revision))
    messages.tell(locked, "figures_set", event=event, changed=changed, due=due.isoformat())
    return set_


def watch(locked: Case, set_: Figures, *, key: str) -> None:
    """Let silence count as the edition says, once the time to confirm has passed."""
    if rules_of(locked).silence == "confirmed":
        due = deadlines.due(locked, "confirmation").day
        deadlines.watch(locked, "deem_confirmed", due, key=key, revision=set_.revision)


def watch_again(locked: Case, *, key: str) -> None:
    """The case was suspended while the applicant's time ran: the whole time runs afresh."""
    waiting = Task.objects.filter(case=locked, node="confirmation", finished=None)
    set_ = figures.newest(locked)
    if set_ is not None and waiting.update(due=deadlines.due(locked, "confirmation").day):
        watch(locked, set_, key=key)
