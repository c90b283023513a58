"""What a funded project is promised, as every side reads it: terms, parties, who has signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from forms import transcript
from workflows.models import Case, Document, TaskBookSignature
from workflows.selection import Funding
from workflows.stages import award, papers, task_book
from workflows.stages.task_book import Party

FINAL = (Document.State.ISSUED, Document.State.SUPERSEDED, Document.State.VOID)


@dataclass(frozen=True)
class Promised:
    """The terms of one project, with its signatures."""

    case: Case
    terms: Mapping[str, Any]
    rules: Funding
    signatures: Sequence[TaskBookSignature]
    parties: Sequence[Party]
    due: date | None  # while the parties are signing

    @property
    def line(self) -> str:
        """The funding line in the reader's language."""
        names = {each.code: str(each) for each in self.rules.lines}
        return names.get(self.terms["line"], "")

    @property
    def starts_on(self) -> date:
        """The first day of the project."""
        return date.fromisoformat(self.terms["starts_on"])

    @property
    def ends_on(self) -> date:
        """The last day of the project."""
        return date.fromisoformat(self.terms["ends_on"])

    @property
    def tranches(self) -> list[dict[str, Any]]:
        """Each payment with what sets it free."""
        triggers = [str(each.trigger) for each in self.rules.tranches]
        return [
            {**each, "trigger": trigger}
            for each, trigger in zip(self.terms["tranches"], triggers, strict=True)
        ]

    @property
    def conditions(self) -> list[str]:
        """The conditions of the money, and what the parties owe."""
        book = self.case.procedure.task_book
        return [str(each) for each in (*(book.duties if book else ()), *self.rules.conditions)]

    @property
    def budget(self) -> dict[str, Any]:
        """The budget as approved, row by row, with what was asked for at the end."""
        shown = self._table(self.rules.table, self.terms["budget"])
        amount = shown["columns"][[*self._columns(self.rules.table)].index("amount")]
        asked = {**amount, "title": _("Asked for")}
        rows = [
            [*cells, row["requested"]]
            for cells, row in zip(shown["rows"], self.terms["budget"], strict=True)
        ]
        return {**shown, "columns": [*shown["columns"], asked], "rows": rows}

    @property
    def goals(self) -> dict[str, Any]:
        """The goals."""
        return self._table(self.rules.goals, self.terms["goals"])

    @property
    def milestones(self) -> dict[str, Any]:
        """The milestones."""
        return self._table(self.rules.milestones, self.terms["milestones"])

    @property
    def signing(self) -> list[tuple[str, TaskBookSignature | None]]:
        """Every party with its signature or refusal, the signatures of former partners last."""
        given = {each.organisation_id: each for each in self.signatures}
        now = [(party.name, given.pop(party.organisation, None)) for party in self.parties]
        return [*now, *((each.party, each) for each in given.values())]

    def _table(self, code: str, rows: Sequence[Any]) -> dict[str, Any]:
        field = self.case.rules.form.field(code)
        return transcript.question(field, rows, get_language() or "zh-hans")

    def _columns(self, code: str) -> list[str]:
        return [column.code for column in self.case.rules.form.field(code).columns]


def promised(case: Case) -> Promised | None:
    """What ``case`` was promised; None before its approval is issued."""
    rules = case.procedure.funding
    if rules is None:
        return None
    kinds = (task_book.NODE, task_book.paper_of(case))
    issued = case.documents.filter(kind__in=kinds, state__in=FINAL)
    paper = issued.order_by("-pk").first()
    if paper is None:
        return None
    terms = papers.facts(paper)[award.TERMS]
    return Promised(
        case,
        terms,
        rules,
        task_book.signatures(case),
        task_book.parties(case),
        task_book.due(case),
    )
