"""What a school's answers come to, in the words the programme reports its results with.

Everything an expression can say stands in edition.toml; the mark comes from the ranking.
"""

from collections.abc import Mapping, Sequence


def results(
    *,
    conditions: Sequence[str],
    blocks: Sequence[str],
    answers: Mapping[str, object],
    derived: Mapping[str, object],
    rule: Mapping[str, object],
) -> dict[str, object]:
    """Give the facts a report of a case shows beside its mark and its decision.

    `blocks` are the codes of the rules that stand in the way; the form derives nothing.
    """
    return {"eligible": not blocks}
