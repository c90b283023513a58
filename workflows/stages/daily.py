"""The daily letter: what waits for it, when it goes out, and what it says."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.utils import translation

from workflows import clock, jobs
from workflows.models import Job, Message, User
from workflows.notifications import channels, digest, sentences
from workflows.notifications.topics import Pace
from workflows.stages import preferences
from workflows.working_days import calendar

HOUR = time(8, 30)  # of a working day (interface 4.10)
SLACK = timedelta(minutes=10)  # a message this close to a letter waits for the next one


def next_letter(moment: datetime) -> datetime:
    """When the first daily letter goes out that a message of ``moment`` can still catch."""
    early = clock.local(moment + SLACK)
    day = early.date()
    if early.time() > HOUR or not calendar().is_workday(day):
        day = calendar().add(day, 1).day
    return datetime.combine(day, HOUR, clock.LOCAL)


def ask_for(person: int, way: str, morning: datetime) -> None:
    """Let ``person`` have the letter of that morning; asked for again, it is still one."""
    jobs.enqueue(
        "daily_letter",
        key=f"daily_letter:{person}:{way}:{morning:%Y-%m-%d}",
        payload={"channel": way, "recipient": person, "letter": morning.isoformat()},
        not_before=morning,
    )


def write(job: Job) -> None:
    """Send one person what waited for this letter and was not read meanwhile, if anything."""
    person = User.objects.get(pk=job.payload["recipient"])
    morning = datetime.fromisoformat(job.payload["letter"])
    waiting = Message.objects.filter(recipient=person, letter=morning, read=None)
    told = _for(job.payload["channel"], person, waiting.order_by("sent", "pk"))
    with translation.override(person.language):
        words = digest.letter([sentences.words(each.kind, each.facts) for each in told])
    if told and person.is_active:
        channel = channels.channel(job.payload["channel"])
        channel.send(preferences.recipient(person), words, job.dedupe_key)


def _for(way: str, person: User, waiting: Iterable[Message]) -> list[Message]:
    """Those that come to ``person`` by letters of that way.

    A message waits for the letter of one way while another brought it at once, or never does: it
    comes once by each.
    """
    held = list(waiting)
    keys = {each.pk: at_once(each.key.rsplit(":", 2)[0], person.pk, way) for each in held}
    sent = Job.objects.filter(dedupe_key__in=keys.values())
    gone = set(sent.values_list("dedupe_key", flat=True))
    ways = [(way, channels.channel(way))]
    never = {
        kind
        for kind in {each.kind for each in held}
        if preferences.paces(kind, [person], ways).get((person.pk, way)) == Pace.NEVER
    }
    return [each for each in held if keys[each.pk] not in gone and each.kind not in never]


def at_once(origin: str, person: int, way: str) -> str:
    """The key of the job that brings a message by that way at once."""
    return f"message:{origin}:{person}:{way}"


@jobs.handler("daily_letter", work=write)
def written(job: Job, made: None) -> None:
    """The finished job is the proof of sending, as with any message."""
