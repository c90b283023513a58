"""The decision is signed, sealed, or held back (domain 0.13)."""

from django.utils.translation import gettext_lazy as _

from workflows.stages import issuance, renewals
from workflows.views.desk.decisions.form import Choice, Decision, words

STANDING = "workflows/desk/decisions/standing.html"


class Sign(Decision):
    """The issuer signs; the seal is somebody else's."""

    code = "sign"
    title = _("Signing")
    template = STANDING
    choices = (
        Choice(
            "sign",
            _("Sign the decision"),
            _("%(name)s: decision signed."),
            tone="ok",
            icon="pen",
            key="a",
        ),
    )

    def act(self) -> None:
        """Sign the decision."""
        issuance.sign(self.case, by=self.by)


class Seal(Decision):
    """The seal keeper seals: numbers are given, papers are made."""

    code = "seal"
    title = _("Sealing")
    icon = "seal"
    template = STANDING
    choices = (
        Choice(
            "seal",
            _("Apply the seal"),
            _("%(name)s: decision sealed."),
            tone="ok",
            icon="seal",
            key="a",
            sure=_("Numbers are given now and never again. Apply the seal?"),
        ),
    )

    def ahead(self) -> None:
        """Ask for the renewed licence: the seal is refused until it is here (X4)."""
        if renewals.wanting(self.case):
            renewals.ask(self.case, by=self.by)

    def act(self) -> None:
        """Seal the decision."""
        issuance.seal(self.case, by=self.by)


class Hold(Decision):
    """A new finding before sealing sends the case back to the proposal (X47)."""

    code = "hold"
    title = _("Hold back")
    icon = "pause"
    choices = (
        Choice(
            "hold",
            _("Hold it back"),
            _("%(name)s: held back."),
            tone="danger",
            icon="pause",
            sure=_("The case goes back to the proposal. Hold it back?"),
        ),
    )

    reason = words(_("New finding"), required=True)

    def act(self) -> None:
        """Hold the decision back."""
        issuance.hold(self.case, reason=self.cleaned_data["reason"], by=self.by)
