"""Asking the applicant for more material after acceptance, and taking the request back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.stages import supplements
from workflows.views.desk.decisions.form import Choice, Decision, lines, words


class AskSupplement(Decision):
    """Questions to the applicant; the decision clock stands until the answer."""

    code = "ask_supplement"
    title = _("Ask for supplementary material")
    icon = "mail"
    choices = (
        Choice(
            "ask",
            _("Send the request"),
            _("%(name)s: asked for supplementary material."),
            tone="primary",
            icon="send",
            sure=_("The decision clock stands until the answer. Send the request?"),
        ),
    )

    questions = words(
        _("What the applicant is asked"), hint=_("One question a line."), rows=5, required=True
    )
    days = forms.IntegerField(label=_("Working days to answer"), min_value=1)

    def prepare(self) -> None:
        """Offer the days the edition gives."""
        rules = self.case.procedure.supplements
        field = self.fields["days"]
        field.initial = rules.days
        field.widget.attrs["max"] = rules.longest
        field.help_text = _("At most %(longest)s. Request %(number)s of %(most)s.") % {
            "longest": rules.longest,
            "number": supplements.used(self.case) + 1,
            "most": rules.most,
        }

    def act(self) -> None:
        """Ask."""
        given = self.cleaned_data
        supplements.ask(
            self.case, questions=lines(given["questions"]), days=given["days"], by=self.by
        )


class RecallSupplement(Decision):
    """What was asked for is needed no longer."""

    code = "recall_supplement"
    title = _("Take the request for material back")
    icon = "undo"
    choices = (
        Choice(
            "recall",
            _("Take it back"),
            _("%(name)s: request taken back."),
            tone="primary",
            icon="undo",
        ),
    )

    reason = words(_("What the applicant reads"), rows=2, required=True)

    def act(self) -> None:
        """Take the request back."""
        supplements.recall(self.case, reason=self.cleaned_data["reason"], by=self.by)
