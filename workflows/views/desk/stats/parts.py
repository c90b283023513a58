"""The parts of the statistics: each a table, a sentence on what it counts, and a chart of it.

Fewer than five cases make no chart (interface 4.6).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise as Words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows import programme, statistics
from workflows.statistics import FEW, Duration, Load, Span
from workflows.views import flow_chart
from workflows.views.desk.stats import charts
from workflows.views.desk.stats.charts import Line
from workflows.views.desk.stats.counted import Counted, Key, Promise
from workflows.views.desk.stats.rows import Reason
from workflows.views.exporting import Cell, Sheet
from workflows.views.flow_chart import Mark

BUSIEST = 12  # groups on the chart; the table has all
COMMONEST = 10  # reasons on the chart; the table has all
PAPERS: Mapping[str, str | Words] = {
    "correction": gettext_lazy("Correction notice"),
    "non_acceptance": gettext_lazy("Non-acceptance"),
    "refusal": gettext_lazy("Refusal"),
}


TONES = {"correction": "svg-warn", "non_acceptance": "svg-abstain", "refusal": "svg-bad"}


@dataclass(frozen=True)
class Part:
    """One table of the page with its chart, if there is enough to draw."""

    key: str
    title: str
    says: str  # what is counted, and how
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    charts: Sequence[Any] = ()
    legend: Sequence[tuple[str, str]] = ()  # class, words

    @property
    def few(self) -> bool:
        """Whether there is something to tell, but too little to draw."""
        return bool(self.rows) and not self.charts

    @property
    def lines(self) -> list[list[tuple[str, Cell]]]:
        """The rows, each cell with the head of its column, which a narrow page repeats."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]

    def sheet(self, about: Sequence[str]) -> Sheet:
        """The table to take away."""
        return Sheet(self.title, self.head, self.rows, (*about, self.says))


# --- what waits -----------------------------------------------------------------------------------
def lights(known: Counted) -> Part:
    """Yellow and red lights at the end of every week."""
    days = statistics.weeks(known.asked.since, known.asked.until)
    past = [day for day in days if day < known.today]
    line = statistics.trend(known.work, known.ruler, past) if past else []
    if len(past) < len(days):
        line.append(known.lights)
    some = sum(each.red + each.yellow for each in line) >= FEW
    return Part(
        "lights",
        _("Red and yellow lights by week"),
        _(
            "Open tasks of the office at the end of each week. Red: overdue. Yellow: no more than "
            "a fifth of the time is left. Tasks whose case stood still are left out."
        ),
        (_("Until"), _("Red"), _("Yellow"), _("Green")),
        [(each.day.isoformat(), each.red, each.yellow, each.green) for each in line],
        [charts.columns(line)] if some else [],
        (("svg-bad", _("Red")), ("svg-warn", _("Yellow"))),
    )


def ages(known: Counted) -> Part:
    """Open tasks by how long they have waited."""
    found = statistics.ages(known.work, known.ruler, known.today)
    names = (
        _("0 to 5 working days"),
        _("6 to 10 working days"),
        _("11 to 20 working days"),
        _("More than 20 working days"),
        _("Standing still"),
    )
    tones = ("svg-ok", "svg-brand", "svg-warn", "svg-bad", "svg-abstain")
    table = list(zip(names, (*found.classes, found.still), strict=True))
    lines = [
        Line(name, str(number), [(tone, number)])
        for (name, number), tone in zip(table, tones, strict=True)
    ]
    return Part(
        "ages",
        _("Age of open tasks"),
        _("Working days since the task was given, days on which the case stood still left out."),
        (_("Age"), _("Open")),
        table if found.total else [],
        [charts.bars(lines)] if found.total >= FEW else [],
    )


def loads(known: Counted) -> Part:
    """Open, overdue and done, by group and person."""
    groups = statistics.of_groups(known.loads)
    lines = [
        Line(
            known.group(each.group),
            _("%(open)s open, %(done)s done") % {"open": each.open, "done": each.done},
            [("svg-brand-soft", each.open), ("svg-bad", each.overdue)],
        )
        for each in groups[:BUSIEST]
    ]
    some = sum(each.open for each in groups) >= FEW
    return Part(
        "loads",
        _("Workload"),
        _(
            "Open and overdue now, done in the period. Whoever evaluates is counted in their "
            "group, without names."
        ),
        (_("Group"), _("Person"), _("Open"), _("Overdue"), _("Done")),
        _people(known, groups),
        [charts.bars(lines)] if some else [],
        (("svg-brand-soft", _("Open")), ("svg-bad", _("of these overdue"))),
    )


def _people(known: Counted, groups: Sequence[Load]) -> list[Sequence[Cell]]:
    """The people of each group under its sum."""
    table: list[Sequence[Cell]] = []
    for group in groups:
        title = known.group(group.group)
        own = [each for each in known.loads if each.group == group.group]
        table.append((title, _("Together"), group.open, group.overdue, group.done))
        if any(each.person for each in own):
            table += [
                (title, each.person or _("Not claimed"), each.open, each.overdue, each.done)
                for each in own
            ]
    return table


# --- how long it takes ----------------------------------------------------------------------------
def steps(known: Counted) -> Part:
    """Median and ninetieth percentile of each step beside its promise."""
    own = {each.node for each in known.work}
    found = [
        (flow_chart.called(node), known.durations[node], known.promise(node))
        for node in sorted(known.durations, key=flow_chart.order)
        if node in own
    ]
    whole = [(_("From acceptance to decision"), known.whole, known.promised)] if known.whole else []
    drawn = [[_bar(*each) for each in group if each[1].cases >= FEW] for group in (whole, found)]
    return Part(
        "steps",
        _("Working days against the promise"),
        _(
            "What was finished in the period. Half of the cases took no longer than the median, "
            "nine in ten no longer than the 90th percentile. Pauses are left out as the clock "
            "account leaves them out. Steps with fewer than 5 cases are in the table only."
        ),
        (
            _("Step"),
            _("Number of cases"),
            _("Median"),
            _("90th percentile"),
            _("Promised"),
            _("Within the limit, %"),
        ),
        [
            (name, each.cases, each.median, each.ninetieth, str(promise), each.share)
            for name, each, promise in (*whole, *found)
        ],
        [charts.bars(lines) for lines in drawn if lines],
        (
            ("svg-brand", _("Median")),
            ("svg-brand-soft", _("90th percentile")),
            ("svg-target", _("Promised")),
        ),
    )


def _bar(name: str, each: Duration, promise: Promise) -> Line:
    late = bool(promise.working) and each.ninetieth > promise.working[-1]
    value = f"{each.median} · {each.ninetieth}"
    if promise.limits:
        value = _("%(days)s, promised %(promise)s") % {"days": value, "promise": promise}
    tail = "svg-warn-soft" if late else "svg-brand-soft"
    amounts = [(tail, each.ninetieth), ("svg-brand", each.median)]
    return Line(name, value, amounts, promise.working)


# --- what becomes of it ---------------------------------------------------------------------------
def course(known: Counted) -> Part:
    """From submitted to granted, and where the others went."""
    found = known.course
    way = [
        (_("Submitted"), found.filed),
        (_("Accepted"), found.accepted),
        (_("Evaluated"), found.evaluated),
        (_("Proposed for grant and endorsed"), found.carried),
        (_("Granted"), found.granted),
    ]
    others = [
        (_("Of these returned once"), found.returned),
        (_("Still running"), found.running),
        (_("In the project register"), found.registered),
        (_("Refused"), found.refused),
        (_("Not accepted"), found.not_accepted),
        (_("Deemed abandoned"), found.abandoned),
        (_("Withdrawn or ended"), found.withdrawn),
    ]
    lines = [
        Line(name, f"{number} · {_share(number, found.filed)}%", [("svg-brand", number)])
        for name, number in way
    ]
    return Part(
        "course",
        _("From submitted to granted"),
        _("Cases filed in the period, as far as they have come today."),
        (_("Stage"), _("Number of cases"), "%"),
        [(name, number, _share(number, found.filed)) for name, number in (*way, *others)]
        if found.filed
        else [],
        [charts.bars(lines)] if found.filed >= FEW else [],
    )


def _share(number: int, whole: int) -> int:
    """Percent, rounded to the nearest."""
    return (200 * number + whole) // (2 * whole) if whole else 0


def reasons(known: Counted) -> Part:
    """Why cases were returned, not accepted or refused: coded reasons, the most frequent first."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for each in known.reasons:
        words = _reason(known, each) or each.code or _("In the office's own words")
        counts[each.paper, each.code, words] += each.count
    places = {paper: place for place, paper in enumerate(PAPERS)}
    ordered = sorted(counts.items(), key=lambda one: (places[one[0][0]], -one[1], one[0]))
    often = sorted(ordered, key=lambda one: -one[1])[:COMMONEST]
    lines = [
        Line(words, str(number), [(TONES[paper], number)])
        for (paper, _code, words), number in often
    ]
    return Part(
        "reasons",
        _("Reasons of return and refusal"),
        _("Each notice and decision of the period counts once for every reason it gives."),
        (_("Paper"), _("Reason"), _("Code"), _("Number of cases")),
        [(str(PAPERS[paper]), words, code, number) for (paper, code, words), number in ordered],
        [charts.bars(lines)] if sum(counts.values()) >= FEW else [],
        tuple((TONES[paper], str(words)) for paper, words in PAPERS.items()),
    )


def _reason(known: Counted, each: Reason) -> str:
    """The words of a coded reason as the newest edition has them; empty for one it dropped."""
    procedure = known.procedures.get((each.programme, each.procedure))
    reason = procedure.reasons.get(each.code) if procedure else None
    return str(reason) if reason else ""


# --- where it waits -------------------------------------------------------------------------------
def flow(known: Counted) -> Part:
    """The flow diagram of one procedure with what is open on each step."""
    key = known.drawn
    rows, picture = _waiting(known, key) if key else ([], [])
    return Part(
        "flow",
        _("Where the cases are"),
        _(
            "Open tasks on each step of the flow; the darker, the more. The number in the red "
            "frame is overdue."
        ),
        (_("Step"), _("Open"), _("Overdue"), _("Done"), _("Median"), _("90th percentile")),
        rows,
        picture,
    )


def _waiting(known: Counted, key: Key) -> tuple[list[Sequence[Cell]], list[flow_chart.Picture]]:
    """What is open on each step of a procedure, as rows and on its diagram."""
    own = [each for each in known.spans if (each.programme, each.procedure) == key]
    drawn = programme.get(key[0]).flow_of(known.procedures[key])
    nodes = flow_chart.names(drawn)
    waiting, late, done = Counter[str](), Counter[str](), Counter[str]()
    for each in own:
        if each.finished is None:
            waiting[each.node] += each.number
            late[each.node] += each.number * _overdue(each, known)
        elif each.done and known.asked.since <= each.finished <= known.asked.until:
            done[each.node] += each.number
    times = statistics.steps(own, known.ruler, known.asked.since, known.asked.until)
    most = max(waiting.values(), default=0)
    marks = {
        node: Mark(
            number=waiting[node],
            late=late[node],
            heat=flow_chart.heat(waiting[node], most),
            words=_said(waiting[node], late[node]),
        )
        for node in nodes
    }
    rows: list[Sequence[Cell]] = [
        (flow_chart.called(node), waiting[node], late[node], done[node], *_times(times, node))
        for node in nodes
    ]
    return rows, [flow_chart.picture(drawn, marks)]


def _overdue(span: Span, known: Counted) -> bool:
    return not span.still and statistics.is_late(span, known.today)


def _said(waiting: int, late: int) -> str:
    words = _("%(open)s open") % {"open": waiting}
    return f"{words}，{_('%(late)s overdue') % {'late': late}}" if late else words


def _times(times: Mapping[str, Duration], node: str) -> tuple[int | None, int | None]:
    found = times.get(node)
    return (found.median, found.ninetieth) if found else (None, None)


PARTS: Mapping[str, Callable[[Counted], Part]] = {
    "lights": lights,
    "ages": ages,
    "steps": steps,
    "loads": loads,
    "course": course,
    "reasons": reasons,
    "flow": flow,
}
