"""Of a joint application and its likes: judging a likeness, a partner that left, a substitute."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows.models import Likeness, Partner
from workflows.stages import likeness, partners, substitution
from workflows.views.desk.decisions.form import Choice, Decision, words


class JudgeLikeness(Decision):
    """The officer says whether two files ask for the same thing (X2)."""

    code = "judge_likeness"
    title = _("Judge a likeness")
    icon = "copy"
    choices = (
        Choice(
            "different",
            _("Different matters"),
            _("%(name)s: judged a different matter."),
            tone="primary",
            icon="check",
        ),
        Choice(
            "same",
            _("The same matter"),
            _("%(name)s: judged the same matter."),
            tone="danger",
            icon="link",
            sure=_("Both files keep this verdict. Judge them the same matter?"),
        ),
    )

    other = forms.ChoiceField(label=_("Compared with"))
    text = words(_("Why"), hint=_("Both files keep these words."), rows=3, required=True)

    def prepare(self) -> None:
        """Offer what nobody has judged yet."""
        self.open = {str(each.pk): each for each in likeness.undecided(self.case)}
        self.offer("other", [(key, _named(each)) for key, each in self.open.items()])

    def act(self) -> None:
        """Judge the chosen one."""
        given = self.cleaned_data
        chosen = self.open[given["other"]]
        likeness.decide(chosen, verdict=self.verdict, text=given["text"], by=self.by)


def _named(each: Likeness) -> str:
    return f"{each.other.reference} {each.other.applicant}"


class RecordLeaving(Decision):
    """A partner has left and says nothing itself (X36)."""

    code = "partner_leaves"
    title = _("A partner has left")
    icon = "logout"
    choices = (
        Choice(
            "leave",
            _("Record that it has left"),
            _("%(name)s: the partner has left."),
            tone="danger",
            icon="logout",
            sure=_("The lead then has to find a substitute, or the case ends. Record it?"),
        ),
    )

    partner = forms.ChoiceField(label=_("Partner"))
    reason = words(_("What the applicant reads"), rows=3, required=True)

    def prepare(self) -> None:
        """Offer the partners in force."""
        found = partners.active(self.case).select_related("organisation")
        self.standing = {str(each.pk): each for each in found}
        self.offer("partner", [(key, each.name) for key, each in self.standing.items()], asks=True)

    def act(self) -> None:
        """Record it."""
        given = self.cleaned_data
        gone = self.standing[given["partner"]].organisation
        substitution.leave(self.case, reason=given["reason"], by=self.by, organisation=gone)


class ApproveSubstitute(Decision):
    """The office approves the unit that takes the place of a partner (X36)."""

    code = "approve_substitute"
    title = _("Approve a substitute")
    icon = "users"
    choices = (
        Choice(
            "approve",
            _("Approve the substitute"),
            _("%(name)s: substitute approved."),
            tone="primary",
            icon="check",
        ),
    )

    substitute = forms.ChoiceField(label=_("Substitute"))

    def prepare(self) -> None:
        """Offer the substitutes that have confirmed."""
        found = {str(each.pk): each for each in pending(self.dossier.case.partners.all())}
        self.pending = found
        self.offer("substitute", [(key, _placed(each)) for key, each in found.items()])

    def act(self) -> None:
        """Approve the chosen one."""
        chosen = self.pending[self.cleaned_data["substitute"]]
        substitution.approve_replacement(chosen, by=self.by)


def pending(places: QuerySet[Partner]) -> QuerySet[Partner]:
    """The substitutes that have confirmed and wait for the office."""
    waiting = places.filter(left=None, approved=None, confirmed__isnull=False)
    return waiting.exclude(replaces=None).select_related("replaces", "case")


def _placed(each: Partner) -> str:
    assert each.replaces is not None, "a substitute takes somebody's place"
    return gettext("%(name)s, in place of %(former)s") % {
        "name": each.name,
        "former": each.replaces.name,
    }
