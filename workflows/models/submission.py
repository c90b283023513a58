"""Submissions: what the applicant filed, word for word."""

from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _


class Submission(models.Model):
    """One immutable version of the answers and files, with the questions as shown."""

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    derived = models.JSONField()
    transcript = (
        models.JSONField()
    )  # questions, units, labels and answers as the applicant saw them
    files = models.JSONField()  # [{"code", "name", "sha256", "size", "pages"}]
    assessment = models.JSONField()  # {"conditions": [], "blocks": [], "warnings": []}
    content_hash = models.CharField(max_length=64)  # sha256 of answers, files, applicant, texts
    language = models.CharField(max_length=10)
    submitted = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("submission")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="submissions_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.case} / {self.number}"


@models.JSONField.register_lookup
class Told(models.Lookup):
    """``answers__told=(code, value)``: that answer is ``value``, or is several, it among them."""

    lookup_name = "told"
    prepare_rhs = False
    rhs: tuple[str, str]

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[str]]:
        """Ask the generated column of short answers (migration 0015), which is read quickly."""
        return f"%s = ANY({self._table(compiler)}.facts)", ["=".join(self.rhs)]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[str]]:
        """Ask the answers themselves."""
        code, value = self.rhs
        told = "CASE WHEN type IN ('true', 'false') THEN type ELSE CAST(value AS TEXT) END"
        answers = f"{self._table(compiler)}.answers"
        one = f"SELECT 1 FROM json_each({answers}, %s) WHERE {told} = %s"  # noqa: S608 -- ours
        return f"EXISTS({one})", [f'$."{code}"', value]

    def _table(self, compiler: SQLCompiler) -> str:
        return compiler.quote_name_unless_alias(self.lhs.alias)


class Snapshot(models.Model):
    """The applicant as it was known when it filed, and on what ground its signer signed."""

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="applicant")
    name = models.CharField(max_length=100)
    uscc = models.CharField(max_length=18)
    kind = models.CharField(max_length=30)
    district = models.CharField(max_length=6, blank=True)
    former_names = models.JSONField(default=list)  # [{"name", "until"}]
    profile = models.JSONField(default=dict)
    signer = models.JSONField(default=dict)  # {"name", "basis", "valid_to", "letter"}

    class Meta:
        verbose_name = _("applicant at the time of filing")

    def __str__(self) -> str:
        return self.name
