"""Who evaluates: seats drawn from those in office without a conflict, substitutes, void seats."""

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workflows.models import Appointment, Case, Event, Seat, User
from workflows.stages import evaluation, panel
from workflows.views.desk.decisions.form import Choice, Decision, words

CONFLICTING = ("accept", "approve")  # duties that bar from evaluating (domain 0.3)


def eligible(case: Case) -> QuerySet[Appointment]:
    """The offices of those who may sit: in force today, without a conflict, not seated already.

    A conflict is to work or act for the applicant or a partner, or to have accepted or approved
    the case (domain 0.3, 0.10); further interests are declared by the evaluators themselves.
    """
    acted = Event.objects.filter(case=case, duty__in=CONFLICTING).exclude(actor=None)
    seated = Seat.objects.filter(case=case, round=case.evaluation_round)
    busy = Q(user__seats__locked=None, user__seats__void=None) & ~Q(user__seats=None)
    found: QuerySet[Appointment] = (
        Appointment.objects.in_force()
        .filter(role=panel.evaluator(case.procedure.evaluation), user__is_active=True)
        .exclude(panel.interested(case))
        .exclude(user__in=acted.values("actor"))
        .exclude(user__in=seated.values("expert"))
        .select_related("user", "organisation")
        .annotate(load=Count("user__seats", filter=busy, distinct=True))
        .order_by("user")
    )
    return found


def label(office: Any) -> str:
    """Name, background, employer and load of an evaluator."""
    load = ngettext("%(count)s open seat", "%(count)s open seats", office.load)
    parts = [
        office.user.name,
        str(panel.BACKGROUNDS.get(office.background, office.background)),
        str(office.organisation or ""),
        load % {"count": office.load},
    ]
    return " · ".join(filter(None, parts))


class FormPanel(Decision):
    """Draw and seat the panel, or the two who check a pool entry."""

    code = "panel"
    title = _("Formation of the panel")
    icon = "users"
    template = "workflows/desk/decisions/panel.html"
    choices = (
        Choice("draw", _("Draw by lot"), icon="refresh", key="r", turns=True),
        Choice(
            "seat",
            _("Seat them"),
            _("%(name)s: panel formed."),
            tone="primary",
            icon="users",
            key="a",
            sure=_("Those chosen are told at once. Seat them?"),
        ),
    )

    experts = forms.MultipleChoiceField(
        label=_("In office and without conflict"), widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """Offer whoever may sit."""
        self.offices = list(eligible(self.case))
        self.size = panel.least(self.case)
        self.offer("experts", [(str(office.user_id), label(office)) for office in self.offices])

    @property
    def rule(self) -> str:
        """How many are needed, and of which background."""
        rules = self.case.procedure.evaluation
        if rules.kind == "checks":
            return gettext("%(size)s reviewers.") % {"size": rules.size}
        asked = [
            gettext("at least %(number)s from %(background)s")
            % {"number": number, "background": panel.BACKGROUNDS[background]}
            for background, number in panel.make_up(rules).items()
            if number
        ]
        odd = gettext("An odd number, at least %(size)s") % {"size": self.size}
        return gettext("; ").join([odd, *asked])

    def turn(self) -> Decision | None:
        """The same form with as many as the edition asks, drawn by lot."""
        if self.chosen is None or self.chosen.code != "draw":
            return None
        drawn = [str(user) for user in draw(self.case, self.offices)]
        return FormPanel(self.dossier, self.by, task=self.task, initial={"experts": drawn})

    def act(self) -> None:
        """Seat them."""
        keys = self.cleaned_data["experts"]
        chosen = [office.user for office in self.offices if str(office.user_id) in keys]
        panel.form_panel(self.case, experts=chosen, by=self.by)


def draw(case: Case, offices: Sequence[Appointment]) -> list[int]:
    """As many people as the edition asks, by lot: first the backgrounds it demands, then anyone."""
    rules = case.procedure.evaluation
    lot = secrets.SystemRandom().sample(list(offices), len(offices))
    drawn: list[Appointment] = []
    for background, least in panel.make_up(rules).items():
        drawn += [each for each in lot if each.background == background][:least]
    drawn += [each for each in lot if each not in drawn]
    return [each.user_id for each in drawn[: panel.least(case)]]


class Substitute(Decision):
    """Fill an empty seat."""

    code = "substitute"
    title = _("Substitute for an empty seat")
    icon = "user"
    choices = (
        Choice(
            "substitute",
            _("Seat the substitute"),
            _("%(name)s: substitute seated."),
            tone="primary",
            icon="user",
            key="a",
        ),
    )

    expert = forms.ChoiceField(label=_("In office and without conflict"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Offer whoever may sit and has not sat yet."""
        self.offices = list(eligible(self.case))
        self.offer("expert", [(str(office.user_id), label(office)) for office in self.offices])

    def act(self) -> None:
        """Seat the substitute."""
        key = self.cleaned_data["expert"]
        user: User = next(each.user for each in self.offices if str(each.user_id) == key)
        panel.substitute(self.case, expert=user, by=self.by)


class VoidSeat(Decision):
    """A conflict was found late: one seat's marks do not count (招标投标法 37, a model)."""

    code = "void_seat"
    title = _("Declare a seat void")
    icon = "revoked"
    choices = (
        Choice(
            "void_seat",
            _("Declare it void"),
            _("%(name)s: seat void."),
            tone="danger",
            icon="revoked",
            sure=_("The marks of this seat will not count. Declare it void?"),
        ),
    )

    seat = forms.ChoiceField(label=_("Seat"))
    reason = words(_("Reason"), rows=2, required=True)

    def prepare(self) -> None:
        """Offer the seats of this round's panel."""
        seats = panel.seated(self.case).filter(void=None).select_related("expert")
        self.seats = {str(seat.pk): seat for seat in seats}
        options = [(key, f"{seat.number} · {seat.expert}") for key, seat in self.seats.items()]
        self.offer("seat", options, asks=True)

    def act(self) -> None:
        """Declare the seat void."""
        given = self.cleaned_data
        evaluation.void_seat(self.seats[given["seat"]], reason=given["reason"], by=self.by)
