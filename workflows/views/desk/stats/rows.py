"""What the statistics count, asked of the database: a fixed number of statements, all aggregates.

Rows come grouped by days, so a hundred thousand cases are some thousand rows here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, TruncDate

from workflows import clock
from workflows.calendar import Pause
from workflows.models import (
    Appointment,
    CorrectionItem,
    Decision,
    Edition,
    Event,
    Seat,
    Segment,
    Task,
)
from workflows.models.case import CLOSED, DECIDED, CaseQuerySet, State
from workflows.stages.deadlines import STANDING
from workflows.statistics import Load, Span
from workflows.views import nodes
from workflows.views.desk.stats.asked import Asked

DONE = "DONE"
Editions = Mapping[int, Edition]  # by key
Alike = tuple[Any, ...]  # what tasks have in common that are counted as one
ROLES = frozenset(Appointment.Role.values)
PERSONAL = {  # tasks of a person, not of a group, and whose those people are
    "sheet": "expert", "data_sheet": "expert", "visit": "expert",
    "ballot": "member", "resolution": "member",
}  # fmt: skip
OFFICE = Q(candidate="", node__in=tuple(PERSONAL)) | (
    ~Q(candidate="") & ~Q(candidate__startswith="applicant:")
)
KEY = (
    "programme_key", "procedure", "edition", "node",
    "given", "due", "ended", "done", "still", "office", "stood",
)  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """How often a coded reason was given, of one procedure, by one kind of paper."""

    paper: str  # correction, non_acceptance or refusal
    programme: str
    procedure: str
    code: str  # empty: in the office's own words
    count: int


@dataclass(frozen=True)
class Course:
    """How far the cases filed in the period have come, and how the others ended."""

    filed: int
    accepted: int
    evaluated: int
    carried: int
    granted: int
    returned: int
    running: int
    registered: int
    refused: int
    not_accepted: int
    abandoned: int
    withdrawn: int


@dataclass(frozen=True)
class Decided:
    """A decided case: the days of its clock, whether it was extended, its pauses."""

    programme: str
    procedure: str
    edition: int
    accepted: date
    decided: date
    due: date | None
    pauses: tuple[Pause, ...]


# --- tasks ----------------------------------------------------------------------------------------
def spans(cases: CaseQuerySet, asked: Asked) -> list[Span]:
    """Every task that was open at any time of the period or is open now, tasks alike as one."""
    waited: dict[int, tuple[Alike, list[Pause]]] = {}
    for pk, *key, paused, resumed in _waited(cases, asked):
        waited.setdefault(pk, (tuple(key), []))[1].append((paused, resumed))
    apart = Counter(key for key, _pauses in waited.values())
    found = [Span._make((*key, 1, tuple(pauses))) for key, pauses in waited.values()]
    for *key, number in _grouped(cases, asked):
        if left := number - apart[tuple(key)]:
            found.append(Span._make((*key, left, ())))
    return found


def _tasks(cases: CaseQuerySet, asked: Asked) -> QuerySet[Task]:
    overlap = Q(finished=None) | Q(finished__gte=clock.start_of(asked.since))
    known = Task.objects.filter(overlap, case__in=cases.values("pk"))
    found: QuerySet[Task] = known.annotate(
        procedure=F("case__procedure_key"),
        edition=F("case__edition"),
        done=_whether(status=DONE),
        still=_whether(paused=True, finished=None),
        office=ExpressionWrapper(OFFICE, output_field=BooleanField()),
        given=TruncDate("created", tzinfo=clock.LOCAL),
        ended=TruncDate("finished", tzinfo=clock.LOCAL),
    )
    return found


def _whether(**fact: object) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(Q(**fact), output_field=BooleanField())


def _grouped(cases: CaseQuerySet, asked: Asked) -> Iterable[Alike]:
    """Programme, procedure, edition, node, days and marks as a ``Span`` has them, and how many."""
    found = _tasks(cases, asked).order_by().values(*KEY).annotate(number=Count("pk"))
    counted: Iterable[Alike] = found.values_list(*KEY, "number")
    return counted


def _waited(cases: CaseQuerySet, asked: Asked) -> Iterable[Alike]:
    """The few of them during which the case stood still, one by one, with the pauses."""
    pause = {"case__segments__ground__in": STANDING}
    since = Q(case__segments__resumed=None) | Q(case__segments__resumed__gt=F("given"))
    until = Q(ended=None) | Q(case__segments__paused__lt=F("ended"))
    found = _tasks(cases, asked).filter(since, until, **pause)
    ordered = found.order_by("pk", "case__segments__paused", "case__segments__pk")
    pauses = ("case__segments__paused", "case__segments__resumed")
    told: Iterable[Alike] = ordered.values_list("pk", *KEY, *pauses)
    return told


# --- people ---------------------------------------------------------------------------------------
def loads(cases: CaseQuerySet, asked: Asked) -> Iterator[Load]:
    """What each person of each group has open, and has done in the period.

    Steps of applicants and of the system are nobody's work here. Whoever evaluates stays unnamed.
    """
    done = Q(
        status=DONE,
        finished__gte=clock.start_of(asked.since),
        finished__lte=clock.end_of(asked.until),
    )
    late = Q(finished=None, due__lt=clock.today(), paused=False)
    counted = (
        Task.objects.filter(Q(finished=None) | done, case__in=cases.values("pk"))
        .order_by()
        .values("candidate", "node", "owner", "owner__name", "owner__username")
        .annotate(
            open=Count("pk", filter=Q(finished=None)),
            overdue=Count("pk", filter=late),
            done=Count("pk", filter=done),
        )
    )
    for row in counted:
        if group := _group(row["candidate"], row["node"]):
            named = row["owner"] is not None and row["node"] not in nodes.SEATED
            person = (row["owner__name"] or row["owner__username"]) if named else ""
            yield Load(group, person, row["open"], row["overdue"], row["done"])


def _group(candidate: str, node: str) -> str:
    """The group of the office whose work it is; empty for applicants and the system."""
    if not candidate:
        return PERSONAL.get(node, "")
    return candidate if candidate.partition(":")[0] in ROLES else ""


# --- cases ----------------------------------------------------------------------------------------
def course(cases: CaseQuerySet, asked: Asked) -> Course:
    """What became of the cases filed in the period."""
    accepted = ~Q(accepted=None)
    evaluated = accepted & Q(Exists(Seat.objects.filter(case=OuterRef("pk"))))
    carried = evaluated & Q(decision__grants=True) & ~Q(decision__approved=None)
    ended = {
        "granted": (State.GRANTED,),
        "registered": (State.REGISTERED,),
        "refused": (State.REFUSED,),
        "not_accepted": (State.NOT_ACCEPTED,),
        "abandoned": (State.ABANDONED,),
        "withdrawn": (State.WITHDRAWN, State.TERMINATED),
    }
    told = {
        "accepted": accepted,
        "evaluated": evaluated,
        "carried": carried,
        "returned": Q(corrected=True),
        "running": ~Q(state__in=CLOSED),
        **{name: Q(state__in=states) for name, states in ended.items()},
    }
    filed = cases.filter(**_period(asked, "submitted"))
    counts = {f"{name}_": Count("pk", filter=which) for name, which in told.items()}
    found = filed.aggregate(filed_=Count("pk"), **counts)
    return Course(**{name.rstrip("_"): number for name, number in found.items()})


def decided(cases: CaseQuerySet, asked: Asked) -> list[Decided]:
    """The cases decided in the period, with the days on which their clock stood."""
    known = cases.filter(state__in=DECIDED, accepted__isnull=False, **_period(asked, "decided"))
    pauses: dict[int, list[Pause]] = {}
    stood = Segment.objects.filter(case__in=known.values("pk")).order_by("paused", "pk")
    for case, paused, resumed in stood.values_list("case", "paused", "resumed"):
        pauses.setdefault(case, []).append((paused, resumed))
    columns = ("pk", "programme_key", "procedure_key", "edition", "accepted", "decided", "due")
    return [
        Decided(
            programme,
            procedure,
            edition,
            clock.local(accepted).date(),
            clock.local(moment).date(),
            due,
            tuple(pauses.get(pk, ())),
        )
        for pk, programme, procedure, edition, accepted, moment, due in known.values_list(*columns)
    ]


def _period(asked: Asked, moment: str) -> dict[str, object]:
    return {
        f"{moment}__gte": clock.start_of(asked.since),
        f"{moment}__lte": clock.end_of(asked.until),
    }


# --- reasons --------------------------------------------------------------------------------------
def reasons(cases: CaseQuerySet, asked: Asked, editions: Editions) -> list[Reason]:
    """Why cases were returned, not accepted or refused in the period, by the edition's codes."""
    return [
        *_returns(cases, asked),
        *_not_accepted(cases, asked),
        *_refusals(cases, asked, editions),
    ]


def _returns(cases: CaseQuerySet, asked: Asked) -> Iterator[Reason]:
    """Of every notice each reason once, however many items give it."""
    items = CorrectionItem.objects.filter(
        correction__case__in=cases.values("pk"), **_period(asked, "correction__issued")
    )
    key = ("correction__case__programme_key", "correction__case__procedure_key", "reason")
    counted = items.order_by().values(*key).annotate(number=Count("correction", distinct=True))
    for programme, procedure, code, number in counted.values_list(*key, "number"):
        yield Reason("correction", programme, procedure, code, number)


def _not_accepted(cases: CaseQuerySet, asked: Asked) -> Iterator[Reason]:
    known = cases.filter(state=State.NOT_ACCEPTED, **_period(asked, "decided"))
    told = Event.objects.filter(kind="not_accepted", case__in=known.values("pk"))
    facts = KeyTransform("facts", Cast("body", JSONField()))
    key = ("case__programme_key", "case__procedure_key", "code")
    counted = (
        told.annotate(code=KeyTextTransform("reason", facts))
        .order_by()
        .values(*key)
        .annotate(number=Count("pk"))
    )
    for programme, procedure, code, number in counted.values_list(*key, "number"):
        yield Reason("non_acceptance", programme, procedure, code or "", number)


def _refusals(cases: CaseQuerySet, asked: Asked, editions: Editions) -> Iterator[Reason]:
    """A decision holds sentences: those of the edition have a code, others are counted as one."""
    known = cases.filter(state=State.REFUSED, **_period(asked, "decided"))
    key = ("case__edition", "case__programme_key", "case__procedure_key", "reasons")
    told = Decision.objects.filter(case__in=known.values("pk")).order_by().values(*key)
    codes: dict[tuple[int, str], dict[str, str]] = {}
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in told.annotate(number=Count("pk")).values_list(*key, "number"):
        edition, programme, procedure, sentences, number = row
        if (edition, procedure) not in codes:
            known_ = editions[edition].shape.procedures[procedure].reasons
            codes[edition, procedure] = {each.zh: code for code, each in known_.items()}
        given = {codes[edition, procedure].get(each, "") for each in sentences}
        counts.update((programme, procedure, code) for code in given for _each in range(number))
    for key_, number in counts.items():
        yield Reason("refusal", *key_, number)
