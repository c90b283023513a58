"""Whoever was signed out meanwhile: the way back in, and the words they had written."""

from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = "http://testserver/tasks/1/?queue=mine"
WORDS = {"do": "refuse", "text": "不在受理范围\n请另行申请", "factor": "密码 一二三"}


def test_a_form_sent_after_the_session_ended_shows_its_words_and_the_way_back() -> None:
    answer = Client().post(reverse("task_decide", args=[1]), WORDS, HTTP_REFERER=PAGE)

    body = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "不在受理范围<br>请另行申请" in body
    assert "密码 一二三" not in body
    assert f"{reverse('account_login')}?next={quote('/tasks/1/?queue=mine')}" in body


def test_a_part_of_a_page_makes_room_for_the_words() -> None:
    sent = {"HTTP_REFERER": PAGE, "HTTP_HX_REQUEST": "true"}

    answer = Client().post(reverse("case_note", args=["CJRH-2026-0001"]), WORDS, **sent)

    assert answer.headers["HX-Retarget"] == answer.headers["HX-Reselect"] == "#main"
    assert answer.headers["HX-Push-Url"] == "false"


@pytest.mark.parametrize(
    ("came", "back"),
    [
        (PAGE, quote("/tasks/1/?queue=mine")),
        ("http://testserver/tasks/1/claim/", ""),  # the answer to a form, which is no page
        ("https://elsewhere.example/tasks/1/", ""),
        ("", ""),
    ],
)
def test_signing_in_leads_back_to_a_page_and_never_to_where_forms_are_sent(
    came: str, back: str
) -> None:
    answer = Client().post(reverse("task_claim", args=[1]), {"do": "claim"}, HTTP_REFERER=came)

    assert answer.status_code == 302
    assert (
        answer.headers["Location"] == f"{reverse('account_login')}?next={back or reverse('desk')}"
    )


def test_a_script_reads_that_its_reader_was_signed_out() -> None:
    address = reverse("task_sheet", args=[1])

    answer = Client().post(address, WORDS, HTTP_ACCEPT="application/json", HTTP_REFERER=PAGE)

    assert (answer.status_code, answer.json()) == (401, {"state": "signed_out"})


@pytest.mark.parametrize(
    ("came", "shown"), [(PAGE, True), ("https://elsewhere.example/", False), ("", False)]
)
def test_an_expired_form_of_ours_shows_what_was_written_in_it(came: str, *, shown: bool) -> None:
    browser = Client(enforce_csrf_checks=True)

    answer = browser.post(reverse("task_decide", args=[1]), WORDS, HTTP_REFERER=came)

    body = answer.content.decode()
    assert answer.status_code == 403
    assert ("不在受理范围<br>请另行申请" in body) is shown
    assert "密码 一二三" not in body
