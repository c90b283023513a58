"""The task book: every party signs through its own account, or the funding lapses (X37)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.conftest import StandingClock
from tests.stages import projects
from workflows import clock, jobs, working_days
from workflows.errors import NotEntitled, NotYetDue, ReasonMissing, StageClosed, TaskBookOver
from workflows.models import (
    Award,
    Case,
    Certificate,
    DayOverride,
    Document,
    Event,
    Number,
    Organisation,
    Partner,
    TaskBookSignature,
)
from workflows.models.case import State
from workflows.stages import partners, substitution, task_book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office", "plain_papers")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def project(standing_clock: StandingClock) -> Case:
    """A project of a school and two enterprises, approved, waiting for its task book."""
    call = projects.call()
    case = projects.marked(call, 88, partners_=2)
    projects.ranked(call)
    return projects.approved(case)


def partner(case: Case, place: int) -> Organisation:
    return case.partners.select_related("organisation").order_by("position")[place].organisation


def test_the_approval_is_issued_and_every_party_has_its_own_branch(project):
    open_ = list(
        project.tasks.filter(finished=None).order_by("pk").values_list("node", "candidate")
    )

    assert project.state == State.SIGNING
    assert open_ == [
        ("task_book", f"applicant:{project.applicant_id}"),
        ("task_book", f"applicant:{partner(project, 0).pk}"),
        ("task_book", f"applicant:{partner(project, 1).pk}"),
        ("task_book", "issuer"),
    ]


def test_the_last_signature_grants_the_project_with_its_award(project):
    everybody_signs(project)
    projects.papers()

    done, award = projects.fresh(project), Award.objects.get(case=project)
    assert (done.state, done.outcome) == (State.GRANTED, "funded")
    assert award.amount == Decimal("480.00")
    assert [each["amount"] for each in award.tranches] == ["240.00", "144.00", "96.00"]
    assert [each["trigger"] for each in award.tranches] == [
        "任务书签订后",
        "中期检查合格",
        "验收合格",
    ]
    assert award.goals == done.filed.answers["goals"]
    assert len(award.conditions) == 7


def test_a_project_is_granted_once_its_task_book_is_printed_and_not_before(project):
    everybody_signs(project)

    assert projects.fresh(project).state == State.SIGNING
    assert not Award.objects.exists()

    projects.papers()
    assert Document.objects.get(case=project, kind="task_book").state == Document.State.ISSUED
    assert Certificate.objects.get(case=project).kind == "project"


def test_the_title_carries_the_project_number_and_ends_with_the_project(project):
    everybody_signs(project)
    projects.papers()

    title = Certificate.objects.get(case=project)
    assert title.number.startswith("CJRH-XM-310000-2026-")
    assert title.valid_to.isoformat() == project.filed.answers["ends_on"]


def test_the_task_book_names_all_who_signed(project):
    everybody_signs(project)

    record = task_book.papers.facts(Document.objects.get(case=project, kind="task_book"))
    assert [each["party"] for each in record["signatures"]] == [
        party.name for party in task_book.parties(project)
    ]


def test_whoever_signs_for_no_party_is_turned_away(project):
    stranger = projects.signer(projects.organisation("enterprise"))

    with pytest.raises(NotEntitled):
        task_book.sign(project, by=stranger)


def test_a_clerk_does_not_sign(project):
    from_lead = project.applicant.memberships.get(role="clerk").user

    with pytest.raises(NotEntitled):
        task_book.sign(project, by=from_lead)


def test_a_party_signs_once(project):
    lead = projects.signer(project.applicant)
    task_book.sign(project, by=lead)

    with pytest.raises(StageClosed):
        task_book.sign(projects.fresh(project), by=lead)
    assert TaskBookSignature.objects.filter(case=project).count() == 1


def test_x37_a_party_that_refuses_lets_the_funding_lapse(project):
    by = projects.signer(partner(project, 0))

    task_book.decline(project, reason="配套资金未落实", by=by)

    done = projects.fresh(project)
    assert (done.state, done.outcome, done.amount) == (State.ABANDONED, "lapsed", None)
    assert not done.tasks.filter(finished=None).exists()


def test_x37_void_numbers_stay_and_read_as_void(project):
    by = projects.signer(project.applicant)

    task_book.decline(project, reason="放弃", by=by)

    numbers = Number.objects.filter(case=project).order_by("pk")
    papers = Document.objects.filter(case=project, kind__in=["decision_granted", "approval"])
    assert [(bool(each.void), each.void_reason) for each in numbers] == [(True, "放弃")] * 2
    assert {each.state for each in papers} == {Document.State.VOID}
    assert not Certificate.objects.exists()


def test_a_refusal_to_sign_needs_words(project):
    with pytest.raises(ReasonMissing):
        task_book.decline(project, reason=" ", by=projects.signer(project.applicant))


def test_the_office_does_not_decline_its_own_task_book(project):
    with pytest.raises(NotEntitled):
        task_book.decline(project, reason="不签", by=projects.cast().issuer)


def test_x37_twenty_working_days_without_every_signature_let_the_funding_lapse(
    project, standing_clock
):
    task_book.sign(project, by=projects.signer(project.applicant))
    last = task_book.due(projects.fresh(project))
    assert last == date(2026, 10, 10)  # twenty working days from Monday, 7 September

    with pytest.raises(NotYetDue):
        task_book.lapse(projects.fresh(project))
    standing_clock.move_to(clock.end_of(last) + MINUTE)
    jobs.run_due()

    done, told = projects.fresh(project), Event.objects.get(case=project, kind="task_book_lapsed")
    assert (done.state, done.outcome) == (State.ABANDONED, "lapsed")
    assert partner(project, 0).name in told.body


def test_x23_holidays_that_become_known_give_the_parties_more_time(project, standing_clock):
    told = task_book.due(project)
    DayOverride.objects.update_or_create(
        date=told, defaults={"is_workday": False, "notice": "补充放假"}
    )
    working_days.forget()
    standing_clock.move_to(clock.end_of(told) + MINUTE)

    jobs.run_due()

    assert projects.fresh(project).state == State.SIGNING
    assert task_book.due(project) > told


def test_nobody_signs_after_the_last_day(project, standing_clock):
    last = task_book.due(project)
    standing_clock.move_to(clock.end_of(last) + MINUTE)

    with pytest.raises(TaskBookOver):
        task_book.sign(project, by=projects.signer(project.applicant))


def test_one_signer_of_two_parties_signs_for_both(project):
    first, second = partner(project, 0), partner(project, 1)
    both = projects.signer(first)
    second.memberships.create(user=both, role="signer", valid_from=clock.today())

    names = task_book.sign(project, by=type(both).objects.get(pk=both.pk))

    assert names == [first.name, second.name]


def test_a_straggling_paper_does_not_open_the_task_book_again(project):
    task_book.papers.request(projects.fresh(project), "extension_notice", extension=15, due_on="")

    projects.papers()

    assert Event.objects.filter(case=project, kind="task_book_opened").count() == 1


def test_x36_a_substitute_signs_in_the_place_of_a_partner_that_left(project):
    gone = project.partners.order_by("position")[0]
    everybody_signs(project, besides=gone.organisation)
    substitution.leave(
        projects.fresh(project), reason="破产", by=projects.signer(gone.organisation)
    )
    with pytest.raises(NotEntitled):
        task_book.sign(projects.fresh(project), by=projects.signer(gone.organisation))

    newcomer = replaced(project, gone)
    task_book.sign(projects.fresh(project), by=projects.signer(newcomer))
    projects.papers()

    assert projects.fresh(project).state == State.GRANTED


def test_x36_a_partner_that_left_after_signing_is_replaced_before_the_task_book_binds(project):
    gone = project.partners.order_by("position")[0]
    everybody_signs(project, besides=partner(project, 1))
    substitution.leave(
        projects.fresh(project), reason="破产", by=projects.signer(gone.organisation)
    )
    task_book.sign(projects.fresh(project), by=projects.signer(partner(project, 1)))
    assert task_book.is_open(project)

    newcomer = replaced(project, gone)
    task_book.sign(projects.fresh(project), by=projects.signer(newcomer))
    projects.papers()

    assert projects.fresh(project).state == State.GRANTED


def test_x36_an_empty_place_keeps_the_task_book_open_for_its_sixty_days(project, standing_clock):
    gone = project.partners.order_by("position")[0]
    told = task_book.due(project)
    everybody_signs(project, besides=gone.organisation)
    substitution.leave(
        projects.fresh(project), reason="破产", by=projects.signer(gone.organisation)
    )
    standing_clock.move_to(clock.end_of(told) + MINUTE)
    jobs.run_due()
    assert projects.fresh(project).state == State.SIGNING

    newcomer = replaced(project, gone)
    standing_clock.pass_(days=20)
    jobs.run_due()
    task_book.sign(projects.fresh(project), by=projects.signer(newcomer))
    projects.papers()

    assert projects.fresh(project).state == State.GRANTED


def test_x36_a_place_that_nobody_takes_in_sixty_days_lets_the_funding_lapse(
    project, standing_clock
):
    gone = project.partners.order_by("position")[0]
    everybody_signs(project, besides=gone.organisation)
    substitution.leave(
        projects.fresh(project), reason="破产", by=projects.signer(gone.organisation)
    )

    standing_clock.move_to(clock.end_of(task_book.due(project)) + MINUTE)
    jobs.run_due()

    done, told = projects.fresh(project), Event.objects.get(case=project, kind="task_book_lapsed")
    assert (done.state, done.outcome) == (State.ABANDONED, "lapsed")
    assert f"{gone.name}（已退出，未替补）" in told.body


def replaced(case: Case, gone: Partner) -> Organisation:
    """The lead names an enterprise for the empty place; it confirms, and the office approves."""
    newcomer = projects.organisation("enterprise")
    gone.refresh_from_db()
    named = substitution.replace(
        projects.fresh(case),
        leaving=gone,
        organisation=newcomer,
        role=gone.role,
        by=projects.signer(case.applicant),
    )
    partners.confirm(projects.fresh(case), by=projects.signer(newcomer))
    substitution.approve_replacement(named, by=projects.cast().officer)
    return newcomer


def everybody_signs(case: Case, besides: Organisation | None = None) -> None:
    """Lead, partners and issuer, one after the other."""
    units = [case.applicant, *(each.organisation for each in case.partners.order_by("position"))]
    for unit in units:
        if unit == besides:
            continue
        task_book.sign(projects.fresh(case), by=projects.signer(unit))
    task_book.sign(projects.fresh(case), by=projects.cast().issuer)
