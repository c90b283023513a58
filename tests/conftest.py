"""What every test may rely on: an office at work, a clock that stands still, books that balance."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from io import StringIO
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache as shared_cache
from django.core.management import call_command
from django.db.models import Q
from django.utils import translation

from workflows import clock, demo, edition, edition_check, programme, working_days
from workflows.audit import Finding, books, verify
from workflows.documents import authority
from workflows.models import Case, DayOverride, Edition, Round
from workflows.recording import calls, house, reader
from workflows.recording.reader import Recording
from workflows.stages import position

pytest_plugins = ["tests.guards", "tests.ledger"]
hypothesis.settings.register_profile("house", deadline=None)  # no test asserts a time
hypothesis.settings.load_profile("house")
ENOUGH_ONCE = {"conformance", "recording", "views"}
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=clock.LOCAL)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their place: made anew in every worker, they would give it other tests."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what one engine is enough for.

    That is whatever needs no database; recordings, programmes carried whole among them, whose
    verbs tests/stages tries on both; and pages, whose every address
    tests/authorization/test_inside knocks at on both.
    """
    for item in items:
        if not uses_database(item) or ENOUGH_ONCE.intersection(item.path.parts):
            item.add_marker(pytest.mark.once)


def uses_database(item: pytest.Item) -> bool:
    """Whether a test asked for the database, by its marker or through a fixture."""
    named = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(named) or item.get_closest_marker("django_db") is not None


# --- books balance ------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def books_balance(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every database test: state, tasks, clock and last event tell one story, chains verify.

    A test below the stages says ``bare_rows`` and has its chains verified only; one that breaks
    the books on purpose says ``broken_books``.
    """
    if not uses_database(request.node):
        yield
        return
    marker = request.node.get_closest_marker("django_db")
    transactional = marker is not None and marker.kwargs.get("transaction", False)
    request.getfixturevalue("transactional_db" if transactional else "db")  # ends after this one
    working_days.forget()
    yield
    if request.node.get_closest_marker("broken_books"):
        return
    bare = request.node.get_closest_marker("bare_rows")
    assert [str(each) for each in (*verify(), *(() if bare else _imbalances()))] == []


SOUND: set[str] = set()  # heads of cases that were found in order; nothing happened to them since


def _imbalances() -> Iterator[Finding]:
    """What is wrong with the cases to which this test did something."""
    touched = Q(head__in=set(Case.objects.values_list("head", flat=True)) - SOUND)
    found = [*books.imbalances(touched), *position.strays(touched)]
    if not found:
        SOUND.update(Case.objects.filter(touched).values_list("head", flat=True))
    yield from found


@pytest.fixture(autouse=True)
def fresh_start() -> Iterator[None]:
    """Rate limits count from nothing, and no test inherits the language of the one before."""
    shared_cache.clear()
    yield
    translation.activate(settings.LANGUAGE_CODE)


# --- time ---------------------------------------------------------------------------------------
class StandingClock:
    """The present moment, moved only by the test."""

    def __init__(self) -> None:
        self.moment = MONDAY

    def move_to(self, moment: datetime) -> None:
        """Let it be ``moment`` from now on."""
        self.moment = moment

    def pass_(self, **period: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**period)


@pytest.fixture
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """Monday 7 September 2026, nine in the morning, until the test moves it."""
    standing = StandingClock()
    real = clock.now
    monkeypatch.setattr(
        clock, "now", lambda: clock._moment.get() or standing.moment.astimezone(real().tzinfo)
    )
    return standing


# --- the office ---------------------------------------------------------------------------------
@cache
def published() -> dict[str, tuple[str, str, str]]:
    """Version, digest and content of every programme's edition, checked once per process."""
    found = {}
    for kind in programme.all_():
        shape = edition_check.publishable(kind.edition_path)
        found[kind.key] = (shape.version, edition.digest(shape), edition.canonical(shape))
    return found


@pytest.fixture
def office(db: None) -> None:
    """A house ready for work: working days, editions, the authority that signs."""
    authority.make(settings.HENG_VAR / "ca")
    if not DayOverride.objects.exists():
        call_command("load_working_days", stdout=StringIO())
    working_days.forget()
    for key, (version, digest, content) in published().items():
        Edition.objects.get_or_create(
            digest=digest,
            defaults={
                "programme": key,
                "version": version,
                "content": content,
                "published": MONDAY,
            },
        )


@pytest.fixture
def cast(office: None) -> demo.Cast:
    """Who plays which part in Pudong."""
    return demo.cast("310115")


@cache
def recording() -> Recording:
    """The recorded applications the product carries itself."""
    return reader.read(demo.RECORDING)


@pytest.fixture
def call(office: None) -> Round:
    """The recorded call of enterprise certification."""
    kind = programme.get("enterprise_certification")
    first = next(each for each in recording().rounds if each.programme == kind.code)
    return calls.open_call(first, kind)


Carry = Callable[..., Any]


@pytest.fixture
def carry(office: None) -> Carry:
    """Carry recorded applications together through the real verbs, ``until`` a step waits.

    ``carry("P1-002", until="acceptance", timeline=[...], form={...})`` gives its case; the changes
    are made to the first of several, ``carry("P3-001", "P3-002", "P3-003")``, which gives them all.
    """

    def carried(*names: str, until: str = "", **changes: Any) -> Case | list[Case]:
        known = {each.id: each.model_dump(mode="json") for each in recording().applications}
        changes["form"] = known[names[0]]["form"] | changes.get("form", {})
        known[names[0]] |= changes
        told = [{**known[name], "expected": {}} for name in names]
        whole = Recording.model_validate(
            {**recording().model_dump(mode="json"), "applications": told}
        )
        results = house.carry(whole, lambda words: None, until=until)
        assert not any(each.problem for each in results), results
        found = Case.objects.select_related("edition", "applicant")
        cases = [found.get(reference=each.case) for each in results]
        return cases if len(names) > 1 else cases[0]

    return carried
