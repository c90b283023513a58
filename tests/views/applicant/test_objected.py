"""Objections against an own entry: who objects stays secret; one reply, read by the office."""

import json

import pytest
from django.test import Client

from tests.views.desk.people import desk
from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.errors import RepliedAlready, StageClosed
from workflows.models import Case, Objection, Task, User
from workflows.stages import publication, replies

pytestmark = pytest.mark.django_db
CLAIM = {
    "objector": "沪上某某公司",
    "contact_name": "刘一诺",
    "phone": "13800009999",
    "is_unit": True,
    "facts": "实习人数与事实不符，请致电刘一诺13800009999核实。沪上某某公司",
}


@pytest.fixture
def objection(published: Case) -> Objection:
    """Somebody has just objected to the entry."""
    return publication.file_objection(publication.running_entry(published), **CLAIM)


@pytest.fixture
def signer(published: Case) -> Client:
    """The browser of whoever signs for the applicant."""
    return browser(demo.signer(published.applicant))


def page_of(case: Case) -> str:
    return at("case_objections", case.reference)


def reply(objection: Objection, **given: str) -> dict[str, str]:
    known = {"objection": objection.number, "text": "人数以参保记录为准。"}
    return known | {"factor": demo.PASSWORD} | given


def officer(case: Case) -> User:
    return demo.cast(case.district).officer


def test_the_applicant_reads_the_facts_and_not_who_objects(
    published: Case, objection: Objection, signer: Client
) -> None:
    progress = text(signer.get(at("case_progress", published.reference)))
    words = text(signer.get(page_of(published)))

    assert page_of(published) in progress
    assert "实习人数与事实不符，请致电＊＊＊＊＊＊核实。＊＊＊" in words
    assert not any(CLAIM[name] in words for name in ("objector", "contact_name", "phone"))


def test_the_signer_replies_once(published: Case, objection: Objection, signer: Client) -> None:
    clerk = browser(demo.clerk(published.applicant))

    forced = clerk.post(page_of(published), reply(objection))
    silent = signer.post(page_of(published), reply(objection, text=" "))
    unsigned = signer.post(page_of(published), reply(objection, factor=""))
    sent = signer.post(page_of(published), reply(objection))
    twice = signer.post(page_of(published), reply(objection, text="另外"))

    codes = [page.status_code for page in (forced, silent, unsigned, sent, twice)]
    assert codes == [403, 422, 422, 303, 409]
    assert Objection.objects.get().reply == "人数以参保记录为准。"
    event = published.events.get(kind="objection_replied")
    assert json.loads(event.body)["facts"]["signed_with"] == "password"
    with pytest.raises(RepliedAlready):
        replies.reply(objection, text="另外", by=demo.signer(published.applicant))


def test_the_officer_reads_the_reply_beside_the_objection(
    published: Case, objection: Objection, signer: Client
) -> None:
    signer.post(page_of(published), reply(objection))
    task = Task.objects.get(case=published, node="objection", finished=None)
    Task.objects.filter(pk=task.pk).update(owner=officer(published))

    words = text(desk(officer(published)).get(at("task", task.pk)))

    assert "人数以参保记录为准。" in words
    assert CLAIM["objector"] in words


def test_an_answered_objection_takes_no_reply_and_shows_the_answer(
    published: Case, objection: Objection, signer: Client
) -> None:
    publication.answer_objection(
        objection, result="not_upheld", answer="经核查属实。", by=officer(published)
    )

    with pytest.raises(StageClosed):
        replies.reply(objection, text="另外", by=demo.signer(published.applicant))
    words = text(signer.get(page_of(published)))

    assert "经核查属实。" in words
    assert 'name="text"' not in words


def test_of_another_case_no_objection_is_found(
    evaluated: Case, published: Case, objection: Objection
) -> None:
    other = browser(demo.signer(evaluated.applicant))

    assert other.get(page_of(evaluated))["Location"] == at("case_progress", evaluated.reference)
    assert other.post(page_of(evaluated), reply(objection)).status_code == 404
    assert other.get(page_of(published)).status_code == 404
