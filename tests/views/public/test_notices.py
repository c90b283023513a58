"""Public notices, and objecting to one entry of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.stages.accounts import window
from tests.views.public.addresses import at, statements, text
from workflows import clock, demo
from workflows.models import Case, NoticeEntry, Objection, PublicNotice
from workflows.stages import names, publication
from workflows.store import FileStore, StoreFull
from workflows.views.public.objections import ObjectionForm

pytestmark = pytest.mark.django_db
WORDS = {
    "standing": "person",
    "objector": "周明",
    "phone": "13800000999",
    "facts": "实习人数与实际不符，可向学校核查。",
}


@pytest.fixture
def notice(published: Case) -> PublicNotice:
    """The notice that the entry stands on."""
    return published.entries.get().notice


@pytest.fixture
def in_time(notice: PublicNotice) -> Iterator[datetime]:
    """A moment while the notice runs."""
    moment = clock.end_of(notice.opens)
    with clock.at(moment):
        yield moment


def object_(client: Client, notice: PublicNotice, **changes: object) -> HttpResponse:
    entry = notice.entries.get()
    given = {**WORDS, "entry": entry.pk, **changes}
    return client.post(at("objection", notice.slug), given)


# --- reading ------------------------------------------------------------------------------------
def test_a_running_notice_says_who_until_when_and_how_to_object(
    client: Client, notice: PublicNotice, in_time: datetime
) -> None:
    entry = notice.entries.get()

    words = text(client.get(at("notice", notice.slug)))

    assert entry.facts["name"] in words
    assert entry.facts["uscc"] in words
    assert "Entered in the cultivation pool" in words
    assert "working days left" in words
    assert f"{at('objection', notice.slug)}?entry={entry.pk}" in words
    assert "integrated_circuit" not in words  # answers are shown in words, not in codes


def test_a_notice_stays_readable_after_its_end_and_takes_no_objections(
    client: Client, notice: PublicNotice
) -> None:
    with clock.at(clock.end_of(notice.closes.replace(year=2030))):
        page = client.get(at("notice", notice.slug))

    assert page.status_code == 200
    assert "Ended" in text(page)
    assert at("objection", notice.slug) not in text(page)


def test_x7_a_name_that_changes_while_the_notice_runs_stands_with_the_old_one(
    client: Client, notice: PublicNotice, in_time: datetime
) -> None:
    entry = notice.entries.get()
    former = entry.facts["name"]
    names.change(entry.case.applicant, name="上海新名有限公司", by=window())

    words = text(client.get(at("notice", notice.slug)))

    assert "上海新名有限公司" in words
    assert f"formerly {former}" in words
    assert "Correction of" not in words


def test_x7_after_the_notice_one_line_corrects_the_name_and_no_period_begins(
    client: Client, notice: PublicNotice
) -> None:
    entry = notice.entries.get()
    former, closes = entry.facts["name"], notice.closes
    with clock.at(clock.end_of(closes + timedelta(days=1))):
        names.change(entry.case.applicant, name="上海新名有限公司", by=window())
        words = text(client.get(at("notice", notice.slug)))

    assert f"“{former}”, is now called “上海新名有限公司”" in words
    assert "no new period begins" in words
    assert f"formerly {former}" not in words
    assert PublicNotice.objects.get(pk=notice.pk).closes == closes


def test_the_list_of_notices_leads_to_each(client: Client, notice: PublicNotice) -> None:
    assert at("notice", notice.slug) in text(client.get(at("notices")))


def test_the_list_costs_the_same_at_one_and_at_three_notices(
    client: Client, notice: PublicNotice
) -> None:
    at_one = statements(client, at("notices"))
    for number in range(2):
        PublicNotice.objects.create(
            slug=f"more-{number}",
            programme_key=notice.programme_key,
            title=notice.title,
            body=notice.body,
            opens=notice.opens,
            closes=notice.closes,
            days=notice.days,
            unit=notice.unit,
            published=notice.published,
            by=notice.by,
        )

    assert statements(client, at("notices")) == at_one <= 2


# --- objecting ----------------------------------------------------------------------------------
def test_an_objection_asks_at_most_eight_things(notice: PublicNotice) -> None:
    assert len(ObjectionForm(notice).fields) <= 8


def test_an_objection_gets_a_number_and_holds_the_entry(
    client: Client, published: Case, notice: PublicNotice, in_time: datetime
) -> None:
    page = object_(client, notice)
    filed = client.get(page["Location"])

    objection = Objection.objects.get()
    assert page.status_code == 302
    assert objection.number in text(filed)
    assert (objection.objector, objection.contact_name) == ("周明", "周明")
    assert Case.objects.get(pk=published.pk).state == Case.State.OBJECTION


def test_the_objector_reads_result_and_answer_where_the_objection_was_filed(
    client: Client, published: Case, notice: PublicNotice, in_time: datetime, cast: demo.Cast
) -> None:
    first, second = (object_(client, notice)["Location"] for _ in range(2))
    waiting = text(client.get(first))
    publication.answer_objection(
        publication.open_objections(published)[0],
        result="upheld",
        effect="remove",
        answer="人数属实有误，已撤下公示。",
        by=cast.officer,
    )

    answered, settled = text(client.get(first)), text(client.get(second))

    assert "Keep its address" in waiting
    assert "Upheld" in answered
    assert "人数属实有误，已撤下公示。" in answered
    assert "Settled: the entry left the list" in settled
    assert "人数属实有误" not in settled  # what is written to one objector is not told to another


def test_a_unit_files_its_evidence_and_names_a_contact(
    client: Client, notice: PublicNotice, in_time: datetime
) -> None:
    page = object_(
        client,
        notice,
        standing="unit",
        objector="示例学校",
        contact_name="李华",
        evidence=SimpleUploadedFile("photo.png", PIXEL),
    )

    objection = Objection.objects.get()
    assert page.status_code == 302
    assert (objection.is_unit, objection.contact_name) == (True, "李华")
    assert [each["name"] for each in objection.evidence] == ["photo.png"]


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"objector": ""}, "Give your name"),
        ({"facts": ""}, "Say what is wrong"),
        ({"standing": "unit"}, "Name the person we can ask for"),
        ({"entry": "999999"}, "not one of the available choices"),
    ],
)
def test_an_incomplete_objection_keeps_its_words(
    client: Client,
    notice: PublicNotice,
    in_time: datetime,
    change: dict[str, str],
    sentence: str,
) -> None:
    page = object_(client, notice, **change)

    words = text(page)
    assert page.status_code == 422
    assert sentence in words
    assert WORDS["phone"] in words
    assert "<title>Error:" in words
    assert not Objection.objects.exists()


def test_evidence_is_kept_when_another_field_is_wrong(
    client: Client, notice: PublicNotice, in_time: datetime
) -> None:
    page = object_(client, notice, phone="", evidence=SimpleUploadedFile("photo.png", PIXEL))
    kept = page.context["form"].keeping

    forged = object_(client, notice, phone="", kept=f"{kept}x").context["form"].keeping
    object_(client, notice, kept=kept)

    assert "photo.png is kept" in text(page)
    assert kept in page.content.decode()
    assert forged == ""
    assert [each["name"] for each in Objection.objects.get().evidence] == ["photo.png"]


def test_a_full_store_refuses_the_evidence_and_keeps_the_words(
    client: Client, notice: PublicNotice, in_time: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(store: object, data: bytes) -> str:
        raise StoreFull

    monkeypatch.setattr(FileStore, "put", full)

    page = object_(client, notice, evidence=SimpleUploadedFile("photo.png", PIXEL))

    assert page.status_code == 507
    assert WORDS["facts"] in text(page)
    assert not Objection.objects.exists()


def test_a_file_that_the_gate_refuses_is_named(
    client: Client, notice: PublicNotice, in_time: datetime
) -> None:
    page = object_(client, notice, evidence=SimpleUploadedFile("run.exe", b"MZ"))

    assert page.status_code == 422
    assert not Objection.objects.exists()


def test_a_late_objection_is_refused_and_its_words_are_kept(
    client: Client, notice: PublicNotice
) -> None:
    with clock.at(clock.end_of(notice.closes.replace(year=2030))):
        page = object_(client, notice)

    words = text(page)
    assert page.status_code == 409
    assert "The notice ended on" in words
    assert WORDS["facts"] in words


def test_objections_of_one_address_are_limited(
    client: Client, notice: PublicNotice, in_time: datetime
) -> None:
    answers = [object_(client, notice, facts="").status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_an_entry_taken_off_the_list_cannot_be_objected_to(notice: PublicNotice) -> None:
    NoticeEntry.objects.filter(notice=notice).update(removed=clock.now())

    assert ObjectionForm(notice).entries == {}


def test_a_forged_receipt_shows_nothing(client: Client, db: None) -> None:
    assert client.get(at("objection_filed", "YY-2026-001-1-1")).status_code == 404
