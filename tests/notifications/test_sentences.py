"""What messages say: every kind the house uses, whole, in both languages."""

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

from workflows.notifications import sentences
from workflows.notifications.sentence import Sentence

STAGES = Path(sentences.__file__).resolve().parents[1] / "stages"
READABLE = "messages.tell(", "messages.remind("


def told() -> list[tuple[str, str, list[str]]]:
    """Every telling in the stages whose facts are spelled out: where, which kind, which facts."""
    found = []
    for path in sorted(STAGES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or f"{ast.unparse(node.func)}(" not in READABLE:
                continue
            facts = {word.arg for word in node.keywords} - {"event", "audience", "origin", "case"}
            kinds = [each.value for each in node.args if isinstance(each, ast.Constant)]
            if kinds and None not in facts:  # ``**facts`` are checked when they are told
                found.append((f"{path.name}:{node.lineno}", kinds[0], sorted(facts)))
    return found


def test_the_stages_tell_people_things():
    assert len(told()) > 10


@pytest.mark.parametrize(("where", "kind", "facts"), told(), ids=lambda value: str(value))
def test_whatever_a_stage_tells_has_a_sentence_and_all_its_facts(where, kind, facts):
    assert sentences.SENTENCES[kind].places <= {*facts, "reference"}


@pytest.mark.parametrize("kind", sentences.SENTENCES)
def test_a_sentence_never_raises_its_voice(kind):
    sentence = sentences.SENTENCES[kind]

    assert not re.search(r"[!！]", f"{sentence.title} {sentence.text}")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", sentences.SENTENCES)
def test_a_message_is_said_whole_in_both_languages(kind, language):
    facts = dict.fromkeys(sentences.SENTENCES[kind].places, "FACT")

    with translation.override(language):
        words = sentences.words(kind, facts)

    assert "%(" not in words.title + words.text
    assert words.text.count("FACT") >= len(sentences.SENTENCES[kind].places)


def test_a_day_among_the_facts_is_written_out():
    with translation.override("en"):
        words = sentences.words("returned", {"reference": "CJRH-2026-0001", "due": "2026-10-19"})

    assert "by Oct. 19, 2026." in words.text


def test_a_text_that_only_looks_like_a_day_is_left_alone():
    with translation.override("en"):
        words = sentences.words("terminated", {"reference": "R", "reason": "2026-13-45"})

    assert words.text.endswith("2026-13-45")


def test_an_expert_is_told_nothing_that_names_the_applicant():
    assert sentences.SENTENCES["panel_seat"].places == set()


def test_a_title_is_one_line_whatever_a_fact_holds(monkeypatch):
    named = Sentence("%(name)s", "%(name)s")
    monkeypatch.setitem(sentences.SENTENCES, "named", named)

    assert sentences.words("named", {"name": "a\nBcc: b"}).title == "a Bcc: b"
