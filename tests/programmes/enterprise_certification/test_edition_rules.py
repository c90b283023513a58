"""Enterprise certification: the figures of the rules, one day and one yuan on either side."""

import pytest

from tests.programmes.enterprise_certification.weighing import ENTERED, codes, weighed

pytestmark = pytest.mark.once


# --- the six conditions -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("students", "months", "year", "counted"),
    [
        (60, "3", 2025, 60),
        (60, "2.99", 2025, 0),
        (60, "3", 2023, 60),
        (60, "3", 2022, 0),
        (60, "3", 2026, 0),
    ],
)
def test_interns_count_from_three_months_in_the_last_three_full_years(
    students, months, year, counted
):
    row = {"year": year, "school": "校", "major": "专业", "students": students, "months": months}

    found = weighed({"c2_internships": [row]})

    assert found.bound.derived["c2_interns_total"] == counted
    assert ("C2" in found.conditions) == (counted == 60)


@pytest.mark.parametrize(("students", "met"), [(59, False), (60, True)])
def test_sixty_interns_meet_the_second_condition(students, met):
    row = {"year": 2025, "school": "校", "major": "专业", "students": students, "months": "3"}

    found = weighed({"c2_internships": [row]})

    assert ("C2" in found.conditions) == met
    assert ("c2_claim" in found.bound.warnings) == (not met)


def test_an_apprenticeship_pilot_meets_the_second_condition_without_interns():
    found = weighed({"c2_apprentice_pilot": True, "c2_internships": None})

    assert "C2" in found.conditions
    assert found.bound.ok


@pytest.mark.parametrize(
    ("begins", "ends", "met"),
    [
        ("2026-09-24", "2027-09-24", True),  # begins today, a day longer than a year
        ("2026-09-25", "2028-09-24", False),  # begins tomorrow
        ("2023-09-01", "2026-09-24", True),  # ends today
        ("2023-09-01", "2026-09-23", False),  # ended yesterday
        ("2026-01-01", "2026-12-31", False),  # a year exactly is not longer than a year
    ],
)
def test_majors_count_while_an_agreement_of_more_than_a_year_is_in_force(begins, ends, met):
    row = {"school": "校", "major_code": "510401", "major_name": "专业", "mode": "订单班"}
    row |= {"students": 30, "agreement_from": begins, "agreement_to": ends}

    found = weighed({"c4_claim": True, "c4_majors": [row, row, row]})

    assert ("C4" in found.conditions) == met
    assert ("c4_claim" in found.bound.warnings) == (not met)


@pytest.mark.parametrize(("amount", "met"), [("99.99", False), ("100.00", True)])
def test_a_million_yuan_meets_the_fifth_condition_and_less_is_only_noted(amount, met):
    row = {"year": 2025, "kind": "base", "school": "校", "amount": amount, "voucher_no": "1"}

    found = weighed({"c5_investments": [row]})

    assert ("C5" in found.conditions) == met
    assert ("c5_claim" in found.bound.warnings) == (not met)
    assert found.bound.errors == {}
    assert found.eligible


def test_a_withdrawn_claim_keeps_its_total_and_loses_its_condition():
    found = weighed({"c5_claim": False})

    assert found.bound.derived["c5_total"] == "64.00"
    assert "c5_claim" not in found.bound.warnings
    assert found.conditions == ("C2", "C3")


def test_a_voucher_counts_once():
    row = {"year": 2025, "kind": "base", "school": "校", "amount": "60.00", "voucher_no": "1"}

    found = weighed({"c5_investments": [row, row]})

    assert list(found.bound.errors) == ["c5_investments"]


@pytest.mark.parametrize(
    ("granted", "met"),
    [("2023-09-24", False), ("2023-09-25", True), ("2026-09-24", True), ("2026-09-25", False)],
)
def test_intellectual_property_counts_for_three_years(granted, met):
    row = {"kind": "invention", "number": "1", "title": "题", "granted_on": granted}

    found = weighed({"c6_claim": True, "c6_ip": [row | {"co_owner": "校"}]})

    assert ("C6" in found.conditions) == met


# --- eligibility --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "block"),
    [
        ({"org_kind": "training_org"}, "E1"),
        ({"district_code": "330602"}, "E1"),
        ({"main_business_training": True}, "E2"),
        ({"established_on": "2023-09-25"}, "E3"),
        ({"no_major_accident": False}, "E6"),
        ({"no_tax_violation": False}, "E6"),
        ({"not_dishonest": False}, "E6"),
        ({"no_student_rights_case": False}, "E6"),
        ({"c3_claim": False}, "E9"),
    ],
)
def test_one_wrong_answer_blocks_by_its_own_rule(change, block):
    found = weighed(change)

    assert codes(found.blocks) == [block]
    assert [rule.overridable for rule in found.blocks] == [block == "E2"]


def test_three_years_to_the_day_are_enough():
    assert weighed({"established_on": "2023-09-24"}).eligible


@pytest.mark.parametrize(
    ("record", "block"),
    [
        ({"banned_until": "2026-09-24"}, ["E12"]),
        ({"banned_until": "2026-09-23"}, []),
        ({"open_case": "2026-0007"}, ["E13"]),
        ({"certified": True}, ["E13"]),
        ({"pool_active": True}, ["E13"]),
    ],
)
def test_what_the_office_knows_can_block_a_pool_entry(record, block):
    assert codes(weighed(record=record).blocks) == block


@pytest.mark.parametrize(
    ("entered", "today", "blocks"),
    [
        ("2025-03-18", "2026-03-17", ["E10"]),
        ("2025-03-18", "2026-03-18", []),
        ("2024-02-29", "2025-02-27", ["E10"]),
        ("2024-02-29", "2025-02-28", []),  # the end of the corresponding month
        ("", "2026-09-07", ["E10"]),
    ],
)
def test_certification_needs_a_calendar_year_in_the_pool(entered, today, blocks):
    record = {"pool_active": True, "pool_entered_on": entered}
    changes = {"pool_entered_on": entered or "2025-03-18", "licence_valid_to": "9999-12-31"}

    found = weighed(changes, procedure="certification", record=record, today=today)

    assert codes(found.blocks)[:1] == blocks


def test_certification_needs_an_entry_in_force():
    record = {"pool_active": False, "pool_entered_on": "2025-03-18"}

    found = weighed(procedure="certification", record=record, today="2026-09-07")

    assert codes(found.blocks) == ["E10"]


@pytest.mark.parametrize(
    ("entered", "today", "published", "blocked"),
    [
        ("2024-03-18", "2026-01-31", [], False),  # due today, not yet late
        ("2024-03-18", "2026-02-01", [], True),  # 2025 was the first full year
        ("2024-03-18", "2026-02-01", [2025], False),
        ("2025-03-18", "2026-09-07", [], False),  # no full year has passed
        ("2025-01-01", "2026-09-07", [], True),  # entered on New Year's Day: 2025 is full
        ("2025-01-02", "2026-09-07", [], False),
        ("2022-06-01", "2026-02-01", [2023, 2025], True),  # 2024 lacks
        ("2022-06-01", "2026-02-01", [2023, 2024, 2025], False),
    ],
)
def test_every_full_year_since_entry_needs_its_report(entered, today, published, blocked):
    record = {"pool_active": True, "pool_entered_on": entered, "reports_published": published}
    changes = {"annual_report_ids": None, "pool_entered_on": entered}

    found = weighed(changes, procedure="certification", record=record, today=today)

    assert ("E11" in codes(found.blocks)) == blocked


def test_a_report_told_in_the_form_counts_once_it_is_public():
    record = {"pool_active": True, "pool_entered_on": "2024-03-18"}
    row = {"year": 2025, "published_on": "2026-09-07", "url": "https://sample.example/2025"}
    changes = {"pool_entered_on": "2024-03-18", "annual_report_ids": [row]}

    public = weighed(changes, procedure="certification", record=record, today="2026-09-07")
    early = weighed(changes, procedure="certification", record=record, today="2026-09-06")

    assert "E11" not in codes(public.blocks)
    assert "E11" in codes(early.blocks)


def test_the_register_wins_over_what_the_form_says():
    record = {**ENTERED, "pool_no": "沪产教培库〔2025〕0001号"}
    changes = {"pool_entered_on": "2020-01-01"}

    found = weighed(changes, procedure="certification", record=record, today="2026-09-07")

    assert sorted(found.bound.errors) == ["pool_entered_on", "pool_no"]
