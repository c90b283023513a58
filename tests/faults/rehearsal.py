"""What the fault tests' own processes do: prepare a house, and seal the case that waits there.

Run as ``python -m tests.faults.rehearsal prepare|seal|storm|report``.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from io import StringIO

import django

django.setup()

from django.conf import settings  # noqa: E402 -- needs the applications
from django.core.management import call_command  # noqa: E402

from workflows import demo, doorbell, store  # noqa: E402
from workflows.documents import authority  # noqa: E402
from workflows.models import Case, Certificate, Document, Job, Number  # noqa: E402
from workflows.recording import house, reader  # noqa: E402
from workflows.stages import issuance  # noqa: E402


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
    "report": report,
}

if __name__ == "__main__":
    PARTS[sys.argv[1]]()
