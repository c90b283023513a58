"""The desk's pages of groups: which are ready to be ranked, how they stand, what may be done."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from workflows.errors import CaseError, NotEntitled
from workflows.models import Meeting, Ranking, Round, User
from workflows.stages import merging, ranking, standings
from workflows.stages.standings import Group
from workflows.views.desk import standing_table
from workflows.views.desk.reach import see_other
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

READERS = ("case_officer", "leader", "finance", "auditor")
ROUNDS = 10  # on one page
PLACES = 100
REASON = _("Say why the group is ranked again.")


class ReasonForm(forms.Form):
    """Why a group is ranked again."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Why it is ranked again"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": REASON},
    )


class OrderForm(forms.Form):
    """How the conference put equals in order: a place for each, and the meeting."""

    use_required_attribute = False

    meeting = forms.ChoiceField(label=_("Meeting"))

    def __init__(self, tied: Mapping[str, str], data: QueryDict | None = None) -> None:
        """Ask a place of everyone tied, reference -> name."""
        super().__init__(data)
        self.tied = tied
        called = Meeting.objects.order_by("-held").values_list("number", "title")[:50]
        choices = [
            ("", _("Choose")),
            *((number, f"{number} · {title}") for number, title in called),
        ]
        self.fields["meeting"].choices = choices  # type: ignore[attr-defined]
        for reference, name in tied.items():
            self.fields[f"place-{reference}"] = forms.IntegerField(
                label=f"{name} ({reference})", min_value=1, max_value=len(tied)
            )

    @property
    def order(self) -> list[str]:
        """The references, best first."""
        return sorted(self.tied, key=lambda each: int(self.cleaned_data[f"place-{each}"]))

    def clean(self) -> dict[str, Any]:
        """Demand a different place for everyone."""
        given: dict[str, Any] = super().clean() or {}
        places = [given.get(f"place-{each}") for each in self.tied]
        if None not in places and len(set(places)) != len(places):
            raise forms.ValidationError(_("Give everyone another place."))
        return given


class MergeForm(forms.Form):
    """The round in which a group too small to be compared goes on."""

    use_required_attribute = False

    into = forms.ModelChoiceField(
        Round.objects.none(), label=_("Round"), to_field_name="key", empty_label=_("Choose")
    )

    def __init__(self, found: Group, data: QueryDict | None = None) -> None:
        """Offer the rounds of the programme that compare the same and have not ranked yet."""
        super().__init__(data)
        others = Round.objects.filter(programme=found.round.programme).select_related("edition")
        known = [each.pk for each in others if _takes(each, found)]
        self.fields["into"].queryset = others.filter(pk__in=known)  # type: ignore[attr-defined]


def _takes(other: Round, found: Group) -> bool:
    """Whether the group may go on in ``other``."""
    theirs = Group(other, found.procedure_key, found.code)
    return merging.alike(found, theirs) and theirs.newest is None


# --- all groups -----------------------------------------------------------------------------------
@office(*READERS)
@require_safe
def rankings(request: KnownRequest) -> HttpResponse:
    """Every group of every round that chooses among many, the newest rounds first."""
    calls = [
        each
        for each in Round.objects.select_related("edition").order_by("-opens")
        if _chooses(each)
    ]
    page = Paginator(calls, ROUNDS).get_page(request.GET.get("page"))
    values = {"page": page, "calls": standing_table.overview(list(page))}
    return render(request, "workflows/desk/rankings.html", values)


def _chooses(round_: Round) -> bool:
    return any(each.selection for each in round_.edition.shape.procedures.values())


# --- one group ------------------------------------------------------------------------------------
@office(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: KnownRequest, call: str, procedure: str, code: str) -> HttpResponse:
    """One group: who waits, the places, the money, and the acts this reader may do."""
    found = _group(call, procedure, code)
    if request.method != "POST":
        return _page(request, found)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    return act(request, found)


def _group(call: str, procedure: str, code: str) -> Group:
    """The group an address names; what the edition does not know does not exist."""
    round_ = get_object_or_404(Round.objects.select_related("edition"), key=call)
    for each in standings.groups(round_):
        if (each.procedure_key, each.code) == (procedure, code):
            return each
    raise Http404


def _page(
    request: KnownRequest,
    found: Group,
    *,
    reason: ReasonForm | None = None,
    order: OrderForm | None = None,
    merge: MergeForm | None = None,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    made = found.newest
    places = standing_table.places(found, made)
    page = Paginator(places, PLACES).get_page(request.GET.get("page"))
    rows, tied = standing_table.rows(found, page.object_list), standing_table.tied(made)
    open_ = ranking.offered(made).select_related("case__applicant").first() if made else None
    ready = found.waiting.count()
    may = _may(found, made, request.user, ready)
    values = {
        "group": found,
        "made": made,
        "page": page,
        "rows": rows,
        "ties": found.selection.ties if any(value for row in rows for _, value in row.ties) else [],
        "terms": standing_table.terms(found, made),
        "unready": standing_table.unready(found),
        "ready": ready,
        "stale": made is not None and standings.stale(made),
        "outliers": standing_table.outliers(found) if made is None else [],
        "revisions": standing_table.revisions(found),
        "may": may,
        "offered": open_,
        "offer_ends": ranking.offer_ends(open_) if open_ else None,
        "reason": reason or ReasonForm(),
        "order": order or (OrderForm(tied) if tied else None),
        "merge": merge or (MergeForm(found) if "merge" in may else None),
        "refusal": refusal,
    }
    return render(request, "workflows/desk/ranking.html", values, status=status)


def _may(found: Group, made: Ranking | None, by: User, ready: int) -> set[str]:
    """What this reader may do now with a group of which so many are ``ready``."""
    ranks = by.holds("case_officer")
    signs = by.holds(ranking.countersigner(found)) and made is not None and made.by_id != by.pk
    return {
        act
        for act, may in {
            "rank": ranks and made is None,
            "merge": ranks and made is None and 0 < ready < found.selection.minimum,
            "rerank": ranks and made is not None,
            "order": ranks and made is not None,
            "lapse": ranks and made is not None and made.approved is not None,
            "approve": signs and made is not None and made.approved is None,
        }.items()
        if may
    }


# --- acts -----------------------------------------------------------------------------------------
def _rank(request: KnownRequest, found: Group) -> HttpResponse:
    return _done(
        request,
        found,
        _("The group was put in order."),
        lambda: ranking.rank(
            found.round, procedure_key=found.procedure_key, group=found.code, by=request.user
        ),
    )


def _rerank(request: KnownRequest, found: Group) -> HttpResponse:
    form = ReasonForm(request.POST)

    def act() -> None:
        ranking.rerank(
            found.round,
            procedure_key=found.procedure_key,
            group=found.code,
            reason=form.cleaned_data["reason"],
            by=request.user,
        )

    return _asked(request, found, _("The group was put in order again."), act, reason=form)


def _approve(request: KnownRequest, found: Group) -> HttpResponse:
    made = _made(found)
    return _done(
        request,
        found,
        _("The ranking was countersigned."),
        lambda: ranking.approve(made, by=request.user),
    )


def _order(request: KnownRequest, found: Group) -> HttpResponse:
    made = _made(found)
    form = OrderForm(standing_table.tied(made), request.POST)

    def act() -> None:
        meeting = form.cleaned_data["meeting"]
        ranking.break_tie(made, order=form.order, meeting=meeting, by=request.user)

    return _asked(request, found, _("The equal cases were put in order."), act, order=form)


def _lapse(request: KnownRequest, found: Group) -> HttpResponse:
    standing = ranking.offered(_made(found)).select_related("case__edition", "ranking").first()
    if standing is None:
        raise Http404
    return _done(
        request,
        found,
        _("The project waits; the money goes to the next that fits."),
        lambda: ranking.lapse_offer(standing, by=request.user),
    )


def _merge(request: KnownRequest, found: Group) -> HttpResponse:
    form = MergeForm(found, request.POST)

    def act() -> None:
        merging.merge(
            found.round,
            procedure_key=found.procedure_key,
            group=found.code,
            into=form.cleaned_data["into"],
            by=request.user,
        )

    return _asked(request, found, _("The group goes on in the next round."), act, merge=form)


ACTS: Mapping[str, Callable[[KnownRequest, Group], HttpResponse]] = {
    "rank": _rank,
    "rerank": _rerank,
    "approve": _approve,
    "order": _order,
    "merge": _merge,
    "lapse": _lapse,
}


def _made(found: Group) -> Ranking:
    if found.newest is None:
        raise Http404
    return found.newest


def _asked(
    request: KnownRequest,
    found: Group,
    told: str | Promise,
    act: Callable[[], object],
    **form: Any,
) -> HttpResponse:
    """Do what an officer's form asks; the one ``form`` comes back as it was sent, if it must."""
    if not request.user.holds("case_officer"):
        raise NotEntitled
    if not all(each.is_valid() for each in form.values()):
        return _page(request, found, status=422, **form)
    return _done(request, found, told, act, **form)


def _done(
    request: KnownRequest, found: Group, told: str | Promise, act: Callable[[], object], **kept: Any
) -> HttpResponse:
    """Do it and say so; a refusal keeps the page and what was written."""
    try:
        act()
    except CaseError as refusal:
        if refusal.status == NotEntitled.status:
            raise
        return _page(request, found, status=refusal.status, refusal=sentence(refusal), **kept)
    messages.success(request, str(told))
    return see_other("ranking", found.round.key, found.procedure_key, found.code)


@office(*READERS)
@require_safe
def group_csv(request: KnownRequest, call: str, procedure: str, code: str) -> HttpResponse:
    """The places of one group as a table file."""
    found = _group(call, procedure, code)
    return standing_table.as_csv(found, found.newest)
