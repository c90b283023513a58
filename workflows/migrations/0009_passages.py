"""The index of the search: passages, and beside them what each database finds tokens with.

PostgreSQL: a generated ``tsvector`` of the tokens and a GIN index over it. SQLite: an FTS5 table
without a text of its own, kept by triggers. Django knows of neither, so it never alters them; a
migration that makes SQLite rebuild the table must put its triggers in place again.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# PostgreSQL's own reader of texts cuts some tokens in two (357e73a6 for one), so it is not asked.
# Each kind has tokens of its own, so that the planner knows how common a word is in names, and how
# common in answers.
TOKENS = """
    CREATE FUNCTION heng_tokens(kind smallint, tokens text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(
            string_agg('''' || kind || token || ''':' || place, ' ' ORDER BY place), '')::tsvector
        FROM regexp_split_to_table(tokens, ' ') WITH ORDINALITY AS t(token, place)
        WHERE token <> ''
    $$
"""
POSTGRESQL = (
    TOKENS,
    "ALTER TABLE workflows_passage ADD COLUMN vector tsvector "
    "GENERATED ALWAYS AS (heng_tokens(kind, tokens)) STORED",
    "ALTER TABLE workflows_passage ALTER COLUMN vector SET STATISTICS 1000",
    "CREATE INDEX passages_by_token ON workflows_passage USING gin (vector)",
)
GONE = "INSERT INTO workflows_passage_words(workflows_passage_words, rowid, tokens) " \
    "VALUES ('delete', old.id, old.tokens)"  # fmt: skip
COME = "INSERT INTO workflows_passage_words(rowid, tokens) VALUES (new.id, new.tokens)"
SQLITE = (
    "CREATE VIRTUAL TABLE workflows_passage_words USING fts5(tokens, "
    "content='workflows_passage', content_rowid='id', tokenize='ascii')",
    f"CREATE TRIGGER passage_come AFTER INSERT ON workflows_passage BEGIN {COME}; END",
    f"CREATE TRIGGER passage_gone AFTER DELETE ON workflows_passage BEGIN {GONE}; END",
    "CREATE TRIGGER passage_changed AFTER UPDATE OF id, tokens ON workflows_passage "
    f"BEGIN {GONE}; {COME}; END",
)


def install(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let the database find tokens."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def remove(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take away what does not go with the table."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE workflows_passage DROP COLUMN vector", params=None)
        schema_editor.execute("DROP FUNCTION heng_tokens(smallint, text)", params=None)
    else:
        schema_editor.execute("DROP TABLE workflows_passage_words", params=None)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0008_queues")]

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Case number or credit code"),
                            (2, "Organisation"),
                            (3, "Answers"),
                            (4, "Attachments"),
                        ]
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=64)),
                ("title", models.CharField(blank=True, max_length=150)),
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("text", models.TextField()),
                ("tokens", models.TextField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="workflows.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "passage",
                "indexes": [models.Index(fields=["kind", "case"], name="passages_newest_first")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "kind", "source", "part"), name="a_passage_once_a_source"
                    )
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
