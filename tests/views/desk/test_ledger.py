"""The register of cases: what each office sees, filters, the search that jumps, the table file."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext
from openpyxl import load_workbook

from tests.views.desk.conftest import At
from tests.views.desk.people import desk
from workflows import demo, districts
from workflows.models import Case, Organisation
from workflows.views.desk import ledger, reach

WAITING = ["acceptance", "P1-001:district_review", "opinion"]
COLUMNS = 11


def references(page: object) -> list[str]:
    return [row["case"].reference for row in page.context["rows"]]


def test_each_office_sees_the_cases_it_may_read(at: At, cast: demo.Cast) -> None:
    everything = [at(step).case.reference for step in WAITING]
    address = reverse("cases")

    seen = {
        name: sorted(references(desk(person).get(address)))
        for name, person in (
            ("officer", cast.officer),
            ("auditor", cast.auditor),
            ("tax", cast.departments["tax"]),
            ("agency", cast.agency),
        )
    }

    assert seen == {
        "officer": sorted(everything),
        "auditor": sorted(everything),
        "tax": [at("opinion").case.reference],
        "agency": [],
    }


@pytest.mark.parametrize(
    ("asked", "steps"),
    [
        ({"procedure": "certification"}, ["P1-001:district_review"]),
        ({"state": "submitted"}, ["acceptance"]),
        ({"state": "draft"}, WAITING),
        ({"state": "no_such_state"}, WAITING),
        ({"since": "2026-09-24", "until": "2026-09-24"}, WAITING),
        ({"since": "2026-09-25"}, []),
        ({"until": "2026-02-31"}, WAITING),
        ({"since": "0001-01-01", "until": "9999-12-31"}, WAITING),
    ],
)
def test_filters_narrow_the_register(
    at: At, cast: demo.Cast, asked: dict[str, str], steps: list[str]
) -> None:
    page = desk(cast.officer).get(reverse("cases"), asked)

    if asked == {"state": "draft"}:
        assert references(page) == []
    else:
        assert sorted(references(page)) == sorted(at(step).case.reference for step in steps)


def test_a_district_is_named_and_not_numbered(at: At, cast: demo.Cast) -> None:
    case = at("acceptance").case
    name, browser = districts.called(case.district), desk(cast.officer)

    page = browser.get(reverse("cases"), {"district": case.district})
    table = b"".join(browser.get(reverse("cases_csv"))).decode()

    assert name != case.district
    assert f'<option value="{case.district}" selected>{name}</option>' in page.content.decode()
    assert f">{name}</td>" in page.content.decode()
    assert f",{name}," in table


def test_a_search_with_one_hit_opens_the_file(at: At, cast: demo.Cast) -> None:
    case = at("opinion").case
    browser = desk(cast.officer)

    hits = [
        browser.get(reverse("cases"), {"q": words}).headers["Location"]
        for words in (case.reference, case.applicant.uscc[-6:], case.applicant.name)
    ]

    assert hits == [reverse("case_file", args=[case.reference])] * 3


def test_the_register_costs_the_same_for_one_row_and_for_three(at: At, cast: demo.Cast) -> None:
    browser = desk(cast.officer)
    browser.get(reverse("cases"))
    costs = []

    for asked in ({"procedure": "certification"}, {}):
        with CaptureQueriesContext(connection) as statements:
            page = browser.get(reverse("cases"), asked)
        costs.append((len(references(page)), len(statements)))

    assert [number for number, _ in costs] == [1, 3]
    assert costs[0][1] == costs[1][1] <= 12


def test_the_table_file_holds_what_was_asked_for_and_no_formula(at: At, cast: demo.Cast) -> None:
    case = at("opinion").case
    Organisation.objects.filter(pk=case.applicant_id).update(name='=HYPERLINK("http://x","y")')

    answer = desk(cast.officer).get(reverse("cases_csv"), {"q": case.reference})

    text = answer.content.decode("utf-8-sig")
    asked, _moment, header, row = csv.reader(io.StringIO(text))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cases.csv"'
    assert asked == [case.reference]
    assert len(header) == len(row) == COLUMNS
    assert row[0] == case.reference
    assert row[1] == '\'=HYPERLINK("http://x","y")'


def test_drafts_are_not_in_the_register(cast: demo.Cast) -> None:
    states = {row["case"].state for row in desk(cast.officer).get(reverse("cases")).context["rows"]}

    assert Case.State.DRAFT not in states


def test_the_workbook_holds_the_same_and_texts_stay_texts(at: At, cast: demo.Cast) -> None:
    case = at("opinion").case
    hostile = '=HYPERLINK("http://x","y")'
    Organisation.objects.filter(pk=case.applicant_id).update(name=hostile)

    answer = desk(cast.officer).get(reverse("cases_xlsx"), {"q": case.reference})

    page = load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    (asked, *_), _moment, head, row = page.iter_rows()
    assert asked.value == case.reference
    assert len(head) == len(row) == COLUMNS
    assert (row[0].value, row[1].value, row[1].data_type) == (case.reference, hostile, "s")


def test_who_takes_the_register_away_is_in_the_log(
    at: At, cast: demo.Cast, caplog: pytest.LogCaptureFixture
) -> None:
    at("opinion")
    caplog.set_level("INFO", logger=ledger.__name__)

    desk(cast.officer).get(reverse("cases_csv"), {"procedure": "certification"})

    (told,) = caplog.messages
    assert told.startswith(str(cast.officer))
    assert told.endswith("as csv: procedure=certification")


def test_a_register_too_long_for_one_file_is_to_be_narrowed(
    at: At, cast: demo.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("opinion")
    monkeypatch.setattr(ledger, "MOST", 0)

    answer = desk(cast.officer).get(reverse("cases_xlsx"), {"procedure": "pool_entry"}, follow=True)

    assert answer.redirect_chain == [(f"{reverse('cases')}?procedure=pool_entry", 302)]
    told = gettext("%(number)s cases are too many for one file; narrow the list to %(most)s.")
    number = reach.cases(cast.officer).filter(procedure_key="pool_entry").count()
    assert told % {"number": number, "most": 0} in answer.content.decode()
