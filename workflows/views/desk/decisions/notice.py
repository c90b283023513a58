"""The public notice: publishing a list, answering objections (domain 0.12)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.models import Case, Objection, Task
from workflows.stages import publication
from workflows.views.desk import reach
from workflows.views.desk.decisions.form import Choice, Decision, words


class Publish(Decision):
    """One list for the public: this case, and others of the same call that wait as well."""

    code = "publish"
    title = _("Publication of the notice")
    icon = "eye"
    template = "workflows/desk/decisions/publication.html"
    choices = (
        Choice(
            "publish",
            _("Publish the notice"),
            _("%(name)s: notice published."),
            tone="primary",
            icon="eye",
            key="a",
            sure=_("The list is public at once and stays readable. Publish it?"),
        ),
    )

    others = forms.MultipleChoiceField(
        label=_("On the same list"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        """Offer the cases of the same procedure and edition that wait for publication."""
        waiting = Task.objects.filter(node="publication", finished=None)
        found = (
            reach.cases(self.by)
            .filter(
                pk__in=waiting.values("case"),
                procedure_key=self.case.procedure_key,
                edition=self.case.edition_id,
            )
            .exclude(pk=self.case.pk)
            .select_related("applicant", "edition")
            .order_by("pk")
        )
        self.waiting: dict[str, Case] = {str(case.pk): case for case in found}
        options = [
            (key, f"{case.applicant.name} · {case.reference}") for key, case in self.waiting.items()
        ]
        self.offer("others", options)
        self.initial.setdefault("others", list(self.waiting))

    def act(self) -> None:
        """Publish the list."""
        others = [self.waiting[key] for key in self.cleaned_data["others"]]
        publication.publish([self.case, *others], by=self.by)


class AnswerObjection(Decision):
    """One objection is answered in writing; an upheld one removes the entry or weighs it again."""

    code = "answer"
    title = _("Objection")
    icon = "flag"
    template = "workflows/desk/decisions/objection.html"
    choices = (
        Choice(
            "answer",
            _("Send the answer"),
            _("%(name)s: objection answered."),
            tone="primary",
            icon="send",
            key="a",
            sure=_("An answer is final. Send it?"),
        ),
    )

    objection = forms.ChoiceField(label=_("Objection"), widget=forms.RadioSelect)
    result = forms.ChoiceField(
        label=_("Result"),
        choices=[(each.value, each.label) for each in publication.ANSWERS],
        widget=forms.RadioSelect,
    )
    effect = forms.ChoiceField(
        label=_("If it is upheld"),
        choices=[
            ("", _("Nothing follows")),
            ("remove", _("Take the entry off the list and propose anew")),
            ("evaluate", _("Evaluate again")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    answer = words(_("Answer to the objector"), required=True)

    def prepare(self) -> None:
        """Offer the objections that are open."""
        self.objections = {str(each.pk): each for each in publication.open_objections(self.case)}
        options = [(key, each.number) for key, each in self.objections.items()]
        self.offer("objection", options)
        if options:
            self.initial.setdefault("objection", options[0][0])
        if len(options) == 1:
            self.fields["objection"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """An upheld objection has an effect."""
        given = super().clean()
        if given.get("result") == Objection.Result.UPHELD and not given.get("effect"):
            self.add_error("effect", _("Choose what follows from upholding it."))
        return given

    def act(self) -> None:
        """Answer the objection."""
        given = self.cleaned_data
        upheld = given["result"] == Objection.Result.UPHELD
        publication.answer_objection(
            self.objections[given["objection"]],
            result=given["result"],
            answer=given["answer"],
            effect=given["effect"] if upheld else "",
            by=self.by,
        )
