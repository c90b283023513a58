"""Towards the joint conference: proposal, endorsement, agenda."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from workflows import clock
from workflows.models import Item, Meeting
from workflows.stages import deliberation, outcome, standings
from workflows.views.desk.decisions.form import Choice, Decision, lines, outcomes, words


class Propose(Decision):
    """The case officer proposes an outcome; a refusal needs reasons (行政许可法 38)."""

    code = "propose"
    title = _("Proposal")
    template = "workflows/desk/decisions/proposal.html"
    choices = (
        Choice(
            "propose",
            _("Propose"),
            _("%(name)s: proposal made."),
            tone="primary",
            icon="send",
            key="a",
        ),
    )

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    amount = forms.DecimalField(
        label=_("Amount, 10,000 yuan"),
        help_text=_("At most what the rank carries; empty: just that."),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
    )
    finding = words(
        _("Finding"), hint=_("What the office found, in a few sentences."), required=True
    )
    grounds = forms.MultipleChoiceField(
        label=_("Reasons"),
        help_text=_("Needed unless the title is proposed; each goes into the decision."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reasons = words(_("Reasons in your own words"), hint=_("One a line."), rows=3)

    def prepare(self) -> None:
        """Offer the edition's outcomes, the one its rule suggests chosen."""
        self.suggested = outcome.proposed(self.case)
        self.standing = standings.standing_of(self.case) if self.case.group else None
        if self.case.procedure.funding is None or not self.case.group:
            del self.fields["amount"]
        self.offer("outcome", outcomes(outcome.possible(self.case)))
        self.initial.setdefault("outcome", self.suggested)
        reasons = self.case.procedure.reasons.items()
        self.offer(
            "grounds", [(code, str(each)) for code, each in reasons if "refusal" in each.papers]
        )

    @property
    def questions(self) -> Item | None:
        """The item the conference sent back last, with its questions."""
        sent_back = self.case.items.exclude(questions="").select_related("meeting")
        return sent_back.order_by("-pk").first()

    def clean(self) -> dict[str, Any]:
        """Everything but the title needs a reason."""
        given = super().clean()
        chosen = given.get("outcome")
        if chosen and not outcome.grants(self.case, chosen) and not self._reasons(given):
            self.add_error("reasons", _("Please give the reason."))
        return given

    def _reasons(self, given: dict[str, Any]) -> list[str]:
        known = self.case.procedure.reasons
        return [
            *(known[code].zh for code in given.get("grounds", [])),
            *lines(given.get("reasons", "")),
        ]

    def act(self) -> None:
        """Propose the outcome."""
        given = self.cleaned_data
        deliberation.propose(
            self.case,
            outcome_=given["outcome"],
            finding=given["finding"],
            reasons=self._reasons(given),
            by=self.by,
            amount=given.get("amount"),
        )


class Endorse(Decision):
    """The head of the office signs the proposal."""

    code = "endorse"
    title = _("Endorsement of the proposal")
    template = "workflows/desk/decisions/standing.html"
    choices = (
        Choice("endorse", _("Endorse"), _("%(name)s: proposal endorsed."), tone="ok", key="a"),
    )

    def act(self) -> None:
        """Endorse the proposal."""
        deliberation.endorse(self.case, by=self.by)


class Table(Decision):
    """Put the endorsed proposal on the agenda of a meeting that has been called."""

    code = "table"
    title = _("Tabling")
    icon = "list"
    template = "workflows/desk/decisions/tabling.html"
    choices = (
        Choice(
            "table",
            _("Put it on the agenda"),
            _("%(name)s: on the agenda."),
            tone="primary",
            icon="list",
            key="a",
        ),
    )

    meeting = forms.ChoiceField(label=_("Meeting"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Offer the meetings whose minutes are not signed yet, the next one chosen."""
        self.meetings = {
            str(each.pk): each for each in Meeting.objects.filter(closed=None).order_by("held")
        }
        options = [(key, _named(each)) for key, each in self.meetings.items()]
        self.offer("meeting", options)
        if options:
            self.initial.setdefault("meeting", options[0][0])

    def offers(self) -> list[Choice]:
        """Without a meeting there is no agenda."""
        return list(self.choices) if self.meetings else []

    def act(self) -> None:
        """Put the case on the agenda."""
        meeting = self.meetings[self.cleaned_data["meeting"]]
        deliberation.table(self.case, meeting=meeting, by=self.by)


def _named(meeting: Meeting) -> str:
    held = date_format(clock.local(meeting.held), "Y-m-d H:i")
    return f"{meeting.number} · {meeting.title} · {held}"
