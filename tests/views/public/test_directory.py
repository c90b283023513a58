"""The register of titles: filters in the address, one cost however long, a harmless table."""

import csv
import io

import pytest
from django.test import Client

from tests.views.public.addresses import at, statements, text
from workflows.models import Case, Certificate
from workflows.views.public.directory import BOM

pytestmark = pytest.mark.django_db


@pytest.fixture
def title(certified: Case) -> Certificate:
    """The certificate that was granted; the register holds an older pool entry as well."""
    return Certificate.objects.get(case=certified)


def another(title: Certificate, **changes: object) -> Certificate:
    facts = {field.attname: getattr(title, field.attname) for field in title._meta.concrete_fields}
    number = f"CJRH-{Certificate.objects.count():04d}"
    own = {"id": None, "number": number, "case_id": None, "document_id": None}
    return Certificate.objects.create(**{**facts, **own, **changes})


def test_every_title_is_listed_with_its_status(client: Client, title: Certificate) -> None:
    words = text(client.get(at("directory")))

    assert title.number in words
    assert title.holder_name in words
    assert at("certificate_check", title.document.code) in words
    assert "2 titles" in words


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "澄曜"}, 2),
        ({"q": "nobody"}, 0),
        ({"programme": "enterprise_certification"}, 2),
        ({"programme": "another"}, 0),
        ({"district": "310115"}, 2),
        ({"district": "310101"}, 0),
        ({"year": "2026"}, 1),
        ({"year": "1999"}, 0),
        ({"year": "x"}, 2),
        ({"status": "active"}, 2),
        ({"status": "expired"}, 0),
        ({"status": "nonsense"}, 2),
    ],
)
def test_filters_stand_in_the_address(
    client: Client, title: Certificate, asked: dict[str, str], found: int
) -> None:
    page = client.get(at("directory"), asked)

    assert page.status_code == 200
    assert len(page.context["rows"]) == found


def test_a_title_past_its_last_day_is_found_among_the_expired(
    client: Client, title: Certificate
) -> None:
    Certificate.objects.filter(pk=title.pk).update(valid_to="2026-10-20")

    expired = client.get(at("directory"), {"status": "expired"}).context["rows"]
    active = client.get(at("directory"), {"status": "active"}).context["rows"]

    assert [each.pk for each, _state in expired] == [title.pk]
    assert title.pk not in [each.pk for each, _state in active]


def test_the_list_costs_the_same_at_one_and_at_three_titles(
    client: Client, title: Certificate
) -> None:
    at_one = statements(client, at("directory"))
    another(title)
    another(title)

    assert statements(client, at("directory")) == at_one <= 6


def test_the_table_holds_the_filtered_titles_and_opens_in_a_spreadsheet(
    client: Client, title: Certificate
) -> None:
    page = client.get(at("directory_csv"), {"year": "2026"})

    told = page.content.decode()
    rows = list(csv.reader(io.StringIO(told.removeprefix(BOM))))
    assert told.startswith(BOM)
    assert page["Content-Type"] == "text/csv; charset=utf-8"
    assert len(rows) == 2
    assert rows[1][0] == title.number


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_of_the_table_is_a_formula(client: Client, title: Certificate, name: str) -> None:
    Certificate.objects.filter(pk=title.pk).update(holder_name=name)

    told = client.get(at("directory_csv"), {"year": "2026"}).content.decode()

    cell = list(csv.reader(io.StringIO(told)))[1][1]
    assert cell == f"'{name}"
