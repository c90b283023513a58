"""Where answers stand in filed papers, however the papers write them."""

import io
from decimal import Decimal
from time import monotonic
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from forms.schema import Field
from tests.stages.conftest import Begin
from tests.stages.course import Course
from workflows import texts
from workflows.documents import rendering
from workflows.errors import CaseBusy
from workflows.models import File, Job, Passage, Reading
from workflows.recording import acts
from workflows.stages import attaching, corrections, indexing, readings
from workflows.stages.readings import Page

AMOUNT, PEOPLE = {"kind": "money", "unit": "万元"}, {"kind": "int", "unit": "人"}
CODE = "91310115MAYY910013"


def asked(kind: str, unit: str = "", **more: Any) -> Field:
    return Field.model_validate(
        {"code": "asked", "kind": kind, "unit": unit, "zh": "问", "en": "Asked", **more}
    )


def stands(field: Field, answer: Any, text: str) -> list[bool]:
    page = Page(text)
    return [value.stands(page) for value in readings.values(field, answer)]


# --- spellings ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "answer", "text"),
    [
        ({"kind": "uscc"}, CODE, "统一社会信用代码：９１３１０１１５ＭＡＹＹ９１００１３"),
        ({"kind": "uscc"}, CODE, "9131 0115 mayy 9100 13"),
        ({"kind": "text"}, "光谷激光技术（江东）有限公司", "光谷激光技术(江东)\n有限公司"),
        ({"kind": "text"}, "汇澜—智能装备", "汇澜-智能装备"),
        ({"kind": "text"}, "310115", "行政区划代码 310115。"),
        ({"kind": "date"}, "2026-11-22", "2026 年 11 月 22 日"),
        ({"kind": "date"}, "2026-11-22", "２０２６．１１．２２"),
        ({"kind": "date"}, "2026-11-22", "签发20261122止"),
        ({"kind": "date"}, "2026-11-22", "二〇二六年十一月二十二日"),
        ({"kind": "date"}, "2020-01-10", "二○二○年一月十日"),
        ({"kind": "date"}, "9999-12-31", "营业期限 长 期"),
        (AMOUNT, "1038.50", "合计 1,038.5"),
        (AMOUNT, "1038.50", "人民币１０，３８５，０００．００元"),
        (AMOUNT, "1038.50", "约0.10385 亿元"),
        (AMOUNT, "1038.50", "10 385 000 元".replace(" ", "\u00a0")),
        (AMOUNT, "50", "投入 50 万元"),
        (AMOUNT, "50", "投入 500,000.00 元"),
        (PEOPLE, 72, "三年累计 72 人"),
        (PEOPLE, 2180, "职工\n2,180\n人"),
        ({"kind": "percent"}, "98.5", "对口率９８．５％"),
        ({"kind": "yearly", "unit": "人"}, {"2027": "124"}, "124"),
    ],
)
def test_a_value_is_found_however_it_is_written(field: Any, answer: Any, text: str) -> None:
    assert stands(asked(**field), answer, text) == [True]


@pytest.mark.parametrize(
    ("field", "answer", "text"),
    [
        ({"kind": "uscc"}, CODE, "91310115MAYY910014"),
        ({"kind": "text"}, "310115", CODE),  # the code of the district stands in every credit code
        ({"kind": "date"}, "2026-11-02", "2026-11-22"),
        ({"kind": "date"}, "2026-11-22", "二〇二六年十一月二十日"),
        (AMOUNT, "1038.50", "11,038.50"),
        (AMOUNT, "1038.50", "1038.55"),
        (AMOUNT, "1038.50", "1038500 元"),
        (AMOUNT, "50", "500,000.00"),
        (PEOPLE, 72, "第 72 页"),
        (PEOPLE, 100, "覆盖率 100%"),
        (PEOPLE, 2024, "2024 年度报告"),
    ],
)
def test_what_only_looks_alike_is_not_found(field: Any, answer: Any, text: str) -> None:
    assert stands(asked(**field), answer, text) == [False]


@pytest.mark.parametrize(
    ("field", "answer"),
    [
        ({"kind": "text"}, ""),
        ({"kind": "int"}, None),
        ({"kind": "bool"}, True),
        ({"kind": "enum", "choices": [{"value": "a", "zh": "企业", "en": "Firm"}]}, "a"),
        ({"kind": "longtext"}, "三年内围绕产业链紧缺岗位扩大育人容量。"),
        ({"kind": "year"}, 2025),
        ({"kind": "text"}, "无"),
    ],
)
def test_what_no_paper_says_in_these_words_is_not_looked_for(field: Any, answer: Any) -> None:
    assert readings.values(asked(**field), answer) == []


def test_a_short_number_that_is_not_found_says_nothing() -> None:
    told = [value.plain for value in readings.values(asked("int", "人"), 72)]

    assert told == [False]
    assert [value.plain for value in readings.values(asked("int", "人"), 1286)] == [True]


def test_a_page_full_of_numbers_is_read_at_once() -> None:
    hostile = [f"{'1,111' * 30_000}", "9" * 150_000, "2026年" * 40_000, "1 " * 90_000]

    begun = monotonic()
    found = [stands(asked(**AMOUNT), "1038.50", text) for text in hostile]

    assert found == [[False]] * 4
    assert monotonic() - begun < 5


def test_every_cell_of_a_table_is_looked_for() -> None:
    columns = [
        {"code": "school", "kind": "text", "zh": "学校", "en": "School"},
        {"code": "amount", "kind": "money", "unit": "万元", "zh": "金额", "en": "Amount"},
    ]
    rows = [
        {"school": "滨江工程职业学院", "amount": "120.5"},
        {"school": "江东机电学院", "amount": "331"},
    ]

    found = stands(asked("table", columns=columns), rows, "滨江工程职业学院 1,205,000 元 331")

    assert found == [True, True, False, True]


# --- papers ---------------------------------------------------------------------------------------
def paper(*pages: str) -> bytes:
    """A PDF whose pages say these words; a page without words is a picture."""
    whole = pypdfium2.PdfDocument.new()
    for text in pages:
        whole.import_pages(pypdfium2.PdfDocument(_page(text)))
    written = io.BytesIO()
    whole.save(written)
    return written.getvalue()


def _page(text: str) -> bytes:
    if text:
        words = f'<text x="10" y="50" font-size="6">{text}</text>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297">{words}</svg>'
        return rendering.picture(svg, width=210, height=297)
    scan = io.BytesIO()
    Image.new("L", (60, 80), 200).save(scan, "PDF")
    return scan.getvalue()


@pytest.fixture
def draft(begin: Begin, plain_papers: None) -> Course:
    return begin("P1-002")


def attach(draft: Course, code: str, *pages: str) -> str:
    draft.case.files.filter(code=code).delete()
    kept = attaching.attach(
        draft.case, code=code, name="材料.pdf", data=paper(*pages), by=draft.clerk
    )
    return kept.sha256


@pytest.mark.django_db
def test_the_page_with_the_value_is_known_for_every_paper(draft: Course) -> None:
    answers = draft.drive.application.form
    revenue = Decimal(str(answers["revenue_3y"][0]["amount"])) * 10_000
    licence = attach(draft, "business_licence", "营业执照副本第一页", f"代码 {answers['uscc']}")
    audit = attach(draft, "audit_or_tax", "审计报告封面与目录", "", f"营业收入 {revenue:,.2f} 元")
    scan = attach(draft, "credit_report", "", "")
    case = draft.file().case

    indexing.enter(case)

    read = {each.sha256: each for each in Reading.objects.filter(case=case)}
    assert read[licence].found["uscc"] == [2, 1, 1]
    assert read[licence].found["revenue_3y"][1] == 0
    assert read[audit].found["revenue_3y"][:2] == [3, 1]
    assert [(read[key].pages, read[key].worded) for key in (audit, scan)] == [(3, 2), (2, 0)]
    assert not read[scan].found.get("uscc", [0, 0])[1]


@pytest.mark.django_db
def test_a_paper_is_read_once_and_asked_again_for_the_answers_of_the_next_version(
    draft: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    licence = attach(draft, "business_licence", "证照有效期至 2033年5月6日", "第二页的文字内容")
    draft.file().to("acceptance")
    indexing.enter(draft.case)
    before = Reading.objects.get(sha256=licence).found["licence_valid_to"]
    monkeypatch.setattr(texts, "pages", lambda *_: pytest.fail("read twice"))
    items: list[dict[str, Any]] = [
        {"target": "licence_valid_to", "reason": "inconsistent", "text": "与证照不一致。"}
    ]
    corrections.return_once(draft.case, items=items, by=draft.cast.window)

    acts.filing.fill(draft.drive, {"licence_valid_to": "2033-05-06"})
    corrections.resubmit(draft.case, note="", answers={}, by=draft.signer)
    enter_by_the_job(draft)

    assert before[1] == 0
    assert Reading.objects.get(sha256=licence).found["licence_valid_to"] == [1, 1, 1]


def enter_by_the_job(draft: Course) -> None:
    """What the job does in its two halves."""
    job = Job(kind="index_case", case=draft.case)
    entry, unreadable = indexing.read(job)
    assert (entry.new, unreadable) == ([], [])
    indexing.index_case(job, (entry, unreadable))


@pytest.mark.django_db
def test_what_was_read_before_the_case_changed_is_not_put_in(draft: Course) -> None:
    """The slow half runs before the case is held: another may have changed it meanwhile."""
    attach(draft, "business_licence", "证照有效期至 2033年5月6日")
    draft.file().to("acceptance")
    job = Job(kind="index_case", case=draft.case)
    late = indexing.read(job)
    File.objects.filter(case=draft.case, code="business_licence").update(scan="infected")

    with pytest.raises(CaseBusy):
        indexing.index_case(job, late)


@pytest.mark.django_db
def test_a_page_keeps_its_words_though_they_are_cut_and_overlap(draft: Course) -> None:
    long = "职工教育经费专款专用" * 300
    attach(draft, "business_licence", "前一页的最后一句话", "后一页的第一句话")
    case = draft.file().case
    pages = ["开头" + long, "", "第三页" + long]
    Passage.objects.bulk_create(
        indexing._pages(case.pk, pages, paged=True, source="f" * 64, title="甲.pdf")
    )

    passages = Passage.objects.filter(case=case, kind=Passage.Kind.FILE).order_by("part")
    written = indexing._written(passages)["f" * 64]

    assert {number: text.strip() for number, text in written.items()} == {1: pages[0], 3: pages[2]}
    assert Passage.objects.filter(source="f" * 64, text__contains="专用第三页").count() == 1
