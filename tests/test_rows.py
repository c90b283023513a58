"""Statements built once a process: what they read and write is what the ORM reads and writes."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, models, transaction

from workflows.models import Case, Job, Opinion, Task, rows
from workflows.stages.law import ONE_LOCKED

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]
MOMENT = datetime(2026, 9, 7, 1, 2, 3, 456789, tzinfo=UTC)


@pytest.fixture
def case(carry) -> Case:
    """A case that waits at the window."""
    return carry("P1-002", until="acceptance")


def opinion(case: Case, unit: str) -> Opinion:
    """One that stands in no table yet."""
    return Opinion(
        case=case, phase="countersign", unit=unit, verdict="objection", text="“‘%s\\", given=MOMENT
    )


def job(number: int, lane: str = "aside") -> Job:
    """Work that nobody does."""
    return Job(
        kind="nothing",
        dedupe_key=f"nothing:{number}",
        lane=lane,
        payload={"n": [number, "‘"]},
        not_before=MOMENT,
        created=MOMENT,
    )


def same(one: models.Model, other: models.Model) -> bool:
    """Whether two rows agree in every column."""
    columns = [each.attname for each in one._meta.concrete_fields]
    return all(getattr(one, name) == getattr(other, name) for name in columns)


def test_rows_written_together_know_their_keys_and_say_what_the_orm_reads(case):
    one, other = opinion(case, "D1"), opinion(case, "D2")

    rows.insert(one, other)

    assert one.pk != other.pk
    for each in (one, other):
        assert not each._state.adding
        assert same(each, Opinion.objects.get(pk=each.pk))


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        rows.insert()
        rows.insert_new([])
        rows.insert_long([])


def test_a_row_that_breaks_a_rule_of_the_table_is_refused(case):
    rows.insert(opinion(case, "D1"))

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(opinion(case, "D1"))


def test_what_stands_there_already_is_left_as_it_is():
    many = [job(number) for number in range(rows.TOGETHER + 5)]
    rows.insert_new(many)

    rows.insert_new([job(0, lane="another"), job(1_000)])

    assert Job.objects.filter(kind="nothing").count() == len(many) + 1
    assert same(Job.objects.get(dedupe_key="nothing:0"), many[0])


def test_a_change_reaches_the_rows_that_are_as_asked_and_counts_them(case):
    task = Task.objects.get(case=case, finished=None)
    asked = {"case_id": case.pk, "node": "acceptance"}

    assert rows.update(Task, {"reminded": MOMENT}, **asked, due=None) == 0
    assert rows.update(Task, {"reminded": MOMENT}, **asked, owner_id=None) == 1

    assert Task.objects.get(pk=task.pk).reminded == MOMENT


def test_a_held_case_is_read_as_the_orm_reads_it(case):
    held, nobody = rows.one(ONE_LOCKED, case.pk), rows.one(ONE_LOCKED, 0)

    assert same(held, Case.objects.get(pk=case.pk))
    assert (held.process_key, bool(held.followed)) == (case.processes.get().pk, False)
    assert nobody is None


def test_a_statement_is_built_once(case, monkeypatch):
    asked = Task.objects.filter(case=rows.KEY).values_list("node", "due")
    known = rows.read(asked, case.pk)
    monkeypatch.delattr(type(asked.query), "sql_with_params")

    assert rows.read(asked, case.pk) == known == list(case.tasks.values_list("node", "due"))
    assert rows.read(asked, 0) == []
