"""Prepares the house for a recording and carries its applications together."""

from collections.abc import Callable
from functools import partial

from workflows import demo
from workflows.models import Case, Organisation, Round
from workflows.recording import calls, events, history
from workflows.recording.convoy import Convoy
from workflows.recording.driver import Drive
from workflows.recording.reader import Application, BadRecording, Recording
from workflows.recording.report import Result, result, unreadable
from workflows.stages import drafting

Say = Callable[[str], None]


def carry(recording: Recording, say: Say, *, until: str = "") -> list[Result]:
    """Carry the applications of ``recording`` to their ends (or ``until`` a step of their flow).

    ``say`` is told what happens. An application that nobody can carry has a result that says why.
    """
    organisations = {
        entry.uscc: demo.organisation(entry.profile()) for entry in recording.organisations
    }
    drives: dict[str, Drive] = {}
    unread: dict[str, str] = {}
    for each in recording.applications:
        try:
            drives[each.id] = _drive(recording, each, organisations, until)
        except BadRecording as wrong:
            unread[each.id] = str(wrong)
    order = [name for call in recording.rounds for name in call.tie_order]
    if drives:
        Convoy(list(drives.values()), say, order=order).run()
    return [
        result(drives[each.id]) if each.id in drives else unreadable(each, unread[each.id])
        for each in recording.applications
    ]


def _drive(
    recording: Recording,
    application: Application,
    organisations: dict[str, Organisation],
    until: str,
) -> Drive:
    events.check(application)
    call = calls.round_of(recording, application)
    begin = partial(_begin, call=call, organisations=organisations)
    stop = until or application.until
    return Drive(application=application, begin=begin, until=stop, call=call)


def _begin(drive: Drive, call: Round, organisations: dict[str, Organisation]) -> Case:
    """Open the draft of a recorded application, with its history in the register."""
    form = drive.application.form
    applicant = organisations.get(form["uscc"]) or demo.organisation(form)
    history.enter(applicant, call, drive.application)
    procedure = calls.procedure_of(drive.application, call.edition)
    clerk = demo.clerk(applicant)
    return drafting.draft(call, procedure=procedure, organisation=applicant, by=clerk)
