"""The law as django_fsm speaks it: every state by every transition, and what ``lawfully`` keeps."""

from collections import defaultdict

import pytest
from django.db import OperationalError, transaction
from django_fsm import GET_STATE, TransitionNotAllowed

from tests.rows import walked
from workflows import audit
from workflows.errors import CaseBusy, CaseClosed, StageClosed
from workflows.models import Case, Event
from workflows.models.case import BEFORE_DECISION, CLOSED, IN_HAND, PAUSABLE, State, edges
from workflows.stages.law import lawfully, verb

FIELD = Case._meta.get_field("state")
MOVES = sorted({each.name for each in FIELD.get_all_transitions(Case)})


def table() -> dict[tuple[str, str], set[str]]:
    """Where each transition may lead from each state, read off the model."""
    allowed = defaultdict(set)
    for each in FIELD.get_all_transitions(Case):
        target = each.target
        targets = target.allowed_states if isinstance(target, GET_STATE) else [target]
        allowed[each.name, str(each.source)] |= {str(state) for state in targets}
    return dict(allowed)


def moved(name: str, source: str, former: str = "") -> str | None:
    """Where a case in ``source`` lands by the transition ``name``; None if the law refuses."""
    case = Case(former_state=former)
    case.__dict__["state"] = source
    try:
        getattr(case, name)()
    except TransitionNotAllowed:
        assert case.state == source
        return None
    return str(case.state)


# --- the whole table ----------------------------------------------------------------------------
@pytest.mark.once
@pytest.mark.parametrize("name", [name for name in MOVES if name != "resume"])
def test_a_move_goes_from_its_own_states_to_its_own_state_and_from_no_other(name):
    allowed = table()

    landed = {source: moved(name, source) for source in State.values}

    assert landed == {
        source: next(iter(allowed[name, source])) if (name, source) in allowed else None
        for source in State.values
    }


@pytest.mark.once
@pytest.mark.parametrize("former", PAUSABLE)
def test_a_suspended_case_resumes_where_it_stood_and_nowhere_else(former):
    assert moved("resume", State.SUSPENDED, former) == former
    assert {source for source in State.values if moved("resume", source, former)} == {"suspended"}


@pytest.mark.once
def test_the_table_and_the_edges_are_one_law():
    assert {(source, to) for (_, source), targets in table().items() for to in targets} == edges()


@pytest.mark.once
def test_every_state_can_be_reached_and_only_a_closed_one_has_no_way_out():
    reached, frontier = {str(State.DRAFT)}, {str(State.DRAFT)}
    while frontier:
        frontier = {target for source, target in edges() if source in frontier} - reached
        reached |= frontier

    assert reached == set(State.values)
    called_up = {State.REGISTERED}  # closed, until money comes free
    assert set(State.values) - {source for source, _ in edges()} == set(CLOSED) - called_up


@pytest.mark.once
def test_an_application_is_taken_back_ended_and_stopped_where_the_domain_says_so():
    def sources(target: str) -> set[str]:
        return {source for source, to in edges() if to == target}

    assert sources(State.WITHDRAWN) == {State.DRAFT, *BEFORE_DECISION, State.SUSPENDED}
    assert sources(State.TERMINATED) == {*IN_HAND, State.SUSPENDED}
    assert sources(State.SUSPENDED) == set(PAUSABLE)
    assert sources(State.GRANTED) == sources(State.REFUSED) == {State.SIGNING}


# --- under the lock -----------------------------------------------------------------------------


def held(case: Case, act) -> None:
    with transaction.atomic(), lawfully(case) as locked:
        act(locked)


@pytest.mark.django_db
@pytest.mark.bare_rows
def test_a_move_with_its_event_is_saved():
    case = walked(State.SUBMITTED)

    def accept(locked: Case) -> None:
        locked.accept()
        audit.record(locked, "accepted", by=None)

    held(case, accept)

    kept = Case.objects.get(pk=case.pk)
    assert (kept.state, kept.version) == (State.ACCEPTED, case.version + 1)


@pytest.mark.django_db
@pytest.mark.bare_rows
def test_the_law_refuses_in_the_words_of_the_house():
    for states, refusal in (
        ([State.SUBMITTED], StageClosed),
        ([State.SUBMITTED, State.WITHDRAWN], CaseClosed),
    ):
        case = walked(*states)
        with pytest.raises(refusal):
            held(case, lambda locked: locked.grant())


@pytest.mark.django_db
@pytest.mark.bare_rows
def test_what_a_verb_changed_before_it_was_refused_is_not_saved():
    case = walked(State.SUBMITTED)

    def half(locked: Case) -> None:
        locked.district = "310101"
        audit.record(locked, "noted", by=None)
        raise StageClosed

    with pytest.raises(StageClosed):
        held(case, half)

    assert Case.objects.get(pk=case.pk).district == "310115"
    assert Event.objects.filter(case=case).count() == 1


@pytest.mark.django_db
@pytest.mark.bare_rows
def test_a_verb_that_forgot_its_event_moves_nothing():
    case = walked(State.SUBMITTED)

    with pytest.raises(StageClosed):
        held(case, lambda locked: locked.accept())

    assert Case.objects.get(pk=case.pk).state == State.SUBMITTED


@pytest.mark.django_db
@pytest.mark.bare_rows
def test_a_row_that_changed_under_a_broken_lock_is_not_overwritten():
    case = walked(State.SUBMITTED)

    def behind_the_lock(locked: Case) -> None:
        other = Case.objects.select_related("edition").get(pk=case.pk)
        audit.record(other, "noted", by=None)
        Case.objects.filter(pk=case.pk).update(version=other.version, head=other.head)
        locked.district = "310101"

    with pytest.raises(CaseBusy):
        held(case, behind_the_lock)

    assert Case.objects.get(pk=case.pk).district == "310115"


@pytest.mark.django_db
@pytest.mark.bare_rows
@pytest.mark.parametrize(
    ("words", "told"),
    [("database is locked", CaseBusy), ("no such table", OperationalError)],
)
def test_whoever_finds_the_database_busy_is_told_to_try_again(words, told):
    def act() -> None:
        raise OperationalError(words)

    with pytest.raises(told):
        verb(act)()


@pytest.mark.django_db(transaction=True)
@pytest.mark.bare_rows
def test_no_case_is_held_outside_a_transaction():
    case = walked(State.SUBMITTED)

    with pytest.raises(AssertionError, match="opens the transaction"), lawfully(case):
        pass
