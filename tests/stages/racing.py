"""Racing verbs: who had their way and who was refused, when several act at the same moment."""

from collections.abc import Callable

from tests.races import Acts, race
from workflows.errors import CaseError

THREADS = 8
REFUSED = {403, 404, 409}


def raced(acts: Acts) -> tuple[list[object], list[CaseError]]:
    """Who had their way and who was refused, when all ``acts`` begin at once."""
    ends = race(acts)
    refusals = [end for end in ends if isinstance(end, Exception)]
    assert [end for end in refusals if not isinstance(end, CaseError)] == []
    assert {refusal.status for refusal in refusals} <= REFUSED
    return [end for end in ends if not isinstance(end, Exception)], refusals


def eager(act: Callable[[], object], times: int = THREADS) -> Acts:
    """The same act by as many impatient hands."""
    return [act] * times
