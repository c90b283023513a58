"""Walking a flow under the law: every node, in every legal state a case may have there.

The walk knows nothing of verbs but this: a verb leaves the state or makes one or two moves of the
law, and none of the exits that end the flow from outside. Of a case it knows the state alone, so
a gate that asks for another fact may answer anything it knows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from workflows import steps
from workflows.models.case import State, edges

OUTSIDE = {State.DRAFT, State.WITHDRAWN, State.TERMINATED, State.SUSPENDED}  # no flow runs there
UNKNOWN = object()  # the answer lies in facts the walk does not know
Way = tuple[str, str]  # a gate and the answer it opens for


class AsksMore(Exception):
    """A gate asked for something else than the state."""


class Bare:
    """A case of which nothing is known but its state."""

    def __init__(self, state: str) -> None:
        self.state = state

    def __getattr__(self, name: str) -> Any:
        raise AsksMore(name)


@dataclass
class Walk:
    """What a walk came across."""

    states: set[str] = field(default_factory=set)
    ways: set[Way] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)


def walked(flow: Any) -> Walk:
    """Walk ``flow`` from the submission on until nothing new is met."""
    found, seen = Walk(), set()
    ahead = [(flow.instance.node("submission"), str(State.SUBMITTED))]
    while ahead:
        node, state = ahead.pop()
        if (node.name, state) not in seen:
            seen.add((node.name, state))
            found.states.add(state)
            ahead += _beyond(node, state, found)
    return found


def _beyond(node: Any, state: str, found: Walk) -> Iterator[tuple[Any, str]]:
    if isinstance(node, steps.End):
        found.ends.add(state)
    elif isinstance(node, steps.FactSwitch):
        for answer in answers(node, state):
            found.ways.add((node.name, answer))
            yield node.targets[answer], state
    elif isinstance(node, steps.Left):
        if asked(node.left, state) is not False:
            yield from ((each, state) for each in following(node))
    else:
        after = moves(state) if isinstance(node, steps.Step) else {state}
        yield from ((each, new) for each in following(node) for new in after)


def asked(question: Callable[[Any], Any], state: str) -> Any:
    """What ``question`` answers of a case in ``state``; ``UNKNOWN`` where that decides nothing."""
    try:
        return question(Bare(state))
    except AsksMore:
        return UNKNOWN


def answers(gate: Any, state: str) -> list[str]:
    """The ways ``gate`` may open for a case in ``state``."""
    answer = asked(gate.question, state)
    if answer is UNKNOWN:
        return list(gate.targets)
    return [answer] if answer in gate.targets else []


def moves(state: str) -> set[str]:
    """Where one verb may leave a case that stands in ``state``."""
    once = {target for source, target in edges() if source == state}
    twice = {target for source, target in edges() if source in once - OUTSIDE}
    return ({state} | once | twice) - OUTSIDE


def following(node: Any) -> list[Any]:
    """The nodes behind ``node``."""
    return [edge.dst for edge in node._outgoing()]


def gates(flow: Any) -> list[Any]:
    """The gates of ``flow``."""
    return [node for node in flow.instance.nodes() if isinstance(node, steps.FactSwitch)]


def ways(flow: Any) -> set[Way]:
    """Every way through a gate that ``flow`` knows."""
    return {(gate.name, answer) for gate in gates(flow) for answer in gate.targets}


def by_state(gate: Any) -> bool:
    """Whether the answers of ``gate`` are the states of the law."""
    return all(asked(gate.question, state) == state for state in State.values)
