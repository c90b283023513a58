"""System checks: a dangerous configuration is refused, a sound one passes."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.core.checks import CheckMessage, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings
from viewflow.workflow import lock

from tests.conftest import Carry
from tests.guards import EDGES, lifted
from workflows import checks, programme, steps
from workflows.audit import guards
from workflows.documents import signing

SIGNER = f"{signing.DevelopmentSigner.__module__}.{signing.DevelopmentSigner.__qualname__}"


def ids(messages: Any) -> list[str]:
    return [message.id for message in messages]


def ours(messages: list[CheckMessage]) -> list[str]:
    return [id_ for id_ in ids(messages) if id_.startswith("heng.")]


# --- always -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_suites_own_configuration_passes() -> None:
    assert ours(run_checks(databases=["default"])) == []


class Locked(steps.CaseFlow):
    """Locked."""


class Inherited(steps.flow.Flow):
    """viewflow's default."""


class Sleeping(steps.flow.Flow):
    """viewflow's row lock."""

    lock_impl = lock.select_for_update_lock


class Cached(steps.flow.Flow):
    """viewflow's cache lock."""

    lock_impl = lock.CacheLock(attempts=2)


class Lockless(steps.flow.Flow):
    """No lock at all."""

    lock_impl = None


def test_every_flow_of_the_house_has_a_real_lock() -> None:
    flows = [flow for kind in programme.all_() for flow in kind.flows.values()]

    assert flows
    assert checks.flow_locks() == []


@pytest.mark.parametrize("flow", [Inherited, Sleeping, Cached, Lockless])
def test_a_flow_without_a_real_lock_is_refused(flow: type) -> None:
    kind = programme.Programme(
        key="x", code="X", folder=Path(), flows={"good": Locked, "bad": flow}, results=dict
    )

    with patch.object(programme, "all_", lambda: iter([kind])):
        (found,) = checks.flow_locks()

    assert (found.id, found.obj) == ("heng.E001", flow)
    assert found.msg == f"The flow {flow.__name__} of x has no real lock."


def test_sqlite_must_take_its_write_lock_at_once() -> None:
    databases = {
        "default": {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}},
        "good": {
            "ENGINE": "django.db.backends.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE"},
        },
        "other": {"ENGINE": "django.db.backends.postgresql"},
    }

    with patch.object(checks, "settings", SimpleNamespace(DATABASES=databases)):
        (found,) = checks.sqlite_transactions()

    assert (found.id, "'default'" in found.msg) == ("heng.E002", True)


def test_a_missing_key_is_refused(settings: Settings) -> None:
    settings.SECRET_KEY = ""

    assert ids(checks.secret_key()) == ["heng.E007"]


# --- with the database --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("journal", "level", "expected"),
    [
        ("wal", 2, []),
        ("wal", 3, []),
        ("delete", 2, ["heng.E003"]),
        ("memory", 0, ["heng.E003", "heng.E004"]),
        ("wal", 1, ["heng.E004"]),
    ],
)
def test_sqlite_must_keep_what_it_acknowledged(
    journal: str, level: int, expected: list[str]
) -> None:
    assert ids(checks.sqlite_promises("default", journal, level)) == expected


@pytest.mark.parametrize("broken", checks.PROMISES)
def test_postgresql_must_keep_what_it_acknowledged(broken: str) -> None:
    shown = dict.fromkeys(checks.PROMISES, "on")

    assert ids(checks.postgresql_promises("default", shown)) == []
    (found,) = checks.postgresql_promises("default", {**shown, broken: "off"})

    assert (found.id, f"{broken} = off" in found.msg) == ("heng.E005", True)


@pytest.mark.django_db(transaction=True)
def test_the_database_itself_is_asked() -> None:
    weak = (
        ("PRAGMA synchronous = OFF", "PRAGMA synchronous = FULL", "heng.E004")
        if connection.vendor == "sqlite"
        else ("SET synchronous_commit = off", "SET synchronous_commit = on", "heng.E005")
    )
    with connection.cursor() as cursor:
        cursor.execute(weak[0])
        found = checks.durability(databases=["default"])
        cursor.execute(weak[1])

    assert ids(found) == [weak[2]]
    assert checks.durability(databases=["default"]) == []


def test_no_database_is_asked_unless_named() -> None:
    assert checks.durability() == checks.guards_in_place() == checks.open_steps() == []


@pytest.mark.django_db
def test_a_database_without_its_guards_is_refused() -> None:
    with lifted():
        (found,) = checks.guards_in_place(databases=["default"])

    assert (found.id, "heng_case_law" in found.msg) == ("heng.E006", True)


@pytest.mark.django_db
def test_a_house_on_its_way_to_this_release_has_the_guards_of_its_own() -> None:
    """The upgrade itself asks before it has brought the guards of the notes."""
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("workflows", "0016_notes_kept")

    with lifted():
        with connection.cursor() as cursor:
            for statement in guards.installing(connection, EDGES, guards.FIRST):
                cursor.execute(statement)
        found = checks.guards_in_place(databases=["default"])

    assert found == []


@pytest.mark.django_db
@pytest.mark.broken_books
def test_a_release_without_a_step_that_a_case_waits_at_is_refused(carry: Carry) -> None:
    case = carry("P1-002", until="acceptance")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE workflows_task SET flow_task = replace(flow_task, '.acceptance', '.reception')"
            " WHERE case_id = %s",
            [case.pk],
        )

    (found,) = checks.open_steps(databases=["default"])

    assert (found.id, "PoolEntryFlow.reception" in found.msg) == ("heng.E013", True)


@pytest.mark.django_db
def test_no_work_begins_on_a_dangerous_database() -> None:
    with lifted(), pytest.raises(SystemCheckError, match=r"heng\.E006"):
        call_command("work", "--once")


# --- in production ------------------------------------------------------------------------------
def test_the_workshop_stays_at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG, settings.HENG_DEMO = True, True
    monkeypatch.setenv("HENG_CRASH_AT", "leased")

    assert ids(checks.production_mode()) == ["heng.E008", "heng.E009", "heng.E010"]

    settings.DEBUG, settings.HENG_DEMO = False, False
    monkeypatch.delenv("HENG_CRASH_AT")

    assert ids(checks.production_mode()) == []


def test_the_development_signer_signs_for_demonstration_only(settings: Settings) -> None:
    settings.HENG_SIGNER = {"BACKEND": SIGNER, "OPTIONS": {}}

    settings.HENG_DEMO = True
    assert ids(checks.signing()) == []
    settings.HENG_DEMO = False
    assert ids(checks.signing()) == ["heng.E012"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"certificate", "passphrase_file"}, []),
        ({"certificate"}, ["heng.E011"]),
        ({"passphrase_file"}, ["heng.E011"]),
        (set(), ["heng.E011", "heng.E011"]),
    ],
    ids=["whole", "no passphrase", "no key", "neither is there"],
)
def test_signing_is_not_half_configured(
    settings: Settings, tmp_path: Path, given: set[str], expected: list[str]
) -> None:
    options = {"certificate": str(tmp_path / "key.p12"), "passphrase_file": str(tmp_path / "word")}
    for name in given:
        Path(options[name]).write_text("x")
    settings.HENG_SIGNER = {"BACKEND": "authority.Signer", "OPTIONS": options}

    assert ids(checks.signing()) == expected


def test_a_passphrase_that_was_not_named_is_missing(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "key.p12").write_text("x")
    settings.HENG_SIGNER = {
        "BACKEND": "authority.Signer",
        "OPTIONS": {"certificate": str(tmp_path / "key.p12"), "passphrase_file": ""},
    }

    assert ids(checks.signing()) == ["heng.E011"]


def test_the_deploy_checks_are_in_djangos_register(settings: Settings) -> None:
    settings.DEBUG = True

    assert "heng.E008" not in ids(run_checks())
    assert "heng.E008" in ids(run_checks(include_deployment_checks=True))


@pytest.mark.parametrize(
    ("url", "token", "expected"),
    [
        ("", "", []),
        ("https://sms.example/send", "", []),
        ("https://sms.example/send", "token", []),
        ("https://sms.example/send", "missing", ["heng.E021"]),
        ("http://sms.example/send", "token", ["heng.E020"]),
        ("file:///etc/passwd", "", ["heng.E020"]),
    ],
)
def test_text_messages_leave_under_cover(
    settings: Settings, tmp_path: Path, url: str, token: str, expected: list[str]
) -> None:
    (tmp_path / "token").write_text("open sesame")
    settings.HENG_SMS = {"url": url, "token_file": str(tmp_path / token) if token else ""}

    assert ids(checks.text_messages()) == expected
