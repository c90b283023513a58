"""What the fault tests' own processes do: prepare a house, and seal the case that waits there.

Run as ``python -m tests.faults.rehearsal prepare|seal|storm|decide|neglect|share|report``.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from time import monotonic, sleep

import django

django.setup()

from django.conf import settings  # noqa: E402 -- needs the applications
from django.core.management import call_command  # noqa: E402

from workflows import clock, demo, doorbell, jobs, store  # noqa: E402
from workflows.calendar import DAY  # noqa: E402
from workflows.documents import authority  # noqa: E402
from workflows.models import (  # noqa: E402
    Appointment,
    Case,
    Certificate,
    Document,
    Intent,
    Job,
    Number,
    Task,
    User,
)
from workflows.recording import house, reader  # noqa: E402
from workflows.stages import assigning, intents, issuance, people  # noqa: E402

PATIENCE = 30.0  # seconds after which a press is given up


def prepare() -> None:
    """A house with one case that waits for its seal."""
    for command in ("migrate", "load_working_days", "publish_editions"):
        call_command(command, stdout=StringIO())
    authority.make(settings.HENG_SIGNER["OPTIONS"]["directory"])
    recording = reader.read(demo.RECORDING)
    first = recording.model_copy(update={"applications": recording.applications[:1]})
    house.carry(first, lambda _words: None, until="sealing")
    Job.objects.all().delete()  # what was done or awaited months ago is another story


def seal() -> None:
    """Seal the case: its papers are asked for, and the doorbell rings."""
    case = Case.objects.get()
    issuance.seal(case, by=demo.cast(case.district).seal)


def storm() -> None:
    """Ring a hundred times for every job there is."""
    for job in Job.objects.all():
        for _ in range(100):
            assert doorbell.announce(job.pk)


def decide() -> None:
    """Take the open task, give it back, take it, and seal; how late each was carried out."""
    sealing = {"form": "seal", "sent": {"decision": ["seal"]}}
    presses = [("claim", {}), ("release", {}), ("claim", {}), ("decide", sealing)]
    late = [(_settled(kind, data)) / timedelta(seconds=1) for kind, data in presses]
    print(json.dumps(late))  # noqa: T201 -- the test reads it


def _settled(kind: str, data: dict[str, object]) -> timedelta:
    """Press, wait until it counts, and say how long after its window that was."""
    task = Task.objects.select_related("case__edition", "case__applicant").get(finished=None)
    by = demo.cast(task.case.district).seal
    intent = intents.intend(task, kind, data, by=by, told="")
    end = monotonic() + PATIENCE
    while intent.state == Intent.State.WAITING and monotonic() < end:
        sleep(0.05)
        intent.refresh_from_db()
    assert intent.state == Intent.State.DONE, (intent.state, intent.refusal)
    assert intent.settled is not None
    return intent.settled - intent.due


def neglect() -> None:
    """The open task is long overdue, whoever could do it has left, and the morning comes."""
    today = clock.today()
    Task.objects.filter(finished=None).update(due=today - 10 * DAY)
    keepers = Appointment.objects.filter(role="seal_keeper")
    keepers.update(valid_to=today - 10 * DAY)
    jobs.enqueue("look_round", key="look_round:rehearsed")


def share() -> None:
    """Two people are appointed, and the head lets the rule deal out the group's tasks."""
    for name in ("first", "second"):
        person = User.objects.create(username=f"keeper.{name}", name=name)
        people.appoint(person, role="seal_keeper", by=None)
    leader = demo.cast(Case.objects.get().district).leader
    assigning.switch("seal_keeper", on=True, by=leader)


def report() -> None:
    """Everything that could have been lost or doubled, as JSON."""
    case = Case.objects.get()
    sealed = case.events.get(kind="sealed")
    papers = Document.objects.filter(dated__gte=sealed.at).order_by("pk")
    verified = StringIO()
    call_command("verify_audit", stdout=verified)  # fails the process at the first wrong row
    told = {
        "state": case.state,
        "papers": [[paper.kind, paper.state] for paper in papers],
        "whole": [is_whole(paper) for paper in papers],
        "issued_events": case.events.filter(kind="document_issued", seq__gt=sealed.seq).count(),
        "numbers": list(Number.objects.order_by("pk").values_list("text", "serial")),
        "titles": Certificate.objects.filter(case=case).count(),
        "granted": case.events.filter(kind="granted").count(),
        "jobs": sorted(Job.objects.filter(kind="issue_document").values_list("state", "attempt")),
        "verified": verified.getvalue().strip(),
    }
    print(json.dumps(told))  # noqa: T201 -- the test reads it


def is_whole(paper: Document) -> bool:
    """Whether the registered file is in the store, byte for byte."""
    return hashlib.sha256(store.store().get(paper.sha256)).hexdigest() == paper.sha256


PARTS: dict[str, Callable[[], None]] = {
    "prepare": prepare,
    "seal": seal,
    "storm": storm,
    "decide": decide,
    "neglect": neglect,
    "share": share,
    "report": report,
}

if __name__ == "__main__":
    PARTS[sys.argv[1]]()
