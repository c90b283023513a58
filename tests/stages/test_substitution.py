"""X36: a partner leaves; a substitute of its kind is approved in sixty days, or the case ends."""

from datetime import date, timedelta

import pytest

from tests.stages import jointly
from tests.stages.course import plain_papers
from tests.stages.jointly import FIRM, JOINT, OTHER_SCHOOL, SCHOOL
from workflows import clock, demo, jobs
from workflows.errors import (
    NotEntitled,
    NotYetDue,
    PartnerBarred,
    PartnerNotConfirmed,
    PartnerOfAnotherKind,
    PartnerTwice,
    PartnerUnknown,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, Certificate, Event, Message, Organisation, Partner, User
from workflows.stages import acceptance, partners, substitution

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _today(office, standing_clock, monkeypatch):
    """Time stands still, and papers cost nothing."""
    plain_papers(monkeypatch)


@pytest.fixture
def case() -> Case:
    """An accepted joint application with one school as partner."""
    jointly.unit(SCHOOL)
    draft = jointly.drafted(jointly.call(joint=JOINT), partners=[SCHOOL])
    partners.confirm(draft, by=signer(SCHOOL))
    filed = jointly.filed(draft)
    acceptance.accept(filed, by=demo.cast(filed.district).window)
    return jointly.fresh(filed)


def signer(row: dict[str, str]) -> User:
    """Who signs for a partner."""
    return demo.signer(jointly.unit(row))


def officer() -> User:
    """A case officer."""
    return demo.cast("310110").officer


def left(case: Case) -> Partner:
    """The school has left."""
    return substitution.leave(case, reason="专业停办", by=signer(SCHOOL))


def named(case: Case, row: dict[str, str] = OTHER_SCHOOL) -> Partner:
    """The lead has named a substitute for the school."""
    gone = Partner.objects.exclude(left=None).earliest("pk")
    return substitution.replace(
        case, leaving=gone, organisation=jointly.unit(row), role=row["role"],
        by=demo.signer(case.applicant),
    )  # fmt: skip


def due(standing_clock, day: date) -> None:
    """``day`` has passed, and what waited for its end is tried."""
    standing_clock.move_to(clock.end_of(day) + MINUTE)
    while job := jobs._due(standing_clock.moment, "").exclude(kind="issue_document").first():
        taken = jobs.lease(standing_clock.moment, "", job.pk)
        assert taken is not None
        jobs.run(taken)


def state(case: Case) -> str:
    """Where the case stands."""
    return str(jointly.fresh(case).state)


# --- leaving --------------------------------------------------------------------------------------
def test_x36_a_partner_leaves_and_sixty_calendar_days_run(case):
    gone = left(case)

    event = Event.objects.get(case=case, kind="partner_left")
    assert (gone.left, gone.left_reason) == (clock.now(), "专业停办")
    assert '"due":"2026-11-06"' in event.body  # 7 September and sixty days
    assert list(partners.active(case)) == []
    assert state(case) == "accepted"


def test_x36_lead_and_office_hear_of_it(case):
    left(case)
    jobs.run_due()

    told = Message.objects.filter(kind="partner_left").values_list("recipient", flat=True)
    assert {demo.signer(case.applicant).pk, officer().pk} <= set(told)


def test_x36_the_lead_or_the_office_says_so_for_a_partner_that_says_nothing(case):
    school = jointly.unit(SCHOOL)
    for person in (demo.clerk(case.applicant), demo.cast("310110").window):
        with pytest.raises(NotEntitled):
            substitution.leave(case, reason="x", by=person, organisation=school)

    substitution.leave(case, reason="停办", by=officer(), organisation=school)

    with pytest.raises(PartnerUnknown):
        substitution.leave(case, reason="x", by=officer(), organisation=school)


def test_x36_nobody_leaves_without_a_reason_or_without_a_place(case):
    with pytest.raises(ReasonMissing):
        substitution.leave(case, reason=" ", by=signer(SCHOOL))
    with pytest.raises(NotEntitled):
        substitution.leave(case, reason="x", by=signer(FIRM))


def test_x36_before_acceptance_the_lead_changes_its_table_instead():
    jointly.unit(SCHOOL)
    draft = jointly.drafted(jointly.call(joint=JOINT), partners=[SCHOOL])

    with pytest.raises(StageClosed):
        left(draft)


def test_x36_who_has_left_reads_no_further(case):
    before = Case.objects.visible_to(User.objects.get(pk=signer(SCHOOL).pk)).exists()

    left(case)

    after = Case.objects.visible_to(User.objects.get(pk=signer(SCHOOL).pk)).exists()
    assert (before, after) == (True, False)


# --- a substitute ---------------------------------------------------------------------------------
def test_x36_a_substitute_confirms_what_was_filed_and_the_office_approves_it(case):
    left(case)
    substitute = named(case)

    with pytest.raises(PartnerNotConfirmed):
        substitution.approve_replacement(substitute, by=officer())
    partners.confirm(case, by=signer(OTHER_SCHOOL))
    in_force = list(partners.active(case))
    substitution.approve_replacement(substitute, by=officer())

    assert in_force == []
    assert [each.name for each in partners.active(case)] == [OTHER_SCHOOL["org_name"]]
    kinds = Event.objects.filter(case=case).order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-4:] == [
        "partner_left", "substitute_named", "partner_confirmed", "partner_replaced",
    ]  # fmt: skip


def test_x36_once_approved_the_case_goes_on_when_the_days_are_over(case, standing_clock):
    left(case)
    substitute = named(case)
    partners.confirm(case, by=signer(OTHER_SCHOOL))
    substitution.approve_replacement(substitute, by=officer())

    due(standing_clock, date(2026, 11, 6))

    assert state(case) != "terminated"


def test_x36_a_substitute_is_of_the_same_kind(case):
    left(case)

    with pytest.raises(PartnerOfAnotherKind) as refused:
        named(case, FIRM)

    assert refused.value.facts == {"name": SCHOOL["org_name"]}


def test_x36_one_substitute_at_a_time_and_only_for_a_place_that_fell_empty(case):
    gone = left(case)
    named(case)

    for row in (OTHER_SCHOOL, SCHOOL):
        with pytest.raises(StageClosed):
            named(case, row)
    with pytest.raises(NotEntitled):
        substitution.replace(
            case, leaving=gone, organisation=jointly.unit(FIRM), role="school", by=signer(SCHOOL)
        )


def test_x36_nobody_takes_part_twice_and_the_lead_is_no_partner(case):
    gone = left(case)

    with pytest.raises(PartnerTwice) as refused:
        substitution.replace(
            case, leaving=gone, organisation=case.applicant, role="school",
            by=demo.signer(case.applicant),
        )  # fmt: skip

    assert refused.value.facts == {"name": case.applicant.name}
    assert case.partners.count() == 1


def barred(row: dict[str, str]) -> Certificate:
    """A title of the programme was taken from the unit, which may not apply for a year."""
    return Certificate.objects.create(
        holder=jointly.unit(row),
        holder_name=row["org_name"],
        programme_key=jointly.PROGRAMME,
        kind="certificate",
        title="x",
        number="CJRH-QY-310101-2020-0001",
        state=Certificate.State.REVOKED,
        valid_from=date(2020, 1, 1),
        facts={"banned_until": "2027-01-01"},
        registered=clock.now(),
    )


def test_x36_a_unit_that_is_barred_takes_nobodys_place(case):
    left(case)
    revoked = barred(OTHER_SCHOOL)

    with pytest.raises(PartnerBarred) as refused:
        named(case)

    assert refused.value.facts == {"name": OTHER_SCHOOL["org_name"]}
    revoked.facts = {"banned_until": "2026-09-06"}  # yesterday
    revoked.save(update_fields=["facts"])
    assert named(case).name == OTHER_SCHOOL["org_name"]


def test_x36_nor_one_that_was_barred_after_it_had_confirmed(case):
    left(case)
    substitute = named(case)
    partners.confirm(case, by=signer(OTHER_SCHOOL))
    barred(OTHER_SCHOOL)

    with pytest.raises(PartnerBarred):
        substitution.approve_replacement(substitute, by=officer())

    assert list(partners.active(case)) == []


def test_x36_a_substitute_the_house_does_not_know_is_entered(case):
    gone = left(case)
    row = OTHER_SCHOOL
    unit = partners.entered(row["org_name"], row["uscc"], row["role"])

    substitution.replace(
        case, leaving=gone, organisation=unit, role="school", by=demo.signer(case.applicant)
    )

    assert Organisation.objects.get(uscc=row["uscc"]).name == row["org_name"]


def test_x36_a_substitute_that_refuses_makes_room_for_another(case):
    left(case)
    named(case)
    partners.refuse(case, reason="不参与", by=signer(OTHER_SCHOOL))

    third = {**OTHER_SCHOOL, "org_name": "某校", "uscc": "12330600MBYY2B039J"}
    assert named(case, third).name == "某校"


@pytest.mark.parametrize("who", ["window", "leader", "seal"])
def test_x36_only_the_case_officer_approves(case, who):
    left(case)
    substitute = named(case)
    partners.confirm(case, by=signer(OTHER_SCHOOL))

    with pytest.raises(NotEntitled):
        substitution.approve_replacement(substitute, by=getattr(demo.cast("310110"), who))


def test_x36_a_partner_of_the_first_hour_needs_no_approval(case):
    with pytest.raises(PartnerUnknown):
        substitution.approve_replacement(case.partners.get(), by=officer())


# --- the end of the sixty days --------------------------------------------------------------------
def test_x36_without_a_substitute_the_case_ends_after_the_last_day(case, standing_clock):
    gone = left(case)
    standing_clock.move_to(clock.end_of(date(2026, 11, 6)))
    with pytest.raises(NotYetDue):
        substitution.lapse(case, partner=gone.pk)

    due(standing_clock, date(2026, 11, 6))

    ended = jointly.fresh(case)
    assert (ended.state, ended.outcome) == ("terminated", "terminated")
    event = Event.objects.filter(case=case).latest("seq")
    assert (event.kind, event.actor) == ("terminated", None)
    assert "60日内没有替补单位" in event.body


def test_x36_a_substitute_that_was_never_approved_saves_nothing(case, standing_clock):
    left(case)
    named(case)
    partners.confirm(case, by=signer(OTHER_SCHOOL))

    due(standing_clock, date(2026, 11, 6))

    assert state(case) == "terminated"


def test_x36_an_approved_substitute_that_leaves_begins_the_days_anew(case, standing_clock):
    left(case)
    substitute = named(case)
    partners.confirm(case, by=signer(OTHER_SCHOOL))
    substitution.approve_replacement(substitute, by=officer())
    standing_clock.pass_(days=10)
    substitution.leave(case, reason="再议", by=signer(OTHER_SCHOOL))

    due(standing_clock, date(2026, 11, 6))
    after_the_first = state(case)
    due(standing_clock, date(2026, 11, 17))

    assert after_the_first != "terminated"
    assert state(case) == "terminated"
