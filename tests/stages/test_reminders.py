"""Reminders: what is looked for every morning, who is told of it, and only once."""

from datetime import date, datetime, timedelta

import pytest
from viewflow.workflow.token import Token

from tests import rows
from tests.conftest import StandingClock
from workflows import clock, jobs
from workflows.models import (
    Appointment,
    Case,
    Certificate,
    Correction,
    Defence,
    Event,
    Job,
    Membership,
    Message,
    Organisation,
    Process,
    Rating,
    Round,
    Seat,
    Supplement,
    Task,
    User,
)
from workflows.stages import reminders, sweeping

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]
SINCE = date(2020, 1, 1)
MONDAY = date(2026, 9, 7)


@pytest.fixture(autouse=True)
def _quiet(settings, standing_clock: StandingClock) -> None:
    """Everything is read in the house; it is Monday, nine in the morning."""
    settings.HENG_CHANNELS = {}


def clerk_of(case: Case) -> User:
    """Somebody who acts for the applicant."""
    person = rows.person()
    Membership.objects.create(
        user=person, organisation=case.applicant, role="clerk", valid_from=SINCE
    )
    return person


def holder(role: str) -> User:
    """Somebody of the office."""
    person = rows.person()
    Appointment.objects.create(user=person, role=role, valid_from=SINCE)
    return person


def look(what: str) -> None:
    """Look for one thing, as every morning."""
    key = f"{what}:{Job.objects.count()}"
    jobs.enqueue("look_for", key=key, payload={"what": what})
    jobs.run_due()


def told(person: User) -> list[str]:
    """What a person has been told, in order."""
    return list(
        Message.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True)
    )


# --- drafts -------------------------------------------------------------------------------------
def draft(closes: datetime) -> Case:
    """A draft begun now, in a call that closes then."""
    case = rows.case()
    rows.step(case, "draft", kind="drafted")
    Round.objects.filter(pk=case.round_id).update(closes=closes)
    return case


def test_a_draft_nobody_works_on_is_told_of_after_a_week_and_once_each_time(standing_clock):
    case = draft(clock.now() + timedelta(days=90))
    person = clerk_of(case)

    heard = []
    for days in (6, 1, 1):
        standing_clock.pass_(days=days, minutes=1)
        look("idle_drafts")
        heard.append(told(person))
    rows.step(Case.objects.select_related("edition").get(pk=case.pk), "draft", kind="draft_saved")
    look("idle_drafts")
    standing_clock.pass_(days=8)
    look("idle_drafts")

    assert heard == [[], ["draft_idle"], ["draft_idle"]]
    assert told(person) == ["draft_idle", "draft_idle"]


def test_a_draft_whose_call_has_closed_waits_for_nothing(standing_clock):
    case = draft(clock.now() + timedelta(days=3))
    person = clerk_of(case)
    standing_clock.pass_(days=9)

    look("idle_drafts")
    look("closing_calls")

    assert told(person) == []


def test_a_call_that_closes_is_told_of_five_days_and_one_day_before(standing_clock):
    case = draft(clock.end_of(date(2026, 9, 14)))
    person = clerk_of(case)

    heard = []
    for _ in range(8):
        look("closing_calls")
        heard.append(len(told(person)))
        standing_clock.pass_(days=1)

    assert told(person) == ["round_closing", "round_closes_soon"]
    assert heard == [0, 0, 1, 1, 1, 1, 2, 2]


# --- corrections --------------------------------------------------------------------------------
def returned(due: date) -> Case:
    """A case the window returned, to be corrected by ``due``."""
    case = rows.walked("submitted", "returned")
    Correction.objects.create(case=case, issued=clock.now(), by=rows.person(), due=due)
    return case


def test_a_correction_is_told_of_three_working_days_and_one_before_it_is_due(standing_clock):
    case = returned(date(2026, 9, 14))  # a Monday
    person = clerk_of(case)

    heard = []
    for _ in range(8):
        look("due_corrections")
        heard.append(len(told(person)))
        standing_clock.pass_(days=1)

    assert told(person) == ["correction_due", "correction_due"]
    assert heard == [0, 0, 1, 1, 2, 2, 2, 2]  # Wednesday, Friday


def test_more_time_to_correct_is_told_of_anew(standing_clock):
    case = returned(date(2026, 9, 9))
    person = clerk_of(case)
    look("due_corrections")
    Correction.objects.filter(case=case).update(due=date(2026, 9, 21))
    look("due_corrections")
    standing_clock.move_to(datetime(2026, 9, 16, 8, 0, tzinfo=clock.LOCAL))
    look("due_corrections")

    facts = list(
        Message.objects.filter(recipient=person).order_by("pk").values_list("facts", flat=True)
    )
    assert [each["due"] for each in facts] == ["2026-09-09", "2026-09-21"]


def test_what_else_waits_for_an_applicants_word_is_told_of_until_it_is_given():
    asked, refused, other = (rows.walked("submitted", "accepted") for _ in range(3))
    people = [clerk_of(asked), clerk_of(refused), clerk_of(other)]
    times = {"days": 5, "due": date(2026, 9, 9)}
    Supplement.objects.create(case=asked, number=1, asked=clock.now(), by=rows.person(), **times)
    defence = Defence.objects.create(case=refused, number=1, told=clock.now(), **times)
    task(other, due=date(2026, 9, 8), node="notice", candidate=f"applicant:{other.applicant_id}")

    look("due_answers")
    Defence.objects.filter(pk=defence.pk).update(recalled=clock.now(), due=date(2026, 9, 8))
    Supplement.objects.update(due=date(2026, 9, 8))
    look("due_answers")

    assert [told(each) for each in people] == [["answer_due"] * 2, ["answer_due"], ["answer_due"]]


# --- titles -------------------------------------------------------------------------------------
def test_a_title_is_told_of_ninety_and_thirty_days_before_it_expires(standing_clock):
    case = rows.walked("submitted")
    person = clerk_of(case)
    facts = {"programme_key": case.programme_key, "kind": "certificate", "title": "示范企业"}
    last = MONDAY + timedelta(days=91)
    for number, valid_to, state in (
        ("A-1", last, "active"),
        ("A-2", None, "active"),
        ("A-3", last, "revoked"),
    ):
        Certificate.objects.create(
            holder=case.applicant,
            holder_name="企业",
            number=number,
            valid_from=SINCE,
            valid_to=valid_to,
            state=state,
            registered=clock.now(),
            **facts,
        )

    heard = []
    for days in (0, 1, 59, 1, 1):
        standing_clock.pass_(days=days)
        look("expiring_titles")
        heard.append(len(told(person)))

    assert heard == [0, 1, 1, 2, 2]
    assert set(Message.objects.values_list("facts__number", flat=True)) == {"A-1"}


# --- experts and the office ---------------------------------------------------------------------
def task(case: Case, *, due: date, node: str = "acceptance", **given: object) -> Task:
    """An open step of a case."""
    flow = case.programme.flows["CertificationFlow"]
    running = Process.objects.filter(case=case).first()
    process = running or Process.objects.create(case=case, flow_class=flow)
    return Task.objects.create(
        process=process,
        flow_task=flow.instance.node(node),
        flow_task_type="HUMAN",
        token=Token("start"),
        case=case,
        node=node,
        due=due,
        reference=case.reference,
        programme_key=case.programme_key,
        applicant="企业",
        created=clock.now(),
        **given,
    )


def test_a_sheet_is_told_of_to_its_expert_by_the_code_of_the_seat():
    case, expert = rows.walked("submitted", "accepted", "reviewing", "evaluating"), rows.person()
    Seat.objects.create(case=case, round=0, number=1, expert=expert, code="K7QX", drawn=clock.now())
    task(case, node="sheet", due=date(2026, 9, 10), owner=expert, unit=f"1-{expert.pk}")

    look("due_sheets")
    look("due_sheets")

    (message,) = Message.objects.filter(recipient=expert)
    assert (message.kind, message.facts["code"]) == ("sheet_due", "K7QX")


def test_a_task_turns_yellow_for_whoever_has_it_and_red_for_the_head_as_well(standing_clock):
    case = rows.walked("submitted")
    officer, colleague, leader = holder("case_officer"), holder("case_officer"), holder("leader")
    task(case, due=date(2026, 9, 18), candidate="case_officer", owner=officer)

    heard = []
    for days in (0, 10, 5):
        standing_clock.pass_(days=days)
        look("due_tasks")
        heard.append((told(officer), told(leader)))

    both = ["task_due", "task_overdue"]
    assert heard == [([], []), (["task_due"], []), (both, ["task_overdue"])]
    assert told(colleague) == []


def test_a_task_nobody_has_taken_is_told_of_to_its_group(standing_clock):
    case = rows.walked("submitted")
    officers = [holder("case_officer"), holder("case_officer")]
    task(case, due=date(2026, 9, 7), candidate="case_officer")

    look("due_tasks")

    assert [told(each) for each in officers] == [["task_due"], ["task_due"]]


def test_nobody_is_told_of_the_steps_of_the_system_of_applicants_or_of_a_case_that_stands_still():
    case, still = rows.walked("submitted"), rows.walked("submitted", "accepted", "suspended")
    holder("leader"), holder("case_officer"), clerk_of(case)
    task(case, due=MONDAY, node="notice")
    task(case, due=MONDAY, node="correction", candidate=f"applicant:{case.applicant_id}")
    task(still, due=MONDAY, candidate="case_officer", paused=True)

    look("due_tasks")

    assert not Message.objects.exists()


def test_a_poor_rating_without_an_answer_is_told_of_three_days_before_its_time_is_up():
    case, leader = rows.walked("submitted"), holder("leader")
    Rating.objects.create(
        event=case.events.get(), level=5, given=clock.now(), due=date(2026, 9, 10)
    )

    look("due_ratings")
    look("due_ratings")

    assert told(leader) == ["rating_due"]


# --- powers of attorney -------------------------------------------------------------------------
def signer(organisation: Organisation, valid_to: date | None, **given: object) -> User:
    """Somebody who signs by a power of attorney until that day."""
    person = given.pop("user", None) or rows.person()
    Membership.objects.create(
        user=person,
        organisation=organisation,
        **{"role": "signer", "basis": "letter", "valid_from": SINCE, **given},
        valid_to=valid_to,
    )
    return person


def test_a_power_of_attorney_is_told_of_thirty_days_and_seven_days_before_it_ends(standing_clock):
    unit = rows.organisation()
    person = signer(unit, MONDAY + timedelta(days=31))
    colleague = signer(unit, None, role="owner", basis="owner")

    heard = []
    for days in (0, 1, 1, 21, 1, 1, 6, 1):
        standing_clock.pass_(days=days)
        look("ending_mandates")
        heard.append(len(told(colleague)))

    assert heard == [0, 1, 1, 1, 2, 2, 2, 2]
    assert told(person) == told(colleague) == ["mandate_ending", "mandate_ending"]


def test_a_power_of_attorney_that_was_renewed_is_not_told_of():
    unit = rows.organisation()
    person = signer(unit, MONDAY + timedelta(days=6))
    signer(unit, MONDAY + timedelta(days=400), user=person, valid_from=MONDAY)

    look("ending_mandates")

    assert told(person) == []


def test_a_renewal_by_one_signer_does_not_silence_another():
    unit = rows.organisation()
    person = signer(unit, MONDAY + timedelta(days=6))
    other = signer(unit, MONDAY + timedelta(days=400))

    look("ending_mandates")

    assert told(person) == told(other) == ["mandate_ending"]


def test_mandates_that_rest_on_no_letter_or_have_ended_are_not_told_of():
    unit = rows.organisation()
    ended = signer(unit, MONDAY - timedelta(days=1))
    named = signer(unit, MONDAY + timedelta(days=3), role="clerk", basis="owner")

    look("ending_mandates")

    assert told(ended) == told(named) == []


# --- every morning ------------------------------------------------------------------------------
def test_the_look_round_happens_every_morning_and_looks_for_everything(standing_clock):
    reminders.arm()
    reminders.arm()

    standing_clock.move_to(datetime(2026, 9, 9, 12, 0, tzinfo=clock.LOCAL))
    jobs.run_due()

    rounds = Job.objects.filter(kind="look_round").order_by("not_before")
    assert [(each.dedupe_key, each.state) for each in rounds] == [
        ("look_round:2026-09-08", "done"),
        ("look_round:2026-09-10", "ready"),  # what a stopped worker missed is made up for once
    ]
    looked = Job.objects.filter(kind="look_for", state="done")
    assert set(looked.values_list("payload__what", flat=True)) == reminders.FINDERS.keys()
    tidied = Job.objects.filter(kind__in=["scan_leftovers", "sweep_uploads", "sweep_shelf"])
    assert set(tidied.values_list("state", flat=True)) == {"done"}
    assert tidied.count() == 2 + len(sweeping.SHELVES)


def test_a_finder_that_fails_holds_up_no_other(monkeypatch, caplog):
    person = clerk_of(draft(clock.now() + timedelta(days=2)))
    monkeypatch.setitem(reminders.FINDERS, "idle_drafts", _broken)

    for what in ("idle_drafts", "closing_calls"):
        look(what)

    assert told(person) == ["round_closing"]
    assert "failed and is tried again" in caplog.text


def _broken() -> reminders.Told:
    raise LookupError


def test_a_reminder_leaves_the_trail_of_the_case_alone():
    case = returned(date(2026, 9, 8))
    clerk_of(case)
    before = Event.objects.count()

    look("due_corrections")

    assert Event.objects.count() == before
    assert Case.objects.get(pk=case.pk).version == case.version
