"""Where a case stands in its flow, read from its state and its facts alone.

The rows of the flow are bookkeeping that can be lost or wrong: this is what they should say, so
that they can be compared every night and built anew (decision 0003, ``interventions.rebuild``).
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Q

from workflows.audit import Finding
from workflows.models import Case, Event, Figures, Opinion, Process, Seat, Standing, Task
from workflows.models.case import CLOSED, State
from workflows.stages import (
    countersign,
    deliberation,
    panel,
    task_book,
    verification,
    visits,
)
from workflows.stages.ranking import CHAIN

Branch = tuple[str, str]  # a node of the flow and the unit of one of its branches
CONFIRMED = ("figures_confirmed", "figures_deemed_confirmed", "contest_settled")
SEATED = ("panel_formed", "checkers_assigned")
PROPOSED = {"proposed": "endorsement", "endorsed": "tabling"}  # and what waits after it
ANEW = ("seat_voided", "ranked", "jumped")  # the office has to propose again


@dataclass(frozen=True)
class Entry:
    """One entry of a case's trail."""

    pk: int
    kind: str
    at: datetime
    before: str
    to: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """A case with what its trail tells of its way."""

    case: Case

    @cached_property
    def entries(self) -> list[Entry]:
        """The whole trail, oldest first."""
        events = Event.objects.filter(case=self.case).order_by("seq")
        return [
            Entry(pk, kind, at, text["from"], text["to"], text["facts"])
            for pk, kind, at, text in (
                (pk, kind, at, json.loads(body))
                for pk, kind, at, body in events.values_list("pk", "kind", "at", "body")
            )
        ]

    @cached_property
    def moves(self) -> list[tuple[str, int]]:
        """The states the case came into and the place of the entry; to be suspended is no move."""
        found = [("", 0)]
        for place, entry in enumerate(self.entries):
            if entry.to not in (State.SUSPENDED, found[-1][0]):
                found.append((entry.to, place))
        return found

    @property
    def state(self) -> str:
        """The state in which its flow stands."""
        return self.moves[-1][0]

    @property
    def came_from(self) -> str:
        """The state before."""
        return self.moves[-2][0]

    @property
    def since(self) -> list[Entry]:
        """What was entered since the case came into its state, that entry first."""
        return self.entries[self.moves[-1][1] :]

    def last(self, *kinds: str) -> str:
        """Which of ``kinds`` was entered last since the case came into its state; "" for none."""
        told = [entry.kind for entry in self.since if entry.kind in kinds]
        return told[-1] if told else ""


def has(case: Case, node: str) -> bool:
    """Whether the flow of ``case`` has ``node``."""
    flow = case.programme.flow_of(case.procedure)
    return node in {each.name for each in flow.instance.nodes()}


# --- by state -----------------------------------------------------------------------------------
def _accepted(facts: Facts) -> Iterator[Branch]:
    yield from _once("district_review" if has(facts.case, "district_review") else "screening")


def _countersign(facts: Facts) -> Iterator[Branch]:
    case = facts.case
    given = case.opinions.filter(phase=Opinion.Phase.COUNTERSIGN, round=case.review_round)
    known = set(given.values_list("unit", flat=True))
    asked = countersign.departments(case)
    yield from (("opinion", code) for code in asked if code not in known)


def _evaluating(facts: Facts) -> Iterator[Branch]:
    case = facts.case
    if case.procedure.verification is not None and (checking := _checking(facts)):
        yield from checking
    elif not panel.seated(case).exists():
        yield from _once("panel")
    elif _is_to_be_visited(case):
        yield from _once("visit")
    else:
        yield from _sheets(facts, "sheet")


def _is_to_be_visited(case: Case) -> bool:
    """Whether every seat has reported and two people have still to sign what they found."""
    if panel.seated(case).filter(void=None, locked=None).exists():
        return False
    visit = visits.visit_of(case)
    return visit is not None and visit.second_signed is None


def _checking(facts: Facts) -> list[Branch]:
    """What the check of the figures waits for; nothing once they were weighed."""
    case = facts.case
    known = case.figures.filter(round=case.evaluation_round).order_by("revision")
    if not known:
        seated = verification.seated(case).exists()
        return list(_sheets(facts, verification.NODE)) if seated else [("data_check", "")]
    first = next((each for each in known if each.confirmed is not None), None)
    if first is None:
        return [("settlement" if known[0].contested else "confirmation", "")]
    return [] if _is_weighed(facts, first) else [("freezing", "")]


def _is_weighed(facts: Facts, figures: Figures) -> bool:
    """Whether the group was ranked with ``figures``; a new order of the same digest counts too."""
    weighed = Standing.objects.filter(case=facts.case)
    told = [entry.pk for entry in facts.entries if entry.kind in CONFIRMED]
    if not told:
        return weighed.filter(ranking__made__gte=figures.confirmed).exists()
    ranked = Event.objects.filter(chain=f"sys:{CHAIN}", kind="ranked", pk__gt=told[-1])
    digests = set(weighed.values_list("ranking__digest", flat=True))
    return any(
        json.loads(body)["facts"]["digest"] in digests for (body,) in ranked.values_list("body")
    )


def _sheets(facts: Facts, node: str) -> Iterator[Branch]:
    """The branches of the round's seats that have not reported, or have to be filled."""
    case = facts.case
    seats = Seat.objects.filter(case=case, round=case.evaluation_round, node=node)
    known = {seat.code: seat for seat in seats}
    table = Table(quorum=case.procedure.evaluation.quorum if node == "sheet" else 0)
    for entry in facts.entries:
        table.follow(entry, known)
    yield from ((node, panel.seat_unit(known[code])) for code in table.waiting)


@dataclass
class Table:
    """The seats of one round while the trail is read: who sits, who reported, what is empty."""

    quorum: int
    seats: dict[str, bool] = field(default_factory=dict)  # seat in play -> has reported
    branches: list[str] = field(default_factory=list)  # in the order in which they were opened
    empty: set[str] = field(default_factory=set)

    @property
    def waiting(self) -> list[str]:
        """The branches that are open."""
        open_ = self.empty | {code for code, reported in self.seats.items() if not reported}
        return [code for code in self.branches if code in open_]

    def follow(self, entry: Entry, known: Collection[str]) -> None:
        """Let one entry of the trail have its effect, if it tells of one of the ``known`` seats."""
        code = str(entry.facts.get("seat", ""))
        if entry.kind in SEATED and set(known) & set(entry.facts["seats"]):
            self.branches = list(entry.facts["seats"])
            self.seats = dict.fromkeys(self.branches, False)
        elif code in known and entry.kind in self.EFFECTS:
            self.EFFECTS[entry.kind](self, code, entry)

    def _seat(self, code: str, _entry: Entry) -> None:
        filled = next(each for each in self.branches if each in self.empty)
        self.empty.discard(filled)
        self.branches.append(code)
        self.seats[code] = False

    def _report(self, code: str, entry: Entry) -> None:
        self.seats[code] = True
        if entry.to == State.EVALUATING and all(self.seats.values()) and not self.empty:
            self._reopen(code)  # they differ: one more is asked

    def _leave(self, code: str, _entry: Entry) -> None:
        self.seats.pop(code)
        self.empty.add(code)

    def _void(self, code: str, entry: Entry) -> None:
        reported = self.seats.pop(code)
        if not reported:
            self.empty.add(code)
        elif entry.before != entry.to or len(self.seats) < self.quorum:
            self._reopen(code)

    def _reopen(self, code: str) -> None:
        """The branch of a sheet that was locked waits once more, behind the others."""
        self.branches.remove(code)
        self.branches.append(code)
        self.empty.add(code)

    EFFECTS: ClassVar[Mapping[str, Callable[["Table", str, Entry], None]]] = {
        "substitute_seated": _seat,
        "sheet_locked": _report,
        "figures_checked": _report,
        "recused": _leave,
        "seat_voided": _void,
    }


def _proposal(facts: Facts) -> Iterator[Branch]:
    if _waits_for_its_group(facts):
        yield from _once("ranking")
    else:
        yield from _once(PROPOSED.get(facts.last(*PROPOSED, *ANEW), "proposal"))


def _waits_for_its_group(facts: Facts) -> bool:
    grouped = facts.case.group and has(facts.case, "ranking")
    if not grouped or facts.came_from != State.EVALUATING:
        return False
    ranked = Standing.objects.filter(case=facts.case, ranking__made__gte=facts.since[0].at)
    return not ranked.exists()


def _meeting(facts: Facts) -> Iterator[Branch]:
    item = deliberation.open_item(facts.case)
    voted = {str(user) for user in item.ballots.values_list("member__user", flat=True)}
    waiting = [unit for unit in deliberation.voters(facts.case) if unit not in voted]
    yield from (("ballot", unit) for unit in waiting)
    yield from (("resolution", unit) for unit in deliberation.chair(facts.case))


def _notice(facts: Facts) -> Iterator[Branch]:
    listed = facts.case.entries.filter(closed=None, removed=None).exists()
    yield from _once("notice" if listed else "publication")


def _signing(facts: Facts) -> Iterator[Branch]:
    decision = facts.case.decision
    if decision.sealed is None:
        yield from _once("signing" if decision.signed is None else "sealing")
    elif not facts.last("task_book_opened"):
        yield from _once("issuing")
    elif task_book.is_over(facts.case):
        yield from _once("binding")
    else:
        yield from ((task_book.NODE, unit) for unit in task_book.awaited(facts.case))


def _closed(facts: Facts) -> Iterator[Branch]:
    """A decision has still to be handed over, and a project of the register waits for money."""
    if not facts.last("delivered", "task_book_delivered"):
        yield from _once("delivery")
    elif facts.state == State.REGISTERED:
        yield from _once("standby")


def _once(node: str) -> Iterator[Branch]:
    yield node, ""


RULES: Mapping[str, Callable[[Facts], Iterable[Branch]]] = {
    State.SUBMITTED: lambda facts: _once("acceptance"),
    State.RETURNED: lambda facts: _once("correction"),
    State.ACCEPTED: _accepted,
    State.REVIEWING: lambda facts: _once("department_review"),
    State.COUNTERSIGN: _countersign,
    State.EVALUATING: _evaluating,
    State.PROPOSAL: _proposal,
    State.MEETING: _meeting,
    State.NOTICE: _notice,
    State.OBJECTION: lambda facts: _once("objection"),
    State.SIGNING: _signing,
    State.GRANTED: _closed,
    State.REFUSED: _closed,
    State.REGISTERED: _closed,
}


# --- what it says -------------------------------------------------------------------------------
class PositionUnknown(Exception):
    """A fact that the position follows from is missing, as in a house restored in part."""


def position(case: Case) -> set[Branch]:
    """The steps that should wait: a node and a unit each; none before and after the flow.

    Raises ``PositionUnknown`` where the facts do not say.
    """
    try:
        facts = Facts(case)
        rule = RULES.get(facts.state)
        return set(rule(facts)) if rule else set()
    except Exception as missing:  # every rule reads facts of its own
        raise PositionUnknown(f"{type(missing).__name__}: {missing}"[:200]) from missing


def standing(case: Case) -> set[Branch]:
    """The steps that do wait, as the rows of the flow say."""
    waiting = Task.objects.filter(case=case, finished=None, process__finished=None)
    return set(waiting.values_list("node", "unit"))


def strays(among: Q | None = None) -> Iterator[Finding]:
    """Every case (``among`` some) whose flow does not stand where its state and facts say."""
    running = Q(pk__in=Process.objects.filter(finished=None).values("case"))
    going = running | ~Q(state__in=[State.DRAFT, *CLOSED])
    waiting = Case.objects.filter(going, among or Q())
    found = waiting.select_related("edition", "applicant").defer("draft")
    for case in found.order_by("pk").iterator(chunk_size=100):
        if wrong := _wrong(case):
            yield Finding(f"case:{case.pk}", case.version, wrong)


def _wrong(case: Case) -> str:
    """How the flow of ``case`` differs from its facts, if it does."""
    does = standing(case)
    try:
        should = position(case)
    except PositionUnknown as unknown:
        return f"waits for {does}, and its facts do not say for what: {unknown}"
    return f"waits for {does}, not for {should}" if should != does else ""
