"""Everything the statistics of one request rest on, each asked of the database at most once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import ngettext

from workflows import clock, programme, statistics
from workflows.models import Edition, User
from workflows.models.case import CaseQuerySet
from workflows.procedure import Limit, Procedure
from workflows.statistics import Duration, Lights, Load, Ruler, Span
from workflows.views.desk.assigning import title as group_title
from workflows.views.desk.stats import rows
from workflows.views.desk.stats.asked import Asked
from workflows.working_days import calendar

Key = tuple[str, str]  # programme and procedure


@dataclass(frozen=True)
class Promise:
    """The limits a step has in the procedures that are counted."""

    limits: frozenset[tuple[int, str]] = field(default_factory=frozenset)

    @classmethod
    def of(cls, limits: list[Limit]) -> "Promise":
        """The different ones of ``limits``."""
        return cls(frozenset((limit.days, limit.unit) for limit in limits))

    @property
    def working(self) -> list[int]:
        """Those in working days, which a chart of working days can show."""
        return sorted(days for days, unit in self.limits if unit == "working")

    def __str__(self) -> str:
        """From the shortest to the longest, with the unit where it is not the working day."""
        others = sorted(days for days, unit in self.limits if unit == "calendar")
        words = [_range(self.working)] if self.working else []
        if others:
            form = ngettext("%(days)s calendar day", "%(days)s calendar days", others[-1])
            words.append(form % {"days": _range(others)})
        return " / ".join(words)


def _range(days: list[int]) -> str:
    return "–".join(str(each) for each in dict.fromkeys((days[0], days[-1])))


class Counted:
    """The rows behind the figures of one reader and one question."""

    def __init__(self, user: User, asked: Asked) -> None:
        """Keep who asks what; nothing is looked up yet."""
        self.asked, self.today = asked, clock.today()
        self.cases: CaseQuerySet = asked.cases(user)

    @cached_property
    def editions(self) -> dict[int, Edition]:
        """Every edition by key, the newest of a programme last."""
        known = Edition.objects.order_by("published", "pk")
        return {each.pk: each for each in known}

    @cached_property
    def procedures(self) -> dict[Key, Procedure]:
        """Every procedure as the newest edition of its programme has it."""
        installed = {each.key for each in programme.all_()}
        return {
            (edition.programme, key): procedure
            for edition in self.editions.values()
            if edition.programme in installed
            for key, procedure in edition.shape.procedures.items()
        }

    def group(self, code: str) -> str:
        """What a group of the office is called; a department as the editions call it."""
        role, _, scope = code.partition(":")
        if role == "department_reviewer" and scope in self._departments:
            return f"{group_title(role)} {self._departments[scope]}"
        return group_title(code)

    @cached_property
    def _departments(self) -> dict[str, str]:
        return {
            each.code: str(each.title)
            for procedure in self.procedures.values()
            for each in procedure.departments
        }

    @property
    def programmes(self) -> list[tuple[str, str]]:
        """The programmes one may ask for, with their titles."""
        newest = {edition.programme: edition for edition in self.editions.values()}
        known = (each.key for each in programme.all_())
        return [(key, str(newest[key].shape.title)) for key in known if key in newest]

    @property
    def drawn(self) -> Key | None:
        """The procedure whose flow is drawn: the one asked for, else the first one counted.

        None where no edition of the programme was ever published.
        """
        wanted = self.asked.flow.partition(":")
        known = [key for key in self.procedures if self.asked.programme in ("", key[0])]
        return next((key for key in known if key == wanted[::2]), known[0] if known else None)

    # --- tasks ----------------------------------------------------------------------------------
    @cached_property
    def spans(self) -> list[Span]:
        """Every task open at any time of the period, or open now."""
        return rows.spans(self.cases, self.asked)

    @cached_property
    def ruler(self) -> Ruler:
        """Long enough for every day that is measured from or to."""
        days = [day for each in self.spans for day in (each.given, each.due, each.finished)]
        days += [paused for each in self.spans for paused, _resumed in each.pauses]
        for each in self.decided:
            days += [each.accepted, each.decided, *(paused for paused, _end in each.pauses)]
        return Ruler.over(calendar(), days, self.asked.since, self.today)

    @cached_property
    def work(self) -> list[Span]:
        """Those of them that are the office's own work."""
        return [each for each in self.spans if each.office]

    @cached_property
    def lights(self) -> Lights:
        """What is on now."""
        return statistics.lights_now(self.work, self.ruler, self.today)

    @cached_property
    def loads(self) -> list[Load]:
        """One line for each person of each group."""
        return statistics.loads(rows.loads(self.cases, self.asked))

    @cached_property
    def durations(self) -> dict[str, Duration]:
        """How long each step took, by node."""
        since, until = self.asked.since, self.asked.until
        return statistics.steps(self.spans, self.ruler, since, until)

    def promise(self, node: str) -> Promise:
        """What the editions promise of a step, over the cases that are counted."""
        own = (each for each in self.spans if each.node == node)
        limits = (limit_of(programme_, each, node) for programme_, each in self._promising(own))
        return Promise.of([limit for limit in limits if limit is not None])

    def _promising(self, counted: Iterable[Span | rows.Decided]) -> list[tuple[str, Procedure]]:
        """The procedures the cases run under, each as their own edition has it."""
        known = {(each.programme, each.edition, each.procedure) for each in counted}
        installed = {each.key for each in programme.all_()}
        return [
            (key, self.editions[edition].shape.procedures[procedure])
            for key, edition, procedure in known
            if key in installed
        ]

    # --- cases ----------------------------------------------------------------------------------
    @cached_property
    def course(self) -> rows.Course:
        """What became of the cases filed in the period."""
        return rows.course(self.cases, self.asked)

    @cached_property
    def decided(self) -> list[rows.Decided]:
        """The cases decided in the period."""
        return rows.decided(self.cases, self.asked)

    @cached_property
    def whole(self) -> Duration | None:
        """From acceptance to decision, by the clock account of each case."""
        if not self.decided:
            return None
        days: Counter[int] = Counter()
        for each in self.decided:
            days[self.ruler.used(each.accepted, each.decided, each.pauses)] += 1
        dated = [each for each in self.decided if each.due is not None]
        kept = sum(each.due is not None and each.decided <= each.due for each in dated)
        return statistics.duration(days, len(dated), kept)

    @property
    def promised(self) -> Promise:
        """The total limit of the procedures that were decided."""
        return Promise.of([each.total for _key, each in self._promising(self.decided)])

    @cached_property
    def reasons(self) -> list[rows.Reason]:
        """Why cases were returned, not accepted or refused in the period."""
        return rows.reasons(self.cases, self.asked, self.editions)


def limit_of(key: str, procedure: Procedure, node: str) -> Limit | None:
    """The limit of a step in a procedure of the programme ``key``; None where it has none."""
    flow = programme.get(key).flow_of(procedure)
    known = {each.name: each for each in flow.instance.nodes()}
    code = getattr(known.get(node), "limit", "")
    return procedure.limits.get(code) if code else None
