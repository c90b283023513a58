"""What the cases of a group are ranked by: marks, what breaks a tie, the money they could get."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any

from django.db.models import F

from forms import binding
from forms.expressions import compile
from forms.fields import kind_of
from workflows import clock, rubric, scoring
from workflows.edition import RECORD, Edition
from workflows.models import Case, Figures, Seat, Submission
from workflows.scoring import Entry, Marks
from workflows.selection import Tie
from workflows.stages import cuts
from workflows.stages.standings import Group, refused, secured

CENT = Decimal("0.01")
Ties = Mapping[int, tuple[Decimal | Fraction, ...]]


@dataclass(frozen=True)
class Merits:
    """The entries of a group, and of each case what its mark is made of."""

    entries: list[Entry[int]]
    parts: Mapping[int, dict[str, Any]]  # case -> indicator -> value, best, mark; and "ties"


def weigh(group: Group, cases: Sequence[Case]) -> Merits:
    """Read everything the ranking of ``cases`` depends on, in a handful of statements."""
    values = _values(group, cases)
    sheets = _indexed(group, values)
    marks = _marks(cases, sheets)
    filed = _Filed(group, cases)
    ties = _ties(group, cases, marks, sheets, filed)
    wanted = _wanted(group, cases, filed)
    settled = _settled(cases)
    entries = [
        Entry(
            each.pk,
            marks[each.pk],
            ties.get(each.pk, ()),
            wanted.get(each.pk),
            settled.get(each.pk),
        )
        for each in cases
    ]
    return Merits(entries, {each.pk: _parts(each.pk, values, sheets, ties) for each in cases})


def _settled(cases: Sequence[Case]) -> dict[int, bool]:
    """Who keeps its place for good, and who was refused for good."""
    keys = [each.pk for each in cases]
    held = dict.fromkeys(secured().filter(pk__in=keys).values_list("pk", flat=True), True)
    return held | dict.fromkeys(refused().filter(pk__in=keys).values_list("pk", flat=True), False)


# --- marks ----------------------------------------------------------------------------------------
def _values(group: Group, cases: Sequence[Case]) -> dict[int, dict[str, Decimal | None]]:
    index = group.procedure.index
    if group.selection.by == "mark" or index is None:
        return {}
    return figures(cases, index.weights)


def _indexed(group: Group, values: Mapping[int, Mapping[str, Decimal | None]]) -> Marks[int] | None:
    index = group.procedure.index
    return scoring.relative_marks(values, index.weights) if index and values else None


def figures(
    cases: Collection[Case], indicators: Iterable[str]
) -> dict[int, dict[str, Decimal | None]]:
    """The figures in force of each case; one that was never proven is 0, None does not apply."""
    known = Figures.objects.filter(case__in=[each.pk for each in cases], confirmed__isnull=False)
    newest = dict(known.order_by("revision").values_list("case", "values"))
    codes = list(indicators)
    return {
        each.pk: {code: _figure(newest.get(each.pk, {}).get(code, {})) for code in codes}
        for each in cases
    }


def _figure(found: Mapping[str, Any]) -> Decimal | None:
    return None if found.get("na") else Decimal(found.get("value") or 0)


def _marks(cases: Sequence[Case], sheets: Marks[int] | None) -> dict[int, Decimal]:
    if sheets is not None:
        return {key: sheet.mark for key, sheet in sheets.sheets.items()}
    return {each.pk: each.score for each in cases if each.score is not None}


def _parts(
    case: int,
    values: Mapping[int, Mapping[str, Decimal | None]],
    marks: Marks[int] | None,
    ties: Ties,
) -> dict[str, Any]:
    """What is kept of a mark: every indicator that applies, with the best of the group."""
    found: dict[str, Any] = {}
    if marks is not None:
        sheet = marks.sheets[case]
        found = {
            code: {
                "value": str(values[case][code]),
                "best": str(marks.best[code]),
                "mark": str(sheet.shown(code)),
            }
            for code in sheet.points
        }
    if case in ties:
        found["ties"] = [str(_shown(each)) for each in ties[case]]
    return found


def _shown(value: Decimal | Fraction) -> Decimal:
    if isinstance(value, Fraction):
        return scoring.half_up(value.numerator, value.denominator)
    return value


# --- what breaks a tie ----------------------------------------------------------------------------
def _ties(
    group: Group,
    cases: Sequence[Case],
    marks: Mapping[int, Decimal],
    sheets: Marks[int] | None,
    filed: "_Filed",
) -> Ties:
    """What puts equals in order, for those who have an equal."""
    shared = Counter(marks.values())
    equals = [each for each in cases if shared[marks[each.pk]] > 1]
    if not equals or not group.selection.ties:
        return {}
    by_rule = [_rule(group, tie, equals, sheets, filed) for tie in group.selection.ties]
    return {each.pk: tuple(values[each.pk] for values in by_rule) for each in equals}


def _rule(
    group: Group, tie: Tie, cases: Sequence[Case], sheets: Marks[int] | None, filed: "_Filed"
) -> Mapping[int, Decimal | Fraction]:
    if tie.value is not None:
        return {each.pk: Decimal(str(filed.value(each, tie.value))) for each in cases}
    if tie.level is not None:
        assert group.procedure.index is not None, "the edition was checked"
        assert sheets is not None, "a level is one of an index"
        codes = [one.code for one in group.procedure.index.indicators if one.level1 == tie.level]
        return {each.pk: sheets.sheets[each.pk].of(codes) for each in cases}
    return _panel(group, tie.criteria, cases)


def _panel(group: Group, criteria: Collection[str], cases: Sequence[Case]) -> dict[int, Decimal]:
    """The panel's mark for some criteria together, found as its mark for all of them is."""
    rules = group.procedure.evaluation
    parts = [part.code for one in rules.rubric if one.code in criteria for part in one.parts]
    sheets = Seat.objects.filter(
        case__in=[each.pk for each in cases],
        round=F("case__evaluation_round"),
        void=None,
        total__isnull=False,
    )
    given: dict[int, list[Decimal]] = {each.pk: [] for each in cases}
    for case, scores in sheets.values_list("case", "scores"):
        given[case].append(sum((Decimal(scores.get(part, 0)) for part in parts), Decimal(0)))
    return {
        case: rubric.panel_score(totals, rules.trim_from, quorum=1) if totals else Decimal(0)
        for case, totals in given.items()
    }


# --- money ----------------------------------------------------------------------------------------
def _wanted(group: Group, cases: Sequence[Case], filed: "_Filed") -> dict[int, Decimal]:
    """The most each project could get in 万元: request, expert amount and cap, whichever is least.

    What was granted for good is kept as it is. Source: domain 2.4.6.
    """
    rules = group.procedure.funding
    if rules is None:
        return {}
    advised = cuts.advised(cases)
    found = {}
    for each in cases:
        request = Decimal(str(filed.answers(each).get(rules.request) or 0))
        cap = Decimal(str(filed.value(each, rules.cap))) / binding.FEN_IN_WAN
        least = min(request, advised.get(each.pk, request), cap)
        found[each.pk] = least.quantize(CENT, ROUND_DOWN)
    granted = secured().filter(pk__in=[each.pk for each in cases]).values_list("pk", "amount")
    return found | {case: amount for case, amount in granted if amount is not None}


# --- the answers ----------------------------------------------------------------------------------
class _Filed:
    """The answers filed last, read when something is first asked of them."""

    def __init__(self, group: Group, cases: Sequence[Case]) -> None:
        self.group, self.cases = group, cases
        self.known: dict[int, dict[str, Any]] = {}
        self.questions: dict[tuple[str, str], Callable[[Mapping[str, Any]], Any]] = {}

    def answers(self, case: Case) -> dict[str, Any]:
        """The answers of ``case``, derived ones included."""
        if not self.known:
            rows = Submission.objects.filter(case__in=[each.pk for each in self.cases])
            listed = rows.order_by("number").values_list("case", "answers", "derived")
            self.known = {case: {**answers, **derived} for case, answers, derived in listed}
        return self.known[case.pk]

    def value(self, case: Case, source: str) -> Any:
        """What an expression of the edition gives for ``case``."""
        key = (case.edition.digest, source)
        if key not in self.questions:
            self.questions[key] = _question(case.rules, self.group.procedure_key, source)
        return self.questions[key](self.answers(case))


def _question(rules: Edition, procedure: str, source: str) -> Callable[[Mapping[str, Any]], Any]:
    """An expression made ready to be asked of many: only the answers it names are read."""
    expression = compile(source, rules.form.names())
    fields = [
        (each, kind_of(each)) for each in rules.form.fields() if each.code in expression.names
    ]
    context = binding.context(rules.rule, procedure, RECORD, clock.today())

    def asked(answers: Mapping[str, Any]) -> Any:
        values = dict(context)
        for field, kind in fields:
            answer = answers.get(field.code)
            values[field.code] = kind.empty if answer is None else kind.to_cel(field, answer)
        return expression.evaluate(values)

    return asked
