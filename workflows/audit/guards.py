"""The law and the trail as the database enforces them: triggers, alike on both engines.

Python promises are not evidence: a django-fsm transition can be bypassed in seven ways and a
table without triggers forgets. A refused statement raises ``IntegrityError`` whose text begins
with ``heng:``.

A migration that alters a guarded table on SQLite must lift the guards first and install them
again, because Django rebuilds the table and its triggers fall with it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MARK = "heng:"
GENESIS = "0" * 64
Edges = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Guard:
    """One trigger: refuse ``event`` on ``table`` whenever ``condition`` holds."""

    name: str
    table: str
    event: str  # INSERT, UPDATE, DELETE
    condition: str  # SQL that both engines read; {to} is the state told by an event's body
    message: str

    @property
    def trigger(self) -> str:
        """The trigger's name in the database."""
        return f"heng_{self.name}"


IMMUTABLE = ("event", "submission", "edition", "ballot", "note")
KEPT = (*IMMUTABLE, "number", "case")
FIRST = tuple(table for table in KEPT if table != "note")  # guarded before there were notes

# The last entry of the chain, compared for equality only: no hash function is needed in SQL.
LINK = f"""
    NEW.seq <> 1 + coalesce(
        (SELECT max(e.seq) FROM workflows_event e WHERE e.chain = NEW.chain), 0)
    OR NEW.prev <> coalesce(
        (SELECT e.hash FROM workflows_event e WHERE e.chain = NEW.chain
         ORDER BY e.seq DESC LIMIT 1), '{GENESIS}')
"""  # noqa: S608 -- a constant of ours
CHAIN_NAME = """
    coalesce('case:' || NEW.case_id, '') <>
        CASE WHEN substr(NEW.chain, 1, 5) = 'case:' THEN NEW.chain ELSE '' END
"""
UNTOLD = """
    (NEW.state <> OLD.state OR NEW.version <> OLD.version OR NEW.head <> OLD.head)
    AND (NEW.version <= OLD.version OR NOT EXISTS (
        SELECT 1 FROM workflows_event e
        WHERE e.chain = 'case:' || NEW.id AND e.seq = NEW.version AND e.hash = NEW.head
          AND {to} = NEW.state))
"""
RENUMBERED = """
    NEW.id <> OLD.id OR NEW.series_id <> OLD.series_id OR NEW.serial <> OLD.serial
    OR NEW.text <> OLD.text OR NEW.given <> OLD.given
    OR coalesce(NEW.case_id, 0) <> coalesce(OLD.case_id, 0)
    OR (OLD.void IS NOT NULL AND (NEW.void IS NULL OR NEW.void <> OLD.void))
"""


def guards(edges: Edges) -> Iterator[Guard]:
    """Every guard of both engines, for the law whose moves are ``edges``."""
    yield Guard("link", "event", "INSERT", LINK, "an entry follows the last entry of its chain")
    yield Guard("chain_name", "event", "INSERT", CHAIN_NAME, "a chain bears the name of its case")
    for table in IMMUTABLE:
        yield Guard(f"{table}_fixed", table, "UPDATE", "TRUE", f"an entry of {table} never changes")
    for table in KEPT:
        yield Guard(f"{table}_kept", table, "DELETE", "TRUE", f"a row of {table} is never deleted")
    yield Guard("number_fixed", "number", "UPDATE", RENUMBERED, "a number can only be made void")
    born = f"NEW.state <> 'draft' OR NEW.version <> 0 OR NEW.head <> '{GENESIS}'"
    yield Guard("case_born", "case", "INSERT", born, "a case begins as a draft")
    allowed = ", ".join(f"'{source}>{target}'" for source, target in sorted(edges))
    unlawful = f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({allowed})"
    yield Guard("case_law", "case", "UPDATE", unlawful, "a case moves only as the law allows")
    yield Guard("case_told", "case", "UPDATE", UNTOLD, "a case moves only with a new event")


def install(
    schema_editor: BaseDatabaseSchemaEditor, edges: Edges, among: Collection[str] = KEPT
) -> None:
    """Put the guards of the tables ``among`` in place for the law whose moves are ``edges``.

    A table that a later migration makes is passed; that migration guards it.
    """
    there = set(schema_editor.connection.introspection.table_names())
    made = [table for table in among if f"workflows_{table}" in there]
    for statement in installing(schema_editor.connection, edges, made):
        schema_editor.execute(statement, params=None)


def remove(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Lift every guard; no data is touched."""
    for statement in removing(schema_editor.connection):
        schema_editor.execute(statement, params=None)


def installing(
    connection: BaseDatabaseWrapper, edges: Edges, among: Collection[str] = KEPT
) -> list[str]:
    """The statements that put every guard of the tables ``among`` in place."""
    wanted = [guard for guard in guards(edges) if guard.table in among]
    if connection.vendor == "postgresql":
        rows = [text for guard in wanted for text in _postgresql(guard)]
        return rows + [_untruncated(table) for table in among]
    return [_sqlite(guard) for guard in wanted] + [_unreplaced(table) for table in among]


def removing(connection: BaseDatabaseWrapper) -> list[str]:
    """The statements that lift every guard."""
    if connection.vendor == "postgresql":
        functions = [f"DROP FUNCTION IF EXISTS {guard.trigger}() CASCADE" for guard in guards([])]
        return [*functions, "DROP FUNCTION IF EXISTS heng_untruncated() CASCADE"]
    return [f"DROP TRIGGER IF EXISTS {name}" for name in sorted(expected(connection))]


def expected(connection: BaseDatabaseWrapper, among: Collection[str] = KEPT) -> set[str]:
    """The names of all triggers that guard the tables ``among``."""
    last = "untruncated" if connection.vendor == "postgresql" else "unreplaced"
    named = {guard.trigger for guard in guards([]) if guard.table in among}
    return named | {f"heng_{table}_{last}" for table in among}


def missing(connection: BaseDatabaseWrapper, among: Collection[str] = KEPT) -> set[str]:
    """The names of the triggers that should be on the tables ``among`` and are not."""
    catalogue = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        return expected(connection, among) - {name for (name,) in cursor.fetchall()}


def is_refusal(error: IntegrityError) -> bool:
    """Whether a guard, and not a constraint, refused the statement."""
    return str(error).startswith(MARK)


def _sqlite(guard: Guard) -> str:
    condition = guard.condition.replace("{to}", "json_extract(e.body, '$.to')")
    return (
        f"CREATE TRIGGER {guard.trigger} BEFORE {guard.event} ON workflows_{guard.table} "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{MARK} {guard.message}'); END"
    )


def _unreplaced(table: str) -> str:
    """INSERT OR REPLACE would delete a row without firing its DELETE trigger."""
    taken = f"EXISTS (SELECT 1 FROM workflows_{table} r WHERE r.id = NEW.id)"  # noqa: S608 -- ours
    return (
        f"CREATE TRIGGER heng_{table}_unreplaced BEFORE INSERT ON workflows_{table} WHEN {taken} "
        f"BEGIN SELECT RAISE(ABORT, '{MARK} a row of {table} is never replaced'); END"
    )


def _postgresql(guard: Guard) -> list[str]:
    condition = guard.condition.replace("{to}", "e.body::json ->> 'to'")
    body = (
        f"BEGIN IF ({condition}) THEN RAISE EXCEPTION '{MARK} {guard.message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN coalesce(NEW, OLD); END"
    )
    return [
        _function(guard.trigger, body),
        f"CREATE TRIGGER {guard.trigger} BEFORE {guard.event} ON workflows_{guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.trigger}()",
    ]


def _untruncated(table: str) -> str:
    body = (
        f"BEGIN RAISE EXCEPTION '{MARK} a kept table is never emptied' "
        "USING ERRCODE = 'integrity_constraint_violation'; END"
    )
    return (
        f"{_function('heng_untruncated', body)}; "
        f"CREATE TRIGGER heng_{table}_untruncated BEFORE TRUNCATE ON workflows_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION heng_untruncated()"
    )


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
