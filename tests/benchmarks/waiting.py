"""A house of its own with pages to visit: a draft, and an inbox as full as a page of it gets.

Run as ``python -m tests.benchmarks.waiting`` with the environment of that house; says on one line
where each page is and with which session.
"""

import json
from copy import copy
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import django

django.setup()

from django.core.management import call_command  # noqa: E402 -- needs the applications
from django.urls import reverse  # noqa: E402

from tests.faults.drafting import MONDAY, session  # noqa: E402
from tests.views.applicant.drafts import begun  # noqa: E402
from tests.views.desk.conftest import filed, made  # noqa: E402
from workflows import clock, demo, jobs  # noqa: E402
from workflows.models import Job, Organisation, Task, User  # noqa: E402
from workflows.stages import desk  # noqa: E402
from workflows.views.desk.queues import PER_PAGE  # noqa: E402

SECTION = "integration"  # rows to fill in: the heaviest page


def main() -> None:
    """Make the house, and say where its pages are."""
    for command in ("migrate", "load_working_days", "publish_editions"):
        call_command(command, stdout=StringIO())
    with clock.at(MONDAY):
        draft = begun()
    demo.load()
    others = Organisation.objects.filter(kind="enterprise").exclude(pk=draft.applicant_id)
    applicant = others.exclude(district="").earliest("pk")
    finish = jobs._handlers["issue_document"].finish
    with patch.dict(jobs._handlers, issue_document=jobs.Handler(finish, made)):
        case = filed(applicant, "acceptance")
    for job in Job.objects.filter(kind="draw_pages"):  # a worker's, done when papers come in
        jobs.run_one(job.pk)
    window = demo.cast(case.district).window
    task = fill(Task.objects.get(case=case, node="acceptance", finished=None), window)
    clerk, reader = session(demo.clerk(draft.applicant)), session(window)
    pages = {
        "section": (reverse("case_section", args=[draft.reference, SECTION]), clerk),
        "inbox": (reverse("tasks"), reader),
        "task": (reverse("task", args=[task.pk]), reader),
    }
    print(json.dumps(pages))  # noqa: T201 -- the benchmark reads it


def fill(task: Task, owner: User) -> Task:
    """Put ``task`` and as many beside it as a page has into the hands of ``owner``."""
    desk.claim(task, by=owner)
    task = Task.objects.get(pk=task.pk)
    for number in range(PER_PAGE):
        other = copy(task)
        other.pk, other._state.adding = None, True
        other.unit, other.reference = f"{number}", f"CJRH-2026-{number:04}"
        other.applicant = f"上海第{number}精密制造有限公司"
        other.due = clock.today() + timedelta(days=number // 3)
        other.save()
    return task


if __name__ == "__main__":
    main()
