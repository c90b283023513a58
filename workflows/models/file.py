"""Files an applicant attached; the bytes lie in the content-addressed store."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class File(models.Model):
    """One attached file of one case, under its attachment code."""

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="files")
    code = models.CharField(max_length=50)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(default=0)
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
