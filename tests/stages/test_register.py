"""What the office knows of an organisation: its titles, and the reports it owes for them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from workflows import clock, demo
from workflows.errors import NotEntitled
from workflows.models import Certificate, Event
from workflows.stages import register

pytestmark = pytest.mark.django_db


@pytest.fixture
def title(pool_entry) -> Certificate:
    """A pool entry from before this system, under which two years have passed."""
    return register.import_title(
        pool_entry.case.applicant,
        programme_key=pool_entry.case.programme_key,
        kind="pool_entry",
        title="建设培育企业",
        number="沪产教培库〔2024〕0007号",
        granted=date(2024, 5, 6),
        by=pool_entry.cast.officer,
    )


def published(title: Certificate) -> list[int]:
    """The years whose reports the office knows of."""
    known = register.record_of(title.holder, title.programme_key, "certification")
    return list(known["reports_published"])


def test_a_report_the_office_holds_is_known_to_the_rules(title, pool_entry):
    for year in (2025, 2024):
        register.note_report(title, year=year, by=pool_entry.cast.officer)

    assert published(title) == [2024, 2025]


def test_a_report_is_noted_once_and_on_the_trail(title, pool_entry):
    for _ in range(2):
        register.note_report(title, year=2025, by=pool_entry.cast.officer)

    assert published(title) == [2025]
    assert Event.objects.filter(chain="sys:register", kind="report_noted").count() == 1


@pytest.mark.parametrize("year", [2023, 2026, 2027])
def test_a_report_is_about_a_past_year_of_the_title(title, pool_entry, year):
    with pytest.raises(ValidationError):
        register.note_report(title, year=year, by=pool_entry.cast.officer)

    assert published(title) == []


def test_only_the_office_notes_reports(title, pool_entry):
    with pytest.raises(NotEntitled):
        register.note_report(title, year=2025, by=pool_entry.signer)


def test_another_programme_knows_nothing_of_these_reports(title, pool_entry):
    register.note_report(title, year=2025, by=pool_entry.cast.officer)

    known = register.record_of(title.holder, "project_funding", "project")
    assert known["reports_published"] == []


# --- titles as rules see them ---------------------------------------------------------------------
def base(holder, **changes) -> Certificate:
    """A base in the register, in force, graded well."""
    told = {
        "holder": holder,
        "holder_name": holder.name,
        "programme_key": "base_designation",
        "kind": "designation",
        "title": "产教融合协同育人基地",
        "number": "CJRH-JD-310115-2025-0001",
        "valid_from": date(2025, 9, 1),
        "valid_to": date(2028, 8, 31),
        "facts": {"grade": "good", "answers": {"base_kind": "teaching", "level": "standard"}},
        "registered": clock.now(),
    }
    return Certificate.objects.create(**{**told, **changes})


def known(holder) -> dict[str, object]:
    return register.record_of(holder, "base_designation", "designation")


def test_a_title_in_force_is_told_with_its_grade_and_the_answers_the_register_keeps(pool_entry):
    holder = pool_entry.case.applicant
    base(holder)

    assert known(holder)["titles"] == [
        {
            "number": "CJRH-JD-310115-2025-0001",
            "kind": "designation",
            "since": "2025-09-01",
            "grade": "good",
            "answers": {"base_kind": "teaching", "level": "standard"},
        }
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "paused"},
        {"state": "expired"},
        {"valid_to": date(2026, 9, 6)},
        {"valid_from": date(2026, 9, 8)},
        {"programme_key": "enterprise_certification"},
    ],
)
def test_a_title_not_in_force_or_of_another_kind_is_not_told(pool_entry, changes):
    holder = pool_entry.case.applicant
    base(holder, **changes)

    assert known(holder)["titles"] == []


@pytest.mark.parametrize(("until", "barred"), [("2026-09-07", True), ("2026-09-06", False)])
def test_everybody_knows_who_is_barred_to_the_last_day(pool_entry, until, barred):
    holder = pool_entry.case.applicant
    base(holder, state="revoked", facts={"banned_until": until})
    profile = {"org_name": "旁人有限公司", "uscc": "91310104MAYY1A053K"}
    other = demo.organisation({**profile, "org_kind": "enterprise", "district_code": "310104"})

    assert known(other)["banned_units"] == ([holder.uscc] if barred else [])
    assert known(other)["banned_until"] == ""
    assert known(holder)["banned_until"] == until
