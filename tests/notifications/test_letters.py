"""Letters about accounts: whole, quiet, and one line of title."""

import pytest
from django.utils import translation

from workflows.notifications import letters

FACTS = {
    "days": "7",
    "link": "http://localhost/account/join/x/",
    "organisation": "上海相向\n装备有限公司",
    "person": "顾念安",
    "role": "经办人",
    "reason": "执照过期",
}


@pytest.mark.parametrize("kind", letters.LETTERS)
def test_a_letter_is_whole_and_never_raises_its_voice(kind):
    letter = letters.LETTERS[kind]

    with translation.override("en"):
        words = letters.words(kind, FACTS)

    assert letter.places <= FACTS.keys()
    assert "%(" not in words.title + words.text
    assert "!" not in words.title + words.text


def test_a_title_is_one_line_whatever_a_name_holds():
    assert "\n" not in letters.words("invited", FACTS).title
