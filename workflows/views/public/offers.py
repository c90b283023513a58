"""What can be applied for now: every programme with the rules a new application would follow."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404

from workflows import clock, programme
from workflows.edition import Edition as Rules
from workflows.models import Edition, Round
from workflows.procedure import Procedure


def in_order(rules: Rules) -> dict[str, Procedure]:
    """The procedures of ``rules``: what a next one builds on stands before it.

    Stored rules keep no order of their own, but a grant says whether a next procedure follows.
    """
    pairs = rules.procedures.items()
    return dict(sorted(pairs, key=lambda pair: pair[1].grant.earliest_next is None))


@dataclass(frozen=True)
class Offer:
    """One programme: its rules, and the round that is open, if one is."""

    key: str
    rules: Rules
    edition: Edition
    round: Round | None

    @property
    def procedures(self) -> Mapping[str, Procedure]:
        """The ways through the law, as one goes through them."""
        return in_order(self.rules)


def offers() -> list[Offer]:
    """Every programme that has published rules, in the order of the register; two statements."""
    moment = clock.now()
    rounds = Round.objects.filter(opens__lte=moment, closes__gte=moment).select_related("edition")
    running = {each.programme: each for each in rounds.order_by("opens")}
    published = {each.programme: each for each in Edition.objects.order_by("published", "pk")}
    found = []
    for each in programme.all_():
        call = running.get(each.key)
        edition = call.edition if call else published.get(each.key)
        if edition is not None:
            found.append(Offer(each.key, edition.shape, edition, call))
    return found


def offer(key: str) -> Offer:
    """The offer of one programme; there is no page for one without published rules."""
    for each in offers():
        if each.key == key:
            return each
    raise Http404(key)


def title_of(key: str) -> str:
    """What a programme is called, from its newest published rules; its key where there are none."""
    return {each.key: str(each.rules.title) for each in offers()}.get(key, key)
