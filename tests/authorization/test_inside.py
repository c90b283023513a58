"""Own addresses with foreign or hostile things inside them (reliability S-04, S-06, S-08)."""

from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.authorization import world
from tests.authorization.addresses import OWN, Rule, table
from tests.authorization.knocking import tells, visitor
from tests.authorization.objects import World
from workflows.models import Seat

pytestmark = pytest.mark.django_db
QUESTIONS = (
    "q", "page", "queue", "step", "programme", "due", "procedure", "state", "district", "since",
    "until", "year", "status", "tab", "doc", "p", "do", "entry", "show", "back", "next",
)  # fmt: skip
FIELDS = (
    "reference", "ending", "objector", "contact_name", "phone", "facts", "entry", "standing",
    "login", "password", "next", "size", "message", "offer", "organisation", "plan_goals",
    "plan_from", "plan_tasks-0-task", "revision", "seen", "go", "promise", "note", "answer-1",
    "reason", "text", "decision", "together", "rows", "check-licence", "district", "competent",
    "member", "minutes", "number", "title", "held", "members", "convenor", "experts", "email",
    "opens", "closes", "quota", "pass_mark", "contact", "name", "uscc", "place",
    "role", "basis", "valid_to", "kind", "paper", "paper_number", "username", "again", "to",
)  # fmt: skip
AN_ENGINE_MAY_CHOKE_ON = ("9" * 30, "a\x00b", "\ud800")
HOSTILE = (
    "", "-1", "0", "９", *AN_ENGINE_MAY_CHOKE_ON, "'\"><script>", "../../etc", "2026-02-30",
)  # fmt: skip
EACH_WORD = pytest.mark.parametrize(
    "words",
    [
        pytest.param(each, marks=() if each in AN_ENGINE_MAY_CHOKE_ON else pytest.mark.once)
        for each in HOSTILE
    ],
    ids=ascii,
)


def test_an_own_address_opens_nothing_foreign_inside_it(the_world: World) -> None:
    """Each part of an address is found through the one before it."""
    ours = the_world.parts("attached", "ours.draft", "clerk")
    theirs = the_world.parts("attached", "theirs.draft", "clerk")
    upload = the_world.parts("upload", "theirs.draft", "clerk")
    upload |= {"reference": ours["reference"]}
    clerk = visitor(the_world, "clerk")
    officer = visitor(the_world, "case_officer")
    convenor = visitor(the_world, "convenor")
    member = visitor(the_world, "member")
    expert = visitor(the_world, "expert")
    seats = Seat.objects.filter(case=the_world.case("ours.sheet"))
    colleague = seats.exclude(expert=the_world.people["expert"]).first()
    our_item = the_world.parts("item", "ours.meeting", "convenor")
    other_case = the_world.parts("case", "ours.signing", "convenor")
    objection = the_world.parts("objection", "ours.objection", "case_officer")

    knocks = [
        (clerk, "GET", "case_file_attached", ours | {"digest": theirs["digest"]}),
        (clerk, "POST", "case_file_remove", ours | {"digest": theirs["digest"]}),
        (clerk, "GET", "case_file_attached", ours | {"code": "credit_report"}),
        (clerk, "GET", "case_upload", upload),
        (clerk, "POST", "case_upload", upload),
        (clerk, "POST", "case_upload_cancel", upload),
        (clerk, "GET", "case_section", {"reference": ours["reference"], "section": "no_such"}),
        (convenor, "GET", "commission_item", our_item | other_case),
        (convenor, "POST", "meeting_resolve", our_item | other_case),
        (member, "POST", "vote", our_item | other_case),
        (officer, "GET", "objection_file", objection | other_case),
        (officer, "GET", "objection_file", objection | {"position": 2}),
        (expert, "GET", "evaluation", {"code": colleague.code}),
        (expert, "POST", "evaluation_lock", {"code": colleague.code}),
    ]

    assert [
        (name, parts)
        for knocker, method, name, parts in knocks
        if knocker.knock(method, reverse(name, kwargs=parts)).status != 404
    ] == []


@pytest.mark.parametrize("role", ["anonymous", "clerk", "window", "department_idle", "member"])
def test_a_search_finds_nothing_foreign(the_world: World, role: str) -> None:
    searcher = visitor(the_world, role)
    case = the_world.case("theirs.acceptance")
    pages = [reverse(name) for name in ("tasks", "cases", "cases_csv", "directory", "verify")]

    answers = [
        searcher.knock("GET", f"{page}?q={words}")
        for page in pages
        for words in (case.reference, case.applicant.uscc)
    ]

    assert not any(tells(answer, world.MARK) for answer in answers)


@EACH_WORD
@pytest.mark.parametrize("role", ["anonymous", "signer", "case_officer", "auditor"])
def test_no_question_in_an_address_is_a_fault_of_ours(
    the_world: World, role: str, words: str
) -> None:
    asker = visitor(the_world, role)
    query = urlencode(dict.fromkeys(QUESTIONS, words), errors="surrogatepass")

    faults = [
        rule.name
        for rule in its_turn(role, words)
        if rule.lets(role, "GET") and (address := own(the_world, rule, role))
        if asker.knock("GET", f"{address}?{query}").status >= 500
    ]

    assert faults == []


@EACH_WORD
@pytest.mark.parametrize("role", ["anonymous", "signer", "window", "case_officer"])
def test_no_words_in_a_form_are_a_fault_of_ours(the_world: World, role: str, words: str) -> None:
    sender = visitor(the_world, role)

    faults = []
    for rule in its_turn(role, words):
        if rule.lets(role, "POST") and (address := own(the_world, rule, role)):
            cache.clear()
            fields = dict.fromkeys(FIELDS, words) | {"do": rule.words(role).partition("=")[2]}
            sent = urlencode(fields, errors="surrogatepass")
            if sender.knock("POST", address, sent, undo=True).status >= 500:
                faults.append(rule.name)

    assert faults == []


def its_turn(role: str, words: str) -> list[Rule]:
    """Every second address: another role, or another word, knocks at the others."""
    first = (HOSTILE.index(words) + len(role)) % 2
    return list(table().rules.values())[first::2]


def own(the_world: World, rule: Rule, role: str) -> str:
    """The address of the thing of its own that ``role`` finds there; empty if there is none."""
    tries = table().tries(rule, role)
    name = next((name for which, name, _method in tries if which == OWN), None)
    if name is None:
        return ""
    return reverse(rule.name, kwargs=the_world.parts(rule.object, name, role))
