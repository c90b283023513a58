"""What a filed case is found by (``workflows.search``), made anew whenever its sources change.

The index holds nothing of its own: ``manage.py reindex`` makes all of it again. Drafts are never
in it, nor files the scanner has not seen, nor the names of people who asked to be forgotten.
"""

import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from workflows import jobs, store, texts
from workflows.models import (
    Case,
    Defence,
    File,
    Job,
    Organisation,
    Passage,
    Submission,
    Supplement,
    User,
)
from workflows.search_words import endings, joined, spelled

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
Read = dict[str, str]  # what files say, by their digests
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
    """Ask for what was filed before this house had an index, or whose job was lost."""
    known = Passage.objects.filter(kind=Kind.NUMBER).values("case")
    left = Case.objects.filed().exclude(pk__in=known).only("pk", "submitted")
    with jobs.gathered():
        for case in left.order_by("-pk")[:MOST_LEFT]:
            ask(case, f"left:{job.payload['day']}")


# --- entering -------------------------------------------------------------------------------------
def read(job: Job) -> tuple[Read, list[str]]:
    """What the filed papers say that are in no index yet, and who cannot be read."""
    assert job.case is not None, "every job of this kind is a case's"
    known = Passage.objects.filter(case=job.case, kind=Kind.FILE)
    return _read(_papers(job.case), set(known.values_list("source", flat=True)))


@jobs.handler("index_case", work=read)
def index_case(job: Job, made: tuple[Read, list[str]]) -> None:
    """Enter the case; what could not be read is told in the job, and left out."""
    found, unreadable = made
    assert job.case is not None, "every job of this kind is a case's"
    _enter(Case.objects.select_related("applicant").get(pk=job.case.pk), found)
    if unreadable:
        told = f"not read: {', '.join(unreadable)}"[:300]
        log.warning("job %s (%s): %d files were not read", job.pk, job.kind, len(unreadable))
        Job.objects.filter(pk=job.pk).update(last_error=told)


def enter(case: Case) -> list[str]:
    """Enter one case at once, its papers read anew; the names of those that cannot be read."""
    found, unreadable = _read(_papers(case))
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).select_related("applicant")
        _enter(held.get(pk=case.pk), found)
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
                    for passage in _passages(case, Kind.FILE, words, source=key, title=name)
                ),
            )
        ),
        batch_size=500,
    )


def _enter(case: Case, found: Read) -> None:
    """Put in the rows of a held case; papers that were read before keep theirs."""
    papers = {paper.sha256: paper for paper in _papers(case)}
    held = Passage.objects.filter(case=case)
    held.exclude(kind=Kind.FILE, source__in=set(papers) - set(found)).delete()
    if case.submitted is None:
        return
    forgotten = _forgotten(case)
    names = [case.applicant.name, *_former(case.applicant)]
    rows = [
        *_about(case.pk, case.reference, case.applicant.uscc, names),
        *_passages(case.pk, Kind.ANSWERS, _without(forgotten, _answers(case, forgotten))),
    ]
    for sha256, words in found.items():
        if sha256 in papers:
            kept = _without(forgotten, joined(words))
            title = papers[sha256].name
            rows += _passages(case.pk, Kind.FILE, kept, source=sha256, title=title)
    Passage.objects.bulk_create(rows, batch_size=500)


def _former(organisation: Organisation) -> list[str]:
    return [each.name for each in organisation.former_names.all()]


def _about(case: int, reference: str, uscc: str, names: Sequence[str]) -> Iterator[Passage]:
    """The row of the numbers, which are found from any of their characters on, and of the names."""
    numbers = f"{reference} {uscc}"
    spelled_out = f"{spelled(numbers)} {endings(reference)} {endings(uscc)}"
    yield Passage(case_id=case, kind=Kind.NUMBER, text=numbers, tokens=spelled_out)
    yield from _passages(case, Kind.COMPANY, "\n".join(names))


def _passages(
    case: int, kind: int, text: str, *, source: str = "", title: str = ""
) -> Iterator[Passage]:
    text = CONTROL.sub(" ", text).strip()
    for part, start in enumerate(range(0, len(text), LENGTH)):
        piece = text[max(0, start - OVERLAP) : start + LENGTH]
        yield Passage(
            case_id=case,
            kind=kind,
            source=source,
            title=title,
            part=part,
            text=piece,
            tokens=spelled(piece),
        )


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
            found[paper.sha256] = texts.words(paper.kind, store.store().get(paper.sha256))
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
    cases = Case.objects.filed().filter(applicant__memberships__user=user)
    free = Passage.objects.filter(case__in=cases.values("pk"), kind__in=(Kind.ANSWERS, Kind.FILE))
    named = set(free.filter(text__contains=str(user)).values_list("case", flat=True))
    free.filter(case__in=named).delete()
    for case in Case.objects.filter(pk__in=named).only("pk", "submitted").order_by("pk"):
        ask(case, f"forgotten:{user.pk}")
    return bool(named)


def _forgotten(case: Case) -> list[str]:
    """The names of people of the applicant who asked to be forgotten, and are."""
    people = User.objects.filter(
        memberships__organisation=case.applicant_id, is_active=False, erasure_requests__isnull=False
    )
    return sorted({str(each) for each in people})


def _without(forgotten: Sequence[str], text: str) -> str:
    for name in forgotten:
        text = text.replace(name, BLANK)
    return PRIVATE.sub(BLANK, text) if forgotten else text
