"""What an open course's answers come to."""


def results(*, blocks, **_):
    """Give the one fact a report of a course shows beside its decision."""
    return {"eligible": not blocks}
