"""Legal names that change on the way (X7)."""

import json
from datetime import timedelta

import pytest

from tests import rows
from tests.stages import accounts, course
from tests.stages.accounts import acting, company, window
from workflows import clock
from workflows.errors import NotEntitled, RegistrationWaits, SameName
from workflows.models import Case, Document, Event, Organisation
from workflows.stages import names, notices, registration, vetting

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]
OLD, NEW = "上海相向装备有限公司", "上海同行装备有限公司"


def kinds(case: Case) -> list[str]:
    """What the trail of ``case`` tells."""
    return list(Event.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))


def test_x7_the_code_stays_the_case_goes_on_and_no_old_name_is_forgotten():
    unit = company(name=OLD)
    case, other = rows.case(applicant=unit, draft={"org_name": OLD}), rows.case()

    names.change(unit, name=NEW, by=window())

    fresh = Organisation.objects.get(pk=unit.pk)
    assert (fresh.name, fresh.uscc) == (NEW, unit.uscc)
    assert [each.name for each in fresh.former_names.all()] == [OLD]
    assert kinds(case) == ["applicant_renamed"]
    assert Case.objects.get(pk=case.pk).draft == {"org_name": NEW}
    assert kinds(other) == []


def test_x7_what_was_filed_or_closed_keeps_the_name_it_was_filed_under():
    unit = company(name=OLD)
    case = rows.case(applicant=unit, draft={"org_name": OLD})
    closed = rows.case(applicant=unit, subject="closed", draft={"org_name": OLD})
    rows.step(case, "submitted")
    rows.step(closed, "withdrawn")

    names.change(unit, name=NEW, by=window())

    assert Case.objects.get(pk=case.pk).draft == {"org_name": OLD}
    assert kinds(case) == ["moved", "applicant_renamed"]
    assert kinds(closed) == ["moved"]


def test_x7_papers_after_the_change_bear_the_new_name_with_the_old_one():
    unit = company(name=OLD)
    case = rows.case(applicant=unit)
    before = names.called(Case.objects.get(pk=case.pk))

    names.change(unit, name=NEW, by=window())
    later = rows.case(applicant=unit, subject="later", created=clock.now() + timedelta(hours=1))

    assert before == OLD
    assert names.called(Case.objects.get(pk=case.pk)) == f"{NEW}（原名：{OLD}）"
    assert names.called(Case.objects.get(pk=later.pk)) == NEW


def test_x7_a_name_that_came_back_is_told_once():
    unit = company(name=OLD)
    case = rows.case(applicant=unit)
    desk = window()

    names.change(unit, name=NEW, by=desk)
    names.change(unit, name=OLD, by=desk)

    assert names.called(Case.objects.get(pk=case.pk)) == OLD


def test_x7_the_notice_of_acceptance_names_both_and_the_receipt_stays_as_it_was(
    standing_clock, call
):
    filed = course.begun("P1-002", standing_clock, call).file()
    former = filed.case.applicant.name

    names.change(filed.case.applicant, name=NEW, by=filed.cast.window)
    filed.to("district_review")

    papers = Document.objects.filter(case=filed.case).order_by("pk")
    said = {each.kind: json.loads(each.record)["applicant"] for each in papers}
    assert said == {"receipt": former, "acceptance_notice": f"{NEW}（原名：{former}）"}


def test_x7_a_new_name_changes_no_running_notice(pool_entry):
    entry = pool_entry.to("notice").case.entries.get()

    names.change(pool_entry.case.applicant, name=NEW, by=pool_entry.cast.window)
    before = notices.has_changed(pool_entry.case, entry)
    entry.facts["outcome"] = "refused"

    assert notices.facts(pool_entry.case)["name"] == NEW
    assert not before
    assert notices.has_changed(pool_entry.case, entry)


# --- through the window ---------------------------------------------------------------------------
def test_a_new_name_is_reported_with_the_licence_and_confirmed_by_the_window():
    unit = company(name=OLD)
    owner = acting(unit, "owner", "owner")

    asked = registration.report_name(
        unit, name="上海同行装备(有限)公司", licence=accounts.LICENCE, by=owner
    )
    before = Organisation.objects.get(pk=unit.pk).name
    vetting.confirm(asked, by=window())

    assert before == OLD
    assert Organisation.objects.get(pk=unit.pk).name == "上海同行装备（有限）公司"


def test_a_refused_name_changes_nothing():
    unit = company(name=OLD)
    owner = acting(unit, "owner", "owner")
    asked = registration.report_name(unit, name=NEW, licence=accounts.LICENCE, by=owner)

    vetting.refuse(asked, reason="执照仍为旧名", by=window())

    assert Organisation.objects.get(pk=unit.pk).name == OLD
    assert not unit.former_names.exists()


def test_a_name_is_reported_by_whoever_manages_and_once_at_a_time():
    unit = company(name=OLD)
    owner, clerk = acting(unit, "owner", "owner"), acting(unit, "clerk", "clerk")

    with pytest.raises(SameName):
        registration.report_name(unit, name=OLD, licence=accounts.LICENCE, by=owner)
    with pytest.raises(NotEntitled):
        registration.report_name(unit, name=NEW, licence=accounts.LICENCE, by=clerk)
    registration.report_name(unit, name=NEW, licence=accounts.LICENCE, by=owner)
    with pytest.raises(RegistrationWaits):
        registration.report_name(unit, name=NEW, licence=accounts.LICENCE, by=owner)
