"""The one source of status words (interface 4.4)."""

from pathlib import Path

import pytest
from django.utils import translation

from workflows import status_words
from workflows.models import Case, Certificate

STYLES = Path(status_words.__file__).parent / "static" / "heng" / "heng.css"


def test_every_state_of_a_case_has_a_word() -> None:
    assert set(status_words.CASE_STATES) == set(Case.State.values)


def test_every_state_of_a_title_has_a_word() -> None:
    assert set(status_words.TITLE_STATES) == set(Certificate.State.values)


def test_every_tone_and_every_light_has_a_style() -> None:
    styles = STYLES.read_text()
    words = [
        *status_words.CASE_STATES.values(),
        *status_words.OUTCOMES.values(),
        *status_words.TITLE_STATES.values(),
    ]

    tones = {word.tone for word in words} - {""}

    assert {tone for tone in tones if f".tag-{tone} " not in styles} == set()
    for colour in ("green", "yellow", "red", "pause", "done"):
        assert f".light-{colour}" in styles


def test_a_closed_case_is_called_by_its_outcome() -> None:
    with translation.override("en"):
        word = status_words.case_word("granted", "entered_pool")

        assert word.to("applicant") == "Entered in the cultivation pool"


def test_an_open_case_keeps_the_word_of_its_state() -> None:
    assert status_words.case_word("notice", "certified") is status_words.CASE_STATES["notice"]


def test_the_office_reads_what_it_has_to_do() -> None:
    with translation.override("en"):
        word = status_words.case_word("submitted")

        assert (word.to("applicant"), word.to("staff")) == ("Submitted", "Awaiting acceptance")


@pytest.mark.parametrize(
    ("left", "allowed", "colour", "words"),
    [
        (9, 45, "yellow", "9 working days left"),  # exactly one fifth
        (10, 45, "green", "10 working days left"),
        (1, 5, "yellow", "1 working day left"),
        (2, 5, "green", "2 working days left"),
        (0, 45, "yellow", "Due today"),
        (-1, 45, "red", "1 working day overdue"),
        (-3, 45, "red", "3 working days overdue"),
    ],
)
def test_a_light_turns_with_the_days_left(left: int, allowed: int, colour: str, words: str) -> None:
    with translation.override("en"):
        light = status_words.time_light(left, allowed)

    assert (light.colour, light.words) == (colour, words)


def test_a_paused_clock_shows_no_colour_even_when_overdue() -> None:
    light = status_words.time_light(-1, 5, paused=True)

    assert light.colour == "pause"


def test_a_matter_finished_late_stays_red() -> None:
    assert status_words.time_light(-1, 5, finished=True).colour == "red"
    assert status_words.time_light(0, 5, finished=True).colour == "done"
