"""What can be applied for now: every programme with the rules a new application would follow."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    """One programme: its rules, and the rounds that are open, those that close first in front."""

    key: str
    rules: Rules
    edition: Edition
    rounds: Sequence[Round] = ()

    @property
    def procedures(self) -> Mapping[str, Procedure]:
        """The ways through the law, as one goes through them."""
        return in_order(self.rules)


def offers() -> list[Offer]:
    """Every programme that has published rules, in the order of the register; two statements.

    The rules are those of the round that opened last, or the newest where none is open.
    """
    running = defaultdict(list)
    for call in _running():
        running[call.programme].append(call)
    published = {each.programme: each for each in Edition.objects.order_by("published", "pk")}
    found = []
    for each in programme.all_():
        rounds = running[each.key]
        newest = max(rounds, key=lambda call: (call.opens, call.pk), default=None)
        edition = newest.edition if newest else published.get(each.key)
        if edition is not None:
            found.append(Offer(each.key, edition.shape, edition, rounds))
    return found


def _running() -> Iterable[Round]:
    moment = clock.now()
    found = Round.objects.filter(opens__lte=moment, closes__gte=moment)
    return found.select_related("edition").order_by("closes", "pk")


def offer(key: str) -> Offer:
    """The offer of one programme; there is no page for one without published rules."""
    for each in offers():
        if each.key == key:
            return each
    raise Http404(key)


def title_of(key: str) -> str:
    """What a programme is called, from its newest published rules; its key where there are none."""
    return {each.key: str(each.rules.title) for each in offers()}.get(key, key)
