"""Papers the house issues."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

DECIDING = (  # papers that say or carry a decision: inside the office until it is delivered
    "decision_granted",
    "decision_refused",
    "decision_continued",
    "decision_registered",
    "pool_notice",
    "certificate",
    "designation",
    "recognition",
    "approval",
    "marks_letter",
)


class DocumentQuerySet(models.QuerySet["Document"]):
    """Papers, by who may know of them."""

    def told(self) -> Self:
        """Those the applicant and the public may know of; a decision only once it is delivered."""
        inside = models.Q(kind__in=DECIDING, case__decision__delivered=None)
        # a project called up from the register keeps the letter that told it to wait
        kept = models.Q(kind="decision_registered", case__decision__sealed=None)
        return self.exclude(inside & ~kept)


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

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "revision"], name="one_paper_a_kind_and_revision"
            )
        ]
        indexes = [models.Index(fields=["sha256"], name="papers_by_content")]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()
