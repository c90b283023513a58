"""One meeting as it goes: who is present, what is resolved, the minutes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from workflows.errors import CaseError
from workflows.models import Item, Meeting, MeetingMember
from workflows.stages import deliberation
from workflows.views.conference.ballots import CONFERENCE, outcome_words, result, with_ballots
from workflows.views.conference.meetings import READERS, RUNNERS, readable
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

COUNT = "count"


class ResolutionForm(forms.Form):
    """How an item ends: by count, or back to the office with words."""

    use_required_attribute = False

    result = forms.ChoiceField(
        label=_("Resolution"),
        choices=[
            (COUNT, _("Count the votes")),
            (Item.Result.DEFERRED, _("Defer to a later meeting")),
            (Item.Result.SENT_BACK, _("Send back with questions")),
        ],
        widget=forms.RadioSelect,
        initial=COUNT,
    )
    questions = forms.CharField(
        label=_("Reason or questions"),
        help_text=_("Needed when the item is deferred or sent back."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        """Sending an item away needs words."""
        given = super().clean() or {}
        if given.get("result", COUNT) != COUNT and not given.get("questions", "").strip():
            self.add_error("questions", _("Please give the reason."))
        return given


class MinutesForm(forms.Form):
    """What the convenor signs; nothing changes afterwards."""

    use_required_attribute = False

    minutes = forms.CharField(
        label=_("Minutes"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write the minutes before signing them.")},
    )


@office(*READERS)
@require_safe
def meeting(request: KnownRequest, number: str) -> HttpResponse:
    """Agenda, attendance, resolutions and minutes of one meeting."""
    return _page(request, _found(request, number))


@office(*RUNNERS)
@require_POST
def meeting_attend(request: KnownRequest, number: str) -> HttpResponse:
    """Note who is present."""
    found = _found(request, number)
    ticked = set(request.POST.getlist("member"))
    members = found.members.select_related("user")
    present = [member.user for member in members if str(member.pk) in ticked]
    deliberation.attend(found, users=present, by=request.user)
    messages.success(request, gettext("Attendance noted."))
    return redirect("meeting", number)


@office("convenor")
@require_POST
def meeting_resolve(request: KnownRequest, number: str, reference: str) -> HttpResponse:
    """Close one item: count its votes, defer it, or send it back."""
    found = _found(request, number)
    item = get_object_or_404(found.items.select_related("case"), case__reference=reference)
    form = ResolutionForm(request.POST, prefix=f"item-{item.pk}")
    if not form.is_valid():
        return _page(request, found, status=422, resolution=form, wrong=item)
    chosen = form.cleaned_data["result"]
    try:
        deliberation.resolve(
            item.case,
            by=request.user,
            result="" if chosen == COUNT else chosen,
            questions=form.cleaned_data["questions"],
        )
    except CaseError as error:
        said = sentence(error)
        return _page(request, found, status=error.status, resolution=form, wrong=item, refusal=said)
    messages.success(request, gettext("Item %(number)s is resolved.") % {"number": item.position})
    return redirect("meeting", number)


@office("convenor")
@require_POST
def meeting_minutes(request: KnownRequest, number: str) -> HttpResponse:
    """Sign the minutes; the meeting is closed."""
    found = _found(request, number)
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, minutes=form)
    try:
        deliberation.close_meeting(found, minutes=form.cleaned_data["minutes"], by=request.user)
    except CaseError as error:
        return _page(request, found, status=error.status, minutes=form, refusal=sentence(error))
    messages.success(request, gettext("The minutes are signed and locked."))
    return redirect("meeting", number)


def _found(request: KnownRequest, number: str) -> Meeting:
    return get_object_or_404(readable(request.user), number=number)


def _page(
    request: KnownRequest,
    found: Meeting,
    *,
    status: int = 200,
    refusal: str = "",
    resolution: ResolutionForm | None = None,
    wrong: Item | None = None,
    minutes: MinutesForm | None = None,
) -> HttpResponse:
    members = list(found.members.select_related("user").order_by("pk"))
    chairs = found.convenor_id == request.user.pk and found.closed is None
    items = _items(found, resolution, wrong)
    values = {
        "meeting": found,
        "members": members,
        "present": sum(member.present for member in members),
        "items": items,
        "chairs": chairs,
        "opens": opens(found, members, request),
        "notes": request.user.holds(*RUNNERS) and found.closed is None and not found.written,
        "signs": chairs and bool(items) and all(each["item"].result for each in items),
        "minutes": minutes or MinutesForm(),
        "errors_of": next((form for form in (resolution, minutes) if form and form.errors), None),
        "refusal": refusal,
    }
    return render(request, "workflows/conference/meeting.html", values, status=status)


def opens(found: Meeting, members: Sequence[MeetingMember], request: KnownRequest) -> bool:
    """Whether the reader has the item pages of this meeting: a member or its convenor."""
    summoned = {member.user_id for member in members} | {found.convenor_id}
    return request.user.pk in summoned and request.user.holds(*CONFERENCE)


def _items(
    found: Meeting, resolution: ResolutionForm | None, wrong: Item | None
) -> Sequence[dict[str, Any]]:
    items = found.items.select_related("case__applicant", "case__edition")
    return [
        {
            "item": item,
            "proposal": outcome_words(item.proposal),
            "result": result(item),
            "form": resolution
            if resolution and wrong and wrong.pk == item.pk
            else ResolutionForm(prefix=f"item-{item.pk}"),
        }
        for item in with_ballots(items.annotate(votes=Count("ballots"))).order_by("position")
    ]
