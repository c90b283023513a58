"""Papers the house issues."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """Any paper issued on a case: asked for, then signed and registered exactly once."""

    class State(models.TextChoices):
        """Whether the paper exists yet."""

        REQUESTED = "requested", _("Being prepared")
        ISSUED = "issued", _("Issued")
        SUPERSEDED = "superseded", _("Superseded")
        VOID = "void", _("Void")

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)  # a letter of the edition
    revision = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=30, unique=True)  # 查验码 of /v/<code>/
    state = models.CharField(max_length=12, choices=State, default=State.REQUESTED)
    record = models.TextField()  # canonical JSON embedded as record.json
    record_sha256 = models.CharField(max_length=64)
    dated = models.DateTimeField()  # the moment the paper speaks of
    unsigned_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    issued = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "revision"], name="one_paper_a_kind_and_revision"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()
