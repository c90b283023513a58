"""The outline of an application: its sections as tasks, each with an honest state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from forms.derivation import dependencies
from forms.expressions import compile
from forms.fields.kind import blank
from forms.schema import Section
from workflows.assessment import Assessment
from workflows.edition import Condition, Rule
from workflows.models import Case
from workflows.views.applicant.flags import Flag


@dataclass(frozen=True)
class Part:
    """One section as a task of the list."""

    section: Section
    number: int
    url: str
    answered: int  # questions that are not worked out by the form itself
    wrong: int  # questions whose answer must change
    missing: int  # questions that must still be answered
    flagged: Sequence[Flag] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether nothing here stands in the way of filing."""
        return not (self.wrong or self.missing or self.open_flags)

    @property
    def open_flags(self) -> list[Flag]:
        """Items of the correction notice that were not touched yet."""
        return [flag for flag in self.flagged if not flag.changed]

    @property
    def words(self) -> str:
        """The state of the section in a few words."""
        if self.open_flags:
            count = len(self.open_flags)
            return ngettext("%(count)s item to correct", "%(count)s items to correct", count) % {
                "count": count
            }
        if self.wrong:
            return ngettext(
                "%(count)s answer to change", "%(count)s answers to change", self.wrong
            ) % {"count": self.wrong}
        if self.missing and not self.answered:
            return gettext("Not started")
        if self.missing:
            words = ngettext(
                "In progress, %(count)s question open",
                "In progress, %(count)s questions open",
                self.missing,
            )
            return words % {"count": self.missing}
        return gettext("Complete") if self.answered else gettext("Optional, nothing answered")

    @property
    def tone(self) -> str:
        """The tone of the words; what is done stays quiet, what is wrong is loud."""
        if self.open_flags or self.wrong:
            return "bad"
        if self.missing:
            return "now" if self.answered else ""
        return "ok" if self.answered else ""


def parts(case: Case, found: Assessment, flagged: Mapping[str, list[Flag]]) -> list[Part]:
    """The sections that ask anything of this applicant; ``found`` was weighed as submitted."""
    bound = found.bound
    wrong = _wrong(found)
    shown = [
        section
        for section in case.rules.form.sections
        if any(each.code in bound.shown and not each.derived for each in section.fields)
    ]
    return [
        Part(
            section,
            number,
            reverse("case_section", args=[case.reference, section.code]),
            answered=sum(_answered(bound.raw.get(code)) for code in codes),
            wrong=len(wrong & codes),
            missing=len(codes.intersection(bound.missing)),
            flagged=flagged.get(section.code, ()),
        )
        for number, section in enumerate(shown, 1)
        for codes in [{each.code for each in section.fields if each.code in bound.shown}]
    ]


def _answered(typed: object) -> bool:
    """Whether anything was typed; a row that was only added is none."""
    if isinstance(typed, list):
        return any(not blank(row) for row in typed)
    return not blank(typed)


def tasks(found: Sequence[Part], current: str = "") -> list[dict[str, object]]:
    """The sections as the task list component shows them."""
    return [
        {
            "no": part.number,
            "name": part.section,
            "url": part.url,
            "words": part.words,
            "tone": part.tone,
            "current": part.section.code == current,
        }
        for part in found
    ]


# --- eligibility, as far as the answers allow to say ----------------------------------------------
@dataclass(frozen=True)
class Eligibility:
    """What the rules say of the answers given so far; rules that wait for answers are silent."""

    blocks: list[str]
    warnings: list[str]
    notes: list[str]
    conditions: list[tuple[Condition, bool]]

    @property
    def met(self) -> int:
        """How many conditions are met."""
        return sum(holds for _, holds in self.conditions)


def eligibility(found: Assessment) -> Eligibility:
    """The sentences of the rules that do not hold, where every answer they look at is there."""

    def said(broken: Iterable[Rule]) -> list[str]:
        return [found.sentence(rule) for rule in broken if settled(found, rule)]

    return Eligibility(
        blocks=said(found.blocks),
        warnings=said(found.warnings),
        notes=said(found.notes),
        conditions=[(each, each.code in found.conditions) for each in found.edition.conditions],
    )


def settled(found: Assessment, rule: Rule) -> bool:
    """Whether no answer that ``rule`` looks at is missing or wrong."""
    form = found.edition.form
    names = set(compile(rule.holds, form.names()).names)
    if "conditions" in names:
        names |= condition_names(found)
    return not dependencies(form, frozenset(names)) & (_wrong(found) | set(found.bound.missing))


def condition_names(found: Assessment) -> set[str]:
    """Every name the conditions of the edition look at."""
    names = found.edition.form.names()
    return {name for each in found.edition.conditions for name in compile(each.met, names).names}


def _wrong(found: Assessment) -> set[str]:
    places = {place.partition(".")[0] for place in found.bound.errors}
    return places - set(found.bound.missing)
