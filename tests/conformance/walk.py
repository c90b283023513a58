"""Walking a flow under the law: every node, in every legal state a case may have there.

The walk knows nothing of verbs but this: a verb leaves the state or makes one or two moves of the
law, and none of the exits that end the flow from outside.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workflows import steps
from workflows.models.case import State, edges

OUTSIDE = {State.DRAFT, State.WITHDRAWN, State.TERMINATED, State.SUSPENDED}  # no flow runs there
Way = tuple[str, str]  # a gate and the state it opens for


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
    elif isinstance(node, steps.StateSwitch):
        if state in node.targets:
            found.ways.add((node.name, state))
            yield node.targets[state], state
    elif isinstance(node, steps.Left):
        if state != node.state:
            yield from ((each, state) for each in _following(node))
    else:
        after = moves(state) if isinstance(node, steps.Step) else {state}
        yield from ((each, new) for each in _following(node) for new in after)


def moves(state: str) -> set[str]:
    """Where one verb may leave a case that stands in ``state``."""
    once = {target for source, target in edges() if source == state}
    twice = {target for source, target in edges() if source in once - OUTSIDE}
    return ({state} | once | twice) - OUTSIDE


def _following(node: Any) -> list[Any]:
    return [edge.dst for edge in node._outgoing()]


def ways(flow: Any) -> set[Way]:
    """Every way through a gate that ``flow`` knows."""
    gates = (node for node in flow.instance.nodes() if isinstance(node, steps.StateSwitch))
    return {(gate.name, state) for gate in gates for state in gate.targets}
