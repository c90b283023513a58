"""Following a case without having a task of it; and what its moves mean for whoever does.

The law says that a case moved where somebody watches it or has put a task of it off; a job does
the rest, so nobody waits for it. A watch changes nothing on the case and leaves no entry.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from workflows import clock, jobs
from workflows.models import Case, Event, Job, Task, User, Watch
from workflows.stages import messages, sight, snoozing
from workflows.status_words import case_word

# Entries that tell of the desk's own doings, of papers and of machines: nothing to wake up for.
QUIET = (
    "claimed", "given_back", "released", "assigned", "snoozed", "woken", "supervision_lifted",
    "document_issued", "delivered", "file_scanned", "reminded", "sheet_kept", "due_recounted",
)  # fmt: skip


def watch(case: Case, *, by: User) -> None:
    """Let ``by`` follow the case from now on, if they do not already."""
    Watch.objects.get_or_create(case=case, user=by, defaults={"since": clock.now()})


def unwatch(case: Case, *, by: User) -> None:
    """Let ``by`` follow the case no more."""
    Watch.objects.filter(case=case, user=by).delete()


def is_watched(case: Case, by: User) -> bool:
    """Whether ``by`` follows the case."""
    return Watch.objects.filter(case=case, user=by).exists()


@jobs.handler("stirred")
def stirred(job: Job, made: Any) -> None:
    """Tell those who watch a case that it reached another state; wake what was put off of it."""
    case, told = job.case, job.payload
    assert case is not None, "a case stirred"
    if told["before"] != told["after"]:
        _tell(case, told["after"], told["seq"])
    if Task.objects.filter(case=case, finished=None, snoozed__gt=clock.today()).exists():
        events = Event.objects.filter(case=case, seq__gt=told["since"], seq__lte=told["seq"])
        loud = events.exclude(kind__in=QUIET).values_list("kind", flat=True)
        if loud:
            snoozing.waken(case, because=loud)


def _tell(case: Case, state: str, seq: int) -> None:
    """One message each, in the house; whoever may not read the case any more hears nothing."""
    words = {code: _word(state, case.outcome, code) for code, _name in settings.LANGUAGES}
    with jobs.gathered():
        for person in watchers(case):
            messages.remind(
                "watched_moved",
                origin=f"moved:{case.pk}:{seq}",
                case=case,
                audience=f"user:{person.pk}",
                state=words,
            )


def watchers(case: Case) -> Iterator[User]:
    """Who watches the case and may still read it."""
    people: QuerySet[User] = User.objects.filter(watches__case=case, is_active=True).order_by("pk")
    for person in people:
        if sight.readable(person).filter(pk=case.pk).exists():
            yield person


def _word(state: str, outcome: str, language: str) -> str:
    with translation.override(language):
        return case_word(state, outcome).to("staff")
