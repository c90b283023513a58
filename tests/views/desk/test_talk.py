"""The tab of what is said about a case, the phrase library, and who has a task open."""

from django.urls import reverse

from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, desk, words
from workflows import clock, demo, jobs
from workflows.models import Job, Note, Opinion, Phrase, User, Viewing
from workflows.stages import messages, notes, people, phrases

WAITING = ["department_review"]


def colleague(name: str, role: str) -> User:
    """A new person with an office of the whole city."""
    person = User.objects.create(username=f"new.{role}", name=name)
    people.appoint(person, role=role, by=None)
    return person


# --- notes ----------------------------------------------------------------------------------------
def test_the_office_writes_beside_the_task_and_finds_it_there_apart_from_the_letters(
    at: At, cast: demo.Cast
) -> None:
    task = at("department_review")
    browser = claimed(task, cast.officer)
    place = reverse("task", args=[task.pk])

    said = browser.post(
        reverse("case_note", args=[task.reference]),
        {"note": f"请 @{cast.leader.name} 看。", "task": task.pk},
    )
    page = browser.get(said["Location"])
    tab = next(each for each in page.context["tabs"] if each["current"])

    assert (said.status_code, said["Location"]) == (303, f"{place}?tab=talk")
    assert (str(tab["title"]), tab["count"]) in {("沟通", 1), ("Communication", 1)}
    assert [(note.text, proven) for note, proven in page.context["notes"]] == [
        (f"请 @{cast.leader.name} 看。", True)
    ]
    assert page.context["letters"]
    assert "@" not in "".join(each.text for each in page.context["letters"])


def test_a_refused_note_comes_back_as_it_was_typed(at: At, cast: demo.Cast) -> None:
    task = at("department_review")
    address = reverse("case_note", args=[task.reference])

    said = desk(cast.officer).post(address, {"note": "@查无此人 请看。", "task": task.pk})

    assert said.status_code == 422
    assert "@查无此人 请看。" in said.content.decode()
    assert f'name="task" value="{task.pk}"' in said.content.decode()
    assert not Note.objects.exists()


def test_members_and_the_agency_find_no_such_tab_and_the_auditor_no_form(
    at: At, cast: demo.Cast
) -> None:
    case = at("department_review").case
    notes.write(case, "只在局内说。", by=cast.officer)
    address = reverse("case_file", args=[case.reference]) + "?tab=talk"

    convenor, auditor = (desk(each).get(address) for each in (cast.convenor, cast.auditor))
    refused = desk(cast.auditor).post(reverse("case_note", args=[case.reference]), {"note": "看"})

    assert "只在局内说" not in words(convenor)
    assert convenor.context["tab"] == "answers"
    assert "只在局内说" in words(auditor)
    assert 'name="note"' not in auditor.content.decode()
    assert refused.status_code == 403


def test_a_message_of_a_mention_leads_to_the_notes_of_the_case(at: At, cast: demo.Cast) -> None:
    case = at("department_review").case
    notes.write(case, f"@{cast.leader.name}", by=cast.officer)
    with jobs.gathered():
        messages.told(Job.objects.get(kind="tell", dedupe_key__contains="mentioned"), None)

    page = desk(cast.leader).get(reverse("messages"))

    place = reverse("case_file", args=[case.reference]) + "?tab=talk"
    assert f'href="{place}"' in page.content.decode()


# --- phrases --------------------------------------------------------------------------------------
def test_phrases_are_added_changed_and_taken_away_on_their_page(cast: demo.Cast) -> None:
    browser = desk(cast.officer)
    place = reverse("phrases")

    added = browser.post(place, {"text": "材料齐全。", "node": "screening", "group": ""})
    kept = Phrase.objects.get()
    again = browser.post(place, {"text": "材料齐全。", "node": "screening"})
    long = browser.post(place, {"text": "长" * 501})
    changed = browser.post(
        reverse("phrase", args=[kept.pk]), {"text": "齐全。", "group": "case_officer"}
    )
    shown = words(desk(colleague("顾行知", "case_officer")).get(place))
    gone = browser.post(reverse("phrase_remove", args=[kept.pk]))

    assert (added.status_code, again.status_code, long.status_code) == (303, 409, 422)
    assert changed.status_code == 303
    assert "齐全。" in shown
    assert str(cast.officer) in shown
    assert (gone.status_code, Phrase.objects.count()) == (303, 0)


def test_a_colleagues_phrase_is_theirs_to_change(cast: demo.Cast) -> None:
    other = colleague("顾行知", "case_officer")
    shared = phrases.add(other, "共用。", group="case_officer")
    browser = desk(cast.officer)

    answers = [
        browser.get(reverse("phrase", args=[shared.pk])).status_code,
        browser.post(reverse("phrase", args=[shared.pk]), {"text": "改"}).status_code,
        browser.post(reverse("phrase_remove", args=[shared.pk])).status_code,
    ]

    assert answers == [404, 404, 404]
    assert Phrase.objects.get().text == "共用。"


def test_below_the_opinion_stand_phrases_and_former_opinions_to_copy(
    at: At, cast: demo.Cast
) -> None:
    task = at("department_review")
    phrases.add(User.objects.get(pk=cast.officer.pk), "建议通过。")
    Opinion.objects.create(
        case=task.case, phase="department_review", round=9, by=cast.officer, verdict="pass",
        text="以前写过的意见。", given=clock.now(),
    )  # fmt: skip

    page = claimed(task, cast.officer).get(reverse("task", args=[task.pk]))

    text = page.content.decode()
    assert text.count('data-phrase="') == 2
    assert "<details" in text
    assert "建议通过。" in words(page)
    assert "以前写过的意见。" in words(page)


# --- who has it open ------------------------------------------------------------------------------
def test_a_colleague_who_has_the_task_open_is_named_to_the_next_one(
    at: At, cast: demo.Cast
) -> None:
    task = at("department_review")
    place = reverse("task", args=[task.pk])
    other = colleague("顾行知", "case_officer")

    first = desk(cast.officer).get(place)
    second = desk(other).get(place)

    assert other.name not in words(first)
    assert words(second).count(cast.officer.name) >= 1
    assert Viewing.objects.filter(task=task).count() == 2
