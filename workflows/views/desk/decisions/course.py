"""Outside the ordinary course: stopping, resuming, extending and ending a case (domain 0.5)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.stages import suspension
from workflows.views.desk.decisions.form import Choice, Decision, words

GROUNDS = {
    "litigation": _("Litigation"),
    "investigation": _("Investigation"),
    "force_majeure": _("Force majeure"),
    "name_change": _("Change of name or merger"),
    "credit_contested": _("Credit record contested"),
}


class Suspend(Decision):
    """The head of the office stops the case and its clock."""

    code = "suspend"
    title = _("Suspend")
    icon = "pause"
    choices = (
        Choice(
            "suspend", _("Suspend the case"), _("%(name)s: suspended."), tone="danger", icon="pause"
        ),
    )

    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[("", _("Choose")), *((code, GROUNDS[code]) for code in suspension.GROUNDS)],
    )
    reason = words(_("What the applicant reads"), rows=3, required=True)

    def act(self) -> None:
        """Suspend the case."""
        given = self.cleaned_data
        suspension.suspend(self.case, ground=given["ground"], reason=given["reason"], by=self.by)


class Resume(Decision):
    """The ground fell away: the case goes on where it stood."""

    code = "resume"
    title = _("Resume")
    icon = "arrow-right"
    choices = (
        Choice(
            "resume",
            _("Resume the case"),
            _("%(name)s: resumed."),
            tone="primary",
            icon="arrow-right",
        ),
    )

    def act(self) -> None:
        """Resume the case."""
        suspension.resume(self.case, by=self.by)


class Extend(Decision):
    """The decision clock is extended once, with a reason (行政许可法 42)."""

    code = "extend"
    title = _("Extend the time limit")
    icon = "clock"
    choices = (
        Choice(
            "extend", _("Extend"), _("%(name)s: time limit extended."), tone="primary", icon="clock"
        ),
    )

    reason = words(_("What the applicant reads"), rows=3, required=True)

    def act(self) -> None:
        """Extend the clock."""
        suspension.extend(self.case, reason=self.cleaned_data["reason"], by=self.by)


class Terminate(Decision):
    """The matter fell away, e.g. the applicant ended (X5)."""

    code = "terminate"
    title = _("Terminate")
    icon = "close"
    choices = (
        Choice(
            "terminate",
            _("Terminate the case"),
            _("%(name)s: terminated."),
            tone="danger",
            icon="close",
            sure=_("This ends the case for good. Terminate it?"),
        ),
    )

    reason = words(_("What the applicant reads"), rows=3, required=True)

    def act(self) -> None:
        """Terminate the case."""
        suspension.terminate(self.case, reason=self.cleaned_data["reason"], by=self.by)
