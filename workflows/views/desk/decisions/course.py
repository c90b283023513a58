"""Outside the ordinary course: stopping, resuming, extending and ending a case (domain 0.5)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.errors import StageClosed
from workflows.stages import rechecking, suspension, withdrawal
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


class AnswerWithdrawal(Decision):
    """The applicant asks to be let go although the public has been told (X55)."""

    code = "answer_withdrawal"
    title = _("Answer the withdrawal")
    icon = "undo"
    choices = (
        Choice(
            "consent",
            _("Consent to the withdrawal"),
            _("%(name)s: withdrawn."),
            tone="primary",
            icon="check",
            sure=_("The case is closed and leaves the public list. Consent?"),
        ),
        Choice(
            "refuse",
            _("Refuse the withdrawal"),
            _("%(name)s: withdrawal refused."),
            icon="close",
            needs=("reason",),
        ),
    )

    reason = words(
        _("What the applicant reads"), hint=_("Needed when you refuse the withdrawal."), rows=3
    )

    def act(self) -> None:
        """Let the application go, or keep it."""
        if self.verdict == "consent":
            withdrawal.consent(self.case, by=self.by)
        else:
            withdrawal.refuse(self.case, reason=self.cleaned_data["reason"], by=self.by)


class AnswerReview(Decision):
    """The applicant asks that its mark be checked again (X30)."""

    code = "answer_review"
    title = _("Answer the review request")
    icon = "search"
    choices = (
        Choice(
            "answer",
            _("Compute again and answer"),
            _("%(name)s: review answered."),
            tone="primary",
            icon="send",
        ),
    )

    text = words(
        _("What the applicant reads"),
        hint=_("The mark is computed again from the locked sheets or figures and stands beside."),
        rows=4,
        required=True,
    )

    def act(self) -> None:
        """Answer with the mark computed once more."""
        waiting = rechecking.open_request(self.case)
        if waiting is None:
            raise StageClosed
        rechecking.answer(waiting, text=self.cleaned_data["text"], by=self.by)
