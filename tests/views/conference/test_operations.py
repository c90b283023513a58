"""The administrator's pages: where a flow stands, asking, a second person, building anew."""

import pytest

from tests.views.public.addresses import at, browser, text
from workflows import clock, demo
from workflows.models import Appointment, Case, Intervention, Item, Job, Task
from workflows.stages import position

pytestmark = pytest.mark.django_db
WHY = "评审程序有误"


def page(case: Case) -> str:
    """The address of the case's flow."""
    return at("case_operation", case.reference)


def test_a_case_is_found_by_its_number(checked: Case, cast: demo.Cast) -> None:
    operator = browser(cast.operator)

    known = operator.get(at("operations"), {"q": checked.reference.lower()})
    unknown = operator.get(at("operations"), {"q": "CR-1999-0001"})

    assert known["Location"] == page(checked)
    assert unknown.status_code == 404
    assert "There is no case with the number “CR-1999-0001”." in text(unknown)


def test_the_diagram_marks_where_the_case_stands_and_names_no_applicant(
    checked: Case, cast: demo.Cast
) -> None:
    answer = browser(cast.operator).get(page(checked))

    now = [box.node for box in answer.context["chart"].boxes if box.mark.state == "now"]
    assert now == ["sheet"]
    assert checked.applicant.name not in text(answer)
    assert "Evaluation sheet" in text(answer)


def test_a_step_is_done_again_once_a_second_person_agrees(item, cast: demo.Cast) -> None:
    case = item.case
    operator, leader = browser(cast.operator), browser(cast.leader)

    asked = operator.post(page(case), {"do": "jump", "jump-node": "proposal", "jump-reason": WHY})
    own = operator.post(page(case), {"do": "approve"})
    listed = text(leader.get(at("operations")))
    done = leader.post(page(case), {"do": "approve"})

    waiting = Task.objects.filter(case=case, finished=None).values_list("node", flat=True)
    assert (asked.status_code, own.status_code, done.status_code) == (302, 403, 302)
    assert WHY in listed
    assert list(waiting) == ["proposal"]
    shown = text(leader.get(page(case)))
    assert ("Case officer" in shown, "case_officer" in shown) == (True, False)


def test_a_request_without_a_reason_comes_back_at_its_field(checked: Case, cast: demo.Cast) -> None:
    answer = browser(cast.operator).post(page(checked), {"do": "cancel", "cancel-reason": " "})

    assert answer.status_code == 422
    assert 'href="#id_cancel-reason"' in answer.content.decode()
    assert not Intervention.objects.exists()


def test_a_declined_request_leaves_the_case(checked: Case, cast: demo.Cast) -> None:
    operator, leader = browser(cast.operator), browser(cast.leader)
    operator.post(page(checked), {"do": "cancel", "cancel-reason": WHY})

    leader.post(page(checked), {"do": "decline", "decline-reason": "理由不足"})

    (asked,) = Intervention.objects.all()
    assert (asked.approved, asked.answer) == (False, "理由不足")
    assert Case.objects.get(pk=checked.pk).state == "evaluating"


def test_a_flow_that_strays_says_so_and_is_built_anew(checked: Case, cast: demo.Cast) -> None:
    operator = browser(cast.operator)
    before = position.standing(checked)
    Task.objects.filter(case=checked, finished=None).delete()

    found = text(operator.get(page(checked)))
    operator.post(page(checked), {"do": "rebuild", "rebuild-reason": WHY})

    assert "The flow does not stand where state and facts say" in found
    assert "the case is closed" not in found
    assert position.standing(checked) == before
    assert "The flow does not stand" not in text(operator.get(page(checked)))


def test_a_failed_job_of_the_case_is_tried_again_from_its_page(
    checked: Case, cast: demo.Cast
) -> None:
    Job.objects.filter(case=checked).exclude(state="done").update(
        state=Job.State.INCIDENT, last_error="StoreFull: The file store is full"
    )

    words = text(browser(cast.operator).get(page(checked)))

    assert "The file store is full" in words
    assert "Try again" in words


def test_a_head_who_evaluates_the_case_does_not_step_into_it(
    checked: Case, cast: demo.Cast
) -> None:
    seat = checked.seats.filter(void=None).first()
    assert seat is not None, "the case stands with its evaluators"
    Appointment.objects.create(user=seat.expert, role="leader", valid_from=clock.today())
    head = browser(seat.expert)

    shown = head.get(page(checked))
    asked = head.post(page(checked), {"do": "cancel", "cancel-reason": WHY})
    found = head.get(at("operations"), {"q": checked.reference})

    assert (shown.status_code, asked.status_code, found.status_code) == (404, 404, 404)
    assert not checked.interventions.exists()


@pytest.mark.broken_books
def test_a_case_whose_facts_are_lost_still_has_a_page(item, cast: demo.Cast) -> None:
    Item.objects.filter(pk=item.pk).update(result=Item.Result.SENT_BACK)

    answer = browser(cast.operator).get(page(item.case))

    assert answer.status_code == 200
    assert "A fact that the flow follows from is missing" in text(answer)
