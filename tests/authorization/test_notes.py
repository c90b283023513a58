"""What the office writes among itself beside a case reaches nobody outside it, by no address."""

from collections.abc import Iterator
from itertools import islice

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.urls import reverse

from tests.authorization.addresses import OWN, Rule, table
from tests.authorization.knocking import tells, visitor
from tests.authorization.objects import World
from tests.authorization.world import NOTE_MARK
from workflows.models import Membership, Note

pytestmark = [pytest.mark.django_db, pytest.mark.once]
APPLICANTS = {"clerk": "ours", "foreign_clerk": "theirs"}
OUTSIDERS = ("anonymous", *APPLICANTS, "expert", "checker", "member", "agency_manager", "operator")
CASES = 3  # of one applicant at one address
NONE = (
    ObjectDoesNotExist, MultipleObjectsReturned, AttributeError, IndexError, KeyError
)  # fmt: skip
TABS = ("", "?tab=talk", "?tab=timeline", "?tab=papers")


def addresses(the_world: World, role: str) -> Iterator[str]:
    """Every page ``role`` may open; an applicant's of several of their cases."""
    side = APPLICANTS.get(role)
    cases = [f"{side}.{step}" for step in the_world.sides[side].cases] if side else []
    for rule in table().rules.values():
        found = own(rule, role)
        if rule.lets(role, "GET") and (found or not rule.object):
            names = [found, *cases] if "." in found else [found]
            shown = filter(None, (place(the_world, rule, name, role) for name in names))
            yield from islice(dict.fromkeys(shown), CASES)


def own(rule: Rule, role: str) -> str:
    """What the table calls the thing that ``role`` finds there."""
    tries = table().tries(rule, role)
    return next((name for which, name, _method in tries if which == OWN), "")


def place(the_world: World, rule: Rule, name: str, role: str) -> str:
    """The address of the thing called ``name``; empty where that case has no such thing."""
    try:
        return reverse(rule.name, kwargs=the_world.parts(rule.object, name, role))
    except NONE:
        return ""


def test_no_page_of_an_outsider_tells_a_note(the_world: World) -> None:
    told, read = [], dict.fromkeys(OUTSIDERS, 0)

    for role in OUTSIDERS:
        knocker = visitor(the_world, role)
        for address in dict.fromkeys(addresses(the_world, role)):
            for tab in TABS if address.startswith("/cases/") else TABS[:1]:
                cache.clear()
                answer = knocker.knock("GET", address + tab, undo=True)
                read[role] += answer.status == 200
                if tells(answer, NOTE_MARK):
                    told.append((role, address + tab))

    assert told == []
    assert min(read.values()) > 10, read
    assert min(read["clerk"], read["foreign_clerk"]) > 40, read


def test_the_office_and_the_auditor_read_the_notes(the_world: World) -> None:
    case = the_world.case("ours.acceptance")
    address = reverse("case_file", args=[case.reference]) + "?tab=talk"

    readers = [
        role
        for role in ("window", "case_officer", "leader", "finance", "auditor")
        if tells(visitor(the_world, role).knock("GET", address), NOTE_MARK)
    ]

    assert readers == ["window", "case_officer", "leader", "finance", "auditor"]


def test_whoever_acts_for_the_applicant_reads_no_note_whatever_office_they_hold(
    the_world: World,
) -> None:
    case = the_world.case("ours.acceptance")
    officer = the_world.people["case_officer"]
    mandate = Membership.objects.create(
        user=officer, organisation=case.applicant, role="clerk", valid_from=case.submitted.date()
    )
    address = reverse("case_file", args=[case.reference]) + "?tab=talk"
    note = reverse("case_note", args=[case.reference])

    page = visitor(the_world, "case_officer").knock("GET", address)
    written = visitor(the_world, "case_officer").knock("POST", note, "note=words", undo=True)
    mandate.delete()

    assert (page.status, written.status) == (404, 404)  # at the desk the case does not exist
    assert not tells(page, NOTE_MARK)


def test_the_words_of_a_note_stand_in_no_other_table(the_world: World) -> None:
    """Neither trail nor messages, papers, jobs or an index of the search repeat them."""
    holders = {
        model._meta.label
        for model in apps.get_models()
        if any(NOTE_MARK in repr(row) for row in model._base_manager.values_list())
    }

    assert Note.objects.count() > 20
    assert holders == {"workflows.Note"}
