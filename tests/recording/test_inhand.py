"""What the demonstration leaves for a newcomer: cases that somebody has to answer today."""

import json
from pathlib import Path

import pytest

from tests.stages import course
from workflows import clock, demo
from workflows.models import Case, Defence, Objection, Organisation, Supplement
from workflows.models.case import State
from workflows.recording import inhand
from workflows.working_days import calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(office: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said while the cases with a turn of today are prepared, and only those."""
    course.plain_papers(monkeypatch)
    whole = json.loads(inhand.FILE.read_text(encoding="utf-8"))
    turns = [each for each in whole["applications"] if each.get("then")]
    part = tmp_path / "waiting.json"
    part.write_text(
        json.dumps({**whole, "applications": turns, "rounds": []}, ensure_ascii=False), "utf-8"
    )
    monkeypatch.setattr(inhand, "FILE", part)
    said: list[str] = []
    inhand.prepare(said.append)
    return said


def test_one_case_of_each_standing_waits_and_nobody_is_late(told: list[str]) -> None:
    states = dict(Case.objects.values_list("applicant__name", "state"))

    assert sorted(states.values()) == sorted(
        [State.RETURNED, State.ACCEPTED, State.SIGNING, State.OBJECTION]
    )
    assert Case.objects.get(state=State.RETURNED).correction.items.count() == 3
    assert Supplement.objects.get(closed=None).case.state == State.ACCEPTED
    assert Defence.objects.get(closed=None).case.state == State.SIGNING
    assert Objection.objects.get(answered=None).entry.case.state == State.OBJECTION
    due = [
        Case.objects.get(state=State.RETURNED).correction.due,
        Supplement.objects.get().due,
        Defence.objects.get().due,
    ]
    turns = [line for line in told if line.endswith("has to answer")]
    units = Organisation.objects.filter(uscc__in=Case.objects.values("applicant__uscc"))
    assert min(calendar().left(day, clock.today()) for day in due) >= 3
    assert len(turns) == 4
    assert all(demo.signer(unit).has_usable_password() for unit in units)
