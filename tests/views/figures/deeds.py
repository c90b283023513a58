"""What is done and read in these tests."""

from tests.programmes.benchmark_school import cohort
from tests.stages.schooling import Schooling
from tests.views.public.addresses import at, browser
from workflows.models import Task, User
from workflows.stages import desk

LOWER = {"I24-finding": "corrected", "I24-value": "4,210", "I24-reason": "课表只证明4210课时"}


FOUND = {"I24": {"finding": "corrected", "value": "4210", "reason": "课表只证明4210课时"}}


def sheet(**changes: str) -> dict[str, str]:
    """What the page posts: everything confirmed but ``changes``."""
    return {f"{code}-finding": "confirmed" for code in cohort.CAOJIANG.values} | changes


def task(school: Schooling, node: str, by: User) -> Task:
    """The open task of ``node``, claimed by ``by``."""
    found = Task.objects.get(case=school.case_key, node=node, finished=None)
    desk.claim(found, by=by)
    return found


def decide(school: Schooling, node: str, by: User, **given: object) -> int:
    """Press a button of the decision that ``node`` asks for."""
    found = task(school, node, by)
    return browser(by).post(at("task_decide", found.pk), given).status_code
