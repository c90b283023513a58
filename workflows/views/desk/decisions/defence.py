"""Telling of an intended refusal, and answering what the applicant says to it."""

from django.utils.translation import gettext_lazy as _

from workflows.stages import defences
from workflows.views.desk.decisions.form import Choice, Decision, words


class TellRefusal(Decision):
    """The refusal that waits for the issuer was never told beforehand."""

    code = "tell_refusal"
    title = _("Tell of the intended refusal")
    icon = "mail"
    choices = (
        Choice(
            "tell",
            _("Tell the applicant"),
            _("%(name)s: told of the intended refusal."),
            tone="primary",
            icon="send",
        ),
    )

    def act(self) -> None:
        """Tell."""
        defences.tell(self.case, by=self.by)


class AnswerDefence(Decision):
    """The defence is answered in words the decision repeats, or it convinces."""

    code = "answer_defence"
    title = _("Answer the defence")
    icon = "pen"
    choices = (
        Choice(
            "stands",
            _("The refusal stands"),
            _("%(name)s: defence answered."),
            tone="primary",
            icon="check",
        ),
        Choice(
            "convinces",
            _("Propose anew"),
            _("%(name)s: goes back to the proposal."),
            icon="undo",
            sure=_("The case goes back to the proposal. Is the defence convincing?"),
        ),
    )

    answer = words(
        _("Answer to the applicant"),
        hint=_("To every fact, reason and piece of evidence; the decision repeats it."),
        rows=6,
        required=True,
    )

    def act(self) -> None:
        """Answer."""
        defences.answer(
            self.case,
            text=self.cleaned_data["answer"],
            convinced=self.verdict == "convinces",
            by=self.by,
        )
