"""When law or life changes beside a case: newer rules for it, a longer term for its title."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workflows.errors import TermFixed
from workflows.models import Case, Certificate, Edition
from workflows.stages import register, review
from workflows.views.desk.decisions.form import Choice, Decision, words


class ApplyNewer(Decision):
    """The new rules are better for the applicant: the case goes on under them (X41)."""

    code = "apply_newer"
    title = _("Apply newer rules")
    icon = "file"
    choices = (
        Choice(
            "apply",
            _("Apply these rules"),
            _("%(name)s: goes on under the newer rules."),
            tone="primary",
            icon="check",
            sure=_("The case leaves the rules it began with for good. Apply the newer ones?"),
        ),
    )

    edition = forms.ModelChoiceField(Edition.objects.none(), label=_("Rules"), empty_label=None)
    reason = words(_("Why they are better for the applicant"), rows=3, required=True)

    def prepare(self) -> None:
        """Offer what was published since."""
        self.fields["edition"].queryset = newer(self.case)  # type: ignore[attr-defined]

    def act(self) -> None:
        """Put the case under the newer rules."""
        given = self.cleaned_data
        review.apply_newer(self.case, given["edition"], reason=given["reason"], by=self.by)


def newer(case: Case) -> QuerySet[Edition]:
    """Editions of the case's programme published after its own, the newest first."""
    published = Edition.objects.filter(
        programme=case.programme_key, published__gt=case.edition.published
    )
    return published.order_by("-published")


def has_newer(case: Case) -> bool:
    """Whether newer rules could be applied to the case."""
    return case.state in review.BEFORE_EVALUATION and newer(case).exists()


class ExtendTerm(Decision):
    """The registration a title was cut to is renewed: the title runs on (X48)."""

    code = "extend_term"
    title = _("Extend the term of the title")
    icon = "calendar"
    choices = (
        Choice(
            "extend",
            _("Extend the term"),
            _("%(name)s: the title runs on."),
            tone="primary",
            icon="check",
        ),
    )

    valid_to = forms.DateField(
        label=_("Valid until"),
        widget=forms.DateInput(attrs={"type": "date", "class": "w-md"}, format="%Y-%m-%d"),
    )
    proof = words(
        _("Proof of renewal"),
        hint=_("Name, number and last day of the renewed registration."),
        rows=2,
        required=True,
    )

    def act(self) -> None:
        """Extend the title."""
        given = self.cleaned_data
        titles = Certificate.objects.select_related("case__edition", "case__applicant")
        title = titles.filter(case=self.case, state__in=register.STANDING).first()
        if title is None:
            raise TermFixed
        register.extend_term(title, valid_to=given["valid_to"], proof=given["proof"], by=self.by)


def may_extend(case: Case) -> bool:
    """Whether the case's title was cut to another registration and stands."""
    grant = case.procedure.grant
    cut = bool(grant.term_years and grant.term_ends_with)
    return cut and case.titles.filter(state__in=register.STANDING).exists()
