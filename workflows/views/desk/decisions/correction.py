"""The one correction notice: begun from the checklist, written, sent; more time to answer it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from workflows.procedure import CheckItem
from workflows.stages import corrections, deadlines, submission, worksheets
from workflows.stages.findings import Finding
from workflows.views.desk.decisions.checklist import Checklist, findings
from workflows.views.desk.decisions.form import Choice, Decision, words

MOST_ITEMS = 60
PARTS = ("target", "reason", "text")
TICKED = re.compile(r"(\w+):(yes|unsure|no)\b")


def begun(form: Checklist) -> dict[str, Any]:
    """The notice's items for every check not met and every paper missing, in official words.

    What was reworded or added by hand in an earlier look at the notice stays.
    """
    items = [_item_of(form, check) for check in form.unmet()]
    named = {item["target"] for item in items}
    items += [
        _item(form, paper.code, "missing_paper", "")
        for paper in form.lacking()
        if paper.code not in named
    ]
    before = list(_before(form))
    reworded = {item["target"]: item for item in before if item["target"] and item["text"]}
    items = [reworded.get(item["target"], item) for item in items]
    items += [item for item in before if _by_hand(form, item)]
    initial: dict[str, Any] = {"rows": max(1, len(items)), "found": _found(form)}
    initial["together"] = str(form["together"].value() or "")
    for number, item in enumerate(items):
        initial |= {f"{part}-{number}": value for part, value in item.items()}
    return initial


def _before(form: Checklist) -> Iterator[dict[str, str]]:
    """The items of the notice as it was kept last."""
    kept = form.dossier.sheet(form.task, form.by).get(ReturnOnce.code, {}) if form.task else {}
    for number in range(MOST_ITEMS):
        if f"text-{number}" in kept:
            yield {part: str(kept.get(f"{part}-{number}", "")) for part in PARTS}


def _by_hand(form: Checklist, item: Mapping[str, str]) -> bool:
    """Whether no check and no missing paper had put the item there."""
    proved = {code for check in form.checks for code in check.proves}
    missing = {paper.code for paper in form.lacking()}
    return bool(item["target"]) and item["target"] not in proved | missing


def _found(form: Checklist) -> str:
    """What is ticked, check by check."""
    ticked = [(check.code, form.value(check)) for check in form.checks]
    return " ".join(f"{code}:{value}" for code, value in ticked if value)


def _item_of(form: Checklist, check: CheckItem) -> dict[str, str]:
    lacking = {paper.code for paper in form.lacking()}
    known = corrections.targets(form.case)
    proofs = [code for code in check.proves if code in known]
    missing = next((code for code in proofs if code in lacking), "")
    target = missing or (proofs[0] if proofs else "")
    with override("zh-hans"):
        wording = gettext("Not in order: %(title)s") % {"title": check.title.zh}
    return _item(form, target, "missing_paper" if missing else check.fails or "", wording)


def _item(form: Checklist, target: str, reason: str, wording: str) -> dict[str, str]:
    known = form.case.procedure.reasons.get(reason)
    said = "".join(filter(None, [wording, known.zh if known else ""]))
    return {"target": target, "reason": reason if known else "", "text": said}


class ReturnOnce(Decision):
    """The one correction notice: everything wrong, each with its reason and its words."""

    code = "return"
    title = _("Correction notice")
    icon = "edit"
    template = "workflows/desk/decisions/notice.html"
    choices = (
        Choice(
            "return",
            _("Send the notice"),
            _("%(name)s: returned for correction."),
            tone="primary",
            icon="send",
            sure=_("The applicant gets this list once; nothing can be added later. Send it?"),
        ),
        Choice("more", _("Add an item"), icon="plus", turns=True),
    )

    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ITEMS)
    found = forms.CharField(required=False, widget=forms.HiddenInput)  # what the checks said
    together = forms.CharField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """Ask for as many items as there are."""
        asked = str(self.sent.get("rows") if self.is_bound else self.initial.get("rows", 1))
        rows = int(asked[:9]) if asked.isdecimal() else 1
        self.count = min(max(rows, 1), MOST_ITEMS)
        self.initial.setdefault("rows", self.count)
        for number in range(self.count):
            self.fields |= self._asked(number)

    def _asked(self, number: int) -> dict[str, forms.Field]:
        form, reasons = self.case.rules.form, self.case.procedure.reasons
        fits = [(code, str(reasons[code])) for code in corrections.reasons(self.case)]
        targets = [
            ("", _("The application as a whole (opens nothing to change)")),
            (_("Papers"), [(paper.code, str(paper)) for paper in form.attachments]),
            *(
                (str(each), [(one.code, str(one)) for one in each.fields if not one.derived])
                for each in form.sections
            ),
        ]
        return {
            f"target-{number}": forms.ChoiceField(label=_("What"), choices=targets, required=False),
            f"reason-{number}": forms.ChoiceField(
                label=_("Reason"), choices=[("", _("Choose")), *fits], required=False
            ),
            f"text-{number}": words(_("What the applicant reads"), rows=2),
        }

    def items(self) -> list[dict[str, Any]]:
        """The items for the page, each with its three questions."""
        for number in range(self.count):
            for part in ("reason", "text"):  # an empty item is left out, a begun one needs both
                self.fields[f"{part}-{number}"].required = True
        return [
            {"number": number + 1, "fields": [self[f"{part}-{number}"] for part in PARTS]}
            for number in range(self.count)
        ]

    @property
    def chosen(self) -> Choice | None:
        """Without a button (Ctrl+Enter) the notice is sent."""
        return super().chosen if self.sent.get("decision") else self.choices[0]

    def clean(self) -> dict[str, Any]:
        """Every item with words has a reason, every item begun has words, and there is one."""
        given = super().clean()
        if self.chosen is not None and self.chosen.turns:
            return given
        begun = [number for number in range(self.count) if self._begun(given, number)]
        for number in begun:
            for part in ("reason", "text"):
                name = f"{part}-{number}"
                if not given.get(name) and name not in self.errors:
                    told = {"number": number + 1, "field": self.fields[name].label}
                    self.demand(name, gettext("Item %(number)s: %(field)s") % told)
        if not begun:
            self.add_error("text-0", _("Name at least one item to correct."))
        return given

    @staticmethod
    def _begun(given: dict[str, Any], number: int) -> bool:
        return any(given.get(f"{part}-{number}") for part in PARTS)

    def turn(self) -> Decision | None:
        """The same notice with room for one more item."""
        if self.chosen is None or self.chosen.code != "more":
            return None
        if self.task is not None:
            worksheets.keep(self.task, self.by, self.sent)
        return ReturnOnce(
            self.dossier,
            self.by,
            task=self.task,
            initial={**self.sent.dict(), "rows": self.count + 1},
        )

    def act(self) -> None:
        """Return the case with every item that says something."""
        found = self.findings()
        corrections.return_once(self.case, items=self.told(), by=self.by, findings=found)

    def told(self) -> list[dict[str, str]]:
        """The items that say something."""
        given = self.cleaned_data
        rows = [{part: given[f"{part}-{number}"] for part in PARTS} for number in range(self.count)]
        return [row for row in rows if row["text"]]

    def findings(self) -> list[Finding]:
        """What the completeness check found before the notice was begun."""
        answers = dict(TICKED.findall(self.cleaned_data["found"]))
        together = self.cleaned_data["together"].split()
        return findings(submission.weigh(self.case), "completeness", answers, together)

    @property
    def due(self) -> date:
        """The last day to correct, were the notice sent today."""
        return deadlines.due(self.case, "correction").day


class ExtendCorrection(Decision):
    """More working days for the applicant, for a good reason (domain 0.6)."""

    code = "extend_correction"
    title = _("Give more time to correct")
    icon = "clock"
    choices = (
        Choice(
            "extend_correction",
            _("Give more time"),
            _("%(name)s: more time to correct."),
            tone="primary",
            icon="clock",
        ),
    )

    days = forms.IntegerField(label=_("Further working days"), min_value=1, max_value=60)
    reason = words(_("Reason"), rows=2, required=True)

    def act(self) -> None:
        """Extend the time to correct."""
        given = self.cleaned_data
        corrections.extend_correction(
            self.case, days=given["days"], reason=given["reason"], by=self.by
        )
