import pypdfium2
import pytest
from pypdfium2 import raw

from tests.documents.conftest import (
    AT,
    CODE,
    RECORD,
    certificate,
    designation,
    letter,
    made,
    recognition,
)
from workflows.documents import papers
from workflows.documents.errors import MissingGlyph


def words(paper: papers.Paper) -> str:
    """Return all a paper says, without white space."""
    with pypdfium2.PdfDocument(made(paper).pdf) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return "".join(text.split())


def test_a_letter_says_all_it_was_given():
    text = words(letter())

    for fact in (
        "上海市产教融合工作联席会议办公室",
        "沪产教联办〔2025〕12号",
        "申请材料补正告知书",
        "东澜海工装备股份有限公司：",
        "扫描件第二页无法辨认。",
        "2025年9月30日",
        "补正期间不计入办理时限。",
        "2025年9月16日",
        CODE,
        "9f3a1c0752be88d1",
        "演示文书，不具法律效力",
    ):
        assert fact in text


def test_a_certificate_says_all_it_was_given():
    text = words(certificate())

    for fact in (
        "产教融合型企业证书",
        "证书编号CJRH-QY-310000-2025-0001",
        "东澜海工装备股份有限公司",
        "统一社会信用代码91310115MA1K4Q1T4X",
        "2025年9月16日至2028年9月15日",
        "上海市发展和改革委员会",
        "上海市教育委员会",
        "电子证照标识",
        certificate().identifier,
        CODE,
        "演示文书，不具法律效力",
    ):
        assert fact in text


def test_the_labels_follow_the_language_of_the_paper_not_of_the_process():
    assert "Certificateno." in words(certificate(lang="en", holder="Donglan Co., Ltd."))
    assert "16September2025to15September2028" in words(certificate(lang="en"))
    assert "DonglanCo.,Ltd.:" in words(letter(lang="en", addressee="Donglan Co., Ltd."))
    assert "有效期" in words(certificate())


def test_a_real_paper_carries_no_mark_of_demonstration():
    for paper in (letter(demo=False), certificate(demo=False)):
        text = words(paper)
        assert "演示" not in text
        assert "DEMO" not in text


def test_a_certificate_without_level_or_end_leaves_them_out():
    text = words(certificate(lang="en", level="", valid_to=None))

    assert "from16September2025" in text
    assert "Level" not in text


def test_the_due_column_is_there_only_when_something_is_due():
    reasons = (papers.Item("投入", "低于规定比例。"),)

    assert "期限" in words(letter())
    assert "期限" not in words(letter(items=reasons, closing=()))


def test_markup_in_a_name_is_printed_not_obeyed():
    name = '<b>x</b> & <img src="file:///etc/hostname">'

    assert "".join(name.split()) in words(letter(addressee=name))


def test_hidden_characters_do_not_reach_the_paper():
    paper = papers.cleaned(letter(addressee="东澜\u202e\u200b公司", paragraphs=["一\u2066二"]))

    assert paper.addressee == "东澜公司"
    assert paper.paragraphs == ("一二",)


def test_a_name_with_a_character_we_lack_is_refused_with_the_character():
    with pytest.raises(MissingGlyph) as refusal:
        papers.make(certificate(holder="𠮷田精密机械有限公司"), record=RECORD, created=AT)

    assert refusal.value.characters == "𠮷"


def test_a_name_with_rare_characters_is_set_in_one_face():
    holder = "犇垚淏昇玥珺翀喆堃㛃䶮（上海）有限公司"

    with pypdfium2.PdfDocument(made(certificate(holder=holder)).pdf) as document:
        page = document[0].get_textpage()
        start, count = page.search(holder).get_next()
        faces = {font_name(page, place) for place in range(start, start + count)}

    assert len(faces) == 1


def font_name(page: pypdfium2.PdfTextPage, place: int) -> bytes:
    """Return the name of the font a character is drawn with."""
    name = (raw.c_char * 200)()
    raw.FPDFText_GetFontInfo(page, place, name, 200, raw.c_int(0))
    return name.value


def test_a_long_name_stays_on_its_line_and_on_the_page():
    holder = "上海浦东新区张江高科技园区人工智能与集成电路产教融合协同创新发展集团股份有限公司"

    assert holder in words(certificate(holder=holder))
    assert made(certificate(holder=holder)).pages == 1


def test_a_certificate_stays_on_one_page_however_long_its_text():
    assert made(certificate(text="经评估、审议并公示无异议，" * 18)).pages == 1


def test_a_long_letter_goes_on_with_page_numbers():
    text = words(letter(paragraphs=("一次性告知需要补正的全部内容，" * 30,) * 3))

    assert "—2—" in text
    assert "—1—" not in text  # 首页不显示页码 (GB/T 9704-2012, 10.1)


def test_28_characters_stand_on_a_line():
    with pypdfium2.PdfDocument(made(letter(paragraphs=("测" * 200,))).pdf) as document:
        lines = document[0].get_textpage().get_text_bounded().splitlines()

    assert max(line.count("测") for line in lines) == 28


@pytest.mark.parametrize(
    ("text", "size"),
    [("短", "32.0"), ("上海市产教融合工作联席会议办公室", "29.4"), ("长" * 60, "20.0")],
)
def test_the_red_head_is_fitted_to_its_line(text, size):
    assert papers.fitted(text, width=470, largest=32, smallest=20) == size


@pytest.mark.parametrize("length", [24, 26, 28, 30, 32])
def test_no_page_holds_the_seal_and_nothing_else(length):
    paragraphs = ("一次性告知需要补正的全部内容，" * length,)

    with pypdfium2.PdfDocument(made(letter(paragraphs=paragraphs, items=())).pdf) as document:
        last = document[len(document) - 1].get_textpage().get_text_bounded()

    assert "2025年9月16日" in last
    assert "补正" in last


def test_a_letter_is_set_tighter_where_that_saves_a_page():
    longer = letter(paragraphs=("一次性告知需要补正的全部内容，" * 22,), items=())

    tight = made(longer)

    assert papers.typeset(longer, RECORD, AT).pages == 2
    assert tight.pages == 1


def test_a_designation_names_the_base_its_lead_and_its_partners():
    text = words(designation())

    assert "云枢人工智能教学型协同育人基地" in text
    assert "上海浦汇应用技术大学、上海滨江工程职业技术学院" in text
    assert "类型教学型" in text
    assert certificate().holder in text


def test_a_recognition_names_the_group_of_the_school():
    assert "高职" in words(recognition())


def test_a_letter_shows_its_tables_with_figures_to_the_right():
    figures = papers.Table(
        "拨付安排", ("期次", "比例", "单位"), (("1", "50%", "万元"), ("2", "", "—"))
    )

    text = words(letter(tables=(figures,)))

    assert "拨付安排期次比例单位150%万元2—" in text
    assert figures.lines == [
        [("1", "number"), ("50%", "number"), ("万元", "word")],
        [("2", "number"), ("", "word"), ("—", "word")],
    ]
