"""Flow diagrams: every step on its place, answers on the ways, numbers, the same as a list."""

import re
from itertools import combinations
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from workflows import programme
from workflows.views import flow_chart
from workflows.views.flow_chart import Mark, Picture

FLOWS = [flow for kind in programme.all_() for flow in kind.flows.values()]
POOL = programme.get("enterprise_certification").flows["PoolEntryFlow"]
WIDEST = 800  # units; a page of the desk has that much room


def shown(picture: Picture) -> str:
    values = {"chart": picture, "label": "流程", "id": "f", "twin": True}
    return render_to_string("workflows/components/flow_chart.html", values)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_every_node_is_drawn_once_inside_the_picture_and_none_over_another(flow: Any) -> None:
    picture = flow_chart.picture(flow, {})

    boxes = picture.boxes
    assert sorted(box.node for box in boxes) == sorted(node.name for node in flow.instance.nodes())
    assert all(box.x > 0 and box.x + box.width < picture.width <= WIDEST for box in boxes)
    assert all(box.y > 0 and box.y + box.height < picture.height for box in boxes)
    for one, other in combinations(boxes, 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        below = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert beside or below, (one.node, other.node)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_no_way_leaves_the_picture_and_none_is_forgotten(flow: Any) -> None:
    picture = flow_chart.picture(flow, {})

    edges = [edge for node in flow.instance.nodes() for edge in node._incoming()]
    assert len(picture.ways) == len(edges)
    for way in picture.ways:
        points = [tuple(map(float, each.split())) for each in re.split("[ML]", way.path)[1:]]
        assert all(0 < x < picture.width and 0 < y < picture.height for x, y in points)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_every_step_and_every_answer_has_words(flow: Any, language: str) -> None:
    with translation.override(language):
        picture = flow_chart.picture(flow, {})

    asked = {"confirmed", "contested", "returned", "accepted", "alone", "grouped"}
    codes = {box.node for box in picture.boxes} | asked
    assert not [box.node for box in picture.boxes if box.kind != "gate" and box.title in codes]
    assert not [way.label for way in picture.ways if way.label in codes]
    assert all(len(box.lines) <= 2 for box in picture.boxes)
    said = [(way.x, y, words) for way in picture.ways for words, y in way.lines]
    assert said
    assert len({(x, y) for x, y, _words in said}) == len(said)  # none is written over another
    assert all(len(words) <= flow_chart.LABEL for _x, _y, words in said)


def test_numbers_and_marks_stand_on_their_steps_and_in_the_list() -> None:
    marks = {
        "acceptance": Mark(number=12, late=3, heat=4, words="在办 12，超期 3"),
        "opinion": Mark(state="now", words="办件在此"),
    }

    page = shown(flow_chart.picture(POOL, marks))

    assert page.count("flow-heat-4") == 1
    assert '<text class="flow__number" x="68.0" y="47">12</text>' in page
    assert page.count("flow__late-number") == 1
    assert "在办 12，超期 3" in page
    assert page.count('aria-current="step"') == page.count("flow-now") == 1
    assert "style=" not in page
    assert page.count("<li") == len(flow_chart.names(POOL))


@pytest.mark.parametrize(
    ("number", "most", "heat"), [(0, 0, 0), (0, 9, 0), (1, 100, 1), (26, 100, 2), (100, 100, 4)]
)
def test_the_most_is_the_hottest(number: int, most: int, heat: int) -> None:
    assert flow_chart.heat(number, most) == heat
