"""Quarantine: a file the scanner has not seen waits, unopened, until it has."""

from datetime import timedelta

from workflows import audit, clock, jobs, scanner, store
from workflows.errors import NotYetDue
from workflows.models import Case, File, Job
from workflows.stages import messages, picturing, reopening
from workflows.stages.law import lawfully

LONGEST_WAIT = timedelta(minutes=10)


def ask(locked: Case, file: File) -> None:
    """Let a worker have ``file`` scanned; it tries until the scanner answers."""
    jobs.enqueue("scan_file", case=locked, key=f"scan_file:{file.pk}", payload={"file": file.pk})


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
    """Release the file from quarantine, or lock it away for good and tell the applicant.

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
        told = {"code": file.code, "name": file.name, "sha256": file.sha256}
        if not virus:
            audit.record(locked, "file_scanned", by=None, **told)
            picturing.ask(file.sha256, file.kind)
            return
        event = audit.record(locked, "file_infected", by=None, virus=virus, **told)
    messages.tell(locked, "file_infected", event=event, name=file.name)
