"""Viruses in papers without a row of their own: powers of attorney, licences, photos, evidence.

Such a paper is known by its content wherever it lies, so what is known of viruses is kept by
content as well. A house without a scanner keeps nothing; once it has one, what came before is
scanned too.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import models

from workflows import audit, clock, jobs, scanner, store
from workflows.models import (
    File,
    Invitation,
    Job,
    Membership,
    Objection,
    PaperScan,
    Registration,
    SiteVisit,
)
from workflows.stages import messages, scanning

CHAIN = "store"
PAPERS = (  # columns with the content of a paper, and its name beside it
    (Membership, "letter"),
    (Invitation, "letter"),
    (Registration, "letter"),
    (Registration, "licence"),
)
LISTS = ((SiteVisit, "photos"), (Objection, "evidence"))  # columns with {"name", "sha256"}
WATCHERS = ("group:operator", "group:leader")
Paper = tuple[str, str]  # its content, its name


def note(sha256: str, scan: str) -> PaperScan | None:
    """Remember what the scanner said of a paper that came in; have it scanned if it was silent."""
    if scan == File.Scan.UNSCANNED:
        return PaperScan.objects.filter(of=sha256).first()
    known, _new = PaperScan.objects.get_or_create(of=sha256, defaults={"scan": scan})
    if known.scan == File.Scan.QUARANTINED and scan == File.Scan.CLEAN:
        known.scan = scan
        known.save(update_fields=["scan"])
    elif known.scan == File.Scan.QUARANTINED:
        _ask(sha256, clock.now())
    return known


def _ask(sha256: str, moment: datetime) -> None:
    """Let a worker look at the paper; once a day, should it be handed in again unseen."""
    key, payload = f"scan_paper:{sha256}:{clock.local(moment).date()}", {"sha256": sha256}
    jobs.enqueue("scan_paper", key=key, payload=payload, not_before=moment)


def ask_later(day: str) -> None:
    """Let a worker ask, once that day, for what came while this house had no scanner."""
    jobs.enqueue("scan_paper_leftovers", key=f"scan_paper_leftovers:{day}")


@jobs.handler("scan_paper_leftovers")
def scan_leftovers(job: Job, made: None) -> None:
    """Ask for every paper that came before the scanner or is unseen still, one after the other."""
    if not scanner.configured():
        return
    seen = PaperScan.objects.exclude(scan=File.Scan.QUARANTINED)
    known = set(seen.values_list("of", flat=True))
    waiting = dict.fromkeys(sha256 for sha256, _name in papers() if sha256 not in known)
    moment = clock.now()
    with jobs.gathered():
        for place, sha256 in enumerate(list(waiting)[: scanning.MOST]):
            _ask(sha256, moment + place * scanning.PACE)


def papers() -> Iterator[Paper]:
    """Every such paper of the house, the older first, as often as it was handed in."""
    for model, column in PAPERS:
        held: models.QuerySet[models.Model] = model._default_manager.exclude(
            **{f"{column}_sha256": ""}
        )
        yield from held.order_by("pk").values_list(f"{column}_sha256", f"{column}_name")
    for listing, column in LISTS:
        lists: models.QuerySet[models.Model] = listing._default_manager.exclude(**{column: []})
        for files in lists.order_by("pk").values_list(column, flat=True):
            yield from ((each["sha256"], each["name"]) for each in files)


# --- scanning -------------------------------------------------------------------------------------
def scan(job: Job) -> str | None:
    """The virus in the paper, empty if there is none, None if it is gone meanwhile."""
    sha256 = job.payload["sha256"]
    return scanning.verdict(sha256, job.attempt) if store.store().exists(sha256) else None


@jobs.handler("scan_paper", work=scan)
def scanned(job: Job, virus: str | None) -> None:
    """Let the paper be opened, or lock it away for good and tell who looks after the house."""
    sha256 = job.payload["sha256"]
    if virus is None:
        PaperScan.objects.filter(of=sha256).delete()
        return
    told = {"scan": File.Scan.INFECTED if virus else File.Scan.CLEAN, "virus": virus}
    PaperScan.objects.update_or_create(of=sha256, defaults=told)
    if not virus:
        return
    audit.record_system(CHAIN, "paper_infected", by=None, sha256=sha256, virus=virus)
    names = sorted({name for content, name in papers() if content == sha256})
    with jobs.gathered():
        for audience in WATCHERS:
            messages.remind(
                "paper_infected",
                origin=f"paper_infected:{sha256}",
                audience=audience,
                name="、".join(names),
            )
