"""Files an applicant attached; the bytes lie in the content-addressed store."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class File(models.Model):
    """One attached file of one case, under its attachment code."""

    class Scan(models.TextChoices):
        """What is known of viruses; only the first two can be opened by anybody."""

        UNSCANNED = "unscanned", _("Not scanned for viruses")  # this house has no scanner
        CLEAN = "clean", _("No virus found")
        QUARANTINED = "quarantined", _("Being scanned for viruses")
        INFECTED = "infected", _("Virus found")

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="files")
    code = models.CharField(max_length=50)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(default=0)
    scan = models.CharField(max_length=12, choices=Scan, default=Scan.UNSCANNED)
    uploaded = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("file")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code", "sha256"],
                condition=models.Q(removed=None),
                name="a_file_once_a_code",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def available(self) -> bool:
        """Whether it may be opened."""
        return self.scan in (self.Scan.UNSCANNED, self.Scan.CLEAN)


class PaperScan(models.Model):
    """What is known of viruses in a paper that no row of ``File`` stands for, by its content."""

    of = models.CharField(max_length=64, unique=True)  # sha256 of the paper
    scan = models.CharField(max_length=12, choices=File.Scan)
    virus = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("scan of a paper")

    def __str__(self) -> str:
        return f"{self.of[:12]}: {self.scan}"


class Picture(models.Model):
    """A page of a stored file as a picture; drawn by a worker, and again whenever it is lost."""

    of = models.CharField(max_length=64)  # sha256 of the file
    number = models.PositiveIntegerField()  # of the page, from 1
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("picture")
        constraints = [models.UniqueConstraint(fields=["of", "number"], name="a_page_drawn_once")]
