"""Prepares the house for a recording and carries its applications one after another."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from workflows import clock, demo, programme
from workflows.models import Case, Certificate, Edition, Organisation, Round
from workflows.programme import Programme
from workflows.recording import reader
from workflows.recording.driver import Drive
from workflows.recording.reader import Application, BadRecording, Recording
from workflows.recording.report import Result, result
from workflows.stages import register, submission

Say = Callable[[str], None]


def carry(recording: Recording, say: Say, *, until: str = "") -> list[Result]:
    """Carry every application of ``recording`` to its end (or ``until`` a step of its flow).

    ``say`` is told what happens.
    """
    organisations = {
        entry.uscc: demo.organisation(entry.profile()) for entry in recording.organisations
    }
    results = []
    for application in recording.applications:
        say(f"{application.id}: {application.submitted_on}")
        kind = _programme(application)
        call = _round(recording, application, kind)
        drive = Drive(
            application=application,
            begin=partial(_begin, call=call, organisations=organisations),
            until=until,
        )
        drive.run()
        results.append(result(drive))
        say(f"{application.id}: {results[-1].actual['decision'] or results[-1].state}")
    return results


def _programme(application: Application) -> Programme:
    kind = programme.by_code(application.programme)
    if kind is None:
        installed = ", ".join(each.code for each in programme.all_())
        raise BadRecording(
            f"{application.id}: programme {application.programme} is not installed; "
            f"installed are: {installed}"
        )
    return kind


def _round(recording: Recording, application: Application, kind: Programme) -> Round:
    """The recorded call the application belongs to, or one for its year."""
    day = application.submitted_on
    for call in recording.rounds:
        if call.programme == kind.code and call.opens <= day <= call.closes:
            return _call(call, kind)
    year = reader.Round(
        id=f"{kind.code}-{day.year}",
        programme=kind.code,
        title=f"{day.year}",
        opens=date(day.year, 1, 1),
        closes=date(day.year, 12, 31),
    )
    return _call(year, kind)


def _call(call: reader.Round, kind: Programme) -> Round:
    edition = Edition.objects.filter(programme=kind.key).order_by("-published").first()
    if edition is None:
        raise BadRecording(f"{call.id}: no edition of {kind.key} has been published")
    found, _ = Round.objects.get_or_create(
        key=call.id,
        defaults={
            "programme": kind.key,
            "edition": edition,
            "title": call.title,
            "opens": clock.start_of(call.opens),
            "closes": clock.end_of(call.closes),
        },
    )
    return found


def _begin(drive: Drive, call: Round, organisations: dict[str, Organisation]) -> Case:
    """Open the draft of a recorded application, with its history in the register."""
    form = drive.application.form
    applicant = organisations.get(form["uscc"]) or demo.organisation(form)
    _history(applicant, call.programme, form)
    clerk = demo.clerk(applicant)
    return submission.draft(call, procedure=form["stage"], organisation=applicant, by=clerk)


def _history(applicant: Organisation, programme_key: str, form: dict[str, Any]) -> None:
    """A pool entry from before this system stands in the register already."""
    if not form.get("pool_no") or not form.get("pool_entered_on"):
        return
    if Certificate.objects.filter(number=form["pool_no"]).exists():
        return
    register.import_title(
        applicant,
        programme_key=programme_key,
        kind="pool_entry",
        title="产教融合型企业培育库",
        number=form["pool_no"],
        granted=date.fromisoformat(form["pool_entered_on"]),
        by=demo.cast(applicant.district).officer,
    )
