"""What a filed case is found by, and when it is entered anew."""

import io
import zipfile
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from tests import clamd
from tests.stages.conftest import Begin
from tests.stages.course import Course
from workflows import jobs, search, texts
from workflows.models import Case, File, Job, Partner, Passage, Reading, User
from workflows.recording import acts
from workflows.stages import (
    attaching,
    corrections,
    erasure,
    indexing,
    names,
    people,
    reminders,
    scanning,
    supplements,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_papers")]
Kind = Passage.Kind


@pytest.fixture
def draft(begin: Begin) -> Course:
    return begin("P1-001")


def attach(draft: Course, words: str = "甲骨文", code: str = "authorisation") -> File:
    return attaching.attach(
        draft.case, code=code, name="委托书.pdf", data=acts.sample(words), by=draft.clerk
    )


def enter() -> None:
    """Workers do what waits for the index, and nothing else."""
    while due := Job.objects.filter(kind="index_case", state=Job.State.READY).first():
        taken = jobs.lease(due.not_before, "", due.pk)
        assert taken is not None
        assert jobs.run(taken) == Job.State.DONE


def found(words: str) -> list[int]:
    return sorted(set(search.cases(words)))


def reasons(words: str) -> list[Kind]:
    hits, _ = search.page(words, Case.objects.all())
    return [hit.kind for hit in hits]


# --- what is found --------------------------------------------------------------------------------
def test_a_filed_case_is_found_by_number_code_name_answers_and_papers(draft: Course):
    attach(draft)
    case = draft.file().case

    enter()

    assert reasons(case.reference) == reasons(case.reference[-6:]) == [Kind.NUMBER]
    assert (
        reasons(case.applicant.uscc.lower()) == reasons(case.applicant.uscc[-6:]) == [Kind.NUMBER]
    )
    assert reasons(case.applicant.name[2:6]) == [Kind.COMPANY]
    assert reasons("装备产业链") == reasons("滨江工程职业") == [Kind.ANSWERS]  # a text, a table
    assert reasons("甲骨文") == [Kind.FILE]
    assert reasons("骨甲") == []


def test_a_draft_is_never_found(draft: Course):
    attach(draft)

    indexing.ask(draft.case, "now")
    indexing.enter(draft.case)

    assert not Job.objects.filter(kind="index_case").exists()
    assert not Passage.objects.exists()


def test_what_is_attached_to_an_open_correction_is_found_once_it_is_handed_in(draft: Course):
    draft.file().to("acceptance")
    items = [{"target": "authorisation", "reason": "inconsistent", "text": "缺委托书。"}]
    corrections.return_once(draft.case, items=items, by=draft.cast.window)
    attach(draft)
    indexing.enter(draft.case)
    before = found("甲骨文")

    corrections.resubmit(draft.case, note="", answers={}, by=draft.signer)
    enter()

    assert (before, found("甲骨文")) == ([], [draft.case.pk])


def test_an_answer_that_was_corrected_is_found_no_more_as_it_was(draft: Course):
    attach(draft)
    draft.file()
    enter()
    Passage.objects.filter(kind=Kind.ANSWERS).update(text="旧的填报", tokens="旧的 的填 填报 报")
    read = Passage.objects.get(kind=Kind.FILE).pk
    before = found("旧的填报")

    indexing.ask(draft.case, "again")
    enter()

    assert (before, found("旧的填报")) == ([draft.case.pk], [])
    assert Passage.objects.get(kind=Kind.FILE).pk == read  # what was read before is not read again


def test_what_the_applicant_adds_is_found_once_it_is_handed_in(pool_entry: Course):
    pool_entry.to("district_review")
    given = supplements.ask(
        pool_entry.case, questions=["资金来源？"], days=5, by=pool_entry.cast.district
    )
    attaching.attach(
        pool_entry.case,
        code=given.code,
        name="说明.pdf",
        data=acts.sample("敦煌卷子"),
        by=pool_entry.clerk,
    )
    supplements.keep(pool_entry.case, answers={1: "来自募集资金"}, by=pool_entry.clerk)
    indexing.enter(pool_entry.case)
    before = [*found("敦煌卷子"), *found("募集资金")]

    supplements.answer(pool_entry.case, answers={1: "来自募集资金"}, note="", by=pool_entry.signer)
    enter()

    assert before == []
    assert found("敦煌卷子") == found("募集资金") == [pool_entry.case.pk]


def test_x7_a_renamed_company_is_found_by_either_name_its_closed_cases_too(draft: Course):
    case = draft.file().case
    former = case.applicant.name
    names.change(case.applicant, name="上海扶摇仪器有限公司", by=draft.cast.window)

    enter()

    assert found("扶摇仪器") == found(former) == [case.pk]
    assert reasons(former) == [Kind.COMPANY]


# --- files ----------------------------------------------------------------------------------------
def test_a_file_is_read_once_the_scanner_has_seen_it(draft: Course, settings: Settings):
    settings.HENG_CLAMD = "/no/such/socket"
    attach(draft)
    draft.file()
    enter()
    before = found("甲骨文")

    with clamd.running() as (place, _):
        settings.HENG_CLAMD = place
        draft.clock.pass_(minutes=1)
        draft.timers()

    assert (before, found("甲骨文")) == ([], [draft.case.pk])


def test_a_virus_found_late_takes_the_text_of_the_file_out(draft: Course):
    file = attach(draft)
    draft.file()
    enter()
    before = found("甲骨文")

    scanning.scanned(Job(payload={"file": file.pk}), "Eicar")
    enter()

    assert (before, found("甲骨文")) == ([draft.case.pk], [])


def test_what_cannot_be_read_is_told_in_the_job_and_left_out(
    draft: Course, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(texts, "PATIENCE", 0.001)
    attach(draft)
    draft.file()

    enter()

    job = Job.objects.get(kind="index_case")
    assert (job.state, job.last_error) == (Job.State.DONE, "not read: 委托书.pdf")
    assert found(draft.case.reference) == [draft.case.pk]
    assert not Passage.objects.filter(kind=Kind.FILE).exists()


def office_file(**parts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, text in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", text)
    return packed.getvalue()


def word() -> bytes:
    said = (
        "<w:p><w:r><w:t>产教</w:t></w:r><w:r><w:t>融合</w:t></w:r></w:p><w:p><w:t>CNC</w:t></w:p>"
    )
    return office_file(word__document=f"<w:document xmlns:w='urn:w'>{said}</w:document>")


def sheet() -> bytes:
    shared = "<sst xmlns='urn:x'><si><t>设备清单</t></si></sst>"
    cells = "<c t='s'><v>0</v></c><c><v>128000</v></c><c t='inlineStr'><is><t>机床</t></is></c>"
    return office_file(
        xl__sharedStrings=shared,
        xl__worksheets__sheet1=f"<worksheet xmlns='urn:x'><row>{cells}</row></worksheet>",
    )


@pytest.mark.parametrize(
    ("kind", "made", "said"),
    [
        ("pdf", lambda: acts.sample("委托书"), ["委托书", "示例材料，内容为演示数据"]),
        ("docx", word, ["产教融合", "CNC"]),
        ("xlsx", sheet, ["设备清单", "128000", "机床"]),
    ],
)
def test_every_kind_of_file_that_has_words_is_read(
    kind: str, made: Callable[[], bytes], said: list[str]
):
    assert texts.words(kind, made()).split() == said


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("pdf", b"%PDF-1.7 nothing"),
        ("docx", b"PK nothing"),
        ("docx", office_file(word__document="<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")),
    ],
)
def test_a_broken_or_hostile_file_says_nothing(kind: str, data: bytes):
    with pytest.raises(texts.Unreadable):
        texts.words(kind, data)


# --- passages -------------------------------------------------------------------------------------
def test_a_phrase_that_falls_between_two_passages_is_found(draft: Course):
    case = draft.file().case
    filler = "天地玄黄宇宙洪荒" * 300

    for place in (indexing.LENGTH - 3, indexing.LENGTH - 1, indexing.LENGTH):
        words = f"{filler[:place]}甲骨敦煌{filler}\0\x0b"
        indexing.enter_in_bulk([(case.pk, "X-1", "91", ["某"], "", {str(place): ("a.pdf", words)})])
        files = Passage.objects.filter(case=case, source=str(place))

        assert found("甲骨敦煌") == [case.pk]
        assert files.count() == 3
        Passage.objects.all().delete()


def test_the_ten_thousandth_word_and_the_thousandth_same_one_are_found(draft: Course):
    """PostgreSQL numbers 16,383 places of a text and keeps 256 of a word: passages are shorter."""
    case = draft.file().case
    others = "".join(chr(0x4E00 + place) for place in range(20_000))
    words = "有限公司，" * 1000 + others + "恒越有限公司"

    indexing.enter_in_bulk([(case.pk, "X-1", "91", ["某"], "", {"a": ("a.pdf", words)})])

    assert found("恒越有限公司") == [case.pk]


# --- forgetting, and making it again --------------------------------------------------------------
def test_x59_who_asked_to_be_forgotten_is_found_no_more_and_the_file_stays(draft: Course):
    clerk = draft.clerk
    User.objects.filter(pk=clerk.pk).update(name="欧阳锋")
    attach(draft, "欧阳锋 13812345678")
    case = draft.file().case
    enter()
    before = found("欧阳锋")
    filed = case.filed.content_hash
    for mandate in clerk.memberships.all():
        people.release(mandate, by=None)

    answer = erasure.ask(User.objects.get(pk=clerk.pk))
    at_once = found("欧阳锋")
    enter()
    call_command("reindex", stdout=StringIO())

    assert (before, at_once, found("欧阳锋"), found("13812345678")) == ([case.pk], [], [], [])
    assert "search" in answer.blanked
    assert found("示例材料") == [case.pk]
    assert case.filed.content_hash == filed


def test_x59_people_of_a_partner_are_found_no_more_either(draft: Course, begin: Begin):
    partner = begin("P1-002")
    User.objects.filter(pk=partner.clerk.pk).update(name="欧阳锋")
    attach(draft, "欧阳锋 13812345678")
    case = draft.file().case
    Partner.objects.create(
        case=case, organisation=partner.case.applicant, name="某校", role="school", position=1
    )
    enter()
    before = found("欧阳锋")
    for mandate in partner.clerk.memberships.all():
        people.release(mandate, by=None)

    erasure.ask(User.objects.get(pk=partner.clerk.pk))
    enter()

    assert (before, found("欧阳锋"), found("13812345678")) == ([case.pk], [], [])


def test_reindex_makes_the_same_index_again(draft: Course):
    attach(draft)
    case = draft.file().case
    enter()
    columns = ("case", "kind", "source", "title", "part", "text", "tokens")
    before = sorted(Passage.objects.values_list(*columns))
    Passage.objects.all().delete()
    told = StringIO()

    call_command("reindex", stdout=told)
    call_command("reindex", case=case.reference, stdout=StringIO())

    assert sorted(Passage.objects.values_list(*columns)) == before
    assert told.getvalue() == "1 cases entered\n"


def test_a_case_without_an_index_is_entered_overnight(draft: Course):
    case = draft.file().case
    Job.objects.filter(kind="index_case").delete()

    reminders.arm()
    draft.clock.pass_(days=1)
    draft.timers()

    assert found(case.reference) == [case.pk]


def test_what_was_read_without_its_pages_is_read_again_overnight(draft: Course):
    attach(draft)
    case = draft.file().case
    enter()
    Passage.objects.filter(kind=Kind.FILE).update(page=None)
    Reading.objects.all().delete()

    reminders.arm()
    draft.clock.pass_(days=1)
    draft.timers()
    enter()

    pages = Passage.objects.filter(case=case, kind=Kind.FILE).values_list("page", flat=True)
    assert {*pages} == {1}
    assert Reading.objects.get(case=case).worded == 1


# --- questions ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "asked",
    [
        '"',
        "'",
        "a' OR 1=1 --",
        '甲" OR "乙',
        "甲 & !乙 | (丙",
        "甲:* <-> 乙",
        "NEAR(甲 乙)",
        "tokens:甲",
        "*",
        "甲\0乙",
        "\ud800甲",
        "^甲",
        "-甲",
        "\\",
        "甲" * 500,
        "%s %(x)s",
    ],
)
def test_no_question_is_read_as_syntax(draft: Course, asked: str):
    draft.file()
    enter()

    assert found(asked) == []
    assert search.page(asked, Case.objects.all()) == ([], "")


def test_all_words_are_found_wherever_in_the_case_they_stand(draft: Course):
    attach(draft)
    case = draft.file().case
    enter()
    name = case.applicant.name

    assert reasons(f"{name} 甲骨文") == reasons(f"甲骨文　{name}") == [Kind.COMPANY]
    assert found(f"{name} 青铜器") == []
