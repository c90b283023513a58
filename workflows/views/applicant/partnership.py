"""A partner's pages: the joint applications that name it, each to read whole and to answer."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from forms import binding
from workflows.errors import CaseError, NotEntitled
from workflows.models import Case, Membership, Partner, User
from workflows.stages import partners, submission, substitution
from workflows.views.applicant.checking import with_typing
from workflows.views.applicant.own import applicants, see_other
from workflows.views.applicant.papers import send
from workflows.views.applicant.partners import mark, role_names
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence
from workflows.views.signature import SignatureForm


class AgreeForm(SignatureForm):
    """The signer's own word, signed."""

    promise = forms.BooleanField(
        label=_("We have read the whole application and take part in it as it stands"),
        error_messages={"required": _("Confirm that you have read it before you agree")},
    )


class RefuseForm(forms.Form):
    """Why a partner does not agree, or leaves."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give the reason; the lead reads it")},
    )


def _told(request: KnownRequest) -> Any:
    """The places the reader's organisations hold in applications they may read."""
    places = Partner.objects.told(request.user.vouched())
    related = ("organisation", "case__edition", "case__applicant", "case__round")
    return places.select_related(*related).order_by("-case__created", "position")


@applicants
@require_safe
def partnerships(request: KnownRequest) -> HttpResponse:
    """Every joint application that names one of the reader's organisations."""
    listed = [
        {"place": each, "case": each.case, "mark": mark(each, _stale(each)), "asks": _asks(each)}
        for each in _told(request)
    ]
    return render(request, "workflows/applicant/partnerships.html", {"rows": listed})


def waiting(request: KnownRequest) -> list[Partner]:
    """The places whose word is asked for now."""
    return [each for each in _told(request) if _asks(each)]


def _stale(place: Partner) -> bool:
    return place.case.state in partners.OPEN and not partners.stands(place, place.case)


def _asks(place: Partner) -> bool:
    """Whether the application waits for this partner's yes or no."""
    if place.refused is not None:
        return False
    if place.case.state in partners.OPEN:
        return _stale(place)
    pending = place.replaces_id is not None and place.approved is None
    return place.case.is_open and pending and place.confirmed is None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def partnership(request: KnownRequest, reference: str) -> HttpResponse:
    """The whole application to read; a signer says yes or no, or that the partner leaves."""
    place = _place(request, reference)
    if request.method != "POST":
        return _show(request, place)
    if not _signs(request, place):
        raise NotEntitled
    do = request.POST.get("do", "")
    if do not in VERBS:
        raise Http404
    form = _form(do, request.user, request.POST)
    if not form.is_valid():
        return _show(request, place, sent=(do, form))
    act, done = VERBS[do]
    try:
        act(place.case, by=request.user, **_words(form))
    except CaseError as refusal:
        return _show(request, place, sent=(do, form), refusal=refusal)
    messages.success(request, str(done))
    return see_other("partnerships" if do == "leave" else "partnership", *_address(do, reference))


VERBS: Mapping[str, tuple[Callable[..., object], str | Promise]] = {
    "confirm": (partners.confirm, _("You have confirmed the application")),
    "refuse": (partners.refuse, _("The lead was told that you do not agree")),
    "leave": (substitution.leave, _("You no longer take part; the lead was told")),
}


def _form(do: str, by: User, sent: QueryDict | None = None) -> forms.Form:
    """The form of one answer; two stand on one page, so their fields have ids of their own."""
    if do == "confirm":
        return AgreeForm(by, sent)
    return RefuseForm(sent, auto_id=f"{do}_%s")


def _address(do: str, reference: str) -> list[str]:
    return [] if do == "leave" else [reference]


def _words(form: forms.Form) -> dict[str, Any]:
    if isinstance(form, SignatureForm):
        return {"signed_with": form.signed_with}
    return {"reason": form.cleaned_data["reason"]}


def _place(request: KnownRequest, reference: str) -> Partner:
    found: Partner | None = _told(request).filter(case__reference=reference).first()
    if found is None:
        raise Http404
    return found


def _signs(request: KnownRequest, place: Partner) -> bool:
    return any(
        mandate.organisation_id == place.organisation_id and mandate.role == mandate.Role.SIGNER
        for mandate in request.user.mandates
    )


def _show(
    request: KnownRequest,
    place: Partner,
    *,
    sent: tuple[str, forms.Form] | None = None,
    refusal: CaseError | None = None,
) -> HttpResponse:
    case = place.case
    asked: dict[str, forms.Form] = {do: _form(do, request.user) for do in VERBS}
    if sent is not None:
        asked[sent[0]] = sent[1]
    values = {
        "case": case,
        "place": place,
        "role": role_names(case).get(place.role, place.role),
        "mark": mark(place, _stale(place)),
        "sections": _sections(case),
        "files": _files(case),
        "forms": asked,
        "sent": sent[1] if sent else None,
        "refusal": sentence(refusal) if refusal else "",
        "open": case.state in partners.OPEN or _asks(place),
        "may_leave": case.state in substitution.HELD,
        "signs": _signs(request, place),
        "signers": _signers(place),
    }
    wrong = 422 if sent is not None and sent[1].errors else 200
    status = refusal.status if refusal else wrong
    return render(request, "workflows/applicant/partnership.html", values, status=status)


def _sections(case: Case) -> Any:
    """The answers as they stand: of the draft, or word for word as they were filed."""
    if case.state not in partners.OPEN:
        return case.filed.transcript["sections"] if case.latest else []
    found = submission.weigh(case, submitted=True)
    language = get_language() or "zh-hans"
    transcript = binding.transcript(case.rules.form, found.bound, language)
    return with_typing(transcript, found)["sections"]


def _files(case: Case) -> list[dict[str, Any]]:
    """The papers attached now, or filed."""
    names = {paper.code: str(paper) for paper in case.rules.form.attachments}
    if case.state not in partners.OPEN:
        held = list(case.latest.files) if case.latest else []
    else:
        kept = case.files.filter(removed=None).order_by("code", "name")
        held = list(kept.values("code", "name", "sha256", "size"))
    return [each | {"title": names.get(each["code"], each["code"])} for each in held]


def _signers(place: Partner) -> list[str]:
    mandates = Membership.objects.in_force().filter(
        organisation=place.organisation_id, role=Membership.Role.SIGNER
    )
    return [str(mandate.user) for mandate in mandates.select_related("user")]


@login_required
@require_safe
def partnership_file(request: KnownRequest, reference: str, code: str, digest: str) -> HttpResponse:
    """One paper of the application, as a download only."""
    return send(_place(request, reference).case, code, digest)
