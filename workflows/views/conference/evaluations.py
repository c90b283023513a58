"""An evaluator's own tasks, and what comes before any of them opens: the declaration."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from workflows import clock
from workflows.errors import CaseError
from workflows.models import Case, Seat, Task
from workflows.models.case import State
from workflows.stages import panel
from workflows.status_words import Light, time_light
from workflows.views import nodes
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence
from workflows.working_days import calendar

EVALUATORS = ("expert", "checker")
WATCHERS = ("agency_manager", "case_officer", "leader")
GROUNDS = (
    _("You, your spouse or a direct relative worked for or advised it or a partner in 3 years"),
    _("You had a legal dispute with it in the last 3 years"),
    _("You took part in preparing the application, or recommended the applicant"),
    _("Your employer is the applicant, or is controlled by the same people"),
    _("You hold shares of it or have any other economic interest"),
)  # domain 0.10


class DeclarationForm(forms.Form):
    """The evaluator's word that none of the grounds holds."""

    use_required_attribute = False

    none = forms.BooleanField(
        label=_("None of these is the case; I have no interest in this application"),
        error_messages={"required": _("Tick the box, or recuse yourself below.")},
    )


class RecusalForm(forms.Form):
    """Why somebody else must sit here."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason for recusing yourself"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why you leave this evaluation.")},
    )


@dataclass(frozen=True)
class Row:
    """One seat in the list."""

    seat: Seat
    light: Light | None
    progress: str


@office(*EVALUATORS, *WATCHERS)
@require_safe
def evaluations(request: KnownRequest) -> HttpResponse:
    """The seats of an evaluator; for those who run evaluations, the cases under way."""
    own = Seat.objects.filter(expert=request.user, void=None).select_related("case__edition")
    watches = request.user.holds(*WATCHERS)
    values = {
        "rows": _rows(list(own.order_by("locked", "-drawn"))),
        "cases": _under_way(request) if watches else [],
        "shell": f"workflows/shell_{'staff' if watches else 'expert'}.html",
    }
    return render(request, "workflows/conference/evaluations.html", values)


def _rows(seats: list[Seat]) -> list[Row]:
    units = [panel.seat_unit(seat) for seat in seats]
    tasks = Task.objects.filter(node__in=nodes.SEATED, unit__in=units, finished=None)
    known = {task.unit: task for task in tasks.only("unit", "due", "paused")}
    own = [(seat, known.get(panel.seat_unit(seat))) for seat in seats]
    return [Row(seat, light_of(seat, task), _progress(seat)) for seat, task in own]


def light_of(seat: Seat, task: Task | None) -> Light | None:
    """The light of the time limit of a seat's sheet, ``task`` being the open one."""
    if task is None or task.due is None:
        return None
    left = calendar().left(task.due, clock.today())
    return time_light(left, planned(seat), paused=task.paused)


def planned(seat: Seat) -> int:
    """Working days that the sheet of ``seat`` may take."""
    rules = seat.case.procedure
    if seat.node != "sheet" and rules.verification is not None:
        return rules.verification.planned_days
    return rules.evaluation.planned_days


def _progress(seat: Seat) -> str:
    if seat.locked:
        return gettext("Locked")
    return gettext("To be marked") if seat.declared else gettext("Declaration needed")


def _under_way(request: KnownRequest) -> list[Case]:
    seated = Q(seats__void=None)
    cases = Case.objects.visible_to(request.user).filter(state=State.EVALUATING)
    return list(
        cases.select_related("applicant").annotate(
            seated=Count("seats", filter=seated, distinct=True),
            reported=Count("seats", filter=seated & ~Q(seats__locked=None), distinct=True),
        )
    )


def own_seat(request: KnownRequest, code: str) -> Seat:
    """The reader's own seat; one that was left or taken away is as if it had never been."""
    seats = Seat.objects.select_related("case__edition", "case__applicant")
    return get_object_or_404(seats, code=code, expert=request.user.pk, void=None)


@office(*EVALUATORS)
@require_POST
def evaluation_declare(request: KnownRequest, code: str) -> HttpResponse:
    """Declare to have no interest; then the file opens."""
    seat = own_seat(request, code)
    form = DeclarationForm(request.POST)
    if not form.is_valid():
        return declaration(request, seat, form, RecusalForm())
    try:
        panel.declare(seat, by=request.user)
    except CaseError as refusal:
        return declaration(request, seat, form, RecusalForm(), refusal=refusal)
    return redirect("evaluation", code)


@office(*EVALUATORS)
@require_POST
def evaluation_recuse(request: KnownRequest, code: str) -> HttpResponse:
    """Leave the seat because of an interest; the file closes for good."""
    seat = own_seat(request, code)
    form = RecusalForm(request.POST)
    if not form.is_valid():
        return declaration(request, seat, DeclarationForm(), form)
    try:
        panel.recuse(seat, reason=form.cleaned_data["reason"], by=request.user)
    except CaseError as refusal:
        return declaration(request, seat, DeclarationForm(), form, refusal=refusal)
    messages.success(request, gettext("You have left this evaluation; a substitute will be drawn."))
    return redirect("evaluations")


def declaration(
    request: KnownRequest,
    seat: Seat,
    declare: DeclarationForm,
    recuse: RecusalForm,
    *,
    refusal: CaseError | None = None,
) -> HttpResponse:
    """The page before the file: the grounds, a declaration or a recusal, and nothing else."""
    values = {
        "seat": seat,
        "grounds": GROUNDS,
        "declare": declare,
        "recuse": recuse,
        "refusal": sentence(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 422 if declare.errors or recuse.errors else 200
    return render(request, "workflows/conference/declaration.html", values, status=status)
