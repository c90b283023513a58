"""Repeats over all programmes: whatever else the house knows that is like a case (F94, domain X2).

Nothing here stops a case. Every filed case leaves marks; a reader of the file is shown the other
files and the titles entered from before this house that share some, each with what they share.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from workflows.alikeness import SAME_NAME, SAME_TEXT, Ground, name_percent, plain, sketch
from workflows.models import Case, Certificate, Trait

HOLDER, ADDRESS, TEXT = "holder", "address", "text"  # of the applicant, and what it wrote
NAME, SITE, UNIT, VOUCHER = "name", "site", "unit", "voucher"  # of its project
LONGEST = 200
MOST = 50  # that one reader can look through
Marks = Mapping[str, set[str]]


class Repeat(NamedTuple):
    """A file or a title, and everything it shares with the case that is read."""

    found: Case | Certificate
    grounds: list[Ground]


# --- what a case leaves ---------------------------------------------------------------------------
def marks(case: Case, answers: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """What ``case`` is recognised by in any programme, by kind, every text in its plain form."""
    fields = case.rules.form.fields()
    texts = [answers.get(field.code) for field in fields if field.kind == "longtext"]
    return {
        HOLDER: frozenset({plain(case.applicant.name)}),
        ADDRESS: frozenset({plain(str(case.applicant.profile.get("address") or ""))}),
        UNIT: frozenset({case.applicant.uscc}),
        VOUCHER: vouchers(case, answers),
        TEXT: frozenset().union(*(sketch(str(text or "")) for text in texts)),
    }


def vouchers(case: Case, answers: Mapping[str, Any]) -> frozenset[str]:
    """The numbers in tables that may count once, as the edition says."""
    rows = [
        row.get(each.column)
        for each in case.procedure.unique
        if each.column
        for row in answers.get(each.field) or []
    ]
    return frozenset(text for value in rows if (text := plain(str(value or ""))[:LONGEST]))


# --- other files ----------------------------------------------------------------------------------
def files(case: Case) -> list[Repeat]:
    """The other filed cases that share something with ``case``; those that share most come first.

    Whatever became of them: a refused or withdrawn one tells of a repeat as well.
    """
    mine = _read(case)
    shared: dict[int, list[Ground]] = defaultdict(list)
    for key, ground in [*_same(case, mine), *_near(case, mine)]:
        shared[key].append(ground)
    own = Case.objects.filed().filter(applicant=case.applicant_id).exclude(pk=case.pk)
    known = Case.objects.filter(pk__in=shared) | own
    found = [
        Repeat(each, _of_one(each, case, shared[each.pk]))
        for each in known.select_related("applicant", "edition").order_by("-pk")
    ]
    return sorted(found, key=lambda repeat: -len(repeat.grounds))[:MOST]


def _read(case: Case) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for kind, value in case.traits.values_list("kind", "value"):
        found[kind].add(value)
    found[UNIT].add(case.applicant.uscc)
    return found


def _same(case: Case, mine: Marks) -> Iterator[tuple[int, Ground]]:
    """Values that are the same in both."""
    places = mine[SITE] | mine[ADDRESS]
    for title, kinds, values in (
        ("units", [UNIT], mine[UNIT]),
        ("site", [SITE, ADDRESS], places),
        ("vouchers", [VOUCHER], mine[VOUCHER]),
        ("texts", [TEXT], mine[TEXT]),
    ):
        both: dict[int, set[str]] = defaultdict(set)
        rows = Trait.objects.filter(kind__in=kinds, value__in=values).exclude(case=case)
        for key, value in rows.values_list("case", "value"):
            both[key].add(value)
        for key, found in both.items():
            percent = 100 * len(found) // len(values)
            if title != "texts":
                yield key, Ground(title, percent, tuple(sorted(found)))
            elif percent >= SAME_TEXT:
                yield key, Ground(title, percent)


def _near(case: Case, mine: Marks) -> Iterator[tuple[int, Ground]]:
    """Names of projects and of applicants that are nearly the same."""
    for kind in (NAME, HOLDER):
        if not mine[kind]:
            continue
        others = Trait.objects.filter(kind=kind).exclude(case=case)
        for key, value in others.values_list("case", "value"):
            if ground := _alike(kind, mine[kind], [value]):
                yield key, ground


def _alike(kind: str, ours: Iterable[str], theirs: Iterable[str]) -> Ground | None:
    pairs = [(name_percent(one, other), one, other) for one in ours for other in theirs]
    percent, one, other = max(pairs, default=(0, "", ""))
    return Ground(kind, percent, (one, other)) if percent >= SAME_NAME else None


def _of_one(other: Case, case: Case, grounds: list[Ground]) -> list[Ground]:
    """What is said of one file; of the same applicant, name and address go without saying."""
    if other.applicant_id != case.applicant_id:
        return grounds
    told = [each for each in grounds if each.kind not in (HOLDER, "units", "site")]
    return [Ground("applicant", 100, (case.applicant.uscc,)), *told]


# --- titles from before this house ----------------------------------------------------------------
def titles(case: Case) -> list[Repeat]:
    """The titles of any programme that have no file here and share something with ``case``."""
    mine = _read(case)
    known = Certificate.objects.filter(case=None).select_related("holder").order_by("-valid_from")
    found = (Repeat(each, list(_of_title(each, case, mine))) for each in known)
    return [repeat for repeat in found if repeat.grounds][:MOST]


def _of_title(title: Certificate, case: Case, mine: Marks) -> Iterator[Ground]:
    said = {plain(value) for value in _strings(title.facts.get("answers") or {})} - {""}
    codes = {each.upper() for each in said} | {title.holder.uscc}
    if title.holder_id == case.applicant_id:
        yield Ground("applicant", 100, (title.holder.uscc,))
    elif both := codes & mine[UNIT]:
        yield Ground("units", 100 * len(both) // len(mine[UNIT]), tuple(sorted(both)))
    elif near := _alike(HOLDER, mine[HOLDER], [plain(title.holder_name)]):
        yield near
    if near := _alike(NAME, mine[NAME], said):
        yield near
    for kind, ours in (("site", mine[SITE]), ("vouchers", mine[VOUCHER])):
        if both := ours & said:
            yield Ground(kind, 100 * len(both) // len(ours), tuple(sorted(both)))


def _strings(answers: Any) -> Iterator[str]:
    """Every text among answers, those in tables included."""
    if isinstance(answers, str):
        yield answers
    elif isinstance(answers, Mapping):
        for value in answers.values():
            yield from _strings(value)
    elif isinstance(answers, list):
        for value in answers:
            yield from _strings(value)
