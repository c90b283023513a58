"""Sentences people write often at a step: their own, their group's, and their last opinions.

A phrase changes no case, so it needs neither lock nor trail; what is written with it does.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q, QuerySet

from workflows import clock
from workflows.errors import (
    NotEntitled,
    PhraseEmpty,
    PhraseKnown,
    PhrasesFull,
    PhraseTooLong,
)
from workflows.models import Opinion, Phrase, Task, User
from workflows.stages.groups import LENT

LONGEST = 500  # characters
MOST = 100  # of one person
RECENT = 5  # opinions
LOOKED_AT = 40  # of the newest, to find as many different ones
PHASES: Mapping[str, Opinion.Phase] = {  # of the opinions given at a step
    "district_review": Opinion.Phase.DISTRICT,
    "opinion": Opinion.Phase.COUNTERSIGN,
    "department_review": Opinion.Phase.DEPARTMENT_REVIEW,
    "screening": Opinion.Phase.DEPARTMENT_REVIEW,
}


# --- keeping them ---------------------------------------------------------------------------------
def groups(user: User) -> list[str]:
    """The groups ``user`` may share a phrase with: those of their own offices."""
    return sorted({each.candidacy for each in user.offices if each.role in LENT})


def of(user: User) -> QuerySet[Phrase]:
    """The phrases ``user`` may use: their own, and what colleagues share with their groups."""
    found = Phrase.objects.filter(Q(owner=user) | Q(group__in=groups(user)))
    return found.select_related("owner").order_by("pk")


@transaction.atomic
def add(user: User, text: str, *, node: str = "", group: str = "") -> Phrase:
    """Keep one more phrase, for one step or for all (``node``), alone or shared with a group.

    Raises ``PhraseEmpty``, ``PhraseTooLong``, ``PhraseKnown``, ``PhrasesFull`` beyond a hundred,
    and ``NotEntitled`` for a group that is not theirs.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two at once are counted one by one
    words = _checked(user, text, node, group)
    if Phrase.objects.filter(owner=user).count() >= MOST:
        raise PhrasesFull(most=MOST)
    return Phrase.objects.create(owner=user, text=words, node=node, group=group, made=clock.now())


@transaction.atomic
def change(phrase: Phrase, text: str, *, by: User, node: str = "", group: str = "") -> Phrase:
    """Write a phrase of one's own anew; raises as ``add`` does."""
    _own(phrase, by)
    phrase.text = _checked(by, text, node, group, besides=phrase)
    phrase.node, phrase.group = node, group
    phrase.save(update_fields=["text", "node", "group"])
    return phrase


def remove(phrase: Phrase, *, by: User) -> None:
    """Take a phrase of one's own away."""
    _own(phrase, by)
    phrase.delete()


def _own(phrase: Phrase, by: User) -> None:
    if phrase.owner_id != by.pk:
        raise NotEntitled


def _checked(user: User, text: str, node: str, group: str, besides: Phrase | None = None) -> str:
    words = text.strip().replace("\r\n", "\n")
    if not words:
        raise PhraseEmpty
    if len(words) > LONGEST:
        raise PhraseTooLong(longest=LONGEST)
    if group and group not in groups(user):
        raise NotEntitled
    alike = Phrase.objects.filter(owner=user, text=words, node=node, group=group)
    if besides is not None:
        alike = alike.exclude(pk=besides.pk)
    if alike.exists():
        raise PhraseKnown
    return words


# --- at a step ------------------------------------------------------------------------------------
def offered(user: User, task: Task) -> list[str]:
    """What ``user`` may put into an opinion on ``task``: own, their groups', their last ones."""
    fitting = [each for each in of(user) if each.node in ("", task.node)]
    own = [each.text for each in fitting if each.owner_id == user.pk]
    shared = [each.text for each in fitting if each.owner_id != user.pk]
    return list(dict.fromkeys([*own, *shared, *recent(user, task.node)]))


def recent(user: User, node: str) -> list[str]:
    """The last five different opinions ``user`` wrote at a step (历史意见), newest first."""
    if node not in PHASES:
        return []
    given = Opinion.objects.filter(by=user, phase=PHASES[node]).exclude(text="")
    words = given.order_by("-given").values_list("text", flat=True)[:LOOKED_AT]
    return list(dict.fromkeys(words))[:RECENT]
