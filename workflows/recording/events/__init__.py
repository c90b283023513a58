"""Entries of a timeline: the acts a recording may name, with their own facts."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from workflows.recording import acts
from workflows.recording.driver import Drive
from workflows.recording.events import casework, joint
from workflows.recording.reader import Application, BadRecording, Occurrence

Act = Callable[[Drive, Occurrence], None]


class Event(NamedTuple):
    """A word of the timeline: its act, and where it belongs in the flow."""

    act: Act
    answers: Collection[str] = ()  # nodes whose ordinary act it replaces
    needs: Collection[str] = ()  # nodes one of which must wait: the entry comes once it does


def _at(act: Act, *nodes: str) -> Event:
    """An event that replaces the ordinary act of ``nodes`` and needs one of them to wait."""
    return Event(act, nodes, nodes)


RANKED = (  # where a case with checked figures may stand once its group was ranked
    "panel", "sheet", "proposal", "endorsement", "tabling", "resolution", "publication",
    "notice", "objection",
)  # fmt: skip
EVENTS: Mapping[str, Event] = {
    # the window
    "return_for_correction": _at(casework.return_for_correction, "acceptance"),
    "resubmit": _at(casework.resubmit, "correction"),
    "accept": _at(casework.accept, "acceptance"),
    "deemed_accepted": Event(casework.let_pass, ["acceptance"]),
    "lapse": Event(casework.let_pass, ["correction"]),
    "abandoned": Event(casework.let_pass, ["correction"]),
    "refuse_acceptance": _at(casework.refuse_acceptance, "acceptance"),
    "not_accepted": _at(casework.refuse_acceptance, "acceptance"),
    "forward": _at(casework.forward, "acceptance"),
    # the reviews
    "recommend": _at(casework.recommend, "district_review"),
    "not_recommend": _at(casework.not_recommend, "district_review"),
    "department_objection": _at(casework.department_objection, "opinion"),
    "stop": _at(casework.stop, "department_review", "screening"),
    "send_back": _at(casework.send_back, "department_review"),
    "likeness_same": _at(joint.likeness_same, "department_review", "screening"),
    # figures and places
    "contest_figures": _at(joint.contest_figures, "confirmation"),
    "deemed_confirmed": Event(casework.let_pass, ["confirmation"]),
    "settle_contest": _at(joint.settle_contest, "settlement"),
    "check_failed": _at(joint.check_failed, "sheet"),
    "visit_differences": _at(joint.visit_differences, "visit"),
    "correct_figure": Event(joint.correct_figure, needs=RANKED),
    "decline_offer": Event(casework.let_pass, needs=["offer"]),  # asked for by the cohort
    # conference, notice, signing
    "defer": _at(casework.defer, "resolution"),
    "objection": Event(casework.objection, needs=["notice"]),
    "objection_not_upheld": _at(casework.objection_not_upheld, "objection"),
    "objection_upheld": _at(casework.objection_upheld, "objection"),
    "decline_task_book": _at(joint.decline_task_book, "task_book"),
    "lapse_task_book": Event(casework.let_pass, ["task_book"]),
    # at any time
    "partner_leaves": Event(joint.partner_leaves),
    "replace_partner": Event(joint.replace_partner),
    "withdraw": Event(casework.withdraw),
    "suspend": Event(casework.suspend),
    "resume": Event(casework.resume),
    "extend": Event(casework.extend),
    "terminate": Event(casework.terminate),
}


def check(application: Application) -> None:
    """Raise ``BadRecording`` for an event nobody knows."""
    for entry in application.timeline:
        if entry.event not in {*EVENTS, *acts.ORDINARY, "submit"}:
            known = ", ".join([*EVENTS, *acts.ORDINARY])
            raise BadRecording(f"{application.id}: unknown event {entry.event}; known are: {known}")


def act_of(event: str) -> Act:
    """The act of an entry."""
    return _known(event).act


def answers(event: str) -> Collection[str]:
    """Nodes of the flow whose ordinary act the entry replaces."""
    return _known(event).answers


def possible(entry: Occurrence, nodes: Collection[str]) -> bool:
    """Whether the entry can happen where ``nodes`` wait."""
    needs = _known(entry.event).needs
    return not needs or bool(set(needs) & set(nodes))


def _known(event: str) -> Event:
    """The event of that name, or the ordinary act of the step called so, on a day of its own."""
    if event in EVENTS:
        return EVENTS[event]
    return _at(lambda drive, entry: acts.ORDINARY[event](drive), event)
