"""The index of the search: what a filed case can be found by, cut into passages.

Everything here is made from other rows and can be made again. The database keeps an inverted index
over ``tokens`` beside the table (migration 0009): a generated ``tsvector`` on PostgreSQL, an FTS5
table on SQLite.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext_lazy as _

from workflows.search_words import Phrase

Compiled = tuple[str, list[Any]]


class Passage(models.Model):
    """Some 2,000 characters of one source of a case."""

    class Kind(models.IntegerChoices):
        """What the words were found in, the best reason first."""

        NUMBER = 1, _("Case number or credit code")
        COMPANY = 2, _("Organisation")
        ANSWERS = 3, _("Answers")
        FILE = 4, _("Attachments")

    case = models.ForeignKey(
        "workflows.Case", models.CASCADE, related_name="passages", db_index=False
    )
    kind = models.PositiveSmallIntegerField(choices=Kind)
    source = models.CharField(max_length=64, blank=True)  # the digest of a file
    title = models.CharField(max_length=150, blank=True)  # the name of a file
    part = models.PositiveSmallIntegerField(default=0)
    page = models.PositiveSmallIntegerField(null=True)  # of a file; 0 where its kind has none
    text = models.TextField()
    tokens = models.TextField()  # ``search_words.tokens`` of the text

    class Meta:
        verbose_name = _("passage")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "source", "part"], name="a_passage_once_a_source"
            )
        ]
        indexes = [models.Index(fields=["kind", "case"], name="passages_newest_first")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.title}".strip()


@dataclass(frozen=True)
class Asked:
    """A phrase, and the kinds of passages that may say it."""

    phrase: Phrase
    kinds: tuple[int, ...]
    plainly: bool = False  # by reading the rows, not by the index


@models.TextField.register_lookup
class Says(models.Lookup):
    """``tokens__says=Asked(phrase, kinds)``: its tokens stand there one after the other."""

    lookup_name = "says"
    prepare_rhs = False
    rhs: Asked

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Compiled:
        """Ask the generated column, whose GIN index holds every token of every kind."""
        said = f"{self._column(compiler)}.vector @@ %s::tsquery"
        told = f"({said}) IS TRUE" if self.rhs.plainly else said
        return told, [tsquery(self.rhs.phrase, self.rhs.kinds)]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Compiled:
        """Ask the FTS5 table, whose rows bear the numbers of ours."""
        asked = " OR ".join(map(_fts5, self.rhs.phrase.ways))
        found = "SELECT rowid FROM workflows_passage_words WHERE workflows_passage_words MATCH %s"
        row, kinds = self._column(compiler), ", ".join(map(str, self.rhs.kinds))
        return f"({row}.id IN ({found}) AND {row}.kind IN ({kinds}))", [asked]

    def _column(self, compiler: SQLCompiler) -> str:
        return compiler.quote_name_unless_alias(self.lhs.alias)


def tsquery(phrase: Phrase, kinds: Sequence[int]) -> str:
    """What PostgreSQL is asked for ``phrase`` in passages of ``kinds``."""
    return " | ".join(_tsquery(kind, way) for kind in kinds for way in phrase.ways)


def _tsquery(kind: int, phrase: Phrase) -> str:
    """Tokens are letters and digits only, so that nothing in them ends the quotes."""
    words = [f"'{kind}{token}'" for token in phrase.tokens]
    return f"({' <-> '.join(words)}{':*' if phrase.goes_on else ''})"


def _fts5(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"' + (" *" if phrase.unfinished else "")
