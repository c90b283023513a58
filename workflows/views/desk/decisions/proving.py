"""What the text of the filed papers says of a check: where to look, never a verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.utils.translation import gettext, ngettext

from workflows.models import Case, Submission
from workflows.procedure import CheckItem
from workflows.views.desk.evidence import Paper


@dataclass(frozen=True)
class Place:
    """A page of a paper, and of one answer how many of its values stand there."""

    paper: Paper
    page: int
    code: str
    there: int
    sought: int


@dataclass
class Proved:
    """What is shown of one check."""

    links: list[tuple[str, str, str]] = field(default_factory=list)  # words, address, what it says
    absent: str = ""


@dataclass(frozen=True)
class Proving:
    """The papers of one case with what was read in them."""

    case: Case
    filed: Submission
    papers: Sequence[Paper]
    address: str  # of the page, ending where the query of a tab begins

    def of(self, check: CheckItem) -> Proved:
        """Say where the answers ``check`` rests on stand, and open every paper it names."""
        named = self._named(check)
        found = self._found(check, named)
        absent = self._absent(check, named, {place.code for place in found})
        proved = Proved()
        for paper, page in dict.fromkeys((place.paper, place.page) for place in found):
            here = [place for place in found if (place.paper, place.page) == (paper, page)]
            whole = {place.code for place in here} == self._answered(check)
            proved.links.append((*self._link(paper, page), self._says(here, whole=whole)))
        shown = {place.paper for place in found}
        for paper in named:
            if paper not in shown:
                proved.links.append((*self._link(paper, check.page or 1), self._lacks(paper)))
        if absent:
            proved.absent = self._missing(absent, alone=not found)
        return proved

    def opens_at(self, check: CheckItem) -> tuple[Paper, int] | None:
        """The first page that bears an answer ``check`` rests on, or the edition's of a paper."""
        named = self._named(check)
        if found := self._found(check, named):
            return found[0].paper, max(1, found[0].page)
        return (named[0], min(check.page or 1, named[0].pages)) if named else None

    # --- looking ----------------------------------------------------------------------------------
    @cached_property
    def _names(self) -> dict[str, str]:
        return {each.code: str(each) for each in self.case.rules.form.fields()}

    def _named(self, check: CheckItem) -> list[Paper]:
        return [paper for paper in self.papers if paper.file.code in check.proves]

    def _found(self, check: CheckItem, named: Sequence[Paper]) -> list[Place]:
        """For each answer the page with most of its values; any paper serves where none is named.

        Of a paper the edition does not name, half of the values are asked.
        """
        best: list[Place] = []
        for code in check.proves:
            places = list(self._places(code, named or self.papers))
            if not named:
                places = [each for each in places if each.there * 2 >= each.sought]
            if places:
                best.append(max(places, key=lambda each: each.there))
        return best

    def _places(self, code: str, papers: Iterable[Paper]) -> Iterable[Place]:
        for paper in papers:
            page, there, sought = paper.found.get(code, (0, 0, 0))
            if there:
                yield Place(paper, page, code, there, sought)

    def _answered(self, check: CheckItem) -> set[str]:
        given = {**self.filed.derived, **self.filed.answers}
        return {code for code in check.proves if given.get(code) not in (None, "", [])}

    def _absent(self, check: CheckItem, named: Sequence[Paper], found: set[str]) -> list[str]:
        """The answers that were looked for in a named paper with text, and stand in none."""
        sought = {code for paper in named if paper.worded for code in paper.found}
        return [code for code in check.proves if code in sought - found]

    # --- words ------------------------------------------------------------------------------------
    def _link(self, paper: Paper, page: int) -> tuple[str, str]:
        """The words and the address of one page of ``paper``."""
        page = max(1, min(page, paper.pages))
        asked = {"tab": "files", "doc": paper.file.pk, **({"p": page} if page > 1 else {})}
        words = paper.title
        if paper.drawn and paper.pages > 1:
            words = gettext("%(title)s, page %(page)s") % {"title": paper.title, "page": page}
        return words, f"{self.address}{urlencode(asked)}"

    def _says(self, here: Sequence[Place], *, whole: bool) -> str:
        if whole and all(each.there == each.sought for each in here):
            several = sum(each.sought for each in here) > 1
            return gettext("says all of these") if several else gettext("says this")
        return gettext("says: %(names)s") % {"names": gettext(", ").join(map(self._part, here))}

    def _part(self, place: Place) -> str:
        name = self._names[place.code]
        if place.there == place.sought:
            return name
        counted = {"name": name, "there": place.there, "sought": place.sought}
        return gettext("%(name)s (%(there)s of %(sought)s values)") % counted

    def _lacks(self, paper: Paper) -> str:
        lacking = paper.textless
        if lacking >= paper.pages:
            return gettext("no text to search")
        words = ngettext("%(pages)s page without text", "%(pages)s pages without text", lacking)
        return words % {"pages": lacking} if lacking else ""

    def _missing(self, absent: Sequence[str], *, alone: bool) -> str:
        if alone and len(absent) == 1:
            return gettext("Not found in the text")
        names = gettext(", ").join(self._names[code] for code in absent)
        return gettext("Not found in the text: %(names)s") % {"names": names}
