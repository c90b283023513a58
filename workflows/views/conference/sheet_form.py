"""The two forms of an evaluation: marks for every part of a rubric, or a check of the material."""

import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.errors import BadScore, ScoreUnexplained
from workflows.models import Opinion
from workflows.procedure import Criterion, Evaluation, Part
from workflows.stages import evaluation
from workflows.views.refusals import sentence

WRONG = ("required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places")


def named(criterion: Criterion, part: Part) -> str:
    """The name of a part among all of them: parts of several criteria are called alike."""
    alone = len(criterion.parts) == 1
    return str(criterion.title) if alone else f"{criterion.title} · {part.title}"


class PointsInput(forms.TextInput):
    """Points as people type them: full-width digits and spaces are understood."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """Read the digits in the one way numbers are spelled."""
        typed = super().value_from_datadict(data, files, name)
        return unicodedata.normalize("NFKC", typed).replace(" ", "") if typed else typed


class SheetForm(forms.Form):
    """One mark and one remark for every part; parts the system computes come filled in."""

    use_required_attribute = False

    comment = forms.CharField(
        label=_("Overall comment"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        rules: Evaluation,
        computed: Mapping[str, Decimal],
        posted: Any = None,
        *,
        final: bool = False,
    ) -> None:
        """Ask for every part of ``rules``; only a ``final`` sheet must be complete."""
        self.rules, self.computed = rules, computed
        initial = {f"points-{code}": points for code, points in computed.items()}
        super().__init__(posted, initial=initial)
        for criterion in rules.rubric:
            for part in criterion.parts:
                self._ask(criterion, part, final)
        self.order_fields([name for name in self.fields if name != "comment"])

    def _ask(self, criterion: Criterion, part: Part, final: bool) -> None:
        wrong = sentence(BadScore(criterion=named(criterion, part), maximum=part.maximum))
        self.fields[f"points-{part.code}"] = forms.DecimalField(
            label=str(part.title),
            min_value=Decimal(0),
            max_value=part.maximum,
            decimal_places=2,
            required=final,
            error_messages=dict.fromkeys(WRONG, wrong),
            widget=PointsInput(
                attrs={"class": "input input-num", "inputmode": "decimal", "autocomplete": "off"}
            ),
        )
        self.fields[f"remark-{part.code}"] = forms.CharField(
            label=_("Grounds"),
            required=False,
            max_length=1000,
            widget=forms.Textarea(attrs={"class": "textarea", "rows": 2}),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for grounds where a mark differs from what the system computed."""
        given = super().clean() or {}
        for criterion, part in self._computed():
            points, computed = given.get(f"points-{part.code}"), self.computed[part.code]
            silent = not given.get(f"remark-{part.code}", "").strip()
            if silent and points is not None and points != computed:
                refusal = ScoreUnexplained(criterion=named(criterion, part), computed=computed)
                self.add_error(f"remark-{part.code}", sentence(refusal))
        return given

    def _computed(self) -> Iterator[tuple[Criterion, Part]]:
        for criterion in self.rules.rubric:
            yield from ((criterion, part) for part in criterion.parts if part.code in self.computed)

    def typed(self) -> dict[str, Any]:
        """The sheet as it was typed, right or wrong: what is kept of a half-filled one."""
        codes = [part.code for part in evaluation.parts(self.rules)]
        return {
            "points": said(self, {code: f"points-{code}" for code in codes}),
            "remarks": said(self, {code: f"remark-{code}" for code in codes}),
            **said(self, {"comment": "comment"}),
        }

    @staticmethod
    def retyped(draft: Mapping[str, Any]) -> dict[str, str]:
        """What would have to be posted for a kept sheet to stand there again."""
        return {
            **{f"points-{code}": text for code, text in draft["points"].items()},
            **{f"remark-{code}": text for code, text in draft["remarks"].items()},
            "comment": draft.get("comment", ""),
        }

    def points(self) -> dict[str, Decimal]:
        """The marks that are in order, by part."""
        return self._by_part("points")

    def remarks(self) -> dict[str, str]:
        """The grounds given, by part."""
        return self._by_part("remark")

    def cuts(self) -> dict[int, Decimal]:
        """What is left of rows of a budget; there is none on this sheet."""
        return {}

    def of(self, criterion: Criterion) -> list[dict[str, Any]]:
        """The questions of one criterion, for the page."""
        return [
            {
                "part": part,
                "points": self[f"points-{part.code}"],
                "remark": self[f"remark-{part.code}"],
                "computed": self.computed.get(part.code),
            }
            for part in criterion.parts
        ]

    def _by_part(self, what: str) -> dict[str, Any]:
        sound = getattr(self, "cleaned_data", self.initial)  # what is in order once it was read
        named = {
            part.code: sound.get(f"{what}-{part.code}") for part in evaluation.parts(self.rules)
        }
        return {code: value for code, value in named.items() if value not in (None, "")}


def said(form: forms.Form, names: Mapping[str, str]) -> dict[str, str]:
    """What stands in the fields ``names`` (key -> field), blanks left out."""
    found = {key: form[name].value() for key, name in names.items()}
    return {key: str(value) for key, value in found.items() if value not in (None, "")}


class CheckForm(forms.Form):
    """Whether the material is true and the conditions are met (pool entry, domain 2.1.5)."""

    use_required_attribute = False

    verdict = forms.ChoiceField(
        label=_("Your finding"),
        choices=[
            (Opinion.Verdict.PASS, _("The material is true and the conditions are met")),
            (Opinion.Verdict.FAIL, _("They are not")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose your finding.")},
    )
    text = forms.CharField(
        label=_("Grounds"),
        help_text=_("Needed when you find against the application."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, posted: Any = None, *, final: bool = False) -> None:
        """Ask for a finding; only a ``final`` check must have one."""
        super().__init__(posted)
        self.final = self.fields["verdict"].required = final

    def typed(self) -> dict[str, Any]:
        """The check as it stands, to be kept half-filled."""
        return said(self, {"verdict": "verdict", "text": "text"})

    @staticmethod
    def retyped(draft: Mapping[str, Any]) -> dict[str, str]:
        """What would have to be posted for a kept check to stand there again."""
        return dict(draft)

    def clean(self) -> dict[str, Any]:
        """A finding against the application needs grounds."""
        given = super().clean() or {}
        against = given.get("verdict") == Opinion.Verdict.FAIL
        if self.final and against and not given.get("text", "").strip():
            self.add_error("text", _("Please give the reason."))
        return given
