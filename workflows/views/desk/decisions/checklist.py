"""A list of things to confirm one by one; what the answers say by themselves comes filled in."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows.assessment import Assessment
from workflows.procedure import CheckItem, Step
from workflows.stages import worksheets
from workflows.stages.findings import NO, UNSURE, YES, Finding
from workflows.views.desk.decisions.form import Choice, Decision
from workflows.views.desk.decisions.proving import Proving
from workflows.views.desk.evidence import Paper

SHORT = 30  # characters of an answer shown beside a check
MOST_ANSWERS = 3  # shown beside one check
REMAINING = Choice(
    "remaining", _("All remaining in order"), icon="check", key="!", turns=True
)  # Shift and 1
RECORDED: Mapping[str, str | Promise] = {  # what a check may compare in the office's own record
    "open_case": _("Open case of the same kind"),
    "banned_until": _("Barred until"),
    "banned_units": _("Barred units"),
    "titles": _("Titles held"),
    "pool_no": _("Number in the pool"),
    "certified": _("Certificate in force"),
    "reports_published": _("Annual reports published"),
    "state_owned": _("State-owned"),
}


class Checklist(Decision):
    """A decision that rests on the edition's checks of one step."""

    template = "workflows/desk/decisions/checklist.html"
    step: ClassVar[Step]
    demands: ClassVar[str]  # the choice that needs every item in order

    together = forms.CharField(required=False, widget=forms.HiddenInput)  # confirmed in one press

    def prepare(self) -> None:
        """Ask every check that applies to these answers."""
        self.assessment: Assessment = self.dossier.assessment
        self.checks = self.assessment.checks(self.step)
        for check in self.checks:
            self.fields[self.name(check)] = forms.ChoiceField(
                label=str(check.title),
                choices=[(YES, _("Meets")), (UNSURE, _("In doubt")), (NO, _("Fails"))],
                required=False,
                widget=forms.Select(attrs={"id": self.name(check)}),
                initial=self.automatic(check),
            )

    @staticmethod
    def name(check: CheckItem) -> str:
        """The name of the field of one check."""
        return f"check-{check.code}"

    def automatic(self, check: CheckItem) -> str:
        """What the system says of ``check``; empty where a person must look."""
        return automatic(self.assessment, check)

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

    # --- all remaining in one press -------------------------------------------------------------
    def offers(self) -> list[Choice]:
        """One press for the rest only where nothing is flagged and the round allows it."""
        left = super().offers()
        return left if self.may_confirm_rest() else [one for one in left if one is not REMAINING]

    def may_confirm_rest(self) -> bool:
        """Whether what is still open may be confirmed in one press (interface 5, J5)."""
        return not self.case.round.one_by_one and not self.unmet()

    def clean(self) -> dict[str, Any]:
        """Going on demands that everything was checked and is in order."""
        if self.sent.get("decision") == REMAINING.code and self.chosen is None:
            raise forms.ValidationError(_("These checks are to be confirmed one by one."))
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
        self.keep(data)
        data["decision"] = ""
        return type(self)(self.dossier, self.by, task=self.task, initial=data.dict())

    def keep(self, data: Mapping[str, Any]) -> None:
        """Keep what was ticked, so that another page, case or device finds it."""
        if self.task is not None:
            worksheets.keep(self.task, self.by, data)

    # --- what the system says, then and now -----------------------------------------------------
    def said(self) -> dict[str, str]:
        """What the system says of each check, by its code; empty where a person must look."""
        return {check.code: self.automatic(check) for check in self.checks}

    def turned(self, before: Mapping[str, str]) -> list[CheckItem]:
        """The answered ones of which the system says neither what it said ``before`` nor that."""
        now = self.said()
        return [
            check
            for check in self.checks
            if (answer := self.value(check))
            and now[check.code] not in (before.get(check.code, ""), answer)
        ]

    def findings(self) -> list[Finding]:
        """What was found of every check that was answered, for the trail."""
        together = str(self["together"].value() or "").split()
        answers = {check.code: self.value(check) for check in self.checks}
        return findings(self.assessment, self.step, answers, together)

    # --- what the page shows --------------------------------------------------------------------
    def items(self) -> Iterator[dict[str, Any]]:
        """Every check for the component, the first open one marked."""
        waiting = self.open_checks()
        first = waiting[0].code if waiting else ""
        answers = self._answers()
        proving = self.proving()
        for number, check in enumerate(self.checks, 1):
            errors = self.errors.get(self.name(check)) if self.is_bound else None
            automatic = self.automatic(check)
            compared = self._compared(check, answers) if automatic else ""
            proved = proving.of(check)
            yield {
                "code": check.code,
                "no": number,
                "title": str(check.title),
                "source": compared or gettext("; ").join(_short(check.proves, answers)),
                "links": proved.links,
                "absent": proved.absent,
                "automatic": automatic,
                "value": self.value(check),
                "now": check.code == first,
                "error": errors[0] if errors else "",
            }

    def proving(self) -> Proving:
        """Where the papers bear the answers, with addresses on this page."""
        return Proving(self.case, self.dossier.filed, self.dossier.papers, self.place)

    def opens_at(self) -> tuple[Paper, int] | None:
        """The paper and the page to look at for the first open check, if it names any."""
        waiting = self.open_checks()
        return self.proving().opens_at(waiting[0]) if waiting else None

    def checked(self) -> int:
        """How many are answered."""
        return len(self.checks) - len(self.open_checks())

    def _compared(self, check: CheckItem, answers: Mapping[str, tuple[str, str]]) -> str:
        """What the system looked at to say that ``check`` is met or not."""
        names = re.findall(r"(?<![\w.'])(?:record\.)?[a-z]\w*", check.automatic or "")
        codes = dict.fromkeys([*check.proves, *names])
        found = [*_short(codes, answers), *self._recorded(codes)]
        return gettext("; ").join(found)

    def _recorded(self, names: Mapping[str, None]) -> Iterator[str]:
        known = self.assessment.bound.values.get("record", {})
        for name in names:
            _whole, dot, key = name.partition("record.")
            if dot and key in RECORDED:
                value = known.get(key)
                told = str(value) if isinstance(value, str) and value else _told(value)
                yield gettext("%(name)s: %(value)s") % {"name": RECORDED[key], "value": told}

    def _answers(self) -> dict[str, tuple[str, str]]:
        """Every short answer: its question's name, what was said."""
        if not hasattr(self, "_known"):
            self._known = dict(_spoken(self.dossier.filed.transcript))
        return self._known


def automatic(assessment: Assessment, check: CheckItem) -> str:
    """What the answers say of ``check`` by themselves; empty where a person must look."""
    found = assessment.confirmed(check)
    return "" if found is None else YES if found else NO


def findings(
    assessment: Assessment, step: Step, answers: Mapping[str, str], together: Collection[str]
) -> list[Finding]:
    """What ``answers`` (code -> yes, unsure, no) say of the checks of ``step``, and how."""
    found = []
    for check in assessment.checks(step):
        value, how = answers.get(check.code, ""), ""
        if value and value == automatic(assessment, check):
            how = "automatic"
        elif value == YES and check.code in together:
            how = "together"
        if value in (YES, UNSURE, NO):
            found.append(Finding(check.code, check.title.zh, value, how))
    return found


def _told(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return str(len(value)) if value else gettext("none on record")
    return str(value) if value else gettext("none on record")


def _short(codes: Any, answers: Mapping[str, tuple[str, str]]) -> list[str]:
    said = [answers[code] for code in codes if code in answers]
    words = gettext("%(name)s: %(value)s")
    return [words % {"name": name, "value": value} for name, value in said[:MOST_ANSWERS]]


def _spoken(transcript: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    for section in transcript["sections"]:
        for question in section["questions"]:
            said = f"{question['answer']} {question['unit']}".strip()
            if question["answer"] and len(said) <= SHORT:
                yield question["code"], (question["question"], said)
