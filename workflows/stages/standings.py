"""Where the cases of a group stand: the newest ranking, and what it lets the office do."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from workflows.errors import RankingMissing
from workflows.models import Case, Figures, Objection, Ranking, Round, Seat, Standing, Task
from workflows.models.case import State
from workflows.procedure import Procedure
from workflows.selection import Named, Selection

Status = Standing.Status
NODES = ("freezing", "ranking")  # where a case waits for its group
GONE = (State.DRAFT, State.NOT_ACCEPTED, State.WITHDRAWN, State.ABANDONED, State.TERMINATED)
EARLY = (  # before a case is proposed; whoever is beyond and has no place was stopped
    State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.REVIEWING, State.COUNTERSIGN,
    State.EVALUATING,
)  # fmt: skip
BEYOND = (State.PROPOSAL, State.MEETING, State.SIGNING, State.REFUSED)
REGISTERED = "registered"  # the outcome of a good project that waits for money
UNDECIDED = (Status.TIED, Status.OFFERED)
READ = (Status.SELECTED, *UNDECIDED)  # who a reading panel looks at


@dataclass(frozen=True)
class Group:
    """The cases of one round that are put in order together."""

    round: Round
    procedure_key: str
    code: str

    @cached_property
    def procedure(self) -> Procedure:
        """The procedure as the round's edition has it."""
        return self.round.edition.shape.procedures[self.procedure_key]

    @property
    def selection(self) -> Selection:
        """How the procedure chooses; ``RankingMissing`` where every case is weighed by itself."""
        if self.procedure.selection is None:
            raise RankingMissing
        return self.procedure.selection

    @property
    def named(self) -> Named:
        """The group's name; ``KeyError`` for a code the edition does not have."""
        return {each.code: each for each in self.selection.groups}[self.code]

    @property
    def rules(self) -> dict[str, Any]:
        """What the round, or else the edition, lays down for this group, as it is written down."""
        called, edition = self.round, self.selection
        share, mark = called.share_percent, called.pass_mark
        budget = self.budget
        return {
            "quota": edition.quota if called.quota is None else called.quota,
            "share_percent": edition.share_percent if share is None else share,
            "pass_mark": str(edition.pass_mark if mark is None else mark),
            "budget": None if budget is None else str(budget),
        }

    @property
    def budget(self) -> Decimal | None:
        """The money of the line in 万元; nothing was called for where the round names none."""
        if self.procedure.funding is None:
            return None
        return Decimal(str(self.round.budgets.get(self.code, 0)))

    @property
    def cases(self) -> QuerySet[Case]:
        """Every case that was filed for the group and is not gone."""
        return Case.objects.filter(
            round=self.round, procedure_key=self.procedure_key, group=self.code
        ).exclude(state__in=GONE)

    @property
    def waiting(self) -> QuerySet[Case]:
        """The cases that wait to be ranked."""
        return self.cases.filter(Exists(_tasks(node__in=NODES)))

    @property
    def unready(self) -> QuerySet[Case]:
        """The cases that will be ranked but are still being checked."""
        early = Q(state__in=EARLY) | Q(state=State.SUSPENDED, former_state__in=EARLY)
        checked = Figures.objects.filter(
            case=OuterRef("pk"), round=OuterRef("evaluation_round"), confirmed__isnull=False
        )
        read = Exists(Standing.objects.filter(case=OuterRef("pk"))) & Exists(checked)
        return self.cases.filter(early).exclude(Exists(_tasks(node__in=NODES))).exclude(read)

    @property
    def frozen(self) -> int:
        """How many were put in order at the freeze; 0 before it."""
        return Standing.objects.filter(
            ranking__round=self.round,
            ranking__procedure_key=self.procedure_key,
            ranking__group=self.code,
            ranking__revision=1,
        ).count()

    def nodes(self) -> dict[int, str]:
        """Where each case stands that waits to be ranked."""
        tasks = Task.objects.filter(case__in=self.cases, node__in=NODES, finished=None)
        return dict(tasks.values_list("case", "node"))

    @property
    def newest(self) -> Ranking | None:
        """The ranking in force, signed or not."""
        return newest(self.round, self.procedure_key, self.code)


def _tasks(**which: object) -> QuerySet[Task]:
    found: QuerySet[Task] = Task.objects.filter(case=OuterRef("pk"), finished=None, **which)
    return found


def group_of(case: Case) -> Group:
    """The group ``case`` is ranked in."""
    return Group(case.round, case.procedure_key, case.group)


def groups(round_: Round) -> Iterator[Group]:
    """Every group of a round, in the order of the edition; a round may be for one group only."""
    for key, procedure in round_.edition.shape.procedures.items():
        if procedure.selection is not None:
            for each in procedure.selection.groups:
                if round_.group in ("", each.code):
                    yield Group(round_, key, each.code)


def newest(round_: Round, procedure_key: str, group: str) -> Ranking | None:
    """The newest ranking of a group."""
    made = Ranking.objects.filter(round=round_, procedure_key=procedure_key, group=group)
    return made.order_by("-revision").first()


def standing_of(case: Case) -> Standing | None:
    """The place of ``case`` in the newest ranking of its group; None where it has none."""
    newer = Ranking.objects.filter(
        round=OuterRef("ranking__round"),
        procedure_key=OuterRef("ranking__procedure_key"),
        group=OuterRef("ranking__group"),
        revision__gt=OuterRef("ranking__revision"),
    )
    held = Standing.objects.filter(case=case).exclude(Exists(newer))
    return held.select_related("ranking__round__edition").order_by("-pk").first()


def undecided(ranking: Ranking) -> QuerySet[Standing]:
    """The places that are not settled: equals at the cut, and offers without an answer."""
    return ranking.standings.filter(status__in=UNDECIDED).select_related("case")


def stale(ranking: Ranking) -> bool:
    """Whether the group must be ranked again: it has changed, a case joined, or one is unread."""
    joining = _group(ranking).waiting.exclude(state=State.SUSPENDED)
    return changed(ranking) or joining.exists() or unread(ranking).exists()


def changed(ranking: Ranking) -> bool:
    """Whether the order no longer holds.

    Somebody left, was taken off the list or refused; or a mark or a figure changed.
    """
    placed = ranking.standings.all()
    left = Q(case__in=gone(ranking)) | Q(status=Status.SELECTED, case__in=refused())
    return (
        placed.filter(left | ~Q(mark=F("case__score"))).exists()
        or Figures.objects.filter(case__standings__in=placed, confirmed__gt=ranking.made).exists()
    )


def unread(ranking: Ranking) -> QuerySet[Case]:
    """Cases that moved up after the panel had read the others: they are read too (2.3.4)."""
    if not _group(ranking).selection.reading:
        return Case.objects.none()
    sheets = Seat.objects.filter(
        case=OuterRef("pk"),
        round=OuterRef("evaluation_round"),
        node="sheet",
        void=None,
        locked__isnull=False,
    )
    placed = Q(standings__ranking=ranking, standings__status__in=READ)
    return Case.objects.filter(placed, state=State.PROPOSAL).exclude(Exists(sheets))


def unsettled(ranking: Ranking) -> bool:
    """Whether nothing that was published of the group may become final yet.

    The order is unsigned or no longer holds; or, where every mark hangs on the figures of all, one
    of them is being checked again or waits to be corrected (2.3.4, step 10; 3.3).
    """
    return ranking.approved is None or changed(ranking) or _in_doubt(ranking)


def _in_doubt(ranking: Ranking) -> bool:
    """Whether the figures of some case may still change every mark of the group."""
    if _group(ranking).procedure.index is None:
        return False
    later = Figures.objects.filter(case=OuterRef("case"), revision__gt=OuterRef("revision"))
    present = Figures.objects.filter(case=OuterRef("pk"), round=OuterRef("evaluation_round"))
    checked = Exists(present.filter(confirmed__isnull=False))
    asked = Exists(present.filter(~Exists(later), confirmed=None, by__isnull=False))
    doubtful = Q(state=State.EVALUATING) & ~checked | Q(asked)
    placed = Case.objects.filter(standings__ranking=ranking).exclude(pk__in=gone(ranking))
    return placed.filter(doubtful).exists()


def _group(ranking: Ranking) -> Group:
    return Group(ranking.round, ranking.procedure_key, ranking.group)


def gone(ranking: Ranking) -> QuerySet[Case]:
    """Cases of a ranking that are no longer in the group: withdrawn, or taken off the list (X29).

    Who was taken off and weighed again waits to be ranked, and so has come back.
    """
    upheld = Objection.objects.filter(
        entry__case=OuterRef("pk"), result=Objection.Result.UPHELD, answered__gt=ranking.made
    )
    struck = Q(Exists(upheld), state__in=BEYOND) & ~Q(Exists(_tasks(node__in=NODES)))
    return Case.objects.filter(Q(state__in=GONE) | struck, standings__ranking=ranking)


def refused() -> QuerySet[Case]:
    """Cases whose refusal is final or only waits for its seal."""
    signed = Q(state=State.SIGNING, decision__grants=False) & ~Q(decision__outcome=REGISTERED)
    return Case.objects.filter(Q(state=State.REFUSED) | signed)


def secured() -> QuerySet[Case]:
    """Cases that keep their place for good: granted, or past the notice."""
    signed = Q(state=State.SIGNING, decision__grants=True)
    return Case.objects.filter(Q(state=State.GRANTED) | signed)


def refusals_may_go(case: Case) -> bool:
    """Whether no place above ``case`` can fall free any more, so that its own place may decide.

    Everybody selected must be past the public notice, and nothing be open in the ranking.
    """
    standing = standing_of(case)
    if standing is None:
        return False
    holders = standing.ranking.standings.filter(status__in=(Status.SELECTED, *UNDECIDED))
    open_ = holders.exclude(case__in=secured()).exists()
    return not open_ and not stale(standing.ranking)
