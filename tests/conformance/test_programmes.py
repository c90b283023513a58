"""What every programme promises, whatever it is about; a new one is picked up by itself.

Nothing here names a programme. A folder in settings.HENG_PROGRAMMES is tried against the law, the
verbs of the stages and its own edition, and carried to its end in both languages.
"""

import ast
from collections.abc import Iterator
from inspect import getsource
from pathlib import Path

import pytest
from django.utils import translation
from viewflow.workflow.fields import get_task_ref, import_task_by_ref

from tests.conformance import walk
from tests.stages.course import plain_papers
from workflows import demo, edition, edition_check, programme, stages, status_words, steps
from workflows.models import Appointment, Case, Document, Process, Task
from workflows.models.case import CLOSED, State
from workflows.procedure import Procedure
from workflows.programme import Programme
from workflows.recording import reader
from workflows.stages import issuance, papers, timers

FILES = {"__init__.py", "apps.py", "edition.toml", "flows.py", "programme.py", "rules.py"}
MAY_HAVE = {"templates", "__pycache__"}
PROGRAMMES = list(programme.all_())
RECORDED = reader.read(demo.RECORDING)
STAGES = [
    ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(Path(stages.__file__).parent.glob("*.py"))
]


def procedures() -> Iterator[object]:
    """Every procedure of every programme, with its key."""
    for kind in PROGRAMMES:
        for key, procedure in edition.load(kind.edition_path).procedures.items():
            yield pytest.param(kind, key, procedure, id=f"{kind.key}-{key}")


each_programme = pytest.mark.parametrize("kind", PROGRAMMES, ids=lambda kind: kind.key)
each_procedure = pytest.mark.parametrize(("kind", "key", "procedure"), list(procedures()))


def waiting(kind: Programme, procedure: Procedure) -> list[steps.Step]:
    """The nodes of the procedure's flow where a case may wait."""
    nodes = kind.flow_of(procedure).instance.nodes()
    return [node for node in nodes if isinstance(node, steps.Step)]


def said(function: str, place: int) -> set[str]:
    """The constants that the stages pass to ``function`` at ``place``."""
    calls = (node for tree in STAGES for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        call.args[place].value
        for call in calls
        if ast.unparse(call.func).rpartition(".")[2] == function
        and len(call.args) > place
        and isinstance(call.args[place], ast.Constant)
    }


# --- the folder and the register ----------------------------------------------------------------
@each_programme
def test_a_programmes_folder_holds_the_same_files_as_every_other(kind):
    found = {path.name for path in kind.folder.iterdir()}

    assert found >= FILES
    assert found - FILES <= MAY_HAVE


@each_programme
def test_a_programme_is_entered_under_the_name_of_its_folder(kind):
    assert programme.get(kind.key) is programme.by_code(kind.code) is kind
    assert kind.folder.name == kind.key


@each_programme
def test_a_programme_has_no_tables(kind):
    assert not (kind.folder / "models.py").exists()
    assert not (kind.folder / "migrations").exists()


# --- the edition --------------------------------------------------------------------------------
@each_programme
def test_an_edition_can_be_published(kind):
    assert edition_check.publishable(kind.edition_path).programme == kind.key


@each_programme
def test_an_edition_has_one_digest_however_often_it_is_read(kind):
    first, again = edition.load(kind.edition_path), edition.load(kind.edition_path)
    stored = edition.Edition.model_validate_json(edition.canonical(first))

    assert edition.digest(first) == edition.digest(again) == edition.digest(stored)
    assert edition.canonical(stored) == edition.canonical(first)


@each_programme
def test_every_flow_a_programme_brings_is_used_by_a_procedure(kind):
    used = {each.flow for each in edition.load(kind.edition_path).procedures.values()}

    assert set(kind.flows) == used


# --- the flow -----------------------------------------------------------------------------------
@each_procedure
def test_a_flow_takes_our_lock_and_our_tables(kind, key, procedure):
    flow = kind.flow_of(procedure)

    assert flow.__name__ == procedure.flow
    assert flow.lock_impl is steps.lock
    assert (flow.process_class, flow.task_class) == (Process, Task)


def test_no_two_flows_have_the_same_title():
    flows = [flow for kind in PROGRAMMES for flow in kind.flows.values()]
    titles = [str(flow.process_title) for flow in flows]

    assert len(set(titles)) == len(titles)
    assert titles == [flow.__doc__ for flow in flows]  # its own, not one inherited or made up


@each_procedure
def test_every_node_is_found_again_by_what_a_row_stores(kind, key, procedure):
    for node in kind.flow_of(procedure).instance.nodes():
        assert import_task_by_ref(get_task_ref(node)) is node


@each_procedure
def test_whoever_a_step_waits_for_exists(kind, key, procedure):
    for node in waiting(kind, procedure):
        group = node.candidate_of(_case(), "tax")
        role = group.partition(":")[0]
        assert role in {*Appointment.Role.values, "applicant", ""}
        takers = [taker for taker in (group, node.owner_of) if taker]
        assert len(takers) == (0 if node.name in SYSTEM else 1), node.name


SYSTEM = {"notice", "issuing", "delivery"}  # a timer, a job, a timer


def _case() -> Case:
    case = Case(district="310115", applicant_id=1)
    case.__dict__["state"] = State.SUBMITTED
    return case


@each_procedure
def test_every_step_is_finished_by_a_verb(kind, key, procedure):
    held = {"signing", "sealing"}  # issuance.hold names the one that is open
    released = said("release", 1) | held

    assert {node.name for node in waiting(kind, procedure)} <= released


@each_procedure
def test_what_nobodys_inbox_shows_is_done_by_the_system(kind, key, procedure):
    alone = {node.name for node in waiting(kind, procedure) if node.name in SYSTEM}
    own = {name for verb in timers.VERBS.values() for name in _released_in(verb)}

    assert alone <= own | _released_in(issuance._finish)


def _released_in(verb: object) -> set[str]:
    calls = (each for each in ast.walk(ast.parse(getsource(verb))) if isinstance(each, ast.Call))
    return {
        call.args[1].value
        for call in calls
        if ast.unparse(call.func) == "release" and isinstance(call.args[1], ast.Constant)
    }


# --- the flow under the law ---------------------------------------------------------------------
@each_procedure
def test_every_way_a_flow_knows_is_a_way_of_the_law(kind, key, procedure):
    for node in kind.flow_of(procedure).instance.nodes():
        states = set(getattr(node, "targets", {})) | {getattr(node, "state", State.DRAFT)}
        assert states <= set(State.values), node.name


@each_procedure
def test_a_flow_takes_every_way_it_knows_and_meets_every_state_of_the_law(kind, key, procedure):
    reached = walk.walked(kind.flow_of(procedure))

    assert reached.ways == walk.ways(kind.flow_of(procedure))
    assert reached.states == set(State.values) - walk.OUTSIDE
    assert reached.ends >= {State.NOT_ACCEPTED, State.ABANDONED, State.GRANTED, State.REFUSED}


# --- the flow, the verbs and the edition --------------------------------------------------------
@each_procedure
def test_every_time_limit_in_use_is_set_by_the_edition(kind, key, procedure):
    on_steps = {node.limit for node in waiting(kind, procedure)} - {""}

    assert on_steps | said("due", 1) <= set(procedure.limits)


@each_procedure
def test_every_paper_a_verb_asks_for_has_its_words(kind, key, procedure):
    asked = said("request", 1)
    assert {"receipt", "acceptance_notice", "decision_granted"} <= asked  # the search finds them

    assert asked | {issuance.paper_of(procedure.grant)} <= set(procedure.letters)


@each_procedure
def test_every_reason_a_verb_gives_is_in_the_edition(kind, key, procedure):
    assert {"not_carried", "conditions_short"} <= set(procedure.reasons)


@each_procedure
def test_every_outcome_has_a_word_and_the_title_can_be_reached(kind, key, procedure):
    outcomes = {band.outcome for band in procedure.bands}

    assert procedure.grant.outcome in outcomes
    assert outcomes | {"refused"} <= set(status_words.OUTCOMES)


@each_procedure
def test_every_department_asked_has_somebody_who_answers(kind, key, procedure, db):
    assert {each.code for each in procedure.departments} <= set(demo.cast("310115").departments)


# --- carried to the end -------------------------------------------------------------------------
@each_procedure
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_recorded_case_comes_to_the_same_end_in_every_language(
    kind, key, procedure, language, carry, monkeypatch
):
    recorded = next(
        each
        for each in RECORDED.applications
        if each.programme == kind.code and each.form["stage"] == key
    )
    plain_papers(monkeypatch)

    with translation.override(language):
        case = carry(recorded.id)

    assert case.state in CLOSED
    assert case.outcome == recorded.expected["decision"]
    assert case.submissions.latest("number").language == language
    spoken = [papers.facts(each) for each in Document.objects.filter(case=case).order_by("pk")]
    assert {each["title"] for each in spoken} <= {
        letter.title.zh for letter in procedure.letters.values()
    }
    assert [each["office"] for each in spoken] == [case.rules.issuer.name.zh] * len(spoken)
