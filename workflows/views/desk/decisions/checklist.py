"""A list of things to confirm one by one; what the answers say by themselves comes filled in."""

from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from workflows.assessment import Assessment
from workflows.procedure import CheckItem, Step
from workflows.stages import submission
from workflows.views.desk.decisions.form import Choice, Decision
from workflows.views.desk.evidence import Paper

YES, UNSURE, NO = "yes", "unsure", "no"
SHORT = 30  # characters of an answer shown beside a check
MOST_ANSWERS = 3  # shown beside one check
REMAINING = Choice(
    "remaining", _("All remaining in order"), icon="check", key="!", turns=True
)  # Shift and 1


class Checklist(Decision):
    """A decision that rests on the edition's checks of one step."""

    template = "workflows/desk/decisions/checklist.html"
    step: ClassVar[Step]
    demands: ClassVar[str]  # the choice that needs every item in order

    together = forms.CharField(required=False, widget=forms.HiddenInput)  # confirmed in one press

    def prepare(self) -> None:
        """Ask every check that applies to these answers."""
        self.assessment: Assessment = submission.weigh(self.case)
        self.checks = self.assessment.checks(self.step)
        for check in self.checks:
            self.fields[self.name(check)] = forms.ChoiceField(
                label=str(check.title),
                choices=[(YES, _("Meets")), (UNSURE, _("In doubt")), (NO, _("Fails"))],
                required=False,
                widget=forms.Select(attrs={"id": self.name(check)}),
                initial=self._automatic(check),
            )

    @staticmethod
    def name(check: CheckItem) -> str:
        """The name of the field of one check."""
        return f"check-{check.code}"

    def _automatic(self, check: CheckItem) -> str:
        found = self.assessment.confirmed(check)
        return "" if found is None else YES if found else NO

    def value(self, check: CheckItem) -> str:
        """What is ticked for ``check``."""
        return str(self[self.name(check)].value() or "")

    def open_checks(self) -> list[CheckItem]:
        """Those not answered yet."""
        return [check for check in self.checks if not self.value(check)]

    def unmet(self) -> list[CheckItem]:
        """Those in doubt or not met."""
        return [check for check in self.checks if self.value(check) in (UNSURE, NO)]

    def lacking(self) -> list[Any]:
        """Required papers that were not filed."""
        return self.assessment.lacking({paper.file.code for paper in self.dossier.papers})

    def clean(self) -> dict[str, Any]:
        """Going on demands that everything was checked and is in order."""
        given = super().clean()
        if self.chosen is not None and self.chosen.code == self.demands:
            for check in self.checks:
                answer = given.get(self.name(check))
                if not answer:
                    said = gettext("“%(item)s” is not checked yet.")
                elif answer != YES:
                    said = gettext("“%(item)s” is not in order, so the case cannot go on.")
                else:
                    continue
                self.add_error(self.name(check), said % {"item": check.title})
        return given

    def turn(self) -> Decision | None:
        """Confirm everything still open in one press; it is told with the decision."""
        if self.chosen is None or self.chosen.code != REMAINING.code:
            return None
        data = self.sent.copy()
        confirmed = [check.code for check in self.open_checks()]
        for code in confirmed:
            data[f"check-{code}"] = YES
        data["together"] = " ".join([*self.sent.get("together", "").split(), *confirmed])
        data["decision"] = ""
        return type(self)(self.dossier, self.by, task=self.task, initial=data.dict())

    def told_together(self) -> str:
        """What the trail says of checks that were confirmed in one press."""
        codes = self.cleaned_data.get("together", "").split()
        titles = [check.title.zh for check in self.checks if check.code in codes]
        with override("zh-hans"):  # official words are Chinese whatever the reader's language
            return (
                gettext("Confirmed together: %(items)s") % {"items": "；".join(titles)}
                if titles
                else ""
            )

    # --- what the page shows --------------------------------------------------------------------
    def items(self) -> Iterator[dict[str, Any]]:
        """Every check for the component, the first open one marked."""
        waiting = self.open_checks()
        first = waiting[0].code if waiting else ""
        answers = self._short_answers()
        for number, check in enumerate(self.checks, 1):
            errors = self.errors.get(self.name(check)) if self.is_bound else None
            yield {
                "code": check.code,
                "no": number,
                "title": str(check.title),
                "source": gettext("; ").join(
                    [answers[code] for code in check.proves if code in answers][:MOST_ANSWERS]
                ),
                "links": [
                    (paper.title, self._link(paper))
                    for paper in self.dossier.papers
                    if paper.file.code in check.proves
                ],
                "automatic": check.automatic is not None,
                "value": self.value(check),
                "now": check.code == first,
                "error": errors[0] if errors else "",
            }

    def checked(self) -> int:
        """How many are answered."""
        return len(self.checks) - len(self.open_checks())

    def _link(self, paper: Paper) -> str:
        return f"{self.place}{urlencode({'tab': 'files', 'doc': paper.file.pk})}"

    def _short_answers(self) -> dict[str, str]:
        found = {}
        for section in self.dossier.filed.transcript["sections"]:
            for question in section["questions"]:
                said = f"{question['answer']} {question['unit']}".strip()
                if question["answer"] and len(said) <= SHORT:
                    found[question["code"]] = gettext("%(name)s: %(value)s") % {
                        "name": question["question"],
                        "value": said,
                    }
        return found
