"""Published editions: the rules a case began with and keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows import edition

_shapes: dict[str, edition.Edition] = {}  # by digest; a house has a handful of editions


class Edition(models.Model):
    """One published version of a programme's rules; immutable, known by its hash."""

    programme = models.CharField(max_length=50)
    version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    content = models.TextField()  # canonical JSON, the text that was hashed
    published = models.DateTimeField()

    class Meta:
        verbose_name = _("edition")
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="one_edition_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.version}"

    @property
    def shape(self) -> edition.Edition:
        """The rules themselves, parsed once per process; a deferred text is not fetched again."""
        if self.digest not in _shapes:
            _shapes[self.digest] = edition.Edition.model_validate_json(self.content)
        return _shapes[self.digest]
