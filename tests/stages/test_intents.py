"""Deciding and taking it back: a press waits, is judged anew when it counts."""

import json
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession

from tests.stages.course import Course
from tests.stages.test_absences import away, colleague, fresh
from workflows import audit, clock, jobs
from workflows.errors import (
    AccepterMayNotDecide,
    AlreadyDecided,
    CaseBusy,
    ClaimedByAnother,
    NoLongerFits,
    NotEntitled,
    NothingWaits,
    StageClosed,
    TooLateToTakeBack,
)
from workflows.models import Event, Intent, Job, Message, Seat, Task, User
from workflows.stages import (
    absences,
    assigning,
    desk,
    intents,
    people,
    review,
    snoozing,
    suspension,
    withdrawal,
    worksheets,
)
from workflows.views.desk import deciding

pytestmark = pytest.mark.django_db
STOP = {"form": "conclude", "sent": {"decision": ["stop"], "text": ["材料不实，终止。"]}}


@pytest.fixture(autouse=True)
def window(settings) -> None:
    """A press may be taken back for ten seconds."""
    settings.HENG_UNDO_SECONDS = 10


@pytest.fixture
def review_(pool_entry: Course) -> Course:
    """A case whose department review waits, in the officer's hands."""
    pool_entry.to("department_review")
    desk.claim(pool_entry.task("department_review"), by=pool_entry.cast.officer)
    return pool_entry


def pressed(course: Course, by: User | None = None, **data) -> Intent:
    """Stop the review."""
    task = course.task("department_review")
    by = fresh(by or course.cast.officer)
    return intents.intend(task, "decide", {**STOP, **data}, by=by, told="已终止。")


def passed(course: Course, intent: Intent) -> Intent:
    """The window closes, and what waits is carried out."""
    course.clock.pass_(seconds=11)
    course.timers()
    intent.refresh_from_db()
    return intent


# --- waiting --------------------------------------------------------------------------------------
def test_a_press_changes_nothing_until_its_window_closes(review_):
    before = review_.kinds

    intent = pressed(review_)
    review_.clock.pass_(seconds=9)
    review_.timers()

    assert (review_.kinds, review_.waiting) == (before, ["department_review"])
    assert intents.waiting(review_.task("department_review")) == intent
    assert intent.due == intent.made + timedelta(seconds=10)


def test_the_legal_time_is_the_execution_and_the_trail_names_where_it_was_pressed(review_):
    with audit.origin(ip="192.0.2.7", request_id="ab12"):
        intent = pressed(review_)
    done = passed(review_, intent)

    event = Event.objects.get(case=review_.case, kind="stopped")
    body = json.loads(event.body)
    assert done.state == Intent.State.DONE
    assert event.at == done.settled > intent.made + timedelta(seconds=10)
    assert (body["ip"], body["request"], event.actor) == ("192.0.2.7", "ab12", review_.cast.officer)
    assert done.data == {}  # the words live on in the trail
    assert review_.waiting == ["proposal"]


def test_no_window_no_waiting(review_, settings):
    settings.HENG_UNDO_SECONDS = 0

    intent = pressed(review_)

    assert intent.state == Intent.State.DONE
    assert review_.kinds[-1] == "stopped"
    assert not Job.objects.filter(kind="carry_out").exists()


# --- taking back ----------------------------------------------------------------------------------
def test_what_is_taken_back_comes_to_nothing_and_its_words_are_kept(review_):
    officer, intent = review_.cast.officer, pressed(review_)

    intents.take_back(intent, by=officer)
    undone = passed(review_, intent)

    task = review_.task("department_review")
    assert (undone.state, task.owner) == (Intent.State.UNDONE, officer)
    assert "stopped" not in review_.kinds
    assert worksheets.of(task, officer)["conclude"]["text"] == "材料不实，终止。"
    assert pressed(review_).state == Intent.State.WAITING  # decided anew


def test_what_has_taken_effect_cannot_be_taken_back(review_):
    intent = passed(review_, pressed(review_))

    with pytest.raises(TooLateToTakeBack):
        intents.take_back(intent, by=review_.cast.officer)

    assert review_.kinds[-1] == "stopped"


def test_it_can_be_taken_back_as_long_as_nobody_has_carried_it_out(review_):
    """No worker runs: the window is over, the press still waits."""
    intent = pressed(review_)
    review_.clock.pass_(hours=1)

    intents.take_back(intent, by=review_.cast.officer)

    assert passed(review_, intent).state == Intent.State.UNDONE
    with pytest.raises(NothingWaits):
        intents.take_back(intent, by=review_.cast.officer)


def test_only_who_pressed_takes_back(review_):
    intent = pressed(review_)

    with pytest.raises(NotEntitled):
        intents.take_back(intent, by=review_.cast.leader)

    assert passed(review_, intent).state == Intent.State.DONE


def test_the_second_press_is_told_of_the_first(review_):
    pressed(review_)

    with pytest.raises(AlreadyDecided) as refused:
        pressed(review_)

    pressed_at = clock.local(clock.now()).strftime("%H:%M:%S")
    assert refused.value.facts == {"name": review_.cast.officer.name, "at": pressed_at}
    assert Intent.objects.count() == 1


# --- judged at the press -----------------------------------------------------------------------
def test_what_the_law_refuses_now_is_refused_now(pool_entry):
    pool_entry.to("signing")
    window = pool_entry.also(pool_entry.cast.window, "issuer")
    before = pool_entry.kinds

    with pytest.raises(AccepterMayNotDecide):
        intents.intend(
            pool_entry.task("signing"),
            "decide",
            {"form": "sign", "sent": {"decision": ["sign"]}},
            by=window,
            told="已签署。",
        )

    assert (pool_entry.kinds, Intent.objects.count()) == (before, 0)
    assert not Job.objects.filter(kind="carry_out").exists()


def test_a_rehearsal_leaves_nothing_behind(review_):
    jobs_before, before = Job.objects.count(), review_.kinds
    case = review_.case

    intents.rehearse(
        lambda: review.conclude(case, verdict="stop", text="终止", by=review_.cast.officer)
    )

    assert (review_.kinds, Job.objects.count()) == (before, jobs_before)
    assert review_.waiting == ["department_review"]


# --- judged again when it counts ----------------------------------------------------------
def suspended(course: Course, by: User) -> None:
    suspension.suspend(course.case, ground="litigation", reason="诉讼", by=course.cast.leader)


def dismissed(course: Course, by: User) -> None:
    office = next(each for each in fresh(by).offices if each.role == "case_officer")
    people.dismiss(office, by=None)


def locked_out(course: Course, by: User) -> None:
    User.objects.filter(pk=by.pk).update(is_active=False)


def recused(course: Course, by: User) -> None:
    case = course.case
    Seat.objects.create(
        case=case, expert=by, number=9, round=1, code="ZZZZ-9", drawn=course.clock.moment
    )


def taken_over(course: Course, by: User) -> None:
    Task.objects.filter(pk=course.task("department_review").pk).update(owner=course.cast.officer)


def withdrawn(course: Course, by: User) -> None:
    withdrawal.withdraw(course.case, reason="业务调整", by=course.signer)


def decided(course: Course, by: User) -> None:
    review.conclude(course.case, verdict="stop", text="已由他人终止", by=course.cast.officer)


@pytest.mark.parametrize(
    "meanwhile",
    [suspended, dismissed, locked_out, recused, taken_over, withdrawn, decided],
    ids=lambda act: act.__name__,
)
def test_what_changed_meanwhile_refuses_it_in_words_and_gives_the_task_back(review_, meanwhile):
    officer = colleague(review_, "case_officer")
    task = review_.task("department_review")
    Task.objects.filter(pk=task.pk).update(owner=officer)
    intent = pressed(review_, officer)
    meanwhile(review_, officer)

    refused = passed(review_, intent)

    message = Message.objects.get(recipient=officer, kind="intent_refused")
    task.refresh_from_db()
    assert refused.state == Intent.State.REFUSED
    assert refused.refusal == message.facts["reason"]["zh-hans"] != message.facts["reason"]["en"]
    assert message.facts["task"] == task.pk
    assert review_.kinds.count("stopped") == (meanwhile is decided)
    assert (task.finished is not None) == (meanwhile in (withdrawn, decided))
    assert worksheets.of(task, officer)["conclude"]["text"] == "材料不实，终止。"
    assert worksheets.words(task, officer) == ["材料不实，终止。"]


def test_a_substitute_whose_colleague_is_back_is_refused(review_):
    owner, substitute = review_.cast.officer, colleague(review_, "case_officer")
    absence = away(owner, substitute)
    intent = pressed(review_, substitute)
    absences.end(absence, by=fresh(owner))

    refused = passed(review_, intent)

    assert refused.state == Intent.State.REFUSED
    assert review_.task("department_review").owner == owner


def test_a_form_that_no_longer_fits_is_refused_with_its_reason(review_):
    data = {"form": "conclude", "sent": {"decision": ["stop"], "text": [""]}}
    task, by = review_.task("department_review"), fresh(review_.cast.officer)

    with pytest.raises(NoLongerFits):
        deciding.decide(task.pk, data, by)
    with pytest.raises(StageClosed):
        deciding.decide(task.pk, {**data, "form": "seal"}, by)


def test_the_doer_decides_nothing_over_a_colleagues_head(review_):
    task = review_.task("department_review")

    with pytest.raises(ClaimedByAnother):
        deciding.decide(task.pk, STOP, colleague(review_, "case_officer"))


def test_a_session_that_was_ended_from_elsewhere_ends_what_was_pressed_in_it(review_):
    officer = review_.cast.officer
    signed_in = UserSession.objects.create(
        user=officer, ip="192.0.2.7", session_key="k" * 32, user_agent="browser"
    )
    task = review_.task("department_review")
    intent = intents.intend(
        task, "decide", STOP, by=fresh(officer), told="已终止。", session=signed_in.pk
    )
    signed_in.delete()

    refused = passed(review_, intent)

    assert refused.state == Intent.State.REFUSED
    assert "stopped" not in review_.kinds


# --- when the carrying out stumbles ----------------------------------------------------------
def test_a_busy_case_is_tried_again(review_, monkeypatch):
    intent, act, tries = pressed(review_), intents._doers["decide"], []

    def busy_once(task, data, by):
        tries.append(task)
        if len(tries) == 1:
            raise CaseBusy
        act(task, data, by)

    monkeypatch.setitem(intents._doers, "decide", busy_once)
    first = passed(review_, intent).state
    review_.clock.pass_(seconds=5)
    review_.timers()
    intent.refresh_from_db()

    assert (first, intent.state, len(tries)) == ("waiting", "done", 2)


def test_a_fault_gives_the_task_back_in_the_end(review_, monkeypatch):
    intent, tries = pressed(review_), []

    def broken(task, data, by):
        tries.append(task)
        raise ZeroDivisionError

    monkeypatch.setitem(intents._doers, "decide", broken)
    for _ in range(2 * jobs.FAILURES):
        passed(review_, intent)
        review_.clock.pass_(hours=1)
    intent.refresh_from_db()

    assert (intent.state, len(tries)) == (Intent.State.REFUSED, jobs.FAILURES)
    assert Message.objects.filter(kind="intent_refused").count() == 1


def test_a_press_whose_job_is_lost_gives_its_task_back_in_the_morning(review_):
    intent = pressed(review_)
    Job.objects.filter(kind="carry_out").update(state=Job.State.INCIDENT)
    review_.clock.pass_(days=1)

    intents.look("2026-09-30")
    jobs.run_due()

    intent.refresh_from_db()
    assert intent.state == Intent.State.REFUSED
    assert Message.objects.filter(kind="intent_refused").count() == 1


def test_a_press_that_waits_for_a_worker_is_left_alone_in_the_morning(review_):
    intent = pressed(review_)
    review_.clock.pass_(minutes=30)

    intents.find_stranded(Job(kind="find_stranded"), None)

    intent.refresh_from_db()
    assert intent.state == Intent.State.WAITING


@pytest.mark.parametrize("move", ["give_back", "snooze", "assign"])
def test_a_task_that_was_decided_a_moment_ago_is_not_moved(review_, move):
    officer, other = review_.cast.officer, colleague(review_, "case_officer")
    task = review_.task("department_review")
    pressed(review_)

    moves = {
        "give_back": lambda: desk.give_back(task, by=officer),
        "snooze": lambda: snoozing.snooze(
            task, until=clock.today() + timedelta(days=1), by=officer
        ),
        "assign": lambda: assigning.assign(task, to=other, by=review_.cast.leader, seen=officer.pk),
    }
    with pytest.raises(AlreadyDecided):
        moves[move]()


def test_every_kind_has_one_doer():
    assert {"decide", "assign", "snooze", "claim", "release"} == set(intents._doers)
    with pytest.raises(ValueError, match="decide"):
        intents.doer("decide")(lambda task, data, by: None)


def test_the_refusal_is_kept_in_the_language_of_who_pressed(review_):
    User.objects.filter(pk=review_.cast.officer.pk).update(language="en")
    intent = pressed(review_)
    suspended(review_, review_.cast.officer)

    refused = passed(review_, intent)

    assert "stands still" in refused.refusal
