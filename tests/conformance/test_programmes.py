"""What every programme promises, whatever it is about; a new one is picked up by itself.

Nothing here names a programme. A folder in settings.HENG_PROGRAMMES is tried against the law, the
verbs of the stages and its own edition, and carried to its end in both languages.
"""

from collections.abc import Iterator

import pytest
from django.utils import translation
from viewflow.workflow.fields import get_task_ref, import_task_by_ref

from tests.conformance import verbs, walk
from tests.stages.course import plain_papers
from workflows import demo, edition, edition_check, jobs, programme, status_words, steps
from workflows.models import Appointment, Case, Document, Process, Task
from workflows.models.case import CLOSED, State
from workflows.procedure import LETTERS, Procedure
from workflows.programme import Programme
from workflows.recording import reader
from workflows.stages import papers, standings, timers

FILES = {"__init__.py", "apps.py", "edition.toml", "flows.py", "programme.py", "rules.py"}
MAY_HAVE = {"templates", "__pycache__"}
PROGRAMMES = list(programme.all_())
RECORDED = reader.read(demo.RECORDING)


def procedures() -> Iterator[object]:
    """Every procedure of every programme, with its key."""
    for kind in PROGRAMMES:
        for key, procedure in edition.load(kind.edition_path).procedures.items():
            yield pytest.param(kind, key, procedure, id=f"{kind.key}-{key}")


PROCEDURES = [
    (kind, procedure)
    for kind in PROGRAMMES
    for procedure in edition.load(kind.edition_path).procedures.values()
]
each_programme = pytest.mark.parametrize("kind", PROGRAMMES, ids=lambda kind: kind.key)
each_procedure = pytest.mark.parametrize(("kind", "key", "procedure"), list(procedures()))


def waiting(kind: Programme, procedure: Procedure) -> list[steps.Step]:
    """The nodes of the procedure's flow where a case may wait."""
    nodes = kind.flow_of(procedure).instance.nodes()
    return [node for node in nodes if isinstance(node, steps.Step)]


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
        group = node.candidate_of(_case(), "7")
        role = group.partition(":")[0]
        assert role in {*Appointment.Role.values, "applicant", ""}
        takers = [taker for taker in (group, node.owner_of) if taker]
        assert len(takers) == (0 if node.name in unseen(kind, procedure) else 1), node.name


def unseen(kind: Programme, procedure: Procedure) -> set[str]:
    """The nodes that nobody's inbox shows."""
    return {
        node.name
        for node in waiting(kind, procedure)
        if not node.owner_of and not node.candidate_of(_case(), "7")
    }


def _case() -> Case:
    case = Case(district="310115", applicant_id=1)
    case.__dict__["state"] = State.SUBMITTED
    return case


@each_procedure
def test_every_step_is_finished_by_a_verb(kind, key, procedure):
    released = verbs.said("release", 1) | verbs.said("release_all", 1)

    assert {node.name for node in waiting(kind, procedure)} <= released


@each_procedure
def test_what_nobodys_inbox_shows_is_done_by_the_system_or_for_the_whole_group(
    kind, key, procedure
):
    timers_ = {verb.__name__ for verb in timers.VERBS.values()}
    finishes = {each.finish.__name__ for each in jobs._handlers.values()}
    by_itself = verbs.said("release", 1, verbs.reached(timers_ | finishes))
    together = {*standings.NODES, *verbs.said("release", 1, verbs.reached(["call_up"]))}

    assert unseen(kind, procedure) <= by_itself | together


# --- the flow under the law ---------------------------------------------------------------------
@each_procedure
def test_every_way_a_flow_knows_is_a_way_of_the_law(kind, key, procedure):
    for gate in walk.gates(kind.flow_of(procedure)):
        assert len(gate.targets) > 1, gate.name
        assert not walk.by_state(gate) or set(gate.targets) <= set(State.values), gate.name


@each_procedure
def test_a_flow_takes_every_way_it_knows_and_meets_every_state_of_the_law(kind, key, procedure):
    reached = walk.walked(kind.flow_of(procedure))

    assert reached.ways == walk.ways(kind.flow_of(procedure))
    assert reached.states == set(State.values) - walk.OUTSIDE
    assert reached.ends >= {State.NOT_ACCEPTED, State.ABANDONED, State.GRANTED, State.REFUSED}


def test_a_walk_tells_a_gate_that_asks_for_the_state_from_one_that_asks_for_more():
    by_law = steps.by_state(granted="end", refused="end")
    by_mark = steps.by_fact(lambda case: "high" if case.score > 80 else "low", high="", low="")

    assert walk.by_state(by_law)
    assert walk.answers(by_law, State.GRANTED) == ["granted"]
    assert walk.answers(by_law, State.NOTICE) == []
    assert not walk.by_state(by_mark)
    assert walk.answers(by_mark, State.NOTICE) == ["high", "low"]


# --- the flow, the verbs and the edition --------------------------------------------------------
@each_procedure
def test_every_time_limit_in_use_is_set_by_the_edition(kind, key, procedure):
    own = {node.limit for node in waiting(kind, procedure)} - {""}
    on_others = {node.limit for each in PROCEDURES for node in waiting(*each)} - own

    assert "completeness" in verbs.said("due", 1)  # the search finds them
    assert own | (verbs.said("due", 1) - on_others) <= set(procedure.limits)


@each_procedure
def test_every_paper_a_verb_asks_for_has_its_words(kind, key, procedure):
    asked = verbs.said("request", 1) | verbs.said("drawn_up", 1)
    assert {"receipt", "acceptance_notice", "decision_granted"} <= asked  # the search finds them
    needed = edition_check._needed(procedure)
    of_others = set().union(*(edition_check._needed(each) for _, each in PROCEDURES)) - needed

    assert needed | (asked - of_others) <= set(procedure.letters) <= set(LETTERS)


@each_procedure
def test_a_refusal_has_a_reason_to_give(kind, key, procedure):
    refusals = {code for code, each in procedure.reasons.items() if "refusal" in each.papers}

    assert "not_carried" in refusals  # outcome.after_vote gives it
    assert len(refusals) > 1


@each_procedure
def test_every_outcome_has_a_word_and_the_title_can_be_reached(kind, key, procedure):
    outcomes = {band.outcome for band in procedure.bands}

    assert procedure.grant.outcome in outcomes
    assert procedure.refusal in outcomes - {procedure.grant.outcome}
    assert outcomes <= set(status_words.OUTCOMES)


@each_procedure
def test_every_department_asked_has_somebody_who_answers(kind, key, procedure, db):
    assert {each.code for each in procedure.departments} <= set(demo.cast("310115").departments)


# --- carried to the end -------------------------------------------------------------------------
@each_procedure
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_recorded_cases_come_to_the_same_end_in_every_language(
    kind, key, procedure, language, carry, monkeypatch
):
    recorded = [each for each in RECORDED.applications if asks_for(each, kind, key)]
    plain_papers(monkeypatch)

    with translation.override(language):
        found = carry(*(each.id for each in recorded))

    cases = found if isinstance(found, list) else [found]
    assert {case.outcome for case in cases} == {each.expected["decision"] for each in recorded}
    assert {case.submissions.latest("number").language for case in cases} == {language}
    assert all(case.state in CLOSED for case in cases)
    spoken = [papers.facts(each) for each in Document.objects.filter(case__in=cases)]
    assert {each["title"] for each in spoken} <= {
        letter.title.zh for letter in procedure.letters.values()
    }
    assert {each["office"] for each in spoken} == {cases[0].rules.issuer.name.zh}


def asks_for(application: reader.Application, kind: Programme, key: str) -> bool:
    """Whether a recorded application asks for the procedure ``key`` of ``kind``."""
    procedures = edition.load(kind.edition_path).procedures
    return application.programme == kind.code and key == application.form.get(
        "stage", next(iter(procedures))
    )
