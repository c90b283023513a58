"""Editions: what makes two of them the same, and what their parts can do."""

import copy
import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.edition import Change, Edition, canonical, compare, digest, load
from workflows.edition_source import Source
from workflows.procedure import Letter

pytestmark = pytest.mark.once

PATH = (
    Path(__file__).resolve().parents[1]
    / "workflows/programmes/enterprise_certification/edition.toml"
)
TEXT = PATH.read_text(encoding="utf-8")
DATA = Source(PATH).data
EDITION = load(PATH)


def leaves(value: Any, key: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the keys of every sentence in Chinese."""
    if isinstance(value, dict):
        return [found for name in sorted(value) for found in leaves(value[name], (*key, name))]
    if isinstance(value, list):
        return [found for at, inner in enumerate(value) for found in leaves(inner, (*key, at))]
    return [key] if key[-1:] == ("zh",) else []


SENTENCES = leaves(json.loads(canonical(EDITION)))


def shuffled(value: Any, dice: random.Random) -> Any:
    """Give the same data with the keys of every table in another order."""
    if isinstance(value, dict):
        names = dice.sample(sorted(value), len(value))
        return {name: shuffled(value[name], dice) for name in names}
    return [shuffled(inner, dice) for inner in value] if isinstance(value, list) else value


# --- the same edition ---------------------------------------------------------------------------
@settings(max_examples=20, deadline=None)
@given(seed=st.integers())
def test_the_order_of_keys_does_not_change_the_digest(seed):
    again = Edition.model_validate(shuffled(copy.deepcopy(DATA), random.Random(seed)))  # noqa: S311

    assert digest(again) == digest(EDITION)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers())
def test_comments_and_blank_lines_do_not_change_the_digest(tmp_path_factory, seed):
    dice = random.Random(seed)  # noqa: S311 -- shuffles layout, guards nothing
    lines = [
        f"# {dice.random()}\n\n{line}  # here"
        if line.startswith("[") and line.endswith("]")
        else line
        for line in TEXT.splitlines()
    ]
    path = tmp_path_factory.mktemp("again") / "edition.toml"
    path.write_text("\n".join(lines), encoding="utf-8")

    assert digest(load(path)) == digest(EDITION)


def test_what_the_database_keeps_is_the_whole_edition():
    again = Edition.model_validate(json.loads(canonical(EDITION)))

    assert again == EDITION
    assert canonical(again) == canonical(EDITION)


def test_a_default_that_is_written_out_does_not_change_the_digest():
    data = copy.deepcopy(DATA)
    data["shared"]["vote"]["secret"] = False

    assert digest(Edition.model_validate(data)) == digest(EDITION)


@settings(max_examples=30, deadline=None)
@given(key=st.sampled_from(SENTENCES))
def test_one_changed_sentence_changes_the_digest_and_is_the_only_change(key):
    data = json.loads(canonical(EDITION))
    owner = data
    for part in key[:-1]:
        owner = owner[part]
    before, owner["zh"] = owner["zh"], owner["zh"] + "改"

    again = Edition.model_validate(data)

    assert digest(again) != digest(EDITION)
    assert [(change.before, change.after) for change in compare(EDITION, again)] == [
        (before, before + "改")
    ]


def test_a_change_is_named_by_codes():
    data = copy.deepcopy(DATA)
    data["settings"]["min_conditions"]["value"] = 1
    data["shared"]["departments"] = data["shared"]["departments"][1:]

    changes = compare(EDITION, Edition.model_validate(data))

    assert Change("settings.min_conditions.value", 2, 1) in changes
    assert Change("procedures.pool_entry.departments.credit.remind_after", 3, None) in changes
    assert {change.key.split(".")[0] for change in changes} == {"settings", "procedures"}


def test_an_edition_differs_in_nothing_from_itself():
    assert compare(EDITION, EDITION) == []


# --- what the shapes can do ---------------------------------------------------------------------
def test_settings_reach_the_rules_in_their_types():
    rule = EDITION.rule

    assert rule["min_conditions"] == 2
    assert str(rule["min_training_ratio"]) == "1.5"
    assert rule["area_prefix"] == "31"


def test_a_procedure_says_itself_what_it_does_not_share():
    pool, certification = EDITION.procedures["pool_entry"], EDITION.procedures["certification"]

    assert (pool.vote.written_round, certification.vote.written_round) == (True, False)
    assert pool.limits == certification.limits
    assert "mark_low" in certification.reasons
    assert "mark_low" not in pool.reasons


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "拟不予"), ("en", "intended refusal")])
def test_a_paper_is_called_by_its_whole_name_in_both_languages(language: str, word: str):
    for procedure in EDITION.procedures.values():
        with translation.override(language):
            names = {kind: procedure.called(kind) for kind in procedure.letters}
            assert str(procedure.title) in names["intended_refusal"]
        assert word in names["intended_refusal"]
        assert not any("{" in name for name in names.values())
        assert procedure.called("no_such") == ""


@pytest.mark.parametrize(
    ("mark", "outcome"),
    [
        ("100", "certified"),
        ("75", "certified"),
        ("74.99", "continue_cultivation"),
        ("60", "continue_cultivation"),
        ("59.99", "refused"),
        ("0", "refused"),
    ],
)
def test_a_mark_falls_into_its_band(mark, outcome):
    bands = EDITION.procedures["certification"]

    assert bands.outcome(Decimal(mark)).outcome == outcome


def test_a_letter_is_filled_in_the_language_asked_for():
    letter = Letter.model_validate(
        {
            "title": {"zh": "通知", "en": "Notice"},
            "paragraphs": [{"zh": "致{applicant}：", "en": "To {applicant}:"}],
            "closing": [{"zh": "{due_on}前", "en": "by {due_on}"}],
        }
    )

    words = letter.filled("en", {"applicant": "Example Ltd", "due_on": "2026-10-19"})

    assert words == ("Notice", ["To Example Ltd:"], ["by 2026-10-19"])
    with pytest.raises(KeyError, match="due_on"):
        letter.filled("zh-hans", {"applicant": "示例公司"})


@pytest.mark.parametrize(
    ("code", "name"),
    [("uscc", "统一社会信用代码"), ("credit_report", "公共信用信息报告"), ("", "申报材料")],
)
def test_what_is_to_be_corrected_goes_by_its_official_name(code, name):
    assert EDITION.label(code) == name
