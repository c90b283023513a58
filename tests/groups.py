"""Groups that wait to be ranked, however large: made in bulk, by the moves and flows of the law.

``schools({"a": {"I24": 5210}})`` and ``projects([Bid("87.20", 480)])`` stand where the real steps
before would have left them: state, clock, open task and trail tell one story.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction
from viewflow.workflow.token import Token

from workflows import audit, clock, demo, edition, programme
from workflows.models import (
    Case,
    Figures,
    Membership,
    Organisation,
    Process,
    Round,
    Segment,
    Submission,
    Task,
    User,
)
from workflows.models import Edition as EditionRow
from workflows.stages import deadlines
from workflows.stages.together import lawfully_all, settle_all

DAY = timedelta(days=1)
BATCH = 500
SCHOOLS, PROJECTS = "benchmark_school", "project_funding"
_numbers = count(1)
Moves = Sequence[tuple[str, Callable[[Case], None]]]

TO_EVALUATION: Moves = (
    ("submitted", Case.submit),
    ("accepted", Case.accept),
    ("screened", Case.begin_review),
    ("sent_to_evaluation", Case.evaluate),
)


@dataclass(frozen=True)
class Bid:
    """One project: its mark, what it asks for in 万元, and what else its form says."""

    mark: str
    request: object = 100
    line: str = "training_base"
    sheets: Sequence[Mapping[str, str]] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)


def call(key: str, **given: Any) -> Round:
    """A round of programme ``key`` that is open now."""
    newest = EditionRow.objects.filter(programme=key).latest("pk")
    number = next(_numbers)
    facts = {
        "key": f"{key}-{number}",
        "programme": key,
        "edition": newest,
        "title": f"第{number}批",
        "opens": clock.now() - DAY,
        "closes": clock.now() + 30 * DAY,
    }
    return Round.objects.create(**{**facts, **given})


def variant(
    key: str, procedure: str, *, publishes: Sequence[str] = (), **selection: Any
) -> EditionRow:
    """The published edition with another way to choose, whose notices say ``publishes`` as well."""
    newest = EditionRow.objects.filter(programme=key).latest("pk")
    data = json.loads(newest.content)
    data["version"] = f"{clock.today().year}.{1000 + next(_numbers)}"
    data["procedures"][procedure]["selection"] |= selection
    told = data["procedures"][procedure]["notice"]["publishes"]
    data["procedures"][procedure]["notice"]["publishes"] = list(dict.fromkeys([*told, *publishes]))
    shape = edition.Edition.model_validate(data)
    content = edition.canonical(shape)
    return EditionRow.objects.create(
        programme=key,
        version=shape.version,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        content=content,
        published=clock.now(),
    )


# --- schools --------------------------------------------------------------------------------------
def schools(
    round_: Round, values: Mapping[str, Mapping[str, object]], *, group: str = "higher"
) -> dict[str, Case]:
    """Schools whose checked figures are confirmed and that wait for the freeze.

    A figure of None does not apply; one that is left out is 0.
    """
    cases = _cases(round_, "recognition", dict.fromkeys(values, group))
    for each in cases.values():
        each.evaluation_round = 1
    _walk(round_, cases, TO_EVALUATION, "freezing")
    Figures.objects.bulk_create(
        (
            Figures(
                case=cases[name],
                round=1,
                revision=1,
                values=_figures(cases[name], figures),
                given=clock.now(),
                confirmed=clock.now(),
            )
            for name, figures in values.items()
        ),
        batch_size=BATCH,
    )
    return _read(cases)


def _figures(case: Case, figures: Mapping[str, object]) -> dict[str, dict[str, object]]:
    index = case.procedure.index
    assert index is not None
    return {code: _figure(figures.get(code, 0)) for code in index.weights}


def _figure(value: object) -> dict[str, object]:
    text = "0" if value is None else str(value)
    return {
        "reported": text,
        "value": text,
        "na": value is None,
        "finding": "confirmed",
        "reason": "",
    }


# --- projects -------------------------------------------------------------------------------------
def projects(round_: Round, bids: Mapping[str, Bid]) -> dict[str, Case]:
    """Projects that a panel has marked and that wait to be ranked."""
    cases = _cases(round_, "funding", {name: bid.line for name, bid in bids.items()})
    for name, each in cases.items():
        each.evaluation_round, each.score = 1, Decimal(bids[name].mark)
    answers = {
        name: {"fiscal_request": str(bid.request), "funding_line": bid.line, **bid.answers}
        for name, bid in bids.items()
    }
    _walk(round_, cases, (*TO_EVALUATION, ("evaluated", Case.close_evaluation)), "ranking", answers)
    return _read(cases)


def filed(round_: Round, number: int) -> dict[str, Case]:
    """Projects that wait at the window of one district to be accepted."""
    cases = _cases(round_, "funding", {f"{place}": "training_base" for place in range(number)})
    _walk(round_, cases, TO_EVALUATION[:1], "acceptance")
    return _read(cases)


# --- both -----------------------------------------------------------------------------------------
def _cases(round_: Round, procedure: str, groups: Mapping[str, str]) -> dict[str, Case]:
    kind = "higher_vocational" if procedure == "recognition" else "enterprise"
    numbers = {name: next(_numbers) for name in groups}
    organisations = {
        name: Organisation(
            name=f"单位{name}",
            uscc=f"{number:018d}",
            kind=kind,
            district="310115",
            registered=clock.now(),
        )
        for name, number in numbers.items()
    }
    Organisation.objects.bulk_create(organisations.values(), batch_size=BATCH)
    _signers(organisations)
    officer = demo.cast("310115").officer
    cases = {
        name: Case(
            reference=f"CJRH-T-{numbers[name]:05d}",
            programme_key=round_.programme,
            procedure_key=procedure,
            round=round_,
            edition=round_.edition,
            applicant=organisations[name],
            district="310115",
            subject=f"{numbers[name]}",
            created=clock.now(),
            created_by=officer,
        )
        for name in groups
    }
    Case.objects.bulk_create(cases.values(), batch_size=BATCH)
    for name, each in cases.items():
        each.group = groups[name]
    return cases


def _signers(organisations: Mapping[str, Organisation]) -> None:
    people = {
        name: User(username=f"signer.{each.uscc}", name=f"签署{name}", password="!")
        for name, each in organisations.items()
    }
    User.objects.bulk_create(people.values(), batch_size=BATCH)
    Membership.objects.bulk_create(
        (
            Membership(user=people[name], organisation=each, role="signer", valid_from=demo.SINCE)
            for name, each in organisations.items()
        ),
        batch_size=BATCH,
    )


@transaction.atomic
def _walk(
    round_: Round,
    cases: Mapping[str, Case],
    moves: Moves,
    node: str,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Take every case through ``moves``, and let its flow wait at ``node``."""
    known = {each.pk: each for each in cases.values()}
    found = Case.objects.filter(pk__in=list(known))
    with lawfully_all(found) as held:
        for each in held:
            mine = known[each.pk]
            each.group, each.score = mine.group, mine.score
            each.evaluation_round, each.submitted = mine.evaluation_round, clock.now()
        for kind, move in moves:
            for each in held:
                move(each)
                if kind == "accepted":
                    each.accepted = clock.now()
                    deadlines.count(each, [])
            audit.record_all([(each, {}) for each in held], kind, by=None)
            settle_all(held)
    _file(cases, answers or {})
    standing = held if moves[-1][0] == "sent_to_evaluation" else []
    Segment.objects.bulk_create(
        Segment(case=each, ground="evaluation", paused=clock.today()) for each in standing
    )
    _wait(round_, held, node)


def _read(cases: Mapping[str, Case]) -> dict[str, Case]:
    """The cases as the database has them now."""
    keys = {each.pk: name for name, each in cases.items()}
    rows = Case.objects.select_related("edition", "applicant", "round").in_bulk(list(keys))
    return {name: rows[key] for key, name in keys.items()}


def _file(cases: Mapping[str, Case], answers: Mapping[str, Mapping[str, Any]]) -> None:
    Submission.objects.bulk_create(
        (
            Submission(
                case=each,
                number=1,
                answers={
                    **_sample(each),
                    "org_name": each.applicant.name,
                    "uscc": each.applicant.uscc,
                    **answers.get(name, {}),
                },
                derived={"line_cap": "500", "line_share": "50"},
                transcript=[],
                files=[],
                assessment={"conditions": [], "warnings": [], "departments": [], "points": {}},
                content_hash="0" * 64,
                language="zh-hans",
                submitted=clock.now(),
                by=each.created_by,
            )
            for name, each in cases.items()
        ),
        batch_size=BATCH,
    )


def _sample(case: Case) -> dict[str, Any]:
    """The answers the edition itself is tried on."""
    samples = case.rules.samples
    return next(each.answers for each in samples if each.procedure == case.procedure_key)


def _wait(round_: Round, held: Sequence[Case], node: str) -> None:
    procedure = held[0].procedure
    flow = programme.get(round_.programme).flow_of(procedure)
    runs = [Process(flow_class=flow, case=each, created=clock.now(), status="NEW") for each in held]
    Process.objects.bulk_create(runs, batch_size=BATCH)
    step = flow.instance.node(node)
    Task.objects.bulk_create((step.task_for(run, Token("start")) for run in runs), batch_size=BATCH)


def signer(case: Case) -> User:
    """Who signs for the applicant of ``case``."""
    return User.objects.get(memberships__organisation=case.applicant_id)
