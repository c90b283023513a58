"""The phrase library (常用语): one's own sentences, and those one's groups share."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from workflows.errors import CaseError
from workflows.models import Phrase, User
from workflows.stages import phrases as stage
from workflows.views import nodes
from workflows.views.context import OFFICE
from workflows.views.desk import assigning, reach
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

PEOPLE = tuple(sorted(OFFICE))


class PhraseForm(forms.Form):
    """What is written, at which step, and who else may use it."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("Phrase"),
        max_length=stage.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": stage.LONGEST}),
    )
    node = forms.ChoiceField(label=_("At which step"), required=False)
    group = forms.ChoiceField(label=_("Who may use it"), required=False)

    def __init__(
        self, user: User, sent: QueryDict | None = None, phrase: Phrase | None = None
    ) -> None:
        """Offer the steps of the desk and the groups of ``user``; begin with ``phrase``."""
        kept = {"text": phrase.text, "node": phrase.node, "group": phrase.group} if phrase else None
        super().__init__(sent, initial=kept)
        steps = [(code, words) for code, words in nodes.WORDS.items() if code not in nodes.SEATED]
        self.offer("node", [("", _("Every step")), *steps])
        shared = [(each, assigning.title(each)) for each in stage.groups(user)]
        self.offer("group", [("", _("Only I")), *shared])

    def offer(self, name: str, options: list[tuple[Any, Any]]) -> None:
        """Give a field its options."""
        cast(forms.ChoiceField, self.fields[name]).choices = options


@office(*PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: KnownRequest) -> HttpResponse:
    """Every phrase the reader may use, and the form that adds one."""
    form = PhraseForm(request.user, request.POST if request.method == "POST" else None)
    refusal: CaseError | None = None
    if form.is_valid():
        try:
            stage.add(request.user, **form.cleaned_data)
        except CaseError as error:
            refusal = error
        else:
            messages.success(request, gettext("The phrase is kept"))
            return reach.see_other("phrases")
    return _page(request, form, None, refusal)


@office(*PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def phrase(request: KnownRequest, pk: int) -> HttpResponse:
    """Write one's own phrase anew; a colleague's is theirs to change."""
    found = get_object_or_404(Phrase, pk=pk, owner=request.user)
    form = PhraseForm(request.user, request.POST if request.method == "POST" else None, found)
    refusal: CaseError | None = None
    if form.is_valid():
        try:
            stage.change(found, by=request.user, **form.cleaned_data)
        except CaseError as error:
            refusal = error
        else:
            messages.success(request, gettext("The phrase is kept"))
            return reach.see_other("phrases")
    return _page(request, form, found, refusal)


@office(*PEOPLE)
@require_POST
def phrase_remove(request: KnownRequest, pk: int) -> HttpResponse:
    """Take one's own phrase away."""
    stage.remove(get_object_or_404(Phrase, pk=pk, owner=request.user), by=request.user)
    messages.success(request, gettext("The phrase is gone"))
    return reach.see_other("phrases")


def _page(
    request: KnownRequest, form: PhraseForm, changed: Phrase | None, refusal: CaseError | None
) -> HttpResponse:
    found = list(stage.of(request.user))
    shared = any(each.group.startswith("department_reviewer:") for each in found)
    names = assigning.departments() if shared else {}
    rows = [
        {
            "phrase": each,
            "step": nodes.WORDS.get(each.node, each.node) if each.node else _("Every step"),
            "group": assigning.title(each.group, names) if each.group else "",
            "own": each.owner_id == request.user.pk,
        }
        for each in found
    ]
    values = {
        "form": form,
        "changed": changed,
        "rows": rows,
        "refusal": sentence(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "workflows/desk/phrasebook.html", values, status=status)
