"""A group that is ranked, as the desk finds it: its page, its table file, its newest ranking."""

from collections.abc import Mapping

from django.urls import reverse

from tests.stages import deciding
from workflows import demo
from workflows.models import Case, Ranking, User
from workflows.stages import ranking

Cases = Mapping[str, Case]


def page(cases: Cases) -> str:
    """The address of the page of the group."""
    case = deciding.found(next(iter(cases.values())))
    return reverse("ranking", args=[case.round.key, case.procedure_key, case.group])


def export(cases: Cases) -> str:
    """The address of its table file."""
    return f"{page(cases)}export/"


def words(response: object) -> str:
    """What an answer says."""
    return response.content.decode()  # type: ignore[attr-defined]


def newest(cases: Cases) -> Ranking:
    """The last ranking of the group."""
    return Ranking.objects.filter(standings__case__in=cases.values()).latest("revision")


def ranked(cases: Cases, cast: demo.Cast, by: User | None = None) -> Ranking:
    """Ranked and countersigned."""
    case = deciding.found(next(iter(cases.values())))
    made = ranking.rank(
        case.round, procedure_key=case.procedure_key, group=case.group, by=cast.officer
    )
    ranking.approve(made, by=by or cast.leader)
    return made
