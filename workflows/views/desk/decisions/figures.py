"""Screening, and the figures of an index: who checks them, what is contested, what is corrected."""

import secrets
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows.models import Appointment, Case, Event, Figures, Seat, User
from workflows.stages import confirmation, figures, review, verification
from workflows.views.desk.decisions.checklist import REMAINING, Checklist
from workflows.views.desk.decisions.form import Choice, Decision, words
from workflows.views.desk.decisions.panel import CONFLICTING, label
from workflows.views.figures import Line, lines, shown

Finding = Figures.Finding


class Screen(Checklist):
    """The case officer screens an accepted file: on to the outsiders, or stop."""

    code = "screen"
    title = _("Screening")
    step = "review"
    demands = "evaluate"
    choices = (
        REMAINING,
        Choice(
            "evaluate",
            _("Send to evaluation"),
            _("%(name)s: sent to evaluation."),
            tone="ok",
            key="a",
        ),
        Choice(
            "stop",
            _("Stop the review"),
            _("%(name)s: review stopped."),
            tone="danger",
            icon="close",
            key="d",
            needs=("text",),
            sure=_("Stopping leads to a proposal to refuse. Stop the review?"),
        ),
    )

    text = words(_("Opinion"), hint=_("Needed when the case does not go on."), rows=3)

    def act(self) -> None:
        """Screen the case."""
        text = self.cleaned_data["text"].strip()
        found = self.findings()
        review.screen(self.case, verdict=self.verdict, text=text, by=self.by, findings=found)


# --- who checks ---------------------------------------------------------------------------------
def checkers(case: Case, by: User) -> QuerySet[Appointment]:
    """The offices of those who may check for the agency of ``by``, without a conflict."""
    ours = [office.organisation_id for office in by.offices if office.role == "agency_manager"]
    acted = Event.objects.filter(case=case, duty__in=CONFLICTING).exclude(actor=None)
    seated = Seat.objects.filter(
        case=case, round=case.evaluation_round, node=verification.NODE
    ).values("expert")
    busy = Q(user__seats__locked=None, user__seats__void=None) & ~Q(user__seats=None)
    found: QuerySet[Appointment] = (
        Appointment.objects.in_force()
        .filter(Q(organisation=None) | Q(organisation__in=ours))
        .filter(role=Appointment.Role.CHECKER, user__is_active=True)
        .exclude(user__memberships__organisation=case.applicant_id)
        .exclude(user__in=acted.values("actor"))
        .exclude(user__in=seated)
        .select_related("user", "organisation")
        .annotate(load=Count("user__seats", filter=busy, distinct=True))
        .order_by("user")
    )
    return found


class AssignCheckers(Decision):
    """The agency takes the figures in hand: two people check every one of them."""

    code = "assign"
    title = _("Check of the figures")
    icon = "users"
    template = "workflows/desk/decisions/panel.html"
    choices = (
        Choice("draw", _("Draw by lot"), icon="refresh", key="r", turns=True),
        Choice(
            "assign",
            _("Let them check"),
            _("%(name)s: the figures are being checked."),
            tone="primary",
            icon="users",
            key="a",
            sure=_("Those chosen are told at once. Let them check?"),
        ),
    )

    experts = forms.MultipleChoiceField(
        label=_("In office and without conflict"), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """Offer whoever may check."""
        self.offices = list(checkers(self.case, self.by))
        self.offer("experts", [(str(office.user_id), label(office)) for office in self.offices])

    @property
    def rule(self) -> str:
        """How many are needed."""
        size = verification.rules_of(self.case).size
        return gettext("%(size)s people check every figure, each alone.") % {"size": size}

    def turn(self) -> Decision | None:
        """The same form with as many as the edition asks, drawn by lot."""
        if self.chosen is None or self.chosen.code != "draw":
            return None
        size = min(verification.rules_of(self.case).size, len(self.offices))
        drawn = [str(each.user_id) for each in secrets.SystemRandom().sample(self.offices, size)]
        return AssignCheckers(self.dossier, self.by, task=self.task, initial={"experts": drawn})

    def act(self) -> None:
        """Let them check."""
        keys = self.cleaned_data["experts"]
        chosen = [office.user for office in self.offices if str(office.user_id) in keys]
        verification.assign(self.case, checkers=chosen, by=self.by)


class SeatChecker(Decision):
    """A third person where two differ, or a substitute for one who left."""

    code = "seat_checker"
    title = _("Third person or substitute")
    icon = "user"
    choices = (
        Choice(
            "seat",
            _("Let them check"),
            _("%(name)s: checker seated."),
            tone="primary",
            icon="user",
            key="a",
        ),
    )

    expert = forms.ChoiceField(label=_("In office and without conflict"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Offer whoever may check and has not yet."""
        self.offices = list(checkers(self.case, self.by))
        self.offer("expert", [(str(office.user_id), label(office)) for office in self.offices])

    def act(self) -> None:
        """Seat the checker."""
        key = self.cleaned_data["expert"]
        user: User = next(each.user for each in self.offices if str(each.user_id) == key)
        verification.seat_checker(self.case, checker=user, by=self.by)


# --- what is contested --------------------------------------------------------------------------
class SettleContest(Decision):
    """The agency answers every contested figure, with a reason also where it is kept."""

    code = "settle"
    title = _("Contested figures")
    icon = "scale"
    template = "workflows/desk/decisions/contested.html"
    choices = (
        Choice(
            "settle",
            _("Settle"),
            _("%(name)s: contested figures settled."),
            tone="primary",
            icon="scale",
            key="a",
            sure=_("The school cannot contest again. Settle?"),
        ),
    )

    def prepare(self) -> None:
        """Ask about every contested figure; what was found stands until it is changed."""
        last = figures.newest(self.case)
        contested = last.contested if last else {}
        self.lines: list[Line] = []
        if last is not None and contested:
            values = {code: last.values[code] for code in contested}
            self.lines = lines(self.case, values, contested)
        for line in self.lines:
            self._ask(line)

    def _ask(self, line: Line) -> None:
        self.fields[f"{line.code}-finding"] = forms.ChoiceField(
            label=_("Finding"), choices=Finding.choices, initial=line.figure["finding"]
        )
        self.fields[f"{line.code}-value"] = forms.CharField(
            label=_("Verified value"),
            help_text=_("Only where the figure is corrected."),
            required=False,
            max_length=30,
            initial=line.figure["value"] if line.figure["finding"] == Finding.CORRECTED else "",
        )
        self.fields[f"{line.code}-reason"] = words(
            _("What the school reads"), rows=2, required=True
        )

    @property
    def rows(self) -> list[tuple[Line, list[forms.BoundField]]]:
        """Every contested line with its controls."""
        return [
            (line, [self[f"{line.code}-{part}"] for part in ("finding", "value", "reason")])
            for line in self.lines
        ]

    def act(self) -> None:
        """Settle what was contested."""
        given = self.cleaned_data
        decisions = {
            line.code: {
                part: given[f"{line.code}-{part}"] for part in ("finding", "value", "reason")
            }
            for line in self.lines
        }
        confirmation.settle_contest(self.case, decisions=decisions, by=self.by)


# --- after the freeze ---------------------------------------------------------------------------
class CorrectFigure(Decision):
    """The case officer asks that one frozen figure be corrected."""

    code = "correct_figure"
    title = _("Correct a figure")
    icon = "edit"
    choices = (
        Choice(
            "correct",
            _("Ask for the correction"),
            _("%(name)s: the head of the office is asked."),
            tone="primary",
            icon="send",
        ),
    )

    indicator = forms.ChoiceField(label=_("Indicator"))
    value = forms.CharField(label=_("Value that is right"), max_length=30, required=False)
    na = forms.BooleanField(label=_("Does not apply"), required=False)
    reason = words(_("Reason and evidence"), rows=3, required=True)

    def prepare(self) -> None:
        """Offer the figures in force."""
        now = figures.in_force(self.case)
        found = lines(self.case, now.values) if now else []
        options = [(line.code, f"{line.name}: {line.value}") for line in found]
        self.offer("indicator", options, asks=True)

    def act(self) -> None:
        """Ask for the correction."""
        given = self.cleaned_data
        confirmation.correct(
            self.case,
            code=given["indicator"],
            value=given["value"],
            na=given["na"],
            reason=given["reason"],
            by=self.by,
        )


class OrderCorrection(Decision):
    """The head of the office orders or declines the correction that waits (数据解冻)."""

    code = "order_correction"
    title = _("Correction of a frozen figure")
    icon = "gavel"
    choices = (
        Choice(
            "order",
            _("Order the correction"),
            _("%(name)s: correction ordered; rank the group again."),
            tone="primary",
            icon="check",
            sure=_("The figures are unfrozen and the whole group is scored again. Order it?"),
        ),
        Choice(
            "decline",
            _("Decline"),
            _("%(name)s: correction declined."),
            icon="close",
            needs=("reason",),
        ),
    )

    reason = words(_("Reason"), hint=_("Needed when you decline."), rows=2)

    def prepare(self) -> None:
        """Say what is asked for."""
        if told := asked_for(self.case):
            self.fields["reason"].help_text = f"{told} · {self.fields['reason'].help_text}"

    def act(self) -> None:
        """Order or decline."""
        if self.verdict == "order":
            confirmation.order(self.case, by=self.by)
        else:
            confirmation.decline(self.case, reason=self.cleaned_data["reason"], by=self.by)


def asked_for(case: Case) -> str:
    """The correction that waits, in one line; empty where there is none."""
    asked, now = figures.newest(case), figures.in_force(case)
    if asked is None or now is None or asked.confirmed is not None:
        return ""
    changes: list[Any] = [
        f"{line.name}: {shown(line.indicator, now.values[line.code])} → {line.value}"
        for line in lines(case, asked.values)
        if not figures.same(line.figure, now.values[line.code])
    ]
    return gettext("; ").join([*changes, asked.reason])
