"""The applicant's own file: everything told, nobody named who must not be (X54)."""

import pytest

from tests.stages import projects
from tests.views.desk.conftest import filed
from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import Case
from workflows.stages import acceptance
from workflows.views.applicant.record import NAMED, OWN, TOLD
from workflows.views.trail import said
from workflows.views.trail_words import KINDS

pytestmark = pytest.mark.django_db


def page(case: Case) -> str:
    answer = browser(demo.clerk(case.applicant)).get(at("case_record", case.reference))
    assert answer.status_code == 200
    return text(answer)


def test_x54_the_applicant_reads_its_own_file(published: Case) -> None:
    words = page(published)

    for event in ("Application filed", "Accepted", "Department opinion", "Public notice opened"):
        assert event in words
    assert published.filed.content_hash in words


def test_x54_no_evaluator_member_or_officer_is_named(published: Case) -> None:
    words = page(published)
    cast = demo.cast(published.district)
    people = [seat.expert for seat in published.seats.all()]
    people += [cast.window, cast.officer, cast.leader, *(user for user, _ in cast.members)]

    assert people
    assert [person.name for person in people if person.name in words] == []


def test_x54_what_was_said_inside_the_office_stays_there(published: Case) -> None:
    opinions = [each.text for each in published.opinions.all() if each.text]
    words = page(published)

    assert opinions
    assert [each for each in opinions if each in words] == []


def test_x54_a_remark_at_acceptance_stays_in_the_office(published: Case) -> None:
    case = filed(projects.organisation("enterprise"), "acceptance")
    acceptance.accept(case, by=demo.cast(case.district).window, note="联系人语气生硬。")

    assert "联系人语气生硬。" not in page(case)


def test_sentences_in_a_row_are_not_joined_by_commas() -> None:
    items = {"items": [{"text": "执照模糊。"}, {"text": "日期不符。"}]}

    assert said(items).endswith("执照模糊。 日期不符。")
    assert said({"items": [{"text": "执照"}, {"text": "年报"}]}).endswith("执照, 年报")


def test_every_kind_told_to_the_applicant_has_its_words() -> None:
    assert {*OWN, *TOLD, *NAMED} <= KINDS.keys()
