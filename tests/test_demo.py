"""The demonstration's cast: complete, readable, cheap, and nowhere else."""

import json
from datetime import date
from time import perf_counter

import pytest
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ImproperlyConfigured

from workflows import clock, demo, programme
from workflows.models import Appointment, Membership, Organisation, User

pytestmark = pytest.mark.django_db


def organisations() -> list[dict[str, object]]:
    """The organisations of the recording the product carries."""
    return json.loads(demo.RECORDING.read_text(encoding="utf-8"))["organisations"]


def test_every_role_of_the_house_has_a_sign_in():
    table = demo.load()

    assert {line.role for line in table} == {
        *Appointment.Role.values,
        "applicant_clerk",
        "applicant_signer",
    }
    assert {line.username for line in table} == set(User.objects.values_list("username", flat=True))
    assert all(check_password(demo.PASSWORD, each.password) for each in User.objects.all()[:1])


def test_loading_twice_changes_nothing():
    demo.load()
    before = [
        list(model.objects.order_by("pk").values())
        for model in (User, Appointment, Organisation, Membership)
    ]

    demo.load()

    assert before == [
        list(model.objects.order_by("pk").values())
        for model in (User, Appointment, Organisation, Membership)
    ]


def test_the_cast_is_there_on_the_days_recordings_tell_of():
    people = demo.cast("310115")
    districts = sorted({each["district_code"] for each in organisations()})

    with clock.at(clock.start_of(date(2025, 3, 18))):
        assert people.window.candidacies() == [f"window:{district}" for district in districts]
        assert people.agency.offices[0].organisation == people.institution


def test_the_cast_is_large_enough_for_a_panel_a_check_and_a_conference():
    people = demo.cast("310115")

    assert (len(people.experts), len(people.checkers), len(people.members)) == (9, 3, 7)
    assert people.members[0][1] == "市教育委员会"
    assert {each.offices[0].background for each in people.experts} == {
        "industry",
        "school",
        "finance",
    }


@pytest.mark.parametrize("size", [5, 7, 9])
def test_the_first_experts_of_the_cast_are_of_every_background(size):
    drawn = demo.cast("310115").experts[:size]

    assert {each.offices[0].background for each in drawn} == {"industry", "school", "finance"}


def test_nobody_in_the_cast_plays_two_parts():
    people = demo.cast("310115")

    everyone = [
        people.window,
        people.district,
        *people.departments.values(),
        people.officer,
        people.leader,
        people.agency,
        *people.experts,
        *people.checkers,
        *(member for member, _ in people.members),
        people.convenor,
        people.issuer,
        people.seal,
        people.auditor,
        people.operator,
    ]
    assert len(everyone) == len({each.pk for each in everyone})


def test_every_department_an_edition_asks_has_a_reviewer():
    asked = {department["code"] for each in programme.all_() for department in departments(each)}

    assert asked <= demo.cast("310115").departments.keys()


def departments(kind: programme.Programme) -> list[dict[str, str]]:
    """The departments a programme's edition names, under any of its procedures."""
    import tomllib  # noqa: PLC0415 -- only here

    content = tomllib.loads(kind.edition_path.read_text(encoding="utf-8"))
    shared = content.get("shared", {}).get("departments", [])
    own = [each.get("departments", []) for each in content["procedures"].values()]
    return [*shared, *(department for group in own for department in group)]


def test_a_district_without_a_desk_gets_one():
    people = demo.cast("320500")
    again = demo.cast("320500")

    assert people.window.username == "window.320500"
    assert people.district.candidacies() == ["district_reviewer:320500"]
    assert again.window == people.window


def test_another_agency_gets_a_manager_of_its_own():
    other = demo.Agency("浙江持衡绩效评价有限公司", "91330602MAYY3C025R")

    people = demo.cast("320500", agency=other)

    assert people.institution.name == other.name
    assert people.agency.offices[0].organisation == people.institution
    assert demo.cast("320500").institution.uscc == "91310106MAYY3C017N"


def test_an_organisation_brings_its_clerk_and_its_signer():
    record = organisations()[0]

    settled = demo.organisation(record)

    assert settled == demo.organisation(record)
    assert settled.profile == record
    assert (demo.clerk(settled).username, demo.clerk(settled).name) == ("chengyao.clerk", "顾念安")
    assert demo.signer(settled).roles() == {"applicant_signer"}


def test_organisations_that_share_a_mail_domain_keep_their_people_apart():
    record = organisations()[0]
    demo.organisation(record)

    sibling = demo.organisation({**record, "uscc": "91310112MAYY1A045B", "org_name": "分公司"})

    assert demo.clerk(sibling).username == "91310112mayy1a045b.clerk"


def test_the_whole_cast_is_settled_within_a_second():
    started = perf_counter()

    demo.load()

    assert perf_counter() - started < 1


def test_there_is_no_cast_outside_the_demonstration(settings):
    settings.HENG_DEMO = False

    for settle in (demo.load, lambda: demo.cast("310115"), lambda: demo.organisation({})):
        with pytest.raises(ImproperlyConfigured):
            settle()
    assert not User.objects.exists()
