"""The law and the trail, as the database itself enforces them."""

from collections.abc import Callable
from itertools import product

import pytest
from django.db import IntegrityError, connection, transaction

from tests.guards import EDGES
from tests.rows import case, edition, person, step, walked
from workflows import audit, clock
from workflows.audit import guards
from workflows.audit.chain import GENESIS, canonical, link
from workflows.models import (
    Ballot,
    Case,
    Edition,
    Event,
    Item,
    Meeting,
    MeetingMember,
    Note,
    Number,
    Series,
    Submission,
)
from workflows.models.case import State, edges

pytestmark = [pytest.mark.django_db, pytest.mark.broken_books]  # bare rows: no flow runs


def refusal(act: Callable[[], object]) -> str:
    """What the database said when it refused ``act``; fails if it did not refuse."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    assert audit.is_refusal(refused.value), refused.value
    return str(refused.value).splitlines()[0].removeprefix(f"{guards.MARK} ")


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def in_state(state: str) -> Case:
    """A bare case in ``state``, reached by the shortest lawful way from draft."""
    ways: dict[str, tuple[str, ...]] = {State.DRAFT: ()}
    while state not in ways:
        ways |= {
            target: (*ways[source], target)
            for source, target in edges()
            if source in ways and target not in ways
        }
    return walked(*ways[state])


# --- the law ------------------------------------------------------------------------------------
def test_the_triggers_enforce_exactly_the_edges_of_the_law() -> None:
    assert set(EDGES) == edges()


def test_every_guard_is_in_the_database() -> None:
    assert guards.missing(connection) == set()


@pytest.mark.parametrize("source", State.values)
def test_every_pair_of_states_is_an_edge_or_refused(source: str) -> None:
    traveller = in_state(source)

    reached = {target for target in set(State.values) - {source} if can_step(traveller, target)}

    assert reached == {target for start, target in edges() if start == source}


def can_step(traveller: Case, target: str) -> bool:
    """Whether the database lets the case go to ``target``; the case stays where it is."""
    fresh = Case.objects.select_related("edition").get(pk=traveller.pk)
    try:
        with transaction.atomic():
            step(fresh, target)
            transaction.set_rollback(True)
    except IntegrityError as refused:
        if not audit.is_refusal(refused):
            raise
        return False
    return True


def test_a_case_begins_as_a_draft_and_nowhere_else() -> None:
    assert refusal(lambda: case(state=State.GRANTED)) == "a case begins as a draft"
    assert refusal(lambda: case(version=3)) == "a case begins as a draft"


def test_no_way_around_the_stages_moves_a_case() -> None:
    moved = case()

    def by_attribute() -> None:
        moved.__dict__["state"] = State.SUBMITTED
        moved.save()

    def by_bulk_update() -> None:
        moved.__dict__["state"] = State.SUBMITTED
        Case.objects.bulk_update([moved], ["state"])

    ways = [
        lambda: Case.objects.filter(pk=moved.pk).update(state=State.SUBMITTED),
        lambda: sql("UPDATE workflows_case SET state = %s WHERE id = %s", "submitted", moved.pk),
        lambda: Case.objects.bulk_create([Case(**{**fields(moved), "pk": None})]),
        by_attribute,
        by_bulk_update,
    ]

    assert {refusal(way) for way in ways} == {
        "a case begins as a draft",
        "a case moves only with a new event",
    }
    assert Case.objects.get(pk=moved.pk).state == State.DRAFT


def fields(moved: Case) -> dict[str, object]:
    values = {each.attname: getattr(moved, each.attname) for each in Case._meta.concrete_fields}
    return {**values, "state": State.GRANTED, "reference": "RONGHE-2026-999999"}


def test_a_move_needs_an_event_that_tells_of_it() -> None:
    moved = walked(State.SUBMITTED)
    audit.record(moved, "noted", by=None)  # an event, but of no move

    def move() -> None:
        Case.objects.filter(pk=moved.pk).update(
            state=State.ACCEPTED, version=moved.version, head=moved.head
        )

    assert refusal(move) == "a case moves only with a new event"


def test_an_old_event_moves_nothing() -> None:
    moved = walked(State.SUBMITTED, State.RETURNED, State.SUBMITTED)
    old = Event.objects.get(case=moved, seq=2)  # submitted to returned

    def move() -> None:
        Case.objects.filter(pk=moved.pk).update(
            state=State.RETURNED, version=old.seq, head=old.hash
        )

    assert refusal(move) == "a case moves only with a new event"


def test_version_and_head_never_leave_the_trail() -> None:
    moved = walked(State.SUBMITTED)
    row = Case.objects.filter(pk=moved.pk)

    assert refusal(lambda: row.update(version=0)) == "a case moves only with a new event"
    assert refusal(lambda: row.update(version=9)) == "a case moves only with a new event"
    assert refusal(lambda: row.update(head="f" * 64)) == "a case moves only with a new event"


def test_what_is_no_move_needs_no_event() -> None:
    moved = walked(State.SUBMITTED)

    Case.objects.filter(pk=moved.pk).update(district="310101", draft={"a": 1})

    assert Case.objects.get(pk=moved.pk).district == "310101"


# --- the trail ----------------------------------------------------------------------------------
def entry(of: Case, **given: object) -> Event:
    body = canonical({"to": "draft"})
    prev = str(given.get("prev", of.head))
    facts = {
        "chain": f"case:{of.pk}",
        "seq": of.version + 1,
        "prev": prev,
        "hash": link(prev, body),
        "body": body,
        "at": clock.now(),
        "kind": "forged",
        "case": of,
    }
    return Event.objects.create(**{**facts, **given})


@pytest.mark.parametrize(
    "forgery",
    [{"seq": 1}, {"seq": 2}, {"seq": 4}, {"prev": GENESIS}, {"prev": "a" * 64}],
    ids=["first again", "twice", "gap", "from nothing", "from elsewhere"],
)
def test_an_entry_follows_the_last_one_and_no_other(forgery: dict[str, object]) -> None:
    moved = walked(State.SUBMITTED, State.RETURNED)

    said = refusal(lambda: entry(moved, **forgery))

    assert said == "an entry follows the last entry of its chain"


def test_a_chain_bears_the_name_of_its_case() -> None:
    mine, other = case(), case()
    named = {"seq": 1, "prev": GENESIS}

    for forgery in (
        {"chain": f"case:{other.pk}"},
        {"chain": "sys:login"},
        {"case": None},
    ):
        said = refusal(lambda forgery=forgery: entry(mine, **named, **forgery))
        assert said == "a chain bears the name of its case"


# --- rows that stay -----------------------------------------------------------------------------
def kept_rows() -> dict[str, object]:
    """One row of every table that only grows."""
    filed = walked(State.SUBMITTED)
    people = person()
    meeting = Meeting.objects.create(
        number="1", title="联席会议", held=clock.now(), convenor=people
    )
    member = MeetingMember.objects.create(meeting=meeting, user=people, unit="市经信委")
    item = Item.objects.create(meeting=meeting, case=filed, position=1, proposal="certified")
    series = Series.objects.create(key="pool:2026", last=1)
    return {
        "event": Event.objects.get(case=filed),
        "submission": Submission.objects.create(
            case=filed,
            number=1,
            answers={},
            derived={},
            transcript=[],
            files=[],
            assessment={},
            content_hash="0" * 64,
            language="zh-hans",
            submitted=clock.now(),
            by=people,
        ),
        "edition": edition(),
        "ballot": Ballot.objects.create(item=item, member=member, choice="agree", cast=clock.now()),
        "number": Number.objects.create(
            series=series, serial=1, text="沪产教融合〔2026〕1号", case=filed, given=clock.now()
        ),
        "case": filed,
        "note": Note.objects.create(case=filed, by=people, text="请核对", made=clock.now()),
    }


CHANGES = {
    "event": {"kind": "other"},
    "submission": {"answers": {"a": 1}},
    "edition": {"content": "{ }"},
    "ballot": {"choice": "disagree"},
    "number": {"text": "2"},
    "note": {"text": "无"},
}


def test_what_was_filed_published_cast_or_recorded_never_changes() -> None:
    rows = kept_rows()

    for table, change in CHANGES.items():
        row = rows[table]
        before = type(row).objects.filter(pk=row.pk).values().get()
        said = refusal(lambda row=row, change=change: own(row).update(**change))
        assert said in (f"an entry of {table} never changes", "a number can only be made void")
        assert type(row).objects.filter(pk=row.pk).values().get() == before


def test_no_kept_row_is_deleted() -> None:
    rows = kept_rows()

    said = {table: refusal(lambda row=row: delete(row)) for table, row in rows.items()}

    assert said == {table: f"a row of {table} is never deleted" for table in guards.KEPT}


def own(row: object) -> object:
    return type(row).objects.filter(pk=row.pk)


def delete(row: object) -> None:
    sql(f"DELETE FROM {row._meta.db_table} WHERE id = %s", row.pk)  # noqa: S608 -- our table


def test_a_number_can_be_made_void_once() -> None:
    number = Number.objects.filter(pk=kept_rows()["number"].pk)
    moment = clock.now()

    number.update(void=moment, void_reason="作废")

    assert number.get().void == moment
    assert refusal(lambda: number.update(void=None)) == "a number can only be made void"
    assert refusal(lambda: number.update(serial=7)) == "a number can only be made void"


def test_no_kept_table_is_emptied() -> None:
    kept_rows()
    connection.check_constraints()

    for table in guards.KEPT:
        if connection.vendor == "postgresql":
            said = refusal(lambda table=table: sql(f"TRUNCATE workflows_{table} CASCADE"))
            assert said == "a kept table is never emptied"
        else:
            said = refusal(lambda table=table: sql(f"DELETE FROM workflows_{table}"))  # noqa: S608
            assert said == f"a row of {table} is never deleted"


def test_no_kept_row_is_replaced() -> None:
    for table, row in kept_rows().items():
        with pytest.raises(IntegrityError), transaction.atomic():
            replace(row)
        assert own(row).count() == 1, table


def replace(row: object) -> None:
    """Put a row in the place of another, in the way each engine has."""
    table = row._meta.db_table
    columns = ", ".join(f'"{each.column}"' for each in row._meta.concrete_fields)
    verb = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    copy = f"SELECT {columns} FROM {table} WHERE id = %s"  # noqa: S608 -- our table
    sql(f"{verb} INTO {table} ({columns}) {copy}", row.pk)


# --- the way back -------------------------------------------------------------------------------
def test_the_guards_can_be_lifted_and_put_back() -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in guards.removing(connection):
            cursor.execute(statement)
        gone = guards.missing(connection)
        for statement in guards.installing(connection, EDGES):
            cursor.execute(statement)

    assert gone == guards.expected(connection)
    assert guards.missing(connection) == set()


def test_the_edge_list_in_the_trigger_is_the_whole_list() -> None:
    (law,) = [guard for guard in guards.guards(EDGES) if guard.name == "case_law"]

    for source, target in product(State.values, State.values):
        assert (f"'{source}>{target}'" in law.condition) == ((source, target) in edges())


def test_editions_stay_as_published() -> None:
    published = edition(content='{"title":"一"}')

    assert refusal(lambda: Edition.objects.filter(pk=published.pk).update(content="{}"))
