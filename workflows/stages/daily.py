"""The daily letter: what waits for it, when it goes out, and what it says."""

from datetime import datetime, time, timedelta

from django.utils import translation

from workflows import clock, jobs
from workflows.models import Job, Message, User
from workflows.notifications import channels, digest, sentences
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
    with translation.override(person.language):
        found = [sentences.words(each.kind, each.facts) for each in waiting.order_by("sent", "pk")]
        words = digest.letter(found)
    if found and person.is_active:
        channel = channels.channel(job.payload["channel"])
        channel.send(preferences.recipient(person), words, job.dedupe_key)


@jobs.handler("daily_letter", work=write)
def written(job: Job, made: None) -> None:
    """The finished job is the proof of sending, as with any message."""
