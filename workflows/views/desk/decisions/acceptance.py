"""At the window: accept, refuse acceptance, forward (行政许可法 32)."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows import districts
from workflows.models import Appointment
from workflows.stages import acceptance, corrections
from workflows.views.desk.decisions.checklist import REMAINING, Checklist
from workflows.views.desk.decisions.correction import ReturnOnce, begun
from workflows.views.desk.decisions.form import Choice, Decision, words


class Accept(Checklist):
    """The completeness check; whatever is not in order goes into the one correction notice."""

    code = "accept"
    title = _("Acceptance")
    step = "completeness"
    demands = "accept"
    choices = (
        REMAINING,
        Choice("accept", _("Accept"), _("%(name)s: accepted."), tone="ok", key="a"),
        Choice(
            "accept_lacking",
            _("Accept although something is missing"),
            _("%(name)s: accepted."),
            icon="check",
            needs=("note",),
            sure=_("The applicant reads what is missing and your remark. Accept?"),
        ),
        Choice("notice", _("Ask for correction"), icon="edit", key="r", turns=True),
    )

    note = words(
        _("Remark"),
        hint=_("Stays in the office, unless you accept although something is missing."),
        rows=2,
    )

    def offers(self) -> list[Choice]:
        """A case is returned once only; after that what is not essential may be missing (X20)."""
        left_out = "notice" if self.case.corrected else "accept_lacking"
        return [choice for choice in super().offers() if choice.code != left_out]

    def clean(self) -> dict[str, Any]:
        """What the applicant left open is not in order either; nothing goes unchecked."""
        given = super().clean()
        open_ = corrections.unanswered(self.case) if self.case.corrected else []
        if self.verdict == "accept" and open_:
            words = gettext("The applicant left this open: %(items)s. Accept it so, or refuse.")
            self.add_error("note", words % {"items": "；".join(item.text for item in open_)})
        if self.verdict == "accept_lacking":
            for check in self.open_checks():
                said = gettext("“%(item)s” is not checked yet.")
                self.add_error(self.name(check), said % {"item": check.title})
        return given

    def turn(self) -> Decision | None:
        """The correction notice, begun from what is not in order."""
        if self.chosen is not None and self.chosen.code == "notice":
            self.keep(self.sent)
            return ReturnOnce(self.dossier, self.by, task=self.task, initial=begun(self))
        return super().turn()

    def act(self) -> None:
        """Accept the case."""
        lacking = self.unmet() if self.verdict == "accept_lacking" else []
        acceptance.accept(
            self.case,
            by=self.by,
            note=self.cleaned_data["note"].strip(),
            findings=self.findings(),
            lacking=[check.title.zh for check in lacking],
        )


class RefuseAcceptance(Decision):
    """Out of scope, not competent, or barred: the case ends here, with words."""

    code = "refuse"
    title = _("Do not accept")
    icon = "close"
    key = "d"
    choices = (
        Choice(
            "refuse",
            _("Refuse acceptance"),
            _("%(name)s: not accepted."),
            tone="danger",
            icon="close",
            sure=_("This ends the case. Refuse acceptance?"),
        ),
    )

    reason = forms.ChoiceField(label=_("Reason"))
    text = words(
        _("What the applicant reads"), hint=_("Goes into the notice word for word."), required=True
    )
    competent = forms.CharField(
        label=_("Competent office"),
        help_text=_("Where this office is not competent."),
        required=False,
        max_length=100,
    )

    def prepare(self) -> None:
        """Offer the edition's reasons."""
        reasons = self.case.procedure.reasons.items()
        fits = [(code, str(each)) for code, each in reasons if "non_acceptance" in each.papers]
        self.offer("reason", fits, asks=True)

    def act(self) -> None:
        """Refuse acceptance."""
        given = self.cleaned_data
        acceptance.refuse_acceptance(
            self.case,
            reason=given["reason"],
            text=given["text"],
            competent=given["competent"],
            by=self.by,
        )


class Forward(Decision):
    """Another desk is competent: it goes on there, with the time already used."""

    code = "forward"
    title = _("Forward")
    icon = "arrow-right"
    choices = (
        Choice(
            "forward",
            _("Forward to that desk"),
            _("%(name)s: forwarded."),
            tone="primary",
            icon="arrow-right",
        ),
    )

    district = forms.ChoiceField(label=_("Desk of the district"))
    reason = words(_("Reason"), rows=2, required=True)

    def prepare(self) -> None:
        """Offer every district that has a desk today, except the one it lies at."""
        desks = Appointment.objects.in_force().filter(role=Appointment.Role.WINDOW)
        codes = desks.exclude(scope__in=["", self.case.district]).order_by("scope")
        found = codes.values_list("scope", flat=True).distinct()
        self.offer("district", [(code, districts.called(code)) for code in found], asks=True)

    def act(self) -> None:
        """Forward the file."""
        given = self.cleaned_data
        acceptance.forward(
            self.case, district=given["district"], reason=given["reason"], by=self.by
        )
