"""The head shares work: groups with their people's load, one task given, or all by rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from workflows import clock, districts
from workflows.errors import CaseError, NobodyChosen
from workflows.models import Appointment, Distribution, Edition, Task, User
from workflows.stages import assigning, desk
from workflows.stages.assigning import Load
from workflows.stages.groups import BY_DISTRICT, LENT
from workflows.stages.law import NEW
from workflows.views import nodes
from workflows.views.desk import reach
from workflows.views.desk.listing import light
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

HEAD = "leader"
PER_PAGE = 50


@dataclass(frozen=True)
class Group:
    """One group with what waits in it."""

    code: str
    title: str
    waiting: int
    open: int
    overdue: int
    by_rule: bool


# --- groups -------------------------------------------------------------------------------------
@office(HEAD)
@require_safe
def sharing(request: KnownRequest) -> HttpResponse:
    """Every group with open tasks: how many wait, how many are late, whether the rule deals."""
    today = clock.today()
    rules = dict(Distribution.objects.values_list("group", "on"))
    counted = (
        _tasks(request.user)
        .order_by()
        .values("candidate")
        .annotate(
            open=Count("pk"),
            waiting=Count("pk", filter=Q(status=NEW)),
            overdue=Count("pk", filter=Q(due__lt=today, paused=False)),
        )
    )
    names = departments()
    groups = [
        Group(
            row["candidate"],
            title(row["candidate"], names),
            row["waiting"],
            row["open"],
            row["overdue"],
            rules.get(row["candidate"], False),
        )
        for row in counted.order_by("candidate")
    ]
    return render(request, "workflows/desk/sharing.html", {"groups": groups})


@office(HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def sharing_group(request: KnownRequest, group: str) -> HttpResponse:
    """The people of a group with their load, its open tasks, and the switch of the rule."""
    if not _known(request.user, group):
        raise Http404
    if request.method == "POST":
        on = request.POST.get("rule") == "on"
        assigning.switch(group, on=on, by=request.user)
        said = gettext("Tasks are dealt out by rule") if on else gettext("The rule is switched off")
        messages.success(request, said)
        return reach.see_other("sharing_group", group)
    found = _tasks(request.user).filter(candidate=group).select_related("owner", "case")
    page = Paginator(found.order_by(F("due").asc(nulls_last=True), "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    values = {
        "group": group,
        "title": title(group),
        "loads": assigning.loads(group),
        "page": page,
        "rows": [(each, nodes.title(each), light(each)) for each in page],
        "by_rule": Distribution.objects.filter(group=group, on=True).exists(),
    }
    return render(request, "workflows/desk/sharing_group.html", values)


def _scopes(user: User) -> set[str]:
    return {each.scope for each in user.offices if each.role == HEAD}


def _known(user: User, group: str) -> bool:
    """Whether the reader heads ``group``, and somebody may belong to it."""
    role, _, scope = group.partition(":")
    if role not in LENT or not _scopes(user) & {"", scope}:
        return False
    held = Appointment.objects.filter(role=role, scope__in=[scope, ""])
    return held.exists() or Task.objects.filter(candidate=group).exists()


def _tasks(user: User) -> QuerySet[Task]:
    """The open tasks of the groups the reader heads."""
    of_roles = Q(candidate__in=LENT)
    for role in LENT:
        of_roles |= Q(candidate__startswith=f"{role}:")
    found: QuerySet[Task] = Task.objects.filter(of_roles, finished=None)
    scopes = _scopes(user)
    if "" in scopes:
        return found
    local = Q(candidate__in=BY_DISTRICT)
    for role in BY_DISTRICT:
        local |= Q(candidate__startswith=f"{role}:")
    own = Q(candidate__in=[f"{role}:{scope}" for role in LENT for scope in scopes])
    return found.filter(own | (local & Q(case__district__in=scopes)))


def title(group: str, names: Mapping[str, str] | None = None) -> str:
    """What a group is called: its office, and its district or department.

    ``names`` are those of the departments; the editions are asked for them unless given.
    """
    role, _, scope = group.partition(":")
    office = str(dict(Appointment.Role.choices).get(role, role))
    if role == Appointment.Role.DEPARTMENT and scope:
        called = (departments() if names is None else names).get(scope, scope)
    else:
        called = districts.called(scope)
    return f"{office} {called}".strip()


def departments() -> dict[str, str]:
    """What the newest editions call the departments; one statement."""
    return {
        each.code: str(each.title)
        for edition in Edition.objects.defer("content").order_by("published", "pk")
        for procedure in edition.shape.procedures.values()
        for each in procedure.departments
    }


# --- one task -------------------------------------------------------------------------------------
@office(HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def task_assign(request: KnownRequest, pk: int) -> HttpResponse:
    """Give a task to one of its group, with everybody's load in sight."""
    found = get_object_or_404(_tasks(request.user).select_related("owner"), pk=pk)
    related = ("edition", "applicant", "round")
    cases = reach.cases(request.user).select_related(*related)
    found.case = get_object_or_404(cases, pk=found.case_id)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            given = _assign(request, found)
        except CaseError as error:
            refusal, status = sentence(error), error.status
        else:
            done = gettext("%(name)s has the task now") % {"name": given.owner}
            messages.success(request, done)
            return reach.see_other("sharing_group", found.candidate)
    values = {
        "task": found,
        "case": found.case,
        "step": nodes.title(found),
        "title": title(found.candidate),
        "free": desk.is_free(found),
        "people": _people(found, assigning.loads(found.candidate)),
        "chosen": request.POST.get("to", ""),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
    }
    return render(request, "workflows/desk/assign.html", values, status=status)


def _assign(request: KnownRequest, found: Task) -> Task:
    to, seen = (request.POST.get(name, "") for name in ("to", "seen"))
    person = User.objects.filter(pk=to).first() if to.isdecimal() and len(to) < 19 else None
    if person is None:
        raise NobodyChosen
    return assigning.assign(
        found,
        to=person,
        by=request.user,
        reason=request.POST.get("reason", "")[:200],
        seen=int(seen) if seen.isdecimal() and len(seen) < 19 else None,
    )


def _people(task: Task, loads: Iterable[Load]) -> list[dict[str, Any]]:
    barred = assigning.bars([task])[task.pk]
    return [
        {
            "load": each,
            "away": each.is_away(task),
            "barred": each.person.pk in barred,
            "has": each.person.pk == task.owner_id,
        }
        for each in loads
    ]
