"""Files that arrive piece by piece, so that a connection that breaks loses nothing."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows import staging


class Upload(models.Model):
    """A file on its way to a paper of a case; what has arrived of it lies in ``staging``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="uploads")
    code = models.CharField(max_length=50)
    name = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)  # as the sender reckoned it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    begun = models.DateTimeField()
    touched = models.DateTimeField()
    file = models.ForeignKey("workflows.File", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("upload")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "code", "name", "size", "sha256", "by"],
                condition=models.Q(file=None),
                name="one_upload_of_a_file_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def arrived(self) -> int:
        """How many bytes are here, until the file is attached."""
        return staging.length(self.pk)

    @property
    def percent(self) -> int:
        """How much is here, of a hundred."""
        return self.arrived * 100 // self.size
