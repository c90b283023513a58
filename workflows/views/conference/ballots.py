"""What a member of the joint conference needs: the agenda, one case on one screen, one ballot."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from workflows import rubric
from workflows.errors import CaseError
from workflows.models import Ballot, Case, Item, Meeting, MeetingMember, Opinion, Seat
from workflows.models.case import State
from workflows.stages import deliberation
from workflows.status_words import OUTCOMES
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

CONFERENCE = ("member", "convenor")
NEEDS_WORDS = (Ballot.Choice.DISAGREE, Ballot.Choice.RECUSED)
SHOWN_AS = {Ballot.Choice.DISAGREE: "against"}  # the votes component's word


class VoteForm(forms.Form):
    """One ballot; it is final."""

    use_required_attribute = False

    choice = forms.ChoiceField(
        label=_("Your vote"),
        choices=Ballot.Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you vote.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed when you disagree or recuse yourself; it goes into the minutes."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Disagreement and recusal need words."""
        given = super().clean() or {}
        if given.get("choice") in NEEDS_WORDS and not given.get("reason", "").strip():
            self.add_error("reason", _("Please give the reason."))
        return given


@office(*CONFERENCE)
@require_safe
def commission(request: KnownRequest) -> HttpResponse:
    """The meetings the reader is summoned to, with each item and their own vote on it."""
    mine = Ballot.objects.filter(member__user=request.user.pk)
    items = Item.objects.select_related("case__applicant").order_by("position")
    meetings = (
        Meeting.objects.filter(members__user=request.user.pk)
        .annotate(over=Q(closed__isnull=False))
        .order_by("over", "-held", "-pk")
        .prefetch_related(
            Prefetch("items", items.prefetch_related(Prefetch("ballots", mine, to_attr="mine")))
        )
    )
    return render(request, "workflows/conference/commission.html", {"meetings": meetings})


@office(*CONFERENCE)
@require_safe
def commission_item(request: KnownRequest, number: str, reference: str) -> HttpResponse:
    """One case on one screen; whoever recused themselves sees nothing of it any more."""
    item = own_item(request, number, reference)
    return _page(request, item, VoteForm())


@office(*CONFERENCE)
@require_POST
def vote(request: KnownRequest, number: str, reference: str) -> HttpResponse:
    """Cast one ballot."""
    item = own_item(request, number, reference)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _page(request, item, form, status=422)
    given = form.cleaned_data
    try:
        deliberation.vote(
            item.case, choice=given["choice"], reason=given["reason"], by=request.user
        )
    except CaseError as refusal:
        return _page(request, item, form, status=refusal.status, refusal=sentence(refusal))
    return redirect("commission_item", number, reference)


def own_item(request: KnownRequest, number: str, reference: str) -> Item:
    """The item of a meeting the reader is summoned to or chairs, if they may see its case."""
    items = with_ballots(Item.objects.select_related("meeting", "case__applicant", "case__edition"))
    item = get_object_or_404(
        items.filter(case__in=Case.objects.visible_to(request.user)),
        meeting__number=number,
        case__reference=reference,
    )
    summoned = item.meeting.members.filter(user=request.user.pk)
    if item.meeting.convenor_id != request.user.pk:
        get_object_or_404(summoned)
    return item


def _page(
    request: KnownRequest, item: Item, form: VoteForm, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    member = item.meeting.members.filter(user=request.user.pk).first()
    ballot = item.ballots.filter(member=member).first() if member else None
    values: dict[str, Any] = {
        "item": item,
        "member": member,
        "ballot": ballot,
        "form": form,
        "refusal": refusal,
        "may_vote": may_vote(item, member, ballot),
    }
    if ballot is not None and ballot.choice == Ballot.Choice.RECUSED:
        return render(request, "workflows/conference/item_recused.html", values, status=status)
    values |= {**summary(item.case), "result": result(item)}
    return render(request, "workflows/conference/item.html", values, status=status)


def may_vote(item: Item, member: MeetingMember | None, ballot: Ballot | None) -> bool:
    """Whether the page offers a ballot; the verb asks again under the lock."""
    sits = item.case.state == State.MEETING and item.meeting.closed is None
    return sits and not item.result and member is not None and member.present and ballot is None


def summary(case: Case) -> dict[str, Any]:
    """What the conference is told of a case: conditions, opinions, marks, the proposal."""
    filed = case.submissions.latest("number")
    met = filed.assessment.get("conditions", [])
    warned = filed.assessment.get("warnings", [])
    marks, rules = _marks(case), case.procedure.evaluation
    far = rubric.spread(marks, rules.spread_from_median, rules.spread_range)
    return {
        "case": case,
        "filed": filed,
        "decision": case.decision,
        "proposal": outcome_words(case.decision.outcome),
        "conditions": [(one, one.code in met) for one in case.rules.conditions],
        "warnings": [rule for rule in case.rules.eligibility if rule.code in warned],
        "opinions": _opinions(case),
        "marks": marks,
        "spread": max(marks) - min(marks) if marks else None,
        "far": [marks[place] for place in far],  # the chair confirms them (domain 0.10)
    }


def outcome_words(code: str) -> str:
    """What an outcome is called."""
    return OUTCOMES[code].to("staff") if code in OUTCOMES else code


def _marks(case: Case) -> list[Decimal]:
    """The totals of the present round, lowest first and without names (招标投标法 37)."""
    seats = Seat.objects.filter(case=case, round=case.evaluation_round, void=None)
    return sorted(seat.total for seat in seats if seat.total is not None)


def _opinions(case: Case) -> list[tuple[str, Opinion]]:
    """Every opinion of the present rounds under the name of the office that gave it."""
    departments = {each.code: str(each.title) for each in case.procedure.departments}
    given = case.opinions.exclude(phase=Opinion.Phase.CHECK).filter(round=case.review_round)
    checks = case.opinions.filter(phase=Opinion.Phase.CHECK, round=case.evaluation_round)
    return [
        (departments.get(opinion.unit, opinion.get_phase_display()), opinion)
        for opinion in [*given, *checks]
    ]


def with_ballots(items: QuerySet[Item]) -> QuerySet[Item]:
    """The items with what ``result`` reads, in one further statement for all of them."""
    return items.prefetch_related(
        Prefetch("ballots", Ballot.objects.select_related("member__user"))
    )


def result(item: Item) -> dict[str, Any] | None:
    """The count once the item is resolved by vote; who voted how only where voting was open."""
    if not item.tally:
        return None
    secret = item.case.procedure.vote.secret
    ballots = [] if secret else list(item.ballots.all())
    return {
        **item.tally,
        "ballots": _shown(ballots),
        "dissent": [each for each in ballots if each.reason],
    }


def _shown(ballots: Sequence[Ballot]) -> list[dict[str, object]]:
    return [
        {
            "name": str(ballot.member.user),
            "choice": SHOWN_AS.get(Ballot.Choice(ballot.choice), ballot.choice),
            "words": ballot.get_choice_display(),
        }
        for ballot in ballots
    ]
