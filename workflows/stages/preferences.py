"""What people choose: the language of their letters, a telephone, how soon each topic comes.

Every change is an entry of the chain ``sys:preferences``: whoever says that no letter came can be
shown what was chosen and when. The telephone itself never stands there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db import transaction

from workflows import audit
from workflows.models import Preference, User
from workflows.notifications.channels import Channel, Recipient
from workflows.notifications.topics import TOPICS, URGENT, Pace, Topic, topic_of

CHAIN = "preferences"
Ways = Sequence[tuple[str, Channel]]


def recipient(person: User) -> Recipient:
    """Where a person can be reached."""
    return Recipient(person.name, person.email, person.language, person.phone)


def choices(channel: Channel) -> list[Pace]:
    """The paces a channel knows: what is short brings no daily letter."""
    return [pace for pace in Pace if pace != Pace.DAILY or not channel.urgent_only]


def usual(topic: Topic, channel: Channel) -> Pace:
    """How soon a topic comes by a channel for whoever chose nothing."""
    return topic.usual if topic.usual in choices(channel) else Pace.AT_ONCE


def chosen(user: User, ways: Ways) -> dict[tuple[str, str], Pace]:
    """How soon each topic comes to ``user`` by each channel: (topic, channel) -> pace."""
    rows = Preference.objects.filter(user=user)
    kept = {(each.topic, each.channel): Pace(each.pace) for each in rows}
    return {
        (topic.code, name): kept.get((topic.code, name), usual(topic, channel))
        for topic in TOPICS
        for name, channel in ways
        if not topic.fixed
    }


def paces(kind: str, people: Collection[User], ways: Ways) -> dict[tuple[int, str], Pace]:
    """How soon a message of ``kind`` reaches each of ``people`` by each way that reaches them."""
    topic = topic_of(kind)
    rows: Iterable[Preference] = (
        [] if topic.fixed else Preference.objects.filter(user__in=people, topic=topic.code)
    )
    kept = {(each.user_id, each.channel): Pace(each.pace) for each in rows}
    return {
        (person.pk, name): kept.get((person.pk, name), usual(topic, channel))
        for name, channel in ways
        if kind in URGENT or not channel.urgent_only
        for person in people
        if channel.reaches(recipient(person))
    }


@transaction.atomic
def choose(
    user: User, *, language: str, phone: str, paces: Mapping[tuple[str, str], Pace], ways: Ways
) -> None:
    """Keep what ``user`` wants: the language, the telephone (``""`` for none), the paces.

    ``paces`` are (topic, channel) -> pace; notices of the law are none of theirs and left alone.
    """
    before = chosen(user, ways)
    changed = {place: pace for place, pace in paces.items() if before.get(place, pace) != pace}
    for (topic, channel), pace in changed.items():
        Preference.objects.update_or_create(
            user=user, topic=topic, channel=channel, defaults={"pace": pace}
        )
    facts: dict[str, object] = {}
    if changed:
        facts["paces"] = {f"{topic} {way}": str(pace) for (topic, way), pace in changed.items()}
    if phone != user.phone:
        facts["phone"] = "given" if phone else "removed"
    if language != user.language:
        facts["language"] = language
    if facts:
        user.language, user.phone = language, phone
        user.save(update_fields=["language", "phone"])
        audit.record_system(CHAIN, "preferences_changed", by=user, username=user.username, **facts)
