"""Joint applications: who the partners are, their own word for it, and what a change does to it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.stages import jointly
from tests.stages.jointly import FIRM, JOINT, OTHER_SCHOOL, SCHOOL
from workflows import demo, jobs
from workflows.errors import (
    NotEntitled,
    PartnerNotConfirmed,
    PartnersMissing,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, Event, Membership, Message, Organisation, Partner, User
from workflows.stages import corrections, drafting, partners

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(office, standing_clock):
    """Time stands still."""


@pytest.fixture
def call():
    """A round for joint applications."""
    return jointly.call(joint=JOINT)


@pytest.fixture
def draft(call) -> Case:
    """A complete draft with one school as partner."""
    jointly.unit(SCHOOL)
    return jointly.drafted(call, partners=[SCHOOL])


def lead(case: Case) -> User:
    """Who signs for the lead."""
    return demo.signer(case.applicant)


def signer(row: dict[str, str]) -> User:
    """Who signs for a partner."""
    return demo.signer(jointly.unit(row))


def told(person: User) -> list[str]:
    """The kinds of message ``person`` has, in order."""
    jobs.run_due()
    return list(
        Message.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True)
    )


# --- who they are -------------------------------------------------------------------------------
def test_the_partners_are_those_of_the_table(draft):
    jointly.unit(FIRM)

    jointly.saved(draft, partners=[FIRM, SCHOOL])

    kept = [(each.name, each.role, each.position) for each in draft.partners.all()]
    assert kept == [
        (FIRM["org_name"], "enterprise", 1),
        (SCHOOL["org_name"], "school", 2),
    ]


def test_a_partner_taken_out_of_the_table_takes_part_no_longer(draft):
    jointly.saved(draft, partners=[OTHER_SCHOOL])

    assert [each.name for each in draft.partners.all()] == [OTHER_SCHOOL["org_name"]]


def test_a_unit_the_house_does_not_know_is_entered_with_name_and_code(draft):
    jointly.saved(draft, partners=[SCHOOL, FIRM | {"uscc": " 91310114-mayy1a07xm "}])

    entered = Organisation.objects.get(uscc=FIRM["uscc"])
    assert (entered.name, entered.kind, entered.district) == (
        FIRM["org_name"],
        "enterprise",
        "310114",
    )
    assert not entered.memberships.exists()


@pytest.mark.parametrize(
    "rows",
    [
        None,
        "half a table",
        [None, 3],
        [{"org_name": "某校", "uscc": "12310000MBYY2B012L", "role": "school"}],  # a wrong check
        [{"org_name": "", "uscc": SCHOOL["uscc"], "role": "school"}],
        [{"org_name": "某校", "uscc": SCHOOL["uscc"], "role": ""}],
    ],
)
def test_a_row_that_cannot_be_read_names_nobody_yet(draft, rows):
    units = Organisation.objects.count()

    jointly.saved(draft, partners=rows)

    assert (draft.partners.count(), Organisation.objects.count()) == (0, units)


def test_the_lead_is_no_partner_of_itself_and_nobody_is_one_twice(draft):
    own = {"org_name": "我方", "uscc": draft.applicant.uscc, "role": "enterprise"}

    jointly.saved(draft, partners=[SCHOOL, own, SCHOOL | {"role": "park"}])

    assert [(each.name, each.role) for each in draft.partners.all()] == [
        (SCHOOL["org_name"], "school")
    ]


# --- their word ---------------------------------------------------------------------------------
def test_an_application_is_filed_once_every_partner_confirmed_it_as_it_stands(draft):
    with pytest.raises(PartnerNotConfirmed) as refused:
        jointly.filed(draft)
    partners.confirm(draft, by=signer(SCHOOL))

    assert refused.value.facts == {"partners": SCHOOL["org_name"]}
    assert jointly.filed(draft).state == "submitted"


def test_a_change_of_any_answer_makes_every_confirmation_stale(draft):
    partners.confirm(draft, by=signer(SCHOOL))
    jointly.saved(draft, plan_goals="另外的目标。" * 60)

    assert [each.name for each in partners.unconfirmed(jointly.fresh(draft))] == [
        SCHOOL["org_name"]
    ]
    with pytest.raises(PartnerNotConfirmed):
        jointly.filed(draft)


def test_the_same_answers_saved_again_change_nothing(draft):
    partners.confirm(draft, by=signer(SCHOOL))
    jointly.saved(draft)

    assert jointly.filed(draft).state == "submitted"


def test_everyone_who_has_not_confirmed_is_named(call):
    jointly.unit(SCHOOL)
    case = jointly.drafted(call, partners=[SCHOOL, FIRM, OTHER_SCHOOL])
    partners.confirm(case, by=signer(SCHOOL))

    with pytest.raises(PartnerNotConfirmed) as refused:
        jointly.filed(case)

    assert refused.value.facts == {"partners": f"{FIRM['org_name']}、{OTHER_SCHOOL['org_name']}"}


@pytest.mark.parametrize("rows", [[], [FIRM]])
def test_lead_and_partners_hold_every_role_that_is_needed(call, rows):
    case = jointly.drafted(call, partners=rows)
    for row in rows:
        partners.confirm(case, by=signer(row))

    with pytest.raises(PartnersMissing):
        jointly.filed(case)


def test_only_the_signer_of_a_partner_gives_its_word(draft):
    school = jointly.unit(SCHOOL)
    strangers = [demo.clerk(school), lead(draft), signer(FIRM), demo.cast("310110").officer]

    for person in strangers:
        for act in (
            lambda person=person: partners.confirm(draft, by=person),
            lambda person=person: partners.refuse(draft, reason="x", by=person),
        ):
            with pytest.raises(NotEntitled):
                act()

    assert Partner.objects.get().confirmed is None


def test_x58_who_signs_for_two_partners_confirms_for_both(draft):
    jointly.saved(draft, partners=[SCHOOL, OTHER_SCHOOL])
    both = signer(SCHOOL)
    Membership.objects.create(
        user=both, organisation=jointly.unit(OTHER_SCHOOL), role="signer", valid_from=demo.SINCE
    )

    partners.confirm(draft, by=User.objects.get(pk=both.pk))

    assert partners.unconfirmed(jointly.fresh(draft)) == []


def test_a_partner_refuses_with_a_reason_and_may_think_again(draft):
    with pytest.raises(ReasonMissing):
        partners.refuse(draft, reason=" ", by=signer(SCHOOL))
    partners.confirm(draft, by=signer(SCHOOL))
    partners.refuse(draft, reason="预算未经我方同意", by=signer(SCHOOL))

    partner = Partner.objects.get()
    assert (partner.confirmed, partner.refusal) == (None, "预算未经我方同意")
    with pytest.raises(PartnerNotConfirmed):
        jointly.filed(draft)
    partners.confirm(draft, by=signer(SCHOOL))
    assert Partner.objects.get().refused is None
    assert jointly.filed(draft).submitted


def test_what_was_filed_is_neither_confirmed_nor_refused_any_more(draft):
    partners.confirm(draft, by=signer(SCHOOL))
    jointly.filed(draft)

    for act in (
        lambda: partners.confirm(draft, by=signer(SCHOOL)),
        lambda: partners.refuse(draft, reason="x", by=signer(SCHOOL)),
        lambda: partners.ask(draft, by=lead(draft)),
    ):
        with pytest.raises(StageClosed):
            act()


def test_a_correction_that_changes_answers_is_confirmed_again(draft):
    partners.confirm(draft, by=signer(SCHOOL))
    case = jointly.filed(draft)
    item = {"target": "site", "reason": "unreadable", "text": "地址不清"}
    corrections.return_once(case, items=[item], by=demo.cast(case.district).window)
    resubmit = _resubmitting(case)
    jointly.saved(case, site="某路3号")

    with pytest.raises(PartnerNotConfirmed):
        resubmit()
    partners.confirm(case, by=signer(SCHOOL))

    assert resubmit().number == 2


def test_a_correction_of_papers_alone_needs_no_new_word(draft):
    partners.confirm(draft, by=signer(SCHOOL))
    case = jointly.filed(draft)
    item = {"target": "business_licence", "reason": "unreadable", "text": "执照不清"}
    corrections.return_once(case, items=[item], by=demo.cast(case.district).window)

    assert _resubmitting(case)().number == 2


def _resubmitting(case: Case) -> Callable[[], Any]:
    return lambda: corrections.resubmit(case, note="", answers={}, by=lead(case))


# --- asking, and who may read -------------------------------------------------------------------
def readable(person: User) -> bool:
    """Whether ``person`` finds the case."""
    return Case.objects.visible_to(User.objects.get(pk=person.pk)).exists()


def test_a_partner_reads_the_draft_from_the_moment_it_is_asked(draft):
    before = readable(signer(SCHOOL))

    asked = partners.ask(draft, by=demo.clerk(draft.applicant))

    assert (before, readable(signer(SCHOOL)), readable(signer(FIRM))) == (False, True, False)
    assert [each.name for each in asked] == [SCHOOL["org_name"]]
    assert told(signer(SCHOOL)) == told(demo.clerk(jointly.unit(SCHOOL))) == ["partner_asked"]


def test_a_partner_reads_what_was_filed_and_edits_nothing_of_it(draft):
    partners.confirm(draft, by=signer(SCHOOL))
    unasked = readable(signer(SCHOOL))
    case = jointly.filed(draft)

    assert (unasked, readable(signer(SCHOOL))) == (False, True)
    for act in (
        lambda: drafting.save(case, answers={}, revision=9, by=signer(SCHOOL)),
        lambda: drafting.discard(case, by=signer(SCHOOL)),
    ):
        with pytest.raises(NotEntitled):
            act()


def test_who_has_confirmed_is_not_asked_again(draft):
    jointly.saved(draft, partners=[SCHOOL, FIRM])
    partners.confirm(draft, by=signer(SCHOOL))

    asked = partners.ask(draft, by=lead(draft))

    assert [each.name for each in asked] == [FIRM["org_name"]]


def test_there_is_nobody_to_ask_without_partners(call):
    case = jointly.drafted(call)

    with pytest.raises(PartnersMissing):
        partners.ask(case, by=lead(case))


def test_the_lead_hears_once_all_have_confirmed_and_when_one_refuses(draft):
    jointly.saved(draft, partners=[SCHOOL, FIRM])
    partners.confirm(draft, by=signer(SCHOOL))
    first = told(lead(draft))
    partners.refuse(draft, reason="不同意", by=signer(FIRM))
    partners.confirm(draft, by=signer(FIRM))

    assert first == []
    # both are told in one moment of the standing clock, and so in no order
    assert sorted(told(lead(draft))) == ["partner_refused", "partners_confirmed"]


def test_each_word_is_on_the_trail_of_the_application(draft):
    partners.ask(draft, by=lead(draft))
    partners.refuse(draft, reason="再议", by=signer(SCHOOL))
    partners.confirm(draft, by=signer(SCHOOL))
    jointly.filed(draft)

    kinds = Event.objects.filter(case=draft).order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-4:] == [
        "partners_asked", "partner_refused", "partner_confirmed", "submitted",
    ]  # fmt: skip
