"""Front door and guide: written by the published rules, true in both languages."""

import pytest
from django.test import Client
from django.utils.translation import override

from tests.views.public.addresses import at, statements, text
from workflows import clock
from workflows.models import Case, Edition, Round
from workflows.views.public import guide

pytestmark = pytest.mark.django_db
PROGRAMME = "enterprise_certification"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("procedure", ["pool_entry", "certification"])
def test_the_guide_says_everything_the_rules_say(
    client: Client, certified: Case, language: str, procedure: str
) -> None:
    rules = certified.rules
    with override(language):
        address = at("guide_programme", PROGRAMME)
        chosen = rules.procedures[procedure]
        expected = [
            *map(str, rules.basis),
            *map(str, rules.conditions),
            *(str(rule) for rule in rules.rules(procedure) if rule.effect != "note"),
            *map(str, rules.form.attachments),
            *(str(criterion.title) for criterion in chosen.evaluation.rubric),
            str(chosen.remedies),
            str(chosen.supervision),
        ]
    address = address if language == "en" else address.removeprefix("/en")

    words = text(client.get(address, {"procedure": procedure}))

    assert [sentence for sentence in expected if sentence not in words] == []


def test_the_guide_begins_with_the_procedure_that_comes_first(
    client: Client, certified: Case
) -> None:
    page = client.get(at("guide_programme", PROGRAMME))

    assert page.context["procedure"] == certified.rules.procedures["pool_entry"]
    assert [tab["current"] for tab in page.context["tabs"]] == [True, False]


def test_the_guide_names_the_time_limit_of_every_stage(client: Client, certified: Case) -> None:
    words = text(client.get(at("guide_programme", PROGRAMME)))

    assert "45 working days, may be extended once by 15 days" in words
    assert "5 working days" in words
    assert "Evaluation" in words


def test_the_guide_names_every_stage_that_has_a_limit(office: None) -> None:
    """Every limit of every programme is a stage, or runs beside one and is told elsewhere."""
    beside = {
        "call", "supplement", "objection", "investigation", "settlement", "offer", "register",
        "reconsideration", "appeal",
    }  # fmt: skip
    told = {code for code, _name, _words in guide.STAGES}

    limits = {
        code
        for edition in Edition.objects.all()
        for procedure in edition.shape.procedures.values()
        for code in procedure.limits
    }

    assert limits - beside == told


def test_a_base_is_told_that_its_place_may_be_visited(client: Client, office: None) -> None:
    words = text(client.get(at("guide_programme", "base_designation")))

    assert "On-site check" in words


def test_every_round_that_is_open_is_shown_with_its_own_guide(
    client: Client, certified: Case
) -> None:
    call = certified.round
    other = Round.objects.create(
        key="P1-B", programme=call.programme, edition=call.edition, title="另一批次",
        opens=call.opens, closes=call.closes, contact="项目处",
    )  # fmt: skip
    with clock.at(certified.submitted):
        pages = [text(client.get(at("home"))), text(client.get(at("guide_programme", PROGRAMME)))]
        body = client.get(at("home")).content.decode()

    assert [(call.title in page, other.title in page) for page in pages] == [(True, True)] * 2
    assert at("round", other.key) in body


def test_a_programme_without_rules_has_no_guide(client: Client, db: None) -> None:
    assert client.get(at("guide_programme", "nothing")).status_code == 404


def test_the_front_door_shows_the_open_round_and_the_newest_notices(
    client: Client, certified: Case
) -> None:
    with clock.at(certified.submitted):
        words = text(client.get(at("home")))

    assert certified.round.title in words
    assert "Open for applications" in words
    assert certified.entries.get().notice.title in words


def test_between_two_rounds_the_newest_rules_are_shown(client: Client, certified: Case) -> None:
    Round.objects.update(closes=certified.submitted, opens=certified.created)

    words = text(client.get(at("home")))

    assert "No round open" in words
    assert str(certified.rules.title.en) in words


@pytest.mark.parametrize("name", ["home", "guide", "contact", "privacy", "notices", "directory"])
def test_a_house_without_rules_still_opens_its_doors(client: Client, db: None, name: str) -> None:
    assert client.get(at(name)).status_code == 200


def test_the_front_door_is_quick(client: Client, certified: Case) -> None:
    assert statements(client, at("home")) == 3


@pytest.mark.parametrize("name", ["accessibility", "privacy", "contact", "verify", "verify_file"])
def test_short_pages_open_in_both_languages(client: Client, db: None, name: str) -> None:
    english = at(name)

    assert client.get(english).status_code == 200
    assert client.get(english.removeprefix("/en")).status_code == 200
