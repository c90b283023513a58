"""Lists in the order in which tasks came; a search that reads the newest cases first.

On PostgreSQL the vector of a passage also says each Han character by itself, so that one character
is a word like any other and not the beginning of many, and in which ranges of cases it stands
(``search_ranges.SIZES``), so that the index is asked about the newest cases alone. A submission
says its short answers as ``code=value``, so that a filter need not read the whole form.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Q

HAN = (
    r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # search_words.HAN
)
TOKENS = """
    CREATE FUNCTION heng_tokens(case_id bigint, kind smallint, tokens text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(string_agg(word, ' ' ORDER BY place), '')::tsvector
        FROM (
            SELECT '''' || kind || token || ''':' || place
                || CASE WHEN length(token) > 1 AND token ~ '^[HAN]'
                   THEN ' ''' || kind || left(token, 1) || ''':' || place ELSE '' END, place
            FROM regexp_split_to_table(tokens, ' ') WITH ORDINALITY AS t(token, place)
            WHERE token <> ''
            UNION ALL
            SELECT '''' || kind || '/' || bits || '/' || (case_id >> bits) || '''', 0
            FROM unnest(ARRAY[6, 9, 12]) AS ranges(bits)
        ) AS words(word, place)
    $$
""".replace("HAN", HAN)
BEFORE = """
    CREATE FUNCTION heng_tokens(kind smallint, tokens text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(
            string_agg('''' || kind || token || ''':' || place, ' ' ORDER BY place), '')::tsvector
        FROM regexp_split_to_table(tokens, ' ') WITH ORDINALITY AS t(token, place)
        WHERE token <> ''
    $$
"""
FACTS = (
    """
    CREATE FUNCTION heng_facts(answers jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT coalesce(array_agg(code || '=' || told ORDER BY code, told), '{}')
        FROM (
            SELECT code, jsonb_array_elements_text(
                CASE jsonb_typeof(answer) WHEN 'array' THEN answer
                ELSE jsonb_build_array(answer) END)
            FROM jsonb_each(CASE jsonb_typeof(answers) WHEN 'object' THEN answers ELSE '{}' END)
                AS given(code, answer)
        ) AS answered(code, told)
        WHERE length(told) <= 60
    $$
    """,
    "ALTER TABLE workflows_submission ADD COLUMN facts text[] "
    "GENERATED ALWAYS AS (heng_facts(answers)) STORED",
)
NO_FACTS = (
    "ALTER TABLE workflows_submission DROP COLUMN facts",
    "DROP FUNCTION heng_facts(jsonb)",
)
VECTOR = (
    "ALTER TABLE workflows_passage ADD COLUMN vector tsvector "
    "GENERATED ALWAYS AS (heng_tokens({}kind, tokens)) STORED",
    "ALTER TABLE workflows_passage ALTER COLUMN vector SET STATISTICS 1000",
    "CREATE INDEX passages_by_token ON workflows_passage USING gin (vector)",
)
GONE = (
    "ALTER TABLE workflows_passage DROP COLUMN vector",
    "DROP FUNCTION heng_tokens({}smallint, text)",
)


def install(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every vector anew, and the facts."""
    if schema_editor.connection.vendor == "postgresql":
        gone = (each.replace("{}", "") for each in GONE)
        come = (each.replace("{}", "case_id, ") for each in VECTOR)
        for statement in (*gone, TOKENS, *come, *FACTS):
            schema_editor.execute(statement, params=None)


def remove(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make every vector as it was, and no facts."""
    if schema_editor.connection.vendor == "postgresql":
        gone = (each.replace("{}", "bigint, ") for each in GONE)
        come = (each.replace("{}", "") for each in VECTOR)
        for statement in (*NO_FACTS, *gone, BEFORE, *come):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0014_readings")]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["owner", "created", "id"], condition=Q(status="ASSIGNED"), name="inbox_came"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["candidate", "created", "id"],
                condition=Q(status__in=("NEW", "ASSIGNED")),
                name="team_came",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
