"""The profile shared by all applications, and its frozen copies."""

import pytest

from tests.stages import accounts, course
from tests.stages.accounts import acting, company
from workflows.errors import Incomplete, NotEntitled
from workflows.models import Organisation, Snapshot
from workflows.stages import drafting, names, profile

pytestmark = pytest.mark.django_db
ANSWERS = {
    "org_kind": "enterprise",
    "legal_rep": "林知行",
    "address": "上海市浦东新区示例路1号",
    "contact_phone": "13800000000",
}


def kept(unit, by, **answers):
    """The profile after ``answers`` were typed into it."""
    rules = profile.rules()
    return profile.keep(unit, bound=profile.bind(rules, unit, ANSWERS | answers), by=by)


def test_the_profile_asks_neither_name_nor_code_nor_promises(office):
    asked = [field.code for field in profile.questions(profile.rules()).fields]

    assert {"org_name", "uscc", "data_share_consent"}.isdisjoint(asked)
    assert {"legal_rep", "contact_email", "licence_valid_to"} <= set(asked)


def test_new_drafts_begin_with_the_profile_as_it_is_then(office, call):
    unit = company()
    clerk = acting(unit, "clerk", "clerk")

    kept(unit, clerk)
    begun = {"procedure": "pool_entry", "by": clerk}
    draft = drafting.draft(call, organisation=Organisation.objects.get(pk=unit.pk), **begun)
    kept(unit, clerk, address="上海市浦东新区新路2号")

    assert draft.draft["legal_rep"] == "林知行"
    assert course.found(draft).draft["address"] == ANSWERS["address"]


def test_a_wrong_answer_is_not_kept(office):
    unit = company()
    clerk = acting(unit, "clerk", "clerk")

    with pytest.raises(Incomplete):
        kept(unit, clerk, contact_phone="12")

    assert Organisation.objects.get(pk=unit.pk).profile == {}


def test_name_and_code_in_the_profile_are_those_of_the_organisation(office):
    unit = company(name="上海相向装备有限公司")
    clerk = acting(unit, "clerk", "clerk")

    held = kept(unit, clerk, org_name="别家公司", uscc=accounts.OTHER_CODE)

    assert held.profile["org_name"] == "上海相向装备有限公司"
    assert held.profile["uscc"] == accounts.CODE


def test_a_submission_keeps_the_applicant_as_it_was_when_it_filed(standing_clock, call):
    filed = course.begun("P1-002", standing_clock, call).file()
    before = filed.case.applicant
    signer = filed.signer

    names.change(before, name="上海同行装备有限公司", by=filed.cast.window)

    frozen = Snapshot.objects.get(submission__case=filed.case)
    assert (frozen.uscc, frozen.former_names) == (before.uscc, [])
    assert frozen.name == before.former_names.get().name
    assert frozen.signer == {"name": str(signer), "basis": "office", "valid_to": "", "letter": ""}
    assert frozen.profile["legal_rep"] == before.profile["legal_rep"]


def test_nobody_else_writes_a_profile(office):
    unit, stranger = company(), accounts.person("stranger")

    with pytest.raises(NotEntitled):
        kept(unit, stranger)

    assert Organisation.objects.get(pk=unit.pk).profile == {}
