"""Double funding: which other files a new one is like, and what the officer makes of it (X2, F6).

Every filed case leaves its traits in a table of their own; a new one is compared with those that
share a trait, never with every file of the house.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from workflows import audit, clock
from workflows.alikeness import (
    ITEMS,
    NEAR_NAME,
    Features,
    Ground,
    grounds,
    is_hit,
    name_percent,
    plain,
)
from workflows.errors import DoubleFunding, LikenessUndecided, ReasonMissing, StageClosed
from workflows.models import (
    Case,
    Certificate,
    Likeness,
    Organisation,
    Submission,
    Trait,
    User,
)
from workflows.models.case import State
from workflows.stages import repeats
from workflows.stages.law import entitled, lawfully, verb

NAME, SITE, UNIT, VOUCHER, ITEM = "name", "site", "unit", "voucher", "item"
OVER = (
    State.DRAFT,
    State.REFUSED,
    State.NOT_ACCEPTED,
    State.WITHDRAWN,
    State.ABANDONED,
    State.TERMINATED,
)  # such a file asks for nothing and has nothing
LONGEST = 200


# --- at submission --------------------------------------------------------------------------------
def find(locked: Case, filed: Submission) -> list[Likeness]:
    """Note what the case is recognised by, and every other file it is like.

    A correction looks again: what was decided stays, what no longer holds and nobody decided goes.
    """
    marks = repeats.marks(locked, filed.answers)
    if locked.procedure.traits is None:
        _note(locked, marks)
        return []
    mine = features(locked, filed.answers)
    _note(locked, marks | _by_kind(mine))
    hits = {
        other: shared
        for other, theirs in _nearby(locked, mine).items()
        if is_hit(mine, theirs, shared := grounds(mine, theirs))
    }
    locked.likenesses.filter(verdict=Likeness.Verdict.OPEN).exclude(other__in=hits).delete()
    known = set(locked.likenesses.values_list("other", flat=True))
    new = [other for other in sorted(hits) if other not in known]
    names = _names(hits[other] for other in new)
    found = Likeness.objects.bulk_create(
        Likeness(
            case=locked,
            other_id=other,
            grounds=[_said(ground, names) for ground in hits[other]],
            found=clock.now(),
        )
        for other in new
    )
    if found:
        others = list(Case.objects.filter(pk__in=new).order_by("pk"))
        audit.record(locked, "likeness_found", by=None, cases=[each.reference for each in others])
    return found


def features(case: Case, answers: Mapping[str, Any]) -> Features:
    """What ``case`` is recognised by, read from the answers where its edition says."""
    rules = case.procedure
    assert rules.traits is not None, "the edition says nothing of what its files are known by"
    table = answers.get(rules.joint.field, []) if rules.joint else []
    budget = answers.get(rules.funding.table, []) if rules.funding else []
    return Features(
        lead=case.applicant.uscc,
        name=plain(str(answers.get(rules.traits.name) or "")),
        site=plain(str(answers.get(rules.traits.site) or "")),
        units=frozenset({case.applicant.uscc, *(str(row["uscc"]) for row in table)}),
        vouchers=repeats.vouchers(case, answers),
        items=_plain(row.get("item") for row in budget),
    )


def _plain(values: Iterable[object]) -> frozenset[str]:
    return frozenset(text for value in values if (text := plain(str(value or ""))[:LONGEST]))


def _note(locked: Case, marks: Mapping[str, frozenset[str]]) -> None:
    Trait.objects.filter(case=locked).delete()
    Trait.objects.bulk_create(
        Trait(case=locked, kind=kind, value=value[:LONGEST])
        for kind, values in marks.items()
        for value in sorted(values)
        if value
    )


def _by_kind(one: Features) -> dict[str, frozenset[str]]:
    return {
        NAME: frozenset({one.name}),
        SITE: frozenset({one.site}),
        UNIT: one.units,
        VOUCHER: one.vouchers,
        ITEM: one.items,
    }


# --- the few files worth comparing --------------------------------------------------------------
def _nearby(locked: Case, mine: Features) -> dict[int, Features]:
    """The files that share a site, a voucher, several budget items or most of a name."""
    living = Trait.objects.exclude(case__state__in=OVER).exclude(case=locked)
    near = {
        case
        for case, name in living.filter(kind=NAME).values_list("case", "value")
        if name_percent(mine.name, name) >= NEAR_NAME
    }
    near |= set(_sharing(living, SITE, [mine.site]))
    near |= set(_sharing(living, VOUCHER, mine.vouchers))
    items = _sharing(living, ITEM, mine.items)
    near |= {case for case in set(items) if items.count(case) >= ITEMS}
    return _read(locked, near)


def _sharing(living: Any, kind: str, values: Iterable[str]) -> list[int]:
    wanted = [value[:LONGEST] for value in values if value]
    return list(living.filter(kind=kind, value__in=wanted).values_list("case", flat=True))


def _read(locked: Case, cases: set[int]) -> dict[int, Features]:
    """The features of ``cases``; an applicant's own titles are no double funding (but X1's)."""
    traits: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for case, kind, value in Trait.objects.filter(case__in=cases).values_list(
        "case", "kind", "value"
    ):
        traits[case][kind].add(value)
    files = Case.objects.filter(pk__in=cases).select_related("edition", "applicant")
    paid = locked.procedure.funding is not None
    return {
        each.pk: _remembered(each.applicant.uscc, traits[each.pk])
        for each in files
        if each.applicant_id != locked.applicant_id or (paid and each.procedure.funding is not None)
    }


def _remembered(lead: str, traits: Mapping[str, set[str]]) -> Features:
    return Features(
        lead=lead,
        name=next(iter(traits[NAME]), ""),
        site=next(iter(traits[SITE]), ""),
        units=frozenset(traits[UNIT]),
        vouchers=frozenset(traits[VOUCHER]),
        items=frozenset(traits[ITEM]),
    )


def _names(found: Iterable[Iterable[Ground]]) -> dict[str, str]:
    """What the units that are shared are called."""
    codes = {
        code
        for shared in found
        for ground in shared
        if ground.kind == "units"
        for code in ground.shared
    }
    return dict(Organisation.objects.filter(uscc__in=codes).values_list("uscc", "name"))


def _said(ground: Ground, names: Mapping[str, str]) -> dict[str, Any]:
    shared = [names.get(each, each) for each in ground.shared]
    return {"kind": ground.kind, "percent": ground.percent, "shared": shared}


# --- titles from before this house ----------------------------------------------------------------
def earlier(case: Case) -> list[tuple[Certificate, list[Ground]]]:
    """The titles from before this house that are like the case, each with what they share (F6).

    They have no file here to be linked with; whoever compares the case sees them beside the files.
    """
    if case.procedure.traits is None:
        return []
    mine = features(case, case.filed.answers)
    titles = Certificate.objects.filter(
        case=None, programme_key=case.programme_key, kind=case.procedure.grant.kind
    )
    if case.procedure.funding is None:
        titles = titles.exclude(holder=case.applicant_id)  # one's own are X1's
    known = [(each, _entered(case, each)) for each in titles.select_related("holder")]
    found = [(each, theirs, grounds(mine, theirs)) for each, theirs in known]
    return [(each, shared) for each, theirs, shared in found if is_hit(mine, theirs, shared)]


def _entered(case: Case, title: Certificate) -> Features:
    """What a title is recognised by, from the answers that were entered with it."""
    traits, joint = case.procedure.traits, case.procedure.joint
    assert traits is not None, "only procedures that compare their files ask"
    answers = title.facts.get("answers", {})
    table = answers.get(joint.field) or [] if joint else []
    return Features(
        lead=title.holder.uscc,
        name=plain(str(answers.get(traits.name) or title.title)),
        site=plain(str(answers.get(traits.site) or "")),
        units=frozenset({title.holder.uscc, *(str(row["uscc"]) for row in table)}),
    )


# --- what the officer makes of it ---------------------------------------------------------------
def undecided(case: Case) -> list[Likeness]:
    """The likenesses nobody has judged yet."""
    return list(_of(case, Likeness.Verdict.OPEN))


def same(case: Case) -> list[Likeness]:
    """The files that were found to speak of the same matter."""
    return list(_of(case, Likeness.Verdict.SAME))


def check(case: Case, *, evaluated: bool = False) -> None:
    """Refuse to go on while a likeness is undecided; ``LikenessUndecided`` names the files.

    What asks for the same thing twice is not ``evaluated`` either: raises ``DoubleFunding``.
    """
    verdicts = set(case.likenesses.values_list("verdict", flat=True))
    if Likeness.Verdict.OPEN in verdicts:
        raise LikenessUndecided(cases=_named(undecided(case)))
    if evaluated and Likeness.Verdict.SAME in verdicts:
        raise DoubleFunding(cases=_named(same(case)))


def _named(found: Iterable[Likeness]) -> str:
    return ", ".join(each.other.reference for each in found)


def _of(case: Case, verdict: Likeness.Verdict) -> Any:
    return case.likenesses.filter(verdict=verdict).select_related("other__applicant").order_by("pk")


@verb
def decide(likeness: Likeness, *, verdict: str, text: str, by: User) -> Likeness:
    """Say whether two files speak of one project; both files keep the verdict and its reason.

    ``verdict`` is "different" or "same". A verdict stands: raises ``StageClosed`` the second time.
    """
    if not text.strip() or verdict not in (Likeness.Verdict.DIFFERENT, Likeness.Verdict.SAME):
        raise ReasonMissing
    pair = Case.objects.select_related("edition", "applicant").filter(
        pk__in=[likeness.case_id, likeness.other_id]
    )
    first, second = pair.order_by("pk")  # one order of locks for everybody
    with lawfully(first) as one, lawfully(second) as other:
        entitled(by, "case_officer")
        decided = Likeness.objects.filter(pk=likeness.pk, verdict=Likeness.Verdict.OPEN).update(
            verdict=verdict, text=text, decided=clock.now(), decided_by=by
        )
        if not decided:
            raise StageClosed
        for held, linked in ((one, other), (other, one)):
            audit.record(
                held,
                "likeness_decided",
                by=by,
                cases=[linked.reference],
                likeness=verdict,
                text=text,
            )
    return Likeness.objects.get(pk=likeness.pk)
