"""What the applicant does on an ordinary day: fill, attach, file, confirm receipt."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from html import escape
from typing import Any

import pypdfium2

from forms.transcript import question
from workflows import demo
from workflows.documents import rendering
from workflows.models import Decision, Organisation, Partner
from workflows.recording.driver import Drive
from workflows.stages import attaching, drafting, issuance, partners, submission

EVIDENCE = "佐证材料"  # one page for every paper: the gate looks into the same file only once
LOOKED_AT = {"acceptance", "screening"}  # where it stops papers are read beside a checklist


def submit(drive: Drive) -> None:
    """The clerk fills the draft and attaches the papers, partners agree; the signer files it."""
    fill(drive, drive.application.form)
    attach(drive, [paper.code for paper in drive.application.attachments if paper.provided])
    agree(drive)
    submission.submit(drive.case, by=demo.signer(drive.case.applicant))


def fill(drive: Drive, answers: Mapping[str, Any]) -> None:
    """Save ``answers`` over the draft."""
    case = drive.case
    case.refresh_from_db(fields=["draft", "draft_revision"])
    known = case.rules.form.names()
    filled = {**case.draft, **{key: as_answer(answers[key]) for key in answers if key in known}}
    clerk = demo.clerk(drive.case.applicant)
    drive.case = drafting.save(case, answers=filled, revision=case.draft_revision, by=clerk)


def as_answer(value: Any) -> Any:
    """The way a form keeps a recorded value: numbers that are not whole are text."""
    if isinstance(value, float):
        return format(Decimal(str(value)), "f")
    if isinstance(value, list):
        return [as_answer(row) for row in value]
    if isinstance(value, dict):
        return {key: as_answer(cell) for key, cell in value.items()}
    return value


def attach(drive: Drive, codes: Iterable[str]) -> None:
    """Attach the sample page for each of ``codes``, under the name of the paper."""
    clerk = demo.clerk(drive.case.applicant)
    titles = {paper.code: paper.zh for paper in drive.case.rules.form.attachments}
    for code in codes:
        if code in titles:
            name, said = f"{titles[code]}.pdf", _proved(drive, code)
            data = evidence(titles[code], said) if said else sample(EVIDENCE)
            attaching.attach(drive.case, code=code, name=name, data=data, by=clerk)


def _proved(drive: Drive, code: str) -> list[str]:
    """What the paper ``code`` of a case that waits beside a checklist says: the answers it proves.

    The last answer is left out where there are several, as papers do.
    """
    if drive.application.until not in LOOKED_AT:
        return []
    checks = [check for check in drive.case.procedure.checklist if code in check.proves]
    named = {each for check in checks for each in check.proves}
    fields = [each for each in drive.case.rules.form.fields() if each.code in named]
    said = [[*_said(question(each, drive.case.draft.get(each.code), "zh-hans"))] for each in fields]
    told = [lines for lines in said if lines]
    return [line for lines in (told[:-1] or told) for line in lines]


def _said(asked: Mapping[str, Any]) -> Iterator[str]:
    if asked["answer"]:
        yield f"{asked['question']}：{asked['answer']}{asked['unit']}"
    for row in asked.get("rows", []):
        yield f"{asked['question']}：{'　'.join(map(str, row))}"


@cache
def sample(title: str) -> bytes:
    """One page that says what would lie here."""
    return _page([(28, 120, title), (14, 150, "示例材料，内容为演示数据")])


def evidence(title: str, said: Sequence[str]) -> bytes:
    """A cover, and a page that says something."""
    whole = pypdfium2.PdfDocument(sample(title))
    page = _page([(18, 40, title), *((11, 60 + 8 * no, line) for no, line in enumerate(said))])
    whole.import_pages(pypdfium2.PdfDocument(page))
    written = io.BytesIO()
    whole.save(written)
    return written.getvalue()


def _page(lines: Iterable[tuple[int, int, str]]) -> bytes:
    words = "".join(
        f'<text x="105" y="{y}" font-size="{size / 3}" text-anchor="middle">{escape(text)}</text>'
        for size, y, text in lines
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297">{words}</svg>'
    return rendering.picture(svg, width=210, height=297)


def agree(drive: Drive) -> None:
    """Every partner is asked, and its signer confirms the application as it now stands.

    Those the recording calls ``unconfirmed`` say nothing.
    """
    if drive.case.procedure.joint is None or not drive.case.partners.exists():
        return
    partners.ask(drive.case, by=demo.clerk(drive.case.applicant))
    for partner in partners.unconfirmed(drive.case):
        if not {partner.name, partner.organisation.uscc} & set(drive.application.unconfirmed):
            partners.confirm(drive.case, by=demo.signer(staffed(partner)))


def staffed(partner: Partner) -> Organisation:
    """The partner's organisation, with a clerk and a signer."""
    unit = partner.organisation
    profile = {
        "org_name": partner.name,
        "uscc": unit.uscc,
        "org_kind": unit.kind,
        "district_code": unit.district,
    }
    return demo.organisation(profile)


def acknowledge(drive: Drive) -> None:
    """The signer confirms receipt of a delivered decision."""
    decision = Decision.objects.filter(case=drive.case).first()
    if decision is not None and decision.delivered is not None:
        issuance.acknowledge(drive.case, by=demo.signer(drive.case.applicant))
