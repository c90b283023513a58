"""Who in the office hears of what others did on a case (interface 4.10)."""

import pytest

from tests.stages.course import Course
from tests.stages.test_evaluation import mark
from tests.stages.test_publication import CLAIM, entry
from workflows import jobs
from workflows.models import Message
from workflows.stages import corrections, publication

pytestmark = pytest.mark.django_db


def heard(kind: str) -> set[str]:
    """The accounts that were told."""
    jobs.run_due()
    return set(Message.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def test_whoever_asked_for_a_correction_hears_that_it_has_come_in(pool_entry: Course) -> None:
    window = pool_entry.cast.window
    item = {"target": "", "reason": "missing_paper", "text": "请补充说明。"}
    corrections.return_once(pool_entry.case, items=[item], by=window)

    corrections.resubmit(
        pool_entry.case, note="已说明", answers={1: "已说明"}, by=pool_entry.signer
    )

    assert heard("correction_in") == {window.username}


def test_the_officer_hears_of_an_objection_and_the_applicant_no_more_than_that(
    pool_entry: Course,
) -> None:
    published = pool_entry.to("notice")

    publication.file_objection(entry(published), **CLAIM)

    assert published.cast.officer.username in heard("objection_filed")
    assert heard("objection_filed").isdisjoint(heard("objected"))


@pytest.mark.parametrize(
    ("totals", "kind"),
    [((80, 81, 82, 83, 84, 85, 86), "scores_in"), ((80, 81, 82, 83, 84, 85, 50), "scores_apart")],
)
def test_the_officer_hears_of_the_last_sheet_and_of_marks_far_apart(
    certification: Course, totals: tuple[int, ...], kind: str
) -> None:
    seated = certification.to("sheet")

    for seat, total in zip(seated.seats, totals, strict=True):
        before = heard(kind)
        mark(seated, seat, total)

    assert before == set()
    assert seated.cast.officer.username in heard(kind)
    assert heard({"scores_in": "scores_apart", "scores_apart": "scores_in"}[kind]) == set()
