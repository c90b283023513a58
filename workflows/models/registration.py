"""The doors of an account: invitations by letter, and evidence that the window looks at."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows.models.organisation import Membership


class Ground(models.Model):
    """What a mandate shall rest on, as it was told before the mandate was given."""

    basis = models.CharField(max_length=10, choices=Membership.Basis)
    letter_name = models.CharField(max_length=150, blank=True)
    letter_sha256 = models.CharField(max_length=64, blank=True)
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True


class Invitation(Ground):
    """A letter to an address: whoever reads it may join, or open an account (no organisation)."""

    email = models.EmailField()
    organisation = models.ForeignKey(
        "workflows.Organisation", models.PROTECT, null=True, related_name="invitations"
    )
    role = models.CharField(max_length=10, choices=Membership.Role)
    language = models.CharField(max_length=10)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )  # nobody: the address asked for it
    sent = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("invitation")
        indexes = [models.Index(fields=["email", "sent"], name="letters_to_an_address")]

    def __str__(self) -> str:
        return f"{self.organisation or ''} {self.get_role_display()}".strip()


class Registration(Ground):
    """What an organisation asks the window to confirm, with its evidence, and the answer."""

    class Kind(models.TextChoices):
        """What is asked for."""

        ACCOUNT = "account", _("Account of an organisation")
        SIGNER = "signer", _("Authorised signer")
        NAME = "name", _("New legal name")

    kind = models.CharField(max_length=10, choices=Kind)
    organisation = models.ForeignKey(
        "workflows.Organisation", models.PROTECT, related_name="registrations"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="registrations")
    name = models.CharField(max_length=100)  # the legal name as the licence has it
    signs = models.BooleanField(default=False)  # asks to be an authorised signer
    paper = models.CharField(max_length=15, choices=Membership.Paper, blank=True)
    paper_number = models.CharField(max_length=20, blank=True)
    licence_name = models.CharField(max_length=150, blank=True)
    licence_sha256 = models.CharField(max_length=64, blank=True)
    filed = models.DateTimeField()
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("registration")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "user"],
                condition=models.Q(decided=None),
                name="one_registration_waits",
            )
        ]
        ordering = ["filed"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.name}"
