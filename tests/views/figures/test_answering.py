"""The pages of checked figures: the checker's sheet, the school's word, the desk, both tongues."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests.views.figures.deeds import FOUND, decide, task
from tests.views.public.addresses import at, browser, text
from workflows.stages import confirmation, figures, panel

pytestmark = pytest.mark.django_db


# --- the school -----------------------------------------------------------------------------------
def test_before_the_check_there_is_nothing_to_read(school):
    school.assigned()

    assert browser(school.signer).get(at("case_figures", school.case.reference)).status_code == 404


def test_the_school_reads_what_differs_first(school):
    school.checked(FOUND)
    client = browser(school.signer)

    progress = text(client.get(at("case_progress", school.case.reference)))
    page = text(client.get(at("case_figures", school.case.reference)))

    assert "The figures were checked: confirm or contest them" in progress
    assert "1 figure differs from yours" in page
    assert "43 figures as you reported them" in page
    assert page.index("4,210 class hours") < page.index("43 figures")
    assert "课表只证明4210课时" in page
    assert "If nothing comes by then, they count as confirmed." in page


def test_the_signer_confirms(school):
    school.checked(FOUND)

    answer = browser(school.signer).post(
        at("case_figures", school.case.reference), {"do": "confirm"}
    )

    assert answer.status_code == 303
    assert school.waiting == ["freezing"]


def test_the_signer_contests_with_words(school):
    school.checked(FOUND)
    client, address = browser(school.signer), at("case_figures", school.case.reference)

    empty = client.post(address, {"do": "contest", "I24": "  "})
    answer = client.post(address, {"do": "contest", "I24": "另附课表"})
    after = text(client.get(address))

    assert empty.status_code == 422
    assert "Say at least of one figure what is wrong with it." in text(empty)
    assert answer.status_code == 303
    assert school.revisions[0].contested == {"I24": "另附课表"}
    assert "Contested: 另附课表" in after


def test_a_second_answer_is_refused_and_the_words_are_kept(school):
    school.checked(FOUND)
    client, address = browser(school.signer), at("case_figures", school.case.reference)
    client.post(address, {"do": "confirm"})

    answer = client.post(address, {"do": "contest", "I24": "另附课表"})

    assert answer.status_code == 409


def test_a_clerk_reads_and_does_not_answer(school):
    school.checked(FOUND)
    client, address = browser(school.clerk), at("case_figures", school.case.reference)

    page = text(client.get(address))

    assert "The authorised signer takes this step" in page
    assert 'value="confirm"' not in page
    assert client.post(address, {"do": "confirm"}).status_code == 403


def test_no_checker_is_named_to_the_school(school):
    school.checked(FOUND)

    page = text(browser(school.signer).get(at("case_figures", school.case.reference)))

    assert [each.name for each in school.cast.checkers if each.name in page] == []


def test_the_page_speaks_chinese(school):
    school.checked(FOUND)

    with translation.override("zh-hans"):
        address = reverse("case_figures", args=[school.case.reference])
    page = text(browser(school.signer).get(address))

    assert "企业技术骨干进校承担教学任务量" in page


# --- the desk -------------------------------------------------------------------------------------
def test_the_officer_screens_at_the_desk(school):
    school.accepted()
    checks = [item for item in school.case.procedure.checklist if item.step == "review"]
    given = {f"check-{item.code}": "yes" for item in checks}

    status = decide(
        school, "screening", school.cast.officer, do="screen", decision="evaluate", **given
    )

    assert status == 303
    assert school.waiting == ["data_check"]


def test_the_agency_seats_two_at_the_desk(school):
    school.screened()
    keys = [each.pk for each in school.cast.checkers[:2]]

    status = decide(
        school, "data_check", school.cast.agency, do="assign", decision="assign", experts=keys
    )

    assert status == 303
    assert [seat.expert_id for seat in school.seats] == keys


def test_the_agency_draws_by_lot(school):
    school.screened()
    found = task(school, "data_check", school.cast.agency)

    page = browser(school.cast.agency).post(
        at("task_decide", found.pk), {"do": "assign", "decision": "draw"}
    )

    assert page.status_code == 200
    assert (
        text(page).count("checked>") + text(page).count('checked="') + text(page).count(" checked ")
        >= 2
    )
    assert school.waiting == ["data_check"]


def test_the_agency_seats_a_third_at_the_desk(school):
    school.assigned()
    school.check(1, FOUND)
    school.check(2)
    third = school.cast.checkers[2]

    status = decide(
        school,
        "data_sheet",
        school.cast.agency,
        do="seat_checker",
        decision="seat",
        expert=third.pk,
    )

    assert status == 303
    assert school.seats[-1].expert == third


def test_the_agency_settles_at_the_desk(school):
    school.checked(FOUND)
    confirmation.contest(school.case, objections={"I24": "另附课表"}, by=school.signer)
    agency = school.cast.agency
    found = task(school, "settlement", agency)
    client, address = browser(agency), at("task_decide", found.pk)
    given = {"do": "settle", "decision": "settle", "I24-finding": "corrected", "I24-value": "4800"}

    page = text(client.get(at("task", found.pk)))
    silent = client.post(address, given)
    answer = client.post(address, given | {"I24-reason": "补充课表"})

    assert "另附课表" in page
    assert silent.status_code == 422
    assert answer.status_code == 303
    assert figures.in_force(school.case).values["I24"]["value"] == "4800"


def test_the_case_file_shows_every_revision(school):
    school.checked(FOUND)
    confirmation.contest(school.case, objections={"I24": "另附课表"}, by=school.signer)
    address = f"{at('case_file', school.case.reference)}?tab=figures"

    inside = text(browser(school.cast.officer).get(address))
    outside = text(browser(school.cast.convenor).get(address))

    assert "Revision 1" in inside
    assert "Contested: 另附课表" in inside
    names = [each.name for each in school.cast.checkers[:2]]
    assert [name for name in names if name in inside] == names
    assert [name for name in names if name in outside] == []


# --- after the freeze -----------------------------------------------------------------------------
def test_a_correction_is_asked_for_and_ordered_at_the_case_file(ranked):
    address = at("case_act", ranked.case.reference)
    asked = {
        "do": "correct_figure",
        "decision": "correct",
        "indicator": "I24",
        "value": "4210",
        "reason": "课表只证明<button name=decision value=order>4210",
    }

    first = browser(ranked.cast.officer).post(address, asked)
    page = browser(ranked.cast.leader).get(
        f"{at('case_file', ranked.case.reference)}?do=order_correction"
    )
    hidden = text(browser(ranked.signer).get(at("case_figures", ranked.case.reference)))
    second = browser(ranked.cast.leader).post(
        address, {"do": "order_correction", "decision": "order"}
    )

    assert (first.status_code, second.status_code) == (303, 303)
    assert "5,210 class hours → 4,210 class hours" in text(page)
    assert "课表只证明&lt;button name=decision value=order&gt;4210" in page.content.decode()
    assert "4,210" not in hidden
    assert figures.in_force(ranked.case).values["I24"]["value"] == "4210"


def test_a_correction_is_declined_with_a_reason(ranked):
    confirmation.correct(
        ranked.case, code="I24", value="4210", reason="课表", by=ranked.cast.officer
    )
    client, address = browser(ranked.cast.leader), at("case_act", ranked.case.reference)

    silent = client.post(address, {"do": "order_correction", "decision": "decline"})
    answer = client.post(
        address, {"do": "order_correction", "decision": "decline", "reason": "证据充分"}
    )

    assert (silent.status_code, answer.status_code) == (422, 303)
    assert figures.in_force(ranked.case).values["I24"]["value"] == "5210"


def test_the_readers_see_the_checked_figures(ranked):
    panel.form_panel(ranked.case, experts=ranked.cast.experts[:7], by=ranked.cast.agency)
    seat = next(each for each in ranked.seats if each.node == "sheet")
    panel.declare(seat, by=seat.expert)

    page = text(browser(seat.expert).get(at("evaluation", seat.code)))

    assert "Does the application agree with the checked figures?" in page
    assert "5,210 class hours" in page
