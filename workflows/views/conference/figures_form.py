"""The form of one person's check: a finding for every figure, a value and a reason for changes."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.errors import BadFigure, CaseError
from workflows.models import Figures
from workflows.stages import figures
from workflows.views.figures import Line
from workflows.views.refusals import sentence

Finding = Figures.Finding
PARTS = ("finding", "value", "reason")
NOT_APPLICABLE = "na"
CHOICES = (*Finding.choices, (NOT_APPLICABLE, _("Does not apply")))


class NumberInput(forms.TextInput):
    """Figures as people type them: full-width digits, spaces and thousands are understood."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """Read the digits in the one way numbers are spelled."""
        typed = super().value_from_datadict(data, files, name)
        return re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", typed)) if typed else typed


class FiguresForm(forms.Form):
    """One finding a line; only what is not confirmed needs more."""

    use_required_attribute = False

    def __init__(self, lines: list[Line], posted: Any = None, *, kept: Any = None) -> None:
        """Ask about every one of ``lines``; ``kept`` is a half-filled sheet."""
        super().__init__(posted, initial=dict(kept or {}))
        self.lines = lines
        for line in lines:
            self._ask(line)

    def _ask(self, line: Line) -> None:
        code, name = line.code, line.name
        self.fields[f"{code}-finding"] = forms.ChoiceField(
            label=_("Finding on %(indicator)s") % {"indicator": name},
            choices=CHOICES,
            initial=Finding.CONFIRMED,
            widget=forms.Select(attrs={"class": "select"}),
        )
        self.fields[f"{code}-value"] = forms.CharField(
            label=_("Verified value of %(indicator)s") % {"indicator": name},
            required=False,
            max_length=30,
            widget=NumberInput(
                attrs={"class": "input input-num", "inputmode": "decimal", "autocomplete": "off"}
            ),
        )
        self.fields[f"{code}-reason"] = forms.CharField(
            label=_("Reason for %(indicator)s") % {"indicator": name},
            required=False,
            max_length=500,
            widget=forms.TextInput(attrs={"class": "input"}),
        )

    def clean(self) -> dict[str, Any]:
        """Let the law of the figures judge every line."""
        given: dict[str, Any] = super().clean() or {}
        for line in self.lines:
            try:
                figures.found(line.indicator, line.figure, self._finding(line, given))
            except CaseError as refusal:
                part = "value" if isinstance(refusal, BadFigure) else "reason"
                self.add_error(f"{line.code}-{part}", sentence(refusal))
        return given

    @staticmethod
    def _finding(line: Line, given: Mapping[str, Any]) -> dict[str, Any]:
        told = {part: given.get(f"{line.code}-{part}", "") for part in PARTS}
        if told["finding"] == NOT_APPLICABLE:
            return {**told, "finding": Finding.CORRECTED.value, "na": True}
        return told

    def findings(self) -> dict[str, dict[str, Any]]:
        """What differs from the figures as they stand, by indicator."""
        found = {line.code: self._finding(line, self.cleaned_data) for line in self.lines}
        return {
            code: finding
            for code, finding in found.items()
            if finding["finding"] != Finding.CONFIRMED
        }

    def typed(self) -> dict[str, str]:
        """The sheet as it was typed, right or wrong."""
        return {name: str(self.data.get(name, "")) for name in self.fields if self.data.get(name)}

    def rows(self) -> dict[str, dict[str, forms.BoundField]]:
        """The controls of every line, by indicator."""
        return {
            line.code: {part: self[f"{line.code}-{part}"] for part in PARTS} for line in self.lines
        }
