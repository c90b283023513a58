"""System checks: a dangerous configuration is refused before anything runs on it.

``check`` runs the plain ones, ``check --database default`` (as ``migrate`` and ``work`` do) also
asks the database, ``check --deploy`` adds what only production demands.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import TextField
from django.db.models.functions import Cast

from workflows import programme
from workflows.audit import guards
from workflows.models import Task

FILLED_SINCE = ("workflows", "0001_initial")
GUARDED_SINCE = {  # which migration has the tables of a database guarded
    ("workflows", "0002_guards"): guards.FIRST,
    ("workflows", "0016_notes_kept"): guards.KEPT,
}
FULL = 2  # PRAGMA synchronous: 0 OFF, 1 NORMAL, 2 FULL, 3 EXTRA
PROMISES = ("fsync", "full_page_writes", "synchronous_commit")
DEVELOPMENT_SIGNER = "workflows.documents.signing.DevelopmentSigner"


def register() -> None:
    """Enter every check of ours into Django's register."""
    checks.register(flow_locks, checks.Tags.compatibility)
    checks.register(secret_key, checks.Tags.security)
    checks.register(sqlite_transactions, checks.Tags.compatibility)
    checks.register(durability, checks.Tags.database)
    checks.register(guards_in_place, checks.Tags.database)
    checks.register(open_steps, checks.Tags.database)
    checks.register(production_mode, checks.Tags.security, deploy=True)
    checks.register(signing, checks.Tags.security, deploy=True)
    checks.register(text_messages, checks.Tags.security, deploy=True)


# --- always -------------------------------------------------------------------------------------
def flow_locks(**_: Any) -> list[checks.CheckMessage]:
    """Every flow takes a lock of ours: viewflow's are none, none on SQLite, or a sleep."""
    return [
        checks.Error(
            f"The flow {flow.__name__} of {each.key} has no real lock.",
            hint="Let it inherit steps.CaseFlow, or set lock_impl = steps.lock.",
            obj=flow,
            id="heng.E001",
        )
        for each in programme.all_()
        for flow in each.flows.values()
        if not _is_ours(getattr(flow, "lock_impl", None))
    ]


def _is_ours(lock: object) -> bool:
    return callable(lock) and lock.__module__ != "viewflow.workflow.lock"


def sqlite_transactions(**_: Any) -> list[checks.CheckMessage]:
    """SQLite takes its write lock at BEGIN; Django's default fails under two writers."""
    databases: Mapping[str, Any] = settings.DATABASES
    return [
        checks.Error(
            f"The SQLite database {alias!r} does not begin its transactions IMMEDIATE.",
            hint="Set OPTIONS['transaction_mode'] = 'IMMEDIATE'.",
            id="heng.E002",
        )
        for alias, wiring in databases.items()
        if wiring["ENGINE"].endswith("sqlite3")
        and wiring.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE"
    ]


def secret_key(**_: Any) -> list[checks.CheckMessage]:
    """Sessions and forms are signed with a key of this installation's own."""
    try:
        present = bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        present = False
    if present:
        return []
    hint = "Set the environment variable SECRET_KEY to 50 random characters."
    return [checks.Error("SECRET_KEY is missing.", hint=hint, id="heng.E007")]


# --- with the database --------------------------------------------------------------------------
def durability(databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """What the database acknowledges survives a power cut."""
    found: list[checks.CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
                level = cursor.execute("PRAGMA synchronous").fetchone()[0]
            found += sqlite_promises(alias, journal, level)
        elif connection.vendor == "postgresql":
            found += postgresql_promises(alias, {name: _show(alias, name) for name in PROMISES})
    return found


def sqlite_promises(alias: str, journal: str, level: int) -> Iterator[checks.CheckMessage]:
    """Refuse a journal that blocks readers, and a commit that does not reach the disk."""
    if journal != "wal":
        hint = "Begin OPTIONS['init_command'] with PRAGMA journal_mode=WAL;"
        yield checks.Error(
            f"The SQLite database {alias!r} is not in WAL mode.", hint=hint, id="heng.E003"
        )
    if level < FULL:
        hint = "Add PRAGMA synchronous=FULL; to OPTIONS['init_command']."
        yield checks.Error(
            f"The SQLite database {alias!r} does not wait for the disk.", hint=hint, id="heng.E004"
        )


def postgresql_promises(alias: str, shown: Mapping[str, str]) -> Iterator[checks.CheckMessage]:
    """Refuse a server whose acknowledged commits a crash can lose or tear."""
    for name in PROMISES:
        if shown[name] == "off":
            yield checks.Error(
                f"The PostgreSQL database {alias!r} runs with {name} = off.",
                hint=f"Set {name} = on in postgresql.conf.",
                id="heng.E005",
            )


def _show(alias: str, name: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def guards_in_place(databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """The triggers that keep the law and the trail are there once they were installed."""
    return [
        checks.Error(
            f"The database {alias!r} has lost its guards: {', '.join(sorted(lost))}.",
            hint="Ask who dropped them, then run migrate --skip-checks back to 0001 and forward.",
            id="heng.E006",
        )
        for alias in databases or ()
        if (lost := guards.missing(connections[alias], _guarded(alias)))
    ]


def _guarded(alias: str) -> Sequence[str]:
    """The tables that have guards by now; none before the first of these migrations ran."""
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    known = [tables for migration, tables in GUARDED_SINCE.items() if migration in applied]
    return known[-1] if known else ()


def open_steps(databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """Every step that some case waits at is in this release; else the case could never go on."""
    written = Task._meta.get_field("flow_task")
    known = {
        written.get_prep_value(node)
        for each in programme.all_()
        for flow in each.flows.values()
        for node in flow.instance.nodes()
    }
    return [
        checks.Error(
            f"Cases in the database {alias!r} wait at steps that are gone: {', '.join(lost)}.",
            hint="Keep the node, or the whole old flow, under its name until these cases end.",
            id="heng.E013",
        )
        for alias in databases or ()
        if FILLED_SINCE in MigrationRecorder(connections[alias]).applied_migrations()
        and (lost := sorted(_waited_at(alias) - known))
    ]


def _waited_at(alias: str) -> set[str]:
    """The steps of open tasks as they are written, whether they resolve or not."""
    waiting = Task.objects.using(alias).filter(finished=None)
    written = waiting.annotate(step=Cast("flow_task", TextField()))
    return set(written.values_list("step", flat=True).distinct())


# --- in production ------------------------------------------------------------------------------
def production_mode(**_: Any) -> Iterator[checks.CheckMessage]:
    """Nothing made for the workshop is switched on in production."""
    if settings.DEBUG:
        yield checks.Error("DEBUG is on.", hint="Unset the variable DEBUG.", id="heng.E008")
    if settings.HENG_DEMO:
        hint = "Unset HENG_DEMO: its passwords are public and its papers are marked as samples."
        yield checks.Error("HENG_DEMO is on.", hint=hint, id="heng.E009")
    for name in ("HENG_CRASH_AT", "HENG_PAUSE_AT"):
        if name in os.environ:
            yield checks.Error(f"{name} is set.", hint=f"Unset {name}.", id="heng.E010")


def signing(**_: Any) -> Iterator[checks.CheckMessage]:
    """Papers are signed with the authority's own key, and the key can be opened."""
    signer: Mapping[str, Any] = settings.HENG_SIGNER
    options = signer["OPTIONS"]
    if "certificate" in options:
        for name, key in (
            ("HENG_SIGNER_P12", "certificate"),
            ("HENG_SIGNER_PASSPHRASE_FILE", "passphrase_file"),
        ):
            if not _is_readable(options.get(key, "")):
                hint = f"Point {name} at a file this process can read."
                yield checks.Error("Signing is half configured.", hint=hint, id="heng.E011")
    if signer["BACKEND"] == DEVELOPMENT_SIGNER and not settings.HENG_DEMO:
        hint = "Set HENG_SIGNER and HENG_SIGNER_P12, or HENG_DEMO on a machine for trying out."
        yield checks.Error("Papers are signed by the development CA.", hint=hint, id="heng.E012")


def text_messages(**_: Any) -> Iterator[checks.CheckMessage]:
    """Telephone numbers and the token leave the house under cover, and the token can be read."""
    url, token = settings.HENG_SMS["url"], settings.HENG_SMS["token_file"]
    if url and not url.startswith("https://"):
        hint = "Give HENG_SMS_URL an address that begins with https://."
        yield checks.Error("Text messages leave uncovered.", hint=hint, id="heng.E020")
    if url and token and not _is_readable(token):
        hint = "Point HENG_SMS_TOKEN_FILE at a file this process can read."
        yield checks.Error("Text messages are half configured.", hint=hint, id="heng.E021")


def _is_readable(path: str) -> bool:
    return bool(path) and Path(path).is_file() and os.access(path, os.R_OK)
