"""The on-site check: photos, what was found, and the signatures of the two who went there."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from forms import gate
from workflows import clock, drawing
from workflows.errors import CaseError, FileRefused
from workflows.models import Case, SiteVisit, User
from workflows.stages import visits
from workflows.views.desk import reach
from workflows.views.desk.decisions.form import lines
from workflows.views.desk.visit_form import RecordForm
from workflows.views.downloads import alone, content, require_open_paper
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

ACCEPT = ".jpg,.jpeg,.png"
Act = Callable[["Page"], str | None]  # does one thing; gives what is told, None to stay


class Page:
    """One request for the record of a visit, and what is to be shown again."""

    def __init__(self, request: KnownRequest, case: Case, found: SiteVisit) -> None:
        """Show the record as it stands."""
        self.request, self.case, self.visit = request, case, found
        self.form: RecordForm | None = None
        self.wrong: list[tuple[str, str]] = []
        self.refusal = ""
        self.status = 200

    @property
    def by(self) -> User:
        """Who asks."""
        return self.request.user

    @property
    def asked(self) -> tuple[str, str]:
        """Which button was pressed, and what it is about: "remove:<sha256>"."""
        act, _colon, about = self.request.POST.get("do", "").partition(":")
        return act, about

    def typed(self) -> RecordForm:
        """The form as it was typed, not judged."""
        names = RecordForm.base_fields
        kept = {name: self.request.POST[name] for name in names if name in self.request.POST}
        return RecordForm(self.case, self.by, initial=kept)

    def refuse(self, error: CaseError) -> None:
        """Say why nothing was changed."""
        self.refusal, self.status = sentence(error), error.status


# --- acts ---------------------------------------------------------------------------------------
def _photos(page: Page) -> None:
    """Add what was chosen; each refusal is told, the others come in."""
    page.form = page.typed()
    _upload(page)
    if not page.wrong and not page.request.FILES:
        page.wrong.append(("id_photos", gettext("Choose a file first.")))
        page.status = 422


def _upload(page: Page) -> None:
    for upload in page.request.FILES.getlist("photos"):
        data = upload.read(gate.LARGEST + 1)
        try:
            visits.add_photo(page.case, name=upload.name or "", data=data, by=page.by)
        except FileRefused as refusal:
            page.wrong.append(("id_photos", sentence(refusal)))
            page.status = refusal.status


def _remove(page: Page) -> None:
    page.form = page.typed()
    visits.remove_photo(page.case, sha256=page.asked[1], by=page.by)


def _record(page: Page) -> str | None:
    page.form = RecordForm(page.case, page.by, page.request.POST)
    _upload(page)
    if not page.form.is_valid():
        page.status = 422
    if page.status != 200:
        return None
    given = page.form.cleaned_data
    second, _words = page.form.people[int(given["second"])]
    visits.record_visit(
        page.case,
        visited_on=given["visited_on"],
        place=given["place"],
        note=given["note"],
        result=given["result"],
        differences=lines(given["differences"]),
        second=second,
        by=page.by,
    )
    return gettext("Signed. %(name)s is asked to sign as well.") % {"name": second.name}


def _sign(page: Page) -> str:
    visits.sign_visit(page.case, by=page.by)
    return gettext("Signed by both; the evaluation is closed.")


def _reopen(page: Page) -> str:
    visits.reopen_visit(page.case, reason=page.request.POST.get("reason", ""), by=page.by)
    return gettext("The record was taken back.")


ACTS: Mapping[str, Act] = {
    "photos": _photos,
    "remove": _remove,
    "record": _record,
    "sign": _sign,
    "reopen": _reopen,
}


# --- pages --------------------------------------------------------------------------------------
@office(*reach.VISITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: KnownRequest, reference: str) -> HttpResponse:
    """The record of a case's visit: written, signed, signed again; what is refused stays typed."""
    related = ("edition", "applicant", "round", "agency")
    cases = reach.cases(request.user).select_related(*related)
    case = get_object_or_404(cases, reference=reference)
    found = visits.visit_of(case)
    if found is None:
        raise Http404
    page = Page(request, case, found)
    if request.method == "POST":
        told = _do(page)
        if told is not None:
            messages.success(request, told)
            return reach.see_other("visit", reference)
    return _show(page)


def _do(page: Page) -> str | None:
    act = ACTS.get(page.asked[0])
    if act is None:
        raise Http404
    try:
        return act(page)
    except CaseError as error:
        page.refuse(error)
    return None


def _show(page: Page) -> HttpResponse:
    case, by = page.case, page.by
    found = get_object_or_404(SiteVisit.objects.select_related("first", "second"), pk=page.visit.pk)
    writes = found.first_signed is None
    if writes and page.form is None:
        page.form = RecordForm(case, by, initial=_initial(found))
    values = {
        "case": case,
        "visit": found,
        "filed": case.filed,
        "form": page.form if writes else None,
        "errors": [*page.wrong, *_errors(page.form)],
        "refusal": page.refusal,
        "reason": page.request.POST.get("reason", ""),
        "accept": ACCEPT,
        "largest": gate.LARGEST // 1024**2,
        "signs": not writes and found.second_signed is None and found.second_id == by.pk,
        "may_take_back": not writes
        and found.second_signed is None
        and visits.may_reopen(found, by),
    }
    return render(page.request, "workflows/desk/visit.html", values, status=page.status)


def _initial(found: SiteVisit) -> dict[str, Any]:
    """What was written before, or what is known of the place."""
    traits = found.case.procedure.traits
    stated = found.case.filed.answers.get(traits.site, "") if traits else ""
    return {
        "visited_on": found.visited_on or clock.today(),
        "place": found.place or stated,
        "result": found.result,
        "note": found.note,
        "differences": "\n".join(found.differences),
        "second": found.second_id,
    }


def _errors(form: RecordForm | None) -> list[tuple[str, str]]:
    if form is None or not form.is_bound:
        return []
    return [
        (form[name].id_for_label if name in form.fields else "", str(error))
        for name, listed in form.errors.items()
        for error in listed
    ]


@office(*reach.READERS)
@require_safe
def photo(request: KnownRequest, pk: int, number: int) -> HttpResponse:
    """Send a picture of one photo of a record."""
    found = get_object_or_404(SiteVisit, pk=pk, case__in=reach.cases(request.user))
    if not 1 <= number <= len(found.photos):
        raise Http404
    stored = found.photos[number - 1]
    require_open_paper(stored["sha256"], stored["name"])
    picture = drawing.draw(stored["kind"], 1, content(stored["sha256"]))
    if not picture:
        raise Http404
    return alone(HttpResponse(picture, "image/webp"))
