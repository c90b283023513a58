"""The watch that every journey relies on does see what is wrong with a page."""

import pytest

from tests.journeys.people import Town

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_page_that_is_wrong_in_four_ways_is_told_four_times(town: Town) -> None:
    person = town.person()
    person.opens("home")

    person.page.evaluate(
        """() => {
        const main = document.querySelector("main");
        main.append(document.createElement("img"));
        main.insertAdjacentHTML("beforeend", "<pre>" + "wide ".repeat(400) + "</pre>");
        main.insertAdjacentHTML("beforeend", "<p style='color: red'></p>");
        console.error("something broke");
        }"""
    )
    person.looks()

    told = " ".join(town.complaints)
    town.complaints.clear()
    for words in ("image-alt", "on a screen of 360", "Content Security Policy", "something broke"):
        assert words in told
