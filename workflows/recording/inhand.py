"""Cases in hand: applications of today that wait where a newcomer can take them further."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from pydantic import Field

from workflows import clock, demo, jobs
from workflows.models import Case, Organisation
from workflows.recording import calls, house, reader, standing
from workflows.recording.driver import Drive
from workflows.recording.reader import Application, BadRecording, Recording, Shape
from workflows.stages import rounds

FILE = demo.FOLDER / "waiting.json"
LANE = "inhand"


class Filing(Shape):
    """A recorded application that another unit files again, and the step it shall wait at."""

    uscc: str
    again: str
    until: str
    days_ago: int
    votes: dict[str, int] = {}
    then: list[str] = []  # what is done with it today, by the names of ``standing.TURNS``
    form: dict[str, Any] = {}
    evaluation: dict[str, Any] | None = None


class Waiting(Shape):
    """The whole file; the days of its calls are counted back from today."""

    organisations: list[reader.Organisation]
    rounds: list[dict[str, Any]]
    applications: list[Filing] = Field(min_length=1)


def prepare(say: Callable[[str], None]) -> None:
    """Carry each application as far as its step, ending today."""
    waiting = Waiting.model_validate_json(FILE.read_text(encoding="utf-8"))
    records = json.loads(demo.RECORDING.read_text(encoding="utf-8"))
    recorded = {each["id"]: each for each in records["applications"]}
    for entry in waiting.organisations:
        demo.organisation(entry.profile())
    recording = Recording(
        rounds=[_call(each) for each in waiting.rounds],
        applications=[_again(recorded[each.again], each) for each in waiting.applications],
    )
    results = house.carry(recording, say)
    if stopped := [each for each in results if each.refusal or each.problem]:
        told = "; ".join(f"{each.id}: {each.refusal or each.problem}" for each in stopped)
        raise BadRecording(told)
    for filing, application, done in zip(
        waiting.applications, recording.applications, results, strict=True
    ):
        for name in filing.then:
            _take_further(application, done.case, standing.TURNS[name], say)


def _take_further(
    application: Application, reference: str, turn: standing.Turn, say: Callable[[str], None]
) -> None:
    """Let it be somebody's turn today; papers are made at once."""
    case = Case.objects.select_related("edition", "applicant", "round").get(reference=reference)
    drive = Drive(application, begin=lambda drive: drive.case)
    drive.case = case
    with jobs.lane(LANE):
        turn.act(drive)
        jobs.run_due(lane=LANE)
    jobs.close_lane(LANE)
    say(f"{application.id}: {turn.words}; {turn.whose(drive).username} has to answer")


def _day(days_ago: int) -> date:
    return clock.today() - timedelta(days=days_ago)


def _call(told: dict[str, Any]) -> reader.Round:
    days = {"opens": _day(told["opens"]), "closes": _day(told["closes"])}
    return reader.Round.model_validate({**told, **days})


def _again(record: dict[str, Any], filing: Filing) -> Application:
    """The recorded application as another unit would file it now."""
    unit = Organisation.objects.get(uscc=filing.uscc)
    profile = {key: value for key, value in unit.profile.items() if key in record["form"]}
    form = {**record["form"], **profile, "uscc": unit.uscc, "org_name": unit.name, **filing.form}
    told = {
        **record,
        "id": f"{unit.name} {record['programme']}",
        "submitted_on": _day(filing.days_ago),
        "form": _own(record, form, unit),
        "attachments": [{**paper, "provided": True} for paper in record["attachments"]],
        "evaluation": filing.evaluation or record.get("evaluation"),
        "votes": filing.votes,
        "until": filing.until,
        "timeline": [],
        "expected": {},
    }
    return Application.model_validate(told)


def _own(record: dict[str, Any], form: dict[str, Any], unit: Organisation) -> dict[str, Any]:
    """The unit's own pool entry, and its own of what a call may count only once."""
    mark = f"{unit.pk:04d}"
    if form.get("pool_no"):
        form["pool_no"] = f"{form['pool_no'][:-5]}{mark}号"
    kind = calls.programme_of(Application.model_validate(record))
    edition = rounds.newest_edition(kind.key)
    assert edition is not None, "the editions were published before"
    procedures = edition.shape.procedures.values()
    once = {
        (each.field, each.column)
        for one in procedures
        for each in one.unique
        if each.within == "round"
    }
    for field, column in sorted((field, column) for field, column in once if column):
        rows = form.get(field, [])
        form[field] = [{**row, column: f"{row[column]}-{mark}"} for row in rows]
    return form
