"""Each check beside the page whose text bears its answers, and what is said where none does."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, words
from workflows import demo
from workflows.models import File, Reading, Task

WAITING = ["acceptance"]


@pytest.fixture
def task(at: At) -> Task:
    """A filed case at the window."""
    return at("acceptance")


def read(task: Task, pages: int = 3, worded: int = 3, **found: list[int]) -> None:
    """Every paper of the case has been read; in this world they are all the same file."""
    files = File.objects.filter(case=task.case)
    for sha256 in set(files.values_list("sha256", flat=True)):
        Reading.objects.create(
            case=task.case, sha256=sha256, pages=pages, worded=worded, found=found
        )
    files.update(pages=pages)


def item(browser: Client, task: Task, code: str) -> dict[str, Any]:
    form = browser.get(f"/tasks/{task.pk}/").context["form"]
    return next(each for each in form.items() if each["code"] == code)


def test_a_check_opens_the_page_that_bears_its_values(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)
    read(task, org_name=[3, 1, 1], uscc=[3, 1, 1], licence_valid_to=[2, 1, 1])

    (most, rest) = item(browser, task, "licence")["links"]
    page = browser.get(most[1])

    names = {field.code: str(field) for field in task.case.rules.form.fields()}
    assert names["org_name"] in most[2]
    assert names["uscc"] in most[2]
    assert names["licence_valid_to"] in rest[2]
    assert (page.context["paper"].file.code, page.context["page"]) == ("business_licence", 3)
    assert most[2] in words(page)


def test_the_papers_open_at_the_page_of_the_first_open_check(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)
    read(task, uscc=[3, 1, 1], plan_tasks=[2, 1, 1])

    first = browser.get(f"/tasks/{task.pk}/").context
    codes = ("licence", "signed", "credit_report", "evidence", "finance")
    ticked = {f"check-{code}": "yes" for code in codes}
    browser.post(reverse("task_sheet", args=[task.pk]), {"do": "accept", **ticked})
    last = browser.get(f"/tasks/{task.pk}/").context

    assert (first["paper"].file.code, first["page"]) == ("business_licence", 3)
    assert (last["paper"].file.code, last["page"]) == ("three_year_plan", 2)


def test_all_values_on_one_page_need_no_names(task: Task, cast: demo.Cast) -> None:
    read(task, org_name=[2, 1, 1], uscc=[2, 1, 1], licence_valid_to=[2, 1, 1])

    shown = item(claimed(task, cast.window), task, "licence")

    assert [link[2] for link in shown["links"]] == [gettext("says all of these")]
    assert shown["absent"] == ""


def test_a_value_the_text_lacks_is_told_and_is_no_finding(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)
    read(task, org_name=[1, 1, 1], uscc=[1, 1, 1], licence_valid_to=[1, 0, 1])

    shown = item(browser, task, "licence")

    name = next(str(f) for f in task.case.rules.form.fields() if f.code == "licence_valid_to")
    assert shown["absent"] == gettext("Not found in the text: %(names)s") % {"names": name}
    assert shown["absent"] in words(browser.get(f"/tasks/{task.pk}/"))
    assert (shown["value"], shown["automatic"]) == ("", "")


def test_a_scan_says_that_it_has_no_text_and_opens_at_the_page_of_the_edition(
    task: Task, cast: demo.Cast
) -> None:
    read(task, worded=0, uscc=[0, 0, 1])

    shown = item(claimed(task, cast.window), task, "licence")

    assert [link[2] for link in shown["links"]] == [gettext("no text to search")]
    assert shown["absent"] == ""
    assert "p=" not in shown["links"][0][1]


def test_of_a_table_it_is_told_how_much_stands_there(task: Task, cast: demo.Cast) -> None:
    read(task, worded=2, revenue_3y=[2, 2, 3], tax_3y=[1, 0, 3])

    shown = item(claimed(task, cast.window), task, "finance")

    assert "2" in shown["links"][0][2]
    assert "3" in shown["links"][0][2]
    assert shown["absent"]


def test_what_was_not_read_is_not_spoken_of(task: Task, cast: demo.Cast) -> None:
    shown = item(claimed(task, cast.window), task, "licence")

    assert [link[2] for link in shown["links"]] == [""]
    assert shown["absent"] == ""
