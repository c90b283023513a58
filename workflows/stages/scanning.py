"""Quarantine: a file the scanner has not seen waits, unopened, until it has.

A house without a scanner has no quarantine; once it has one, what came before is scanned as well.
"""

from datetime import datetime, timedelta

from workflows import audit, clock, jobs, scanner, store
from workflows.errors import NotYetDue
from workflows.models import Case, Event, Evidence, File, Job
from workflows.stages import indexing, messages, picturing, reopening
from workflows.stages.law import lawfully

LONGEST_WAIT = timedelta(minutes=10)
PACE = timedelta(seconds=1)  # between two files that came before the scanner: nobody waits for them
MOST = 20_000  # of these files a day


# --- asking ---------------------------------------------------------------------------------------
def ask(locked: Case, file: File, not_before: datetime | None = None) -> None:
    """Let a worker have ``file`` scanned; it tries until the scanner answers."""
    key, payload = f"scan_file:{file.pk}", {"file": file.pk}
    jobs.enqueue("scan_file", case=locked, key=key, payload=payload, not_before=not_before)


def ask_of_library(evidence: Evidence, not_before: datetime | None = None) -> None:
    """Let a worker have a paper of a library scanned."""
    key, payload = f"scan_evidence:{evidence.pk}", {"evidence": evidence.pk}
    jobs.enqueue("scan_evidence", key=key, payload=payload, not_before=not_before)


def ask_later(day: str) -> None:
    """Let a worker ask, once that day, for what came while this house had no scanner."""
    jobs.enqueue("scan_leftovers", key=f"scan_leftovers:{day}")


@jobs.handler("scan_leftovers")
def scan_leftovers(job: Job, made: None) -> None:
    """Ask for every file that came before the scanner, one after the other."""
    if not scanner.configured():
        return
    unseen = {"scan": File.Scan.UNSCANNED}
    files = File.objects.filter(**unseen).select_related("case").defer("case__draft")
    papers = Evidence.objects.filter(**unseen)
    moment = clock.now()
    with jobs.gathered():
        for place, file in enumerate(files.order_by("pk")[:MOST]):
            ask(file.case, file, moment + place * PACE)
        for place, paper in enumerate(papers.order_by("pk")[:MOST]):
            ask_of_library(paper, moment + place * PACE)


# --- scanning -------------------------------------------------------------------------------------


def scan(job: Job) -> str:
    """The virus in the file, empty if there is none; outside any transaction."""
    sha256 = File.objects.values_list("sha256", flat=True).get(pk=job.payload["file"])
    return verdict(sha256, job.attempt)


def verdict(sha256: str, attempt: int) -> str:
    """The virus in a stored file, empty if there is none.

    Raises ``NotYetDue`` while the scanner is silent, which spends no attempt however long it takes.
    """
    try:
        if not scanner.configured():
            raise scanner.ScannerDown("no scanner is configured")
        return scanner.scan(store.store().get(sha256))
    except scanner.ScannerDown as down:
        wait = min(timedelta(seconds=5 * 2 ** min(attempt, 10)), LONGEST_WAIT)
        raise NotYetDue(not_before=clock.now() + wait) from down


@jobs.handler("scan_file", work=scan)
def scanned(job: Job, virus: str) -> None:
    """Let the file be opened, or lock it away for good and tell who may have opened it.

    A file with a virus is taken out where the applicant may still put another in its place; what
    was filed keeps its place, so that the office sees why it cannot be opened.
    """
    file = File.objects.select_related("case__edition", "case__applicant").get(
        pk=job.payload["file"]
    )
    with lawfully(file.case) as locked:
        file.scan = File.Scan.INFECTED if virus else File.Scan.CLEAN
        if virus and file.removed is None and file.code in reopening.opened(locked).papers:
            file.removed = clock.now()
        file.save(update_fields=["scan", "removed"])
        indexing.ask(locked, f"scan:{file.pk}")
        told = {"code": file.code, "name": file.name, "sha256": file.sha256}
        if not virus:
            audit.record(locked, "file_scanned", by=None, **told)
            picturing.ask(file.sha256, file.kind)
            return
        event = audit.record(locked, "file_infected", by=None, virus=virus, **told)
    _warn(locked, file, event)


def _warn(locked: Case, file: File, event: Event) -> None:
    """Tell the applicant, and of what was filed the desk that has the case."""
    messages.tell(locked, "file_infected", event=event, name=file.name)
    if locked.submitted is not None:
        early = locked.state in (Case.State.SUBMITTED, Case.State.RETURNED)
        desk = f"group:window:{locked.district}" if early else "group:case_officer"
        messages.tell(locked, "filed_file_infected", event=event, audience=desk, name=file.name)
