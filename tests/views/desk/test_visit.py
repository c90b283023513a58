"""The on-site check at the desk: photos, the record, two signatures; nothing typed is lost."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from PIL import Image

from tests.views.desk.conftest import At
from tests.views.desk.people import desk, words
from workflows import clock, demo
from workflows.models import Case, SiteVisit, Task, User
from workflows.models.case import State
from workflows.stages import visits

WAITING = ["P2-001:visit", "P1-001:sheet"]
NOTE = "与负责人核对场地、设备和台账，与申报一致。"
PLACE = "示例市示例区示例东路3300号"


@pytest.fixture
def case(at: At) -> Case:
    """A base whose sheets are in and whose place is to be visited."""
    return at("P2-001:visit").case


@pytest.fixture
def cast(case: Case) -> demo.Cast:
    """Who handles it where it lies."""
    return demo.cast(case.district)


def page(user: User, case: Case) -> HttpResponse:
    return desk(user).get(reverse("visit", args=[case.reference]))


def send(user: User, case: Case, do: str, **given: Any) -> HttpResponse:
    return desk(user).post(reverse("visit", args=[case.reference]), {"do": do, **given})


def picture(name: str = "现场.png", colour: str = "white") -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue(), "image/png")


def record(cast: demo.Cast, **changes: Any) -> dict[str, Any]:
    """What the officer types of an ordinary visit with the district."""
    return {
        "visited_on": clock.today().isoformat(),
        "place": PLACE,
        "result": "confirmed",
        "differences": "",
        "note": NOTE,
        "second": str(cast.district.pk),
        **changes,
    }


def visit(case: Case) -> SiteVisit:
    return SiteVisit.objects.get(case=case)


def signed(case: Case, cast: demo.Cast) -> None:
    """The officer has signed, the district has still to sign."""
    send(cast.officer, case, "record", photos=picture(), **record(cast))


# --- opening it ---------------------------------------------------------------------------------
def test_the_page_shows_what_was_stated_and_begins_with_the_place_stated(case, cast):
    shown = page(cast.officer, case)

    assert shown.status_code == 200
    assert case.filed.answers["site_address"] in words(shown)
    assert shown.context["form"]["place"].value() == case.filed.answers["site_address"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_reads_in_both_languages(case, cast, language):
    with translation.override(language):
        address = reverse("visit", args=[case.reference])

    told = words(desk(cast.officer).get(address))

    assert ("现场核查" in told) == (language == "zh-hans")
    assert ("On-site check" in told) == (language == "en")


def test_a_case_that_is_not_visited_has_no_such_page(at, cast):
    assert page(cast.officer, at("P1-001:sheet").case).status_code == 404


def test_offices_that_do_not_visit_are_not_let_in(case, cast):
    assert {page(each, case).status_code for each in (cast.window, cast.leader)} == {403}


def test_whoever_takes_the_task_is_led_to_the_page(case, cast):
    task = Task.objects.get(case=case, node="visit", finished=None)
    before = desk(cast.officer).get(reverse("task", args=[task.pk]))
    assert before.status_code == 200

    desk(cast.officer).post(reverse("task_claim", args=[task.pk]))
    led = desk(cast.officer).get(reverse("task", args=[task.pk]))

    assert (led.status_code, led["Location"]) == (302, reverse("visit", args=[case.reference]))


def test_the_second_person_is_chosen_from_those_who_may_have_gone_along(case, cast):
    offered = page(cast.officer, case).context["form"].people

    assert cast.district.pk in offered
    assert cast.agency.pk in offered
    assert not {cast.officer.pk, cast.window.pk, cast.leader.pk} & offered.keys()


# --- photos -------------------------------------------------------------------------------------
def test_adding_photos_keeps_what_was_typed(case, cast):
    typed = record(cast, note="写到一半", place="")

    shown = send(
        cast.officer, case, "photos", photos=[picture(), picture("二.png", "red")], **typed
    )

    assert shown.status_code == 200
    assert [photo["name"] for photo in visit(case).photos] == ["现场.png", "二.png"]
    assert "写到一半" in words(shown)
    assert shown.context["form"].errors == {}


def test_a_file_that_is_no_picture_is_refused_and_the_others_come_in(case, cast):
    wrong = SimpleUploadedFile("现场.png", b"not a picture", "image/png")

    shown = send(cast.officer, case, "photos", photos=[wrong, picture("好.png")], note="已写")

    assert shown.status_code == 422
    assert [field for field, _sentence in shown.context["errors"]] == ["id_photos"]
    assert [photo["name"] for photo in visit(case).photos] == ["好.png"]
    assert "已写" in words(shown)


def test_upload_without_a_file_asks_for_one(case, cast):
    shown = send(cast.officer, case, "photos", note="已写")

    assert shown.status_code == 422
    assert "已写" in words(shown)


def test_taking_a_photo_out_keeps_what_was_typed(case, cast):
    send(cast.officer, case, "photos", photos=picture())
    (photo,) = visit(case).photos

    shown = send(cast.officer, case, f"remove:{photo['sha256']}", note="写到一半")

    assert shown.status_code == 200
    assert visit(case).photos == []
    assert "写到一半" in words(shown)


def test_a_photo_is_shown_to_whoever_may_read_the_case(case, cast):
    send(cast.officer, case, "photos", photos=picture())
    address = reverse("visit_photo", args=[visit(case).pk, 1])

    shown = desk(cast.auditor).get(address)

    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert desk(cast.auditor).get(address.replace("/1/", "/2/")).status_code == 404


# --- signing ------------------------------------------------------------------------------------
def test_two_people_sign_and_the_evaluation_closes(case, cast):
    answer = send(cast.officer, case, "record", photos=picture(), **record(cast))
    assert (answer.status_code, visit(case).second) == (303, cast.district)

    waits = page(cast.district, case)
    assert NOTE in words(waits)
    assert waits.context["signs"]
    assert not page(cast.officer, case).context["signs"]
    answer = send(cast.district, case, "sign")

    assert answer.status_code == 303
    assert Case.objects.get(pk=case.pk).state == State.PROPOSAL
    assert page(cast.officer, case).context["form"] is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"note": ""}, "note"),
        ({"place": ""}, "place"),
        ({"visited_on": "昨天"}, "visited_on"),
        ({"result": ""}, "result"),
        ({"result": "differences"}, "differences"),
        ({"differences": "少两个工位"}, "differences"),
        ({"second": ""}, "second"),
        ({"second": "999999"}, "second"),
    ],
)
def test_an_incomplete_record_is_told_at_its_field_and_nothing_is_lost(case, cast, changes, field):
    shown = send(cast.officer, case, "record", photos=picture(), **record(cast, **changes))

    assert shown.status_code == 422
    assert list(shown.context["form"].errors) == [field]
    assert visit(case).first is None
    assert len(visit(case).photos) == 1
    assert changes.get("note", NOTE) in words(shown)


def test_a_record_without_a_photo_is_refused_with_the_words_kept(case, cast):
    shown = send(cast.officer, case, "record", **record(cast))

    assert shown.status_code == 422
    assert shown.context["refusal"]
    assert NOTE in words(shown)


def test_a_day_to_come_is_refused_with_the_words_kept(case, cast):
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()

    shown = send(
        cast.officer, case, "record", photos=picture(), **record(cast, visited_on=tomorrow)
    )

    assert shown.status_code == 422
    assert clock.today().isoformat() in shown.context["refusal"]
    assert NOTE in words(shown)


def test_taking_back_asks_for_the_reason_and_then_the_form_stands_there_again(case, cast):
    signed(case, cast)

    assert send(cast.district, case, "reopen", reason="").status_code == 422
    assert send(cast.district, case, "reopen", reason="面积写错").status_code == 303

    shown = page(cast.officer, case)
    assert shown.context["form"]["note"].value() == NOTE


def test_somebody_else_cannot_sign_for_the_second(case, cast):
    signed(case, cast)

    assert send(cast.agency, case, "sign").status_code == 403
    assert visit(case).second_signed is None


def test_a_second_try_on_a_signed_record_says_that_it_is_signed(case, cast):
    signed(case, cast)
    visits.sign_visit(case, by=cast.district)

    assert send(cast.district, case, "sign").status_code == 409
    assert send(cast.officer, case, "record", **record(cast)).status_code == 409


def test_a_button_nobody_offers_is_not_found(case, cast):
    assert send(cast.officer, case, "approve").status_code == 404


# --- on the case page -----------------------------------------------------------------------------
def test_the_case_page_shows_the_record_to_its_readers(case, cast):
    signed(case, cast)
    address = reverse("case_file", args=[case.reference])

    for reader in (cast.officer, cast.auditor):
        shown = desk(reader).get(address, {"tab": "visits"})

        assert NOTE in words(shown)
        assert (reverse("visit", args=[case.reference]) in shown.content.decode()) == (
            reader == cast.officer
        )


def test_a_procedure_without_visits_has_no_such_tab(at, cast):
    case = at("P1-001:sheet").case

    shown = desk(cast.officer).get(reverse("case_file", args=[case.reference]), {"tab": "visits"})

    assert shown.context["tab"] == "answers"
