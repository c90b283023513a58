"""What a procedure looks for in its form has to be there: partners, unique values, traits, bids."""

import pytest

from tests.stages import jointly
from tests.stages.jointly import FUNDING, JOINT, PROCEDURE, TRAITS
from workflows import edition_check

NAME = {"field": "project_name", "within": "lead", "zh": "名称", "en": "Name", "source": "x"}
ITEM = {"field": "budget", "column": "item", "zh": "项目", "en": "Item", "source": "x"}


def places(**keys: object) -> list[str]:
    """Where the rules with ``keys`` are wrong, as far as it is about the places tried here."""
    found = edition_check.check(jointly.rules(**keys))
    at = [each.key[2:] for each in found if each.key[:2] == ("procedures", PROCEDURE)]
    return [".".join(map(str, key)) for key in at if key[0] in keys]


def test_rules_that_find_what_they_look_for_are_well():
    assert places(joint=JOINT, unique=[NAME, ITEM], traits=TRAITS, one_per="project_name") == []


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"joint": JOINT | {"field": "no_such"}}, "joint.field"),
        ({"joint": JOINT | {"field": "budget"}}, "joint.field"),  # a table of something else
        ({"unique": [NAME, NAME | {"field": "no_such"}]}, "unique.1"),
        ({"unique": [ITEM | {"column": "no_such"}]}, "unique.0"),
        ({"traits": TRAITS | {"name": "no_such"}}, "traits.name"),
        ({"traits": TRAITS | {"site": "no_such"}}, "traits.site"),
        ({"funding": FUNDING | {"challenge": "no_such"}}, "funding.challenge"),
        ({"one_per": "no_such"}, "one_per"),
        ({"one_per": "1 + 1"}, "one_per"),  # not a text
        ({"joint": JOINT | {"lead": "size(partners)"}}, "joint.lead"),
    ],
)
def test_what_is_not_there_is_named(keys, place):
    assert place in places(**keys)
