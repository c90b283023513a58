"""The sheet of a project that asks for money: marks, and what is left of each row of the budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows.errors import CutTooHigh, CutUnexplained
from workflows.models import Seat
from workflows.procedure import Evaluation
from workflows.stages import cuts
from workflows.views.conference.sheet_form import WRONG, PointsInput, SheetForm, said
from workflows.views.refusals import sentence


@dataclass(frozen=True)
class Row:
    """One row that the office pays, as a blind panel reads it."""

    place: int  # in the table of the budget
    item: str
    words: Sequence[str]  # the other cells, but for the amount
    asked: Decimal


def budget(seat: Seat, questions: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """The rows of the filed budget that the office pays; ``questions`` are those of the panel."""
    rules, filed = seat.case.procedure.funding, seat.case.filed
    if rules is None or rules.table not in questions:
        return []
    columns = [column.code for column in seat.case.rules.form.field(rules.table).columns]
    shown = questions[rules.table]["rows"]
    return [
        _row(place, dict(zip(columns, shown[place], strict=True)), Decimal(row["amount"]))
        for place, row in cuts.rows(rules, filed.answers).items()
    ]


def _row(place: int, cells: Mapping[str, str], asked: Decimal) -> Row:
    words = [cells[code] for code in ("category", "year", "basis") if cells.get(code)]
    return Row(place, cells["item"], words, asked)


class BudgetSheetForm(SheetForm):
    """Marks as on every sheet, and for each row what is left of it and why."""

    def __init__(
        self,
        rules: Evaluation,
        computed: Mapping[str, Decimal],
        posted: Any = None,
        *,
        final: bool = False,
        rows: Sequence[Row] = (),
    ) -> None:
        """Ask about every one of ``rows`` besides; a row left blank stays whole."""
        self.rows = rows
        super().__init__(rules, computed, posted, final=final)
        for row in rows:
            self._ask_row(row)

    def _ask_row(self, row: Row) -> None:
        wrong = sentence(CutTooHigh(item=row.item, maximum=row.asked))
        self.fields[f"left-{row.place}"] = forms.DecimalField(
            label=gettext("Left of “%(item)s”") % {"item": row.item},
            min_value=Decimal(0),
            max_value=row.asked,
            decimal_places=2,
            required=False,
            initial=row.asked,
            error_messages=dict.fromkeys(WRONG, wrong),
            widget=PointsInput(
                attrs={"class": "input input-num", "inputmode": "decimal", "autocomplete": "off"}
            ),
        )
        self.fields[f"why-{row.place}"] = forms.CharField(
            label=_("Why it is lowered"),
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"class": "textarea", "rows": 2}),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for grounds where less is left than was asked for."""
        given = super().clean()
        for row in self.rows:
            left = given.get(f"left-{row.place}")
            silent = not given.get(f"why-{row.place}", "").strip()
            if silent and left is not None and left < row.asked:
                refusal = CutUnexplained(item=row.item)
                self.add_error(f"why-{row.place}", sentence(refusal))
        return given

    def typed(self) -> dict[str, Any]:
        """The sheet as it was typed, the budget with it."""
        names = [f"{what}-{row.place}" for row in self.rows for what in ("left", "why")]
        return {**super().typed(), "budget": said(self, {name: name for name in names})}

    @staticmethod
    def retyped(draft: Mapping[str, Any]) -> dict[str, str]:
        """What would have to be posted for a kept sheet to stand there again."""
        return {**SheetForm.retyped(draft), **draft.get("budget", {})}

    def cuts(self) -> dict[int, Decimal]:
        """What is left of each row that is in order."""
        found = {row.place: self._sound(f"left-{row.place}") for row in self.rows}
        return {place: left for place, left in found.items() if left is not None}

    def remarks(self) -> dict[str, str]:
        """The grounds given, by part and by row."""
        found = {f"line-{row.place}": self._sound(f"why-{row.place}") for row in self.rows}
        return {**super().remarks(), **{key: why for key, why in found.items() if why}}

    def _sound(self, name: str) -> Any:
        return getattr(self, "cleaned_data", self.initial).get(name)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows with their questions, for the page."""
        return [
            {"row": row, "left": self[f"left-{row.place}"], "why": self[f"why-{row.place}"]}
            for row in self.rows
        ]

    @property
    def left(self) -> Decimal:
        """What the sheet leaves of all rows together."""
        known = self.cuts()
        return sum((known.get(row.place, row.asked) for row in self.rows), Decimal(0))
