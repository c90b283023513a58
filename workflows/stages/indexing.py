"""What a filed case is found by (``workflows.search``), made anew whenever its sources change.

The index holds nothing of its own: ``manage.py reindex`` makes all of it again. Drafts are never
in it, nor files the scanner has not seen, nor the names of people who asked to be forgotten.
"""

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from workflows import jobs, store, texts
from workflows.errors import CaseBusy
from workflows.models import (
    Case,
    Defence,
    File,
    Job,
    Organisation,
    Passage,
    Reading,
    Submission,
    Supplement,
    User,
)
from workflows.search_words import endings, joined, spelled
from workflows.stages import readings

Kind = Passage.Kind
LENGTH = 2_000  # characters of a passage: PostgreSQL keeps 256 places of a token, no more
OVERLAP = 60  # characters two passages share, so that no phrase falls between them
MOST_LEFT = 20_000  # cases without an index that one night takes on
CONTACT = ("contact_name", "contact_phone", "contact_email")
PRIVATE = re.compile(  # addresses, telephone and identity numbers of people
    r"[\w.+-]+@[\w-]+\.[\w.-]+|(?<!\d)1[3-9]\d{9}(?!\d)"
    r"|(?<!\d)[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx](?!\w)"
)
BLANK = "▇"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

log = logging.getLogger(__name__)
Read = dict[str, list[str]]  # what the pages of files say, by their digests
Said = defaultdict[str, defaultdict[int, str]]  # by the digest of a file and the number of a page
File_ = tuple[str, str]  # name, words
Bulk = tuple[int, str, str, Sequence[str], str, Mapping[str, File_]]


# --- asking ---------------------------------------------------------------------------------------
def ask(case: Case, why: str) -> None:
    """Let a worker enter ``case`` as it now stands, once for each ``why``; a draft is left alone.

    The index decides nothing, so it waits for the workers even where a driver runs its own lane.
    """
    if case.submitted is not None:
        with jobs.lane(""):
            jobs.enqueue("index_case", case=case, key=f"index_case:{case.pk}:{why}")


def ask_all_of(organisation: Organisation, why: str) -> None:
    """Let workers enter every filed case of ``organisation``, closed ones too."""
    with jobs.gathered():
        for case in Case.objects.filed().filter(applicant=organisation).only("pk", "submitted"):
            ask(case, why)


def ask_later(day: str) -> None:
    """Let a worker look, once that day, for filed cases that are in no index."""
    with jobs.lane(""):
        jobs.enqueue("index_leftovers", key=f"index_leftovers:{day}", payload={"day": day})


@jobs.handler("index_leftovers")
def index_leftovers(job: Job, made: None) -> None:
    """Ask for what was filed before this house had an index by pages, or whose job was lost."""
    known = Passage.objects.filter(kind=Kind.NUMBER).values("case")
    unpaged = Passage.objects.filter(kind=Kind.FILE, page=None).values("case")
    wanting = ~Q(pk__in=known) | Q(pk__in=unpaged)
    left = Case.objects.filed().filter(wanting).only("pk", "submitted")
    with jobs.gathered():
        for case in left.order_by("-pk")[:MOST_LEFT]:
            ask(case, f"left:{job.payload['day']}")


# --- entering -------------------------------------------------------------------------------------
def read(job: Job) -> tuple["Entry", list[str]]:
    """What the case is found by from now on, and who of its papers cannot be read.

    Reading and cutting take seconds where there are many pages, so nobody waits for them.
    """
    assert job.case is not None, "every job of this kind is a case's"
    case = Case.objects.select_related("applicant", "edition").get(pk=job.case.pk)
    found, unreadable = _read(_papers(case), _known(case))
    return _drawn_up(case, found), unreadable


@jobs.handler("index_case", work=read)
def index_case(job: Job, made: tuple["Entry", list[str]]) -> None:
    """Enter the case; what could not be read is told in the job, and left out."""
    entry, unreadable = made
    assert job.case is not None, "every job of this kind is a case's"
    _enter(Case.objects.get(pk=job.case.pk), entry)
    if unreadable:
        told = f"not read: {', '.join(unreadable)}"[:300]
        log.warning("job %s (%s): %d files were not read", job.pk, job.kind, len(unreadable))
        Job.objects.filter(pk=job.pk).update(last_error=told)


def enter(case: Case) -> list[str]:
    """Enter one case at once, its papers read anew; the names of those that cannot be read."""
    found, unreadable = _read(_papers(case))
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).select_related("applicant", "edition")
        locked = held.get(pk=case.pk)
        _enter(locked, _drawn_up(locked, found))
    return unreadable


def enter_in_bulk(rows: Iterable[Bulk]) -> None:
    """Enter many new cases: key, reference, code, names, answers, {key: (name, words)} of each."""
    Passage.objects.bulk_create(
        (
            passage
            for case, reference, uscc, names, answers, files in rows
            for passage in (
                *_about(case, reference, uscc, names),
                *_passages(case, Kind.ANSWERS, answers),
                *(
                    passage
                    for key, (name, words) in files.items()
                    for passage in _pages(case, [words], paged=True, source=key, title=name)
                ),
            )
        ),
        batch_size=500,
    )


@dataclass(frozen=True)
class Entry:
    """The unsaved rows by which a case is found, and what they were made from."""

    basis: tuple[object, ...]
    kept: set[str]  # papers whose rows stay
    passages: list[Passage]
    new: list[Reading]
    old: list[Reading]


def _drawn_up(case: Case, found: Read) -> Entry:
    """The rows of a case as it stands; papers that were read before keep theirs."""
    papers = {paper.sha256: paper for paper in _papers(case)}
    kept = set(papers) & _known(case) - set(found)
    entry = Entry(
        _basis(case), kept, [], [], list(Reading.objects.filter(case=case, sha256__in=kept))
    )
    if case.submitted is None:
        return entry
    forgotten, rows = _forgotten(case), entry.passages
    names = [case.applicant.name, *_former(case.applicant)]
    rows += _about(case.pk, case.reference, case.applicant.uscc, names)
    rows += _passages(case.pk, Kind.ANSWERS, _without(forgotten, _answers(case, forgotten)))
    for sha256, pages in found.items():
        if paper := papers.get(sha256):
            said = [_without(forgotten, joined(page)) for page in pages]
            paged = paper.kind in texts.PAGED
            rows += _pages(case.pk, said, paged=paged, source=sha256, title=paper.name)
            entry.new.append(readings.read(case, sha256, said if paged else []))
    before = Passage.objects.filter(case=case, kind=Kind.FILE, source__in=kept)
    filed = (each for each in rows if each.kind == Kind.FILE)
    readings.compare(case, [*entry.old, *entry.new], _written([*before.order_by("part"), *filed]))
    return entry


def _basis(case: Case) -> tuple[object, ...]:
    """What must be the same still when the rows are put in."""
    newest = _newest(case)
    papers = sorted({paper.sha256 for paper in _papers(case)})
    return newest and newest.pk, papers, _forgotten(case)


def _enter(case: Case, entry: Entry) -> None:
    """Put in the rows of a held case; raises ``CaseBusy`` where it changed since they were made."""
    if entry.basis != _basis(case):
        raise CaseBusy
    Passage.objects.filter(case=case).exclude(kind=Kind.FILE, source__in=entry.kept).delete()
    Reading.objects.filter(case=case).exclude(sha256__in=entry.kept).delete()
    Passage.objects.bulk_create(entry.passages, batch_size=500)
    Reading.objects.bulk_update(entry.old, ["found"])
    Reading.objects.bulk_create(entry.new)


def _known(case: Case) -> set[str]:
    """The papers that need no reading: their words are in, or there are none."""
    there = set(Passage.objects.filter(case=case, kind=Kind.FILE).values_list("source", flat=True))
    read = Reading.objects.filter(case=case).values_list("sha256", "worded")
    return {sha256 for sha256, worded in read if sha256 in there or not worded}


def _written(passages: Iterable[Passage]) -> Said:
    """What every page of every paper says, put together from its passages in their order."""
    said: Said = defaultdict(lambda: defaultdict(str))
    length: Counter[str] = Counter()
    for each in passages:
        own = each.text[min(OVERLAP, length[each.source]) :]
        said[each.source][each.page or 0] += own
        length[each.source] += len(own)
    return said


def _former(organisation: Organisation) -> list[str]:
    return [each.name for each in organisation.former_names.all()]


def _about(case: int, reference: str, uscc: str, names: Sequence[str]) -> Iterator[Passage]:
    """The row of the numbers, which are found from any of their characters on, and of the names."""
    numbers = f"{reference} {uscc}"
    spelled_out = f"{spelled(numbers)} {endings(reference)} {endings(uscc)}"
    yield Passage(case_id=case, kind=Kind.NUMBER, text=numbers, tokens=spelled_out)
    yield from _passages(case, Kind.COMPANY, "\n".join(names))


def _passages(case: int, kind: int, text: str) -> Iterator[Passage]:
    text = CONTROL.sub(" ", text).strip()
    for part, start in enumerate(range(0, len(text), LENGTH)):
        yield _passage(case, kind, text[max(0, start - OVERLAP) : start + LENGTH], part=part)


def _pages(case: int, said: Iterable[str], *, paged: bool, **named: str) -> Iterator[Passage]:
    """The passages of a file, none of two pages; each begins with the end of the one before."""
    before, part = "", 0
    for number, page in enumerate(said, start=1):
        text = CONTROL.sub(" ", page).strip()
        text = _seam(before, text) + text
        for start in range(0, len(text), LENGTH):
            piece = before + text[start : start + LENGTH]
            place = {"part": part, "page": number if paged else 0}
            yield _passage(case, Kind.FILE, piece, **named, **place)
            before, part = piece[-OVERLAP:], part + 1


def _seam(before: str, after: str) -> str:
    """What stands between two pages: nothing in the middle of a Chinese sentence."""
    return joined(f"{before[-1]}\n{after[0]}")[1:-1] if before and after else ""


def _passage(case: int, kind: int, text: str, **more: Any) -> Passage:
    return Passage(case_id=case, kind=kind, text=text, tokens=spelled(text), **more)


# --- what was filed -------------------------------------------------------------------------------
def _papers(case: Case) -> list[File]:
    """The papers of the newest submission and of what was handed in after it, if they are open."""
    submission = _newest(case)
    lists = [submission.files if submission else []]
    answered = Q(closed_as=Supplement.Closed.ANSWERED)
    lists += Supplement.objects.filter(answered, case=case).values_list("files", flat=True)
    stated = Q(closed_as=Defence.Closed.STATED)
    lists += Defence.objects.filter(stated, case=case).values_list("files", flat=True)
    filed = {(each["code"], each["sha256"]) for files in lists for each in files}
    files = File.objects.filter(case=case, kind__in=texts.READ).order_by("pk")
    return [each for each in files if each.available and (each.code, each.sha256) in filed]


def _newest(case: Case) -> Submission | None:
    return Submission.objects.filter(case=case).order_by("-number").first()


def _read(papers: Iterable[File], known: Collection[str] = ()) -> tuple[Read, list[str]]:
    found: Read = {}
    unreadable = []
    for paper in papers:
        if paper.sha256 in known or paper.sha256 in found:
            continue
        try:
            found[paper.sha256] = texts.pages(paper.kind, store.store().get(paper.sha256))
        except (texts.Unreadable, KeyError, store.StoreDamaged):
            unreadable.append(paper.name)
    return found, unreadable


def _answers(case: Case, forgotten: Sequence[str]) -> str:
    """Every answer of the newest submission in words, and what the applicant said since."""
    submission = _newest(case)
    sections = submission.transcript["sections"] if submission else []
    said = [
        line
        for section in sections
        for question in section["questions"]
        if not (forgotten and question["code"] in CONTACT)
        for line in _said(question)
    ]
    answered = Supplement.objects.filter(case=case, closed_as=Supplement.Closed.ANSWERED)
    for supplement in answered.prefetch_related("items"):
        said += [supplement.note, *(item.answer for item in supplement.items.all())]
    stated = Defence.objects.filter(case=case, closed_as=Defence.Closed.STATED)
    said += stated.order_by("number").values_list("text", flat=True)
    return "\n".join(line for line in said if line)


def _said(question: Mapping[str, Any]) -> list[str]:
    rows = [" ".join(map(str, row)) for row in question.get("rows", [])]
    return [str(question["answer"]), *rows]


# --- forgetting -----------------------------------------------------------------------------------
def forget(user: User) -> bool:
    """Take out of the index what names ``user``, whose account is closed; whether there was any.

    The record stays as it was filed. Each such case is entered anew without the name, and without
    addresses and numbers of people.
    """
    theirs = Organisation.objects.filter(memberships__user=user).values("pk")
    own = Q(applicant__in=theirs) | Q(partners__organisation__in=theirs)
    cases = Case.objects.filed().filter(own)
    free = Passage.objects.filter(case__in=cases.values("pk"), kind__in=(Kind.ANSWERS, Kind.FILE))
    named = set(free.filter(text__contains=str(user)).values_list("case", flat=True))
    free.filter(case__in=named).delete()
    Reading.objects.filter(case__in=named).delete()
    for case in Case.objects.filter(pk__in=named).only("pk", "submitted").order_by("pk"):
        ask(case, f"forgotten:{user.pk}")
    return bool(named)


def _forgotten(case: Case) -> list[str]:
    """The names of people of the applicant and partners who asked to be forgotten, and are."""
    units = Q(pk=case.applicant_id) | Q(partnerships__case=case)
    people = User.objects.filter(
        memberships__organisation__in=Organisation.objects.filter(units).values("pk"),
        is_active=False,
        erasure_requests__isnull=False,
    )
    return sorted({str(each) for each in people})


def _without(forgotten: Sequence[str], text: str) -> str:
    for name in forgotten:
        text = text.replace(name, BLANK)
    return PRIVATE.sub(BLANK, text) if forgotten else text
