"""Objecting to one entry of a running notice (domain 0.12): at most eight fields, then a number."""

from contextlib import suppress
from typing import Any

from django import forms
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from forms import gate
from workflows import clock
from workflows.errors import CaseError, FileRefused
from workflows.models import NoticeEntry, Objection, PublicNotice
from workflows.stages import intake, publication
from workflows.views import visitors
from workflows.views.privacy import public
from workflows.views.refusals import sentence

SALT = "objection"
KEEPER = signing.Signer(salt="objection-evidence")
PERSON, UNIT = "person", "unit"


class ObjectionForm(forms.Form):
    """Who objects to what, on which facts."""

    use_required_attribute = False
    field_order = ["entry"]

    standing = forms.ChoiceField(
        label=_("You object as"),
        choices=[(PERSON, _("A person, under your real name")), (UNIT, _("A unit, with its seal"))],
        widget=forms.RadioSelect,
        initial=PERSON,
    )
    objector = forms.CharField(
        label=_("Your name, or the unit's full name"),
        max_length=100,
        error_messages={"required": _("Give your name, or the unit's full name.")},
    )
    contact_name = forms.CharField(
        label=_("Contact person"),
        help_text=_("Needed when a unit objects."),
        required=False,
        max_length=50,
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("We call when something in the facts needs to be made clear."),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Give a phone number, e.g. 13800000000.")},
    )
    facts = forms.CharField(
        label=_("Facts and grounds"),
        help_text=_("What is not true or not lawful, when and where, and how it can be checked."),
        max_length=5000,
        widget=forms.Textarea,
        error_messages={"required": _("Say what is wrong and how it can be checked.")},
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        help_text=_("One PDF, JPG, PNG, DOCX or XLSX of at most 20 MB."),
        required=False,
    )

    def __init__(self, notice: PublicNotice, *args: Any, **kwargs: Any) -> None:
        """Offer the entries of ``notice`` that still stand on it."""
        super().__init__(*args, **kwargs)
        self.kept: dict[str, str] | None = None
        self.entries = {str(entry.pk): entry for entry in notice.entries.filter(removed=None)}
        self.fields["entry"] = forms.ChoiceField(
            label=_("The entry you object to"),
            choices=[
                (key, f"{entry.position}. {entry.facts['name']}")
                for key, entry in self.entries.items()
            ],
        )
        self.order_fields(self.field_order)

    def clean_entry(self) -> NoticeEntry:
        """The entry that was picked."""
        return self.entries[self.cleaned_data["entry"]]

    def clean(self) -> dict[str, Any]:
        """A person is their own contact; a unit names one."""
        given = super().clean() or {}
        if not given.get("contact_name"):
            if given.get("standing") == UNIT:
                self.add_error("contact_name", _("Name the person we can ask for."))
            given["contact_name"] = given.get("objector", "")[:50]
        return given

    def clean_evidence(self) -> dict[str, str] | None:
        """Keep what passes the gate, by its content; one kept before stands until it is replaced.

        Raises ``StoreFull`` when there is no room for it.
        """
        file = self.cleaned_data["evidence"]
        if file is None:
            return self._kept_before()
        data = file.read(gate.LARGEST + 1)
        try:
            found = intake.take_in_paper(file.name, data)
        except FileRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        self.kept = {"name": found.name, "sha256": found.sha256}
        return self.kept

    def _kept_before(self) -> dict[str, str] | None:
        """The evidence that came with the form when another field of it was wrong."""
        with suppress(signing.BadSignature):
            self.kept = KEEPER.unsign_object(self.data.get("kept", ""))
        return self.kept

    @property
    def keeping(self) -> str:
        """What the page carries so that the evidence need not be chosen again."""
        return KEEPER.sign_object(self.kept) if self.kept else ""


@require_http_methods(["GET", "HEAD", "POST"])
@public
def objection(request: HttpRequest, slug: str) -> HttpResponse:
    """Object to one entry; ``?entry=`` names the one whose link was followed."""
    notice = get_object_or_404(PublicNotice, slug=slug)
    form = ObjectionForm(notice, initial={"entry": _chosen(request)})
    error, status = "", 200
    if request.method == "POST":
        visitors.spend(request, "objection", visitors.OBJECTIONS)
        form = ObjectionForm(notice, request.POST, request.FILES)
        try:
            if form.is_valid():
                return redirect("objection_filed", signing.dumps(_file(form), salt=SALT))
        except CaseError as refusal:
            error, status = sentence(refusal), refusal.status
    running = clock.today() <= notice.closes or form.is_bound  # late words are shown, not lost
    values = {"notice": notice, "form": form, "error": error, "running": running}
    page = "workflows/public/objection.html"
    return render(request, page, values, status=422 if form.errors else status)


def _chosen(request: HttpRequest) -> str:
    entry = request.GET.get("entry", "")
    return entry if entry.isdecimal() else ""


def _file(form: ObjectionForm) -> dict[str, str]:
    given = form.cleaned_data
    filed = publication.file_objection(
        given["entry"],
        objector=given["objector"],
        contact_name=given["contact_name"],
        phone=given["phone"],
        is_unit=given["standing"] == UNIT,
        facts=given["facts"],
        evidence=[given["evidence"]] if given["evidence"] else [],
    )
    return {"number": filed.number}


@require_safe
def filed(request: HttpRequest, receipt: str) -> HttpResponse:
    """The number of an objection and, once given, its answer: the address is its own proof."""
    try:
        number = signing.loads(receipt, salt=SALT)["number"]
    except signing.BadSignature as forged:
        raise Http404 from forged
    values = {"objection": get_object_or_404(Objection, number=number)}
    return render(request, "workflows/public/objection_filed.html", values)
