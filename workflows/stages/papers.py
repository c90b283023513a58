"""Papers of a case: asked for in the verb's transaction, rendered, signed and registered by a job.

The paper's text is settled when it is asked for: everything it says lies in its record, and the
same record gives the same unsigned bytes for ever.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings

from forms.fields import kind_of
from forms.schema import Field
from workflows import audit, clock, jobs, store
from workflows.documents import codes, seal, signing, verification
from workflows.documents import papers as layouts
from workflows.documents.errors import DocumentError, MissingGlyph
from workflows.errors import PaperBroken, RareCharacter, StoreFull
from workflows.models import Case, Document, Job, rows
from workflows.stages import names
from workflows.stages.law import lawfully

NO_CODE = "0000-0000-0000-0000-0000"
PREVIEW = "预览 草稿 DRAFT"
LANGUAGE = "zh-hans"  # official papers are in Chinese whatever language the applicant reads


# --- asking -------------------------------------------------------------------------------------
def request(locked: Case, kind: str, **facts: Any) -> Document:
    """Ask for a paper of the edition's letter ``kind``, as ``drawn_up`` settles what it says."""
    document = drawn_up(locked, kind, **facts)
    ask_for(document)
    return document


def drawn_up(
    locked: Case,
    kind: str,
    *,
    number: str = "",
    revision: int = 1,
    lists: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Document:
    """A paper of the edition's letter ``kind`` that is still to be asked for.

    ``facts`` fill the places of the letter's paragraphs; ``lists`` holds what it lists, its
    ``items`` ``{"label", "text"}`` among it. Both go into the embedded record.
    """
    record = _record(locked, kind, {**_texts(facts), "number": number}, lists or {})
    text = canonical(record)
    return Document(
        case=locked,
        kind=kind,
        revision=revision,
        title=record["title"],
        number=number,
        code=record["code"],
        record=text,
        record_sha256=hashlib.sha256(text.encode()).hexdigest(),
        dated=clock.now(),
    )


def preview(case: Case, kind: str, **facts: Any) -> bytes:
    """The PDF that ``request`` with the same words would have issued now, marked as a preview.

    Nothing is stored and no number is taken; its verification code is nobody's. Raises
    ``RareCharacter`` and ``PaperBroken`` as making the paper would.
    """
    document = drawn_up(case, kind, **facts)
    record = json.loads(document.record) | {"code": NO_CODE}
    record["verify_url"] = f"{settings.HENG_SITE}/v/{NO_CODE}/"
    with told_in_words():
        return layouts.make(
            _layout(document, record, demo=False),
            record=canonical(record).encode(),
            created=document.dated,
            watermark=PREVIEW,
        ).pdf


def ask_for(*papers: Document) -> None:
    """Ask for papers, all in one statement; each is issued by a job."""
    rows.insert(*papers)
    for document in papers:
        jobs.enqueue(
            "issue_document",
            case=document.case,
            key=f"issue_document:{document.pk}",
            payload={"document": document.pk},
        )


def _record(
    locked: Case, kind: str, facts: Mapping[str, str], lists: Mapping[str, Any]
) -> dict[str, Any]:
    """Everything the paper says, as data."""
    letter = locked.procedure.letters[kind]
    places = {**_common(locked), **facts}
    _, particulars = CERTIFICATES.get(kind, (None, ()))
    places |= answers(locked, letter.names.union(particulars) - places.keys())
    words = letter.filled(LANGUAGE, places)
    code = codes.new_code()
    return {
        **places,
        "schema": "heng.record/1",
        "kind": kind,
        "code": code,
        "title": words.title,
        "paragraphs": words.paragraphs,
        "closing": words.closing,
        "items": [],
        **lists,
        "bodies": [body.zh for body in locked.rules.issuer.bodies],
        "verify_url": f"{settings.HENG_SITE}/v/{code}/",
        "edition": locked.edition.digest,
        "after_event": locked.head,
    }


def _common(locked: Case) -> dict[str, str]:
    return {
        "applicant": names.called(locked),
        "uscc": locked.applicant.uscc,
        "case": locked.reference,
        "procedure": locked.procedure.title.zh,
        "office": locked.rules.issuer.name.zh,
        "issuer": locked.rules.issuer.name.zh,
        "submitted_on": _day(locked.submitted),
        "accepted_on": _day(locked.accepted),
        "today": in_words(clock.today()),
        "score": str(locked.score) if locked.score is not None else "",
        "remedies": locked.procedure.remedies.zh,
        "supervision": locked.procedure.supervision.zh,
    }


def answers(locked: Case, codes: Collection[str], *, language: str = LANGUAGE) -> dict[str, str]:
    """The filed answers with ``codes`` as a paper says them; empty where nothing was answered."""
    if not codes:
        return {}
    filed = locked.filed
    given = {**filed.answers, **filed.derived}
    asked = [field for field in locked.rules.form.fields() if field.code in codes]
    return {field.code: _said(field, given.get(field.code), language) for field in asked}


def _said(field: Field, answer: Any, language: str) -> str:
    """One answer in the words of a paper; of a table, what its rows are called."""
    if answer is None:
        return ""
    if field.kind == "date":
        return in_words(date.fromisoformat(answer))
    if field.kind == "table":
        return "、".join(str(row[field.columns[0].code]) for row in answer)
    return kind_of(field).shown(field, answer, language)


def _day(moment: datetime | None) -> str:
    return in_words(clock.local(moment).date()) if moment else ""


def _texts(facts: Mapping[str, object]) -> dict[str, str]:
    return {
        key: in_words(value) if isinstance(value, date) else str(value)
        for key, value in facts.items()
    }


def in_words(day: date) -> str:
    """The day as an official paper writes it: 2026年9月14日."""
    return f"{day.year}年{day.month}月{day.day}日"


def facts(document: Document) -> dict[str, Any]:
    """What the paper says, as data."""
    record: dict[str, Any] = json.loads(document.record)
    return record


def canonical(record: Mapping[str, Any]) -> str:
    """The exact text that is hashed and embedded as ``record.json``."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# --- making -------------------------------------------------------------------------------------
def make(job: Job) -> dict[str, str]:
    """Render, sign, verify and store the paper; outside any transaction."""
    document = Document.objects.get(pk=job.payload["document"])
    signer = signing.signer()
    record = facts(document)
    with told_in_words():
        rendered = layouts.make(
            _layout(document, record, demo=signer.demo),
            record=document.record.encode(),
            created=document.dated,
        )
        mark = seal.seal_pdf(record["bodies"][0], demo=signer.demo)
        signed = signer.sign(
            rendered.pdf, at=document.dated, reason=document.title, location="中国", seal=mark
        )
    verdict = verification.verify(signed, roots=signer.roots, revocations=signer.revocations)
    if not verdict.valid:
        raise PaperBroken(problems="；".join(verdict.problems))
    return {
        "unsigned_sha256": rendered.sha256,
        "sha256": keep(signed),
        "signer": verdict.signer,
    }


def is_ours(sha256: str) -> bool:
    """Whether the bytes of that digest are a paper this house signed, its record inside."""
    return Document.objects.filter(sha256=sha256).exists()


@contextmanager
def told_in_words() -> Iterator[None]:
    """Refuse a paper that cannot be set with the reason an officer understands."""
    try:
        yield
    except MissingGlyph as missing:
        raise RareCharacter(characters="、".join(missing.characters)) from missing
    except DocumentError as broken:
        raise PaperBroken(problems=str(broken)) from broken


def keep(data: bytes) -> str:
    """Put ``data`` into the store and give its sha256; ``StoreFull`` when there is no room."""
    try:
        return store.store().put(data)
    except store.StoreFull as full:
        raise StoreFull from full


# papers laid out as a certificate, and what each shows beside what every certificate shows
CERTIFICATES: Mapping[str, tuple[type[layouts.Certificate], Collection[str]]] = {
    "certificate": (layouts.Certificate, ()),
    "designation": (layouts.Designation, ("base_name", "base_kind", "partners", "agreement_no")),
    "recognition": (layouts.Recognition, ("group",)),
}


def _layout(document: Document, record: dict[str, Any], *, demo: bool) -> layouts.Paper:
    """The record in the places of its layout: that of the kind, else an official letter."""
    salutation, *paragraphs = record["paragraphs"]
    common = {
        "lang": LANGUAGE,
        "number": record["number"],
        "title": record["title"],
        "bodies": tuple(record["bodies"]),
        "code": record["code"],
        "verify_url": record["verify_url"],
        "digest_short": document.record_sha256[:16],
        "demo": demo,
    }
    if document.kind in CERTIFICATES:
        layout, particulars = CERTIFICATES[document.kind]
        term = {key: date.fromisoformat(day) for key, day in record["term"].items() if day}
        return layout(
            identifier=record["identifier"],
            holder=record["applicant"],
            uscc=record["uscc"],
            level=record["level"],
            text="".join(record["paragraphs"]),
            issued_on=term["valid_from"],
            valid_from=term["valid_from"],
            valid_to=term.get("valid_to"),
            **{each: record.get(each, "") for each in particulars},
            **common,
        )
    return layouts.Letter(
        issuer=record["issuer"],
        addressee=salutation.rstrip("：:"),
        paragraphs=tuple(paragraphs),
        items=tuple(layouts.Item(**item) for item in record["items"]),
        tables=tuple(layouts.Table(**table) for table in record.get("tables", [])),
        closing=tuple(record["closing"]),
        date_text=record["today"],
        **common,
    )


def register(job: Job, made: Mapping[str, str]) -> Document:
    """Register the made paper: once, with its event, in the job's final transaction."""
    document = Document.objects.select_related("case").get(pk=job.payload["document"])
    with lawfully(document.case) as locked:
        document.unsigned_sha256 = made["unsigned_sha256"]
        document.sha256, document.signer = made["sha256"], made["signer"]
        document.state, document.issued = Document.State.ISSUED, clock.now()
        document.save(update_fields=["unsigned_sha256", "sha256", "signer", "state", "issued"])
        audit.record(
            locked,
            "document_issued",
            by=None,
            kind=document.kind,
            number=document.number,
            sha256=document.sha256,
            record_sha256=document.record_sha256,
        )
    return document
