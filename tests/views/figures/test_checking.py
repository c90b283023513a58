"""The pages of checked figures: the checker's sheet, the school's word, the desk, both tongues."""

import pytest

from tests.views.figures.deeds import FOUND, LOWER, sheet
from tests.views.public.addresses import at, browser, statements, text
from workflows import demo
from workflows.stages import panel, supplements, verification

pytestmark = pytest.mark.django_db


# --- the checker ----------------------------------------------------------------------------------
def test_the_file_opens_after_the_declaration_only(school):
    school.screened()
    verification.assign(school.case, checkers=school.cast.checkers[:2], by=school.cast.agency)
    seat = school.seats[0]
    client = browser(seat.expert)

    before = client.get(at("figures_sheet", seat.code))
    client.post(at("evaluation_declare", seat.code), {"none": "on"})
    after = client.get(at("evaluation", seat.code), follow=True)

    assert "I24" not in text(before)
    assert after.redirect_chain == [(at("figures_sheet", seat.code), 302)]
    assert text(after).count("-finding") == 44 * 3  # label, id and name of every line


def test_a_line_shows_value_unit_and_what_would_prove_it(school):
    school.assigned()
    seat = school.seats[0]

    page = text(browser(seat.expert).get(at("figures_sheet", seat.code)))

    assert "I24 Teaching by enterprise experts at the school" in page
    assert "5,210 class hours" in page
    assert "83.2%" in page
    assert "Timetables and letters of appointment" in page


def test_a_checker_reads_what_the_school_added(school):
    school.assigned()
    case, seat = school.case, school.seats[0]
    supplements.ask(case, questions=["课表何在？"], days=5, by=school.cast.officer)
    supplements.answer(case, answers={1: "见教务系统"}, note="", by=demo.signer(case.applicant))

    page = text(browser(seat.expert).get(at("figures_sheet", seat.code)))

    assert "课表何在？" in page
    assert "见教务系统" in page


def test_everything_is_confirmed_and_signed_in_one_press(school):
    school.assigned()
    for seat in school.seats:
        answer = browser(seat.expert).post(at("figures_sheet", seat.code), {"do": "all"})
        assert answer.status_code == 302

    assert school.waiting == ["confirmation"]
    assert {each["finding"] for each in school.revisions[0].values.values()} == {"confirmed"}


def test_single_figures_are_changed_and_signed(school):
    school.assigned()
    seat = school.seats[0]
    client = browser(seat.expert)

    answer = client.post(at("figures_sheet", seat.code), sheet(do="sign", **LOWER))
    signed = text(client.get(at("figures_sheet", seat.code)))

    assert answer.status_code == 302
    assert school.seats[0].scores["I24"]["value"] == "4210"
    assert "nothing can be changed" in signed
    assert "4,210 class hours" in signed


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (LOWER | {"I24-reason": " "}, "Please say why the value of “I24"),
        (LOWER | {"I24-value": "viel"}, "must be ≥ 0."),
        ({"I12-finding": "unproven"}, "Please say why the value of “I12"),
        ({"I12-finding": "guessed"}, "guessed is not one of the available choices"),
    ],
)
def test_a_wrong_line_comes_back_with_its_sentence_and_everything_typed(school, changes, sentence):
    school.assigned()
    seat = school.seats[0]
    posted = sheet(do="sign", **changes) | {"I05-reason": "见场所清单"}

    answer = browser(seat.expert).post(at("figures_sheet", seat.code), posted)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "见场所清单" in text(answer)
    assert school.seats[0].locked is None


def test_a_half_filled_sheet_is_kept(school):
    school.assigned()
    seat = school.seats[0]
    client = browser(seat.expert)

    client.post(at("figures_sheet", seat.code), sheet(do="keep", **LOWER))
    again = text(client.get(at("figures_sheet", seat.code)))

    assert "课表只证明4210课时" in again
    assert school.seats[0].locked is None


def test_a_checker_may_say_that_an_indicator_does_not_apply(school):
    school.assigned()
    seat = school.seats[0]
    changes = {"I32-finding": "na", "I32-reason": "全部专业无证可考"}

    browser(seat.expert).post(at("figures_sheet", seat.code), sheet(do="sign", **changes))

    assert school.seats[0].scores["I32"]["na"] is True


def test_the_third_person_sees_only_what_is_disputed(school):
    school.assigned()
    school.check(1, FOUND)
    school.check(2)
    third = school.cast.checkers[2]
    seat = verification.seat_checker(school.case, checker=third, by=school.cast.agency)
    panel.declare(seat, by=third)

    page = text(browser(third).get(at("figures_sheet", seat.code)))

    assert "Two people found these figures differently" in page
    assert "I24-finding" in page
    assert "I12-finding" not in page


def test_another_persons_sheet_does_not_exist(school):
    school.assigned()
    first, second = school.seats

    assert browser(second.expert).get(at("figures_sheet", first.code)).status_code == 404
    assert browser(school.cast.officer).get(at("figures_sheet", first.code)).status_code == 403


def test_a_sheet_takes_as_many_statements_for_44_lines_as_for_one(school):
    school.assigned()
    school.check(1, FOUND)
    second = school.seats[1]
    many = statements(browser(second.expert), at("figures_sheet", second.code))

    school.check(2)
    third = school.cast.checkers[2]
    seat = verification.seat_checker(school.case, checker=third, by=school.cast.agency)
    panel.declare(seat, by=third)

    assert statements(browser(third), at("figures_sheet", seat.code)) == many
