"""What every page's frame needs: where this reader may go, and how they like to read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows.models import Message, User
from workflows.stages import vetting
from workflows.views import posts, preferences

OFFICE = {
    "window",
    "district_reviewer",
    "department_reviewer",
    "case_officer",
    "leader",
    "finance",
    "agency_manager",
    "issuer",
    "seal_keeper",
}
CONFERENCE = {"member", "convenor"}
PANEL = {"expert", "checker"}
APPLICANT = {"applicant_clerk", "applicant_signer", "applicant_owner"}


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the house: its URL name, and the pages that count as being inside it."""

    name: str
    title: str | Promise
    icon: str = ""
    within: tuple[str, ...] = ()
    roles: set[str] | None = None  # None: everybody
    queue: str = ""
    due: str = ""  # the part of the queue that is meant
    key: str = ""
    waiting: str = ""  # the property of the navigation that counts what waits there

    @property
    def counted(self) -> str:
        """The key of the number that pages of the desk show beside it."""
        return self.due or self.queue


@dataclass(frozen=True, slots=True)
class Entry:
    """A link as this request shows it; ``current`` is an ``aria-current`` value.

    ``waiting`` counts what waits there when a page asks for it; None where nothing is counted.
    """

    title: str | Promise
    url: str
    icon: str
    queue: str
    key: str
    current: str
    waiting: Callable[[], int] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of the staff rail under one heading."""

    title: str | Promise
    entries: list[Entry] = field(default_factory=list)


NOTICES = Link("notices", _("Public notices"), within=("notice", "objection", "objection_filed"))
GUIDE = Link("guide", _("Guide"), within=("guide_programme", "rounds", "round", "challenges"))
DESK = OFFICE | CONFERENCE | PANEL  # whoever may have a task
CASES = Link(
    "cases", _("Register of cases"), "building", ("case_file",), OFFICE | CONFERENCE | {"auditor"}
)
CALLS = Link(
    "calls",
    _("Rounds"),
    "calendar",
    ("call", "call_new", "call_change", "call_challenge"),
    {"case_officer", "leader"},
)
MEETINGS = Link(
    "meetings", _("Meetings"), "gavel", ("meeting",), {"case_officer", "leader", *CONFERENCE}
)
RANKINGS = Link(
    "rankings",
    _("Rankings"),
    "chart",
    ("ranking",),
    {"case_officer", "leader", "finance", "auditor"},
)
ABSENCES = Link("absences", _("Absences"), "clock", roles=OFFICE)
PHRASES = Link("phrases", _("Phrases"), "copy", ("phrase",), OFFICE)
SHARING = Link("sharing", _("Work sharing"), "users", ("sharing_group", "task_assign"), {"leader"})
RATINGS = Link("ratings", _("Ratings"), "medal", ("rating",), {"leader"})
REGISTRATIONS = Link(
    "registrations",
    _("Registrations"),
    "users",
    ("registration",),
    set(vetting.DESKS),
    waiting="registrations",
)
STATS = Link("stats", _("Statistics"), "chart", roles={"auditor", "case_officer", "leader"})
AUDIT = Link("audit", _("Audit"), "shield", ("audit_case",), {"auditor"})

PUBLIC = (
    Link("home", _("Home")),
    GUIDE,
    NOTICES,
    Link("directory", _("Register of titles"), within=("projects", "void_numbers")),
    Link("progress", _("Progress enquiry")),
    Link("verify", _("Verify a certificate"), within=("verify_file", "certificate_check")),
)
WORKSPACE = (
    Link(
        "workspace",
        _("Workspace"),
        within=(
            "apply",
            "case",
            "case_discard",
            "case_section",
            "case_files",
            "case_file_keep",
            "case_partners",
            "case_check",
            "case_submit",
            "case_receipt",
            "case_progress",
            "case_correction",
            "case_offer",
            "case_withdraw",
        ),
        roles=APPLICANT,
    ),
    Link("partnerships", _("Partnerships"), within=("partnership",), roles=APPLICANT),
    Link(
        "library",
        _("Library"),
        within=("library_paper", "library_new"),
        roles=APPLICANT,
    ),
    Link("certificates", _("Certificates"), roles=APPLICANT),
    Link("messages", _("Messages")),
    Link(
        "org_members",
        _("Members"),
        within=(
            "organisations",
            "org_new",
            "org_profile",
            "org_name",
            "org_invite",
            "org_hand_over",
            "org_leave",
            "member_remove",
        ),
        roles=APPLICANT,
    ),
    NOTICES,
    GUIDE,
)
EXPERT = (Link("evaluations", _("My evaluations"), "scale", ("evaluation",)),)
AGENDA = Link("commission", _("My agenda"), "gavel", ("commission_item",), CONFERENCE)
COMMISSION = (AGENDA, MEETINGS, AUDIT, CASES, STATS)
GROUPS = _("My groups")  # the heading of their lists, unless the reader has one group only
INBOX = ("task", "task_snooze", "saved_views", "saved_view", "saved_view_new")
STAFF = (
    (
        _("My tasks"),
        (
            Link("tasks", _("Inbox"), "inbox", INBOX, DESK, queue="mine", key="g i"),
            Link("tasks_queue", _("Watched"), "eye", roles=DESK, queue="watching"),
            Link("tasks_queue", _("Snoozed"), "pause", roles=DESK, queue="snoozed"),
            Link("tasks_queue", _("Finished tasks"), "archive", roles=DESK, queue="done"),
            PHRASES,
            ABSENCES,
        ),
    ),
    (
        GROUPS,
        (
            Link("tasks_queue", _("Unclaimed"), "list", roles=DESK, queue="unclaimed", key="g q"),
            Link("tasks_queue", _("All of my groups"), "users", roles=DESK, queue="team"),
            Link(
                "tasks_queue",
                _("Near and overdue"),
                "warning",
                roles=DESK,
                queue="team",
                due="near",
            ),
        ),
    ),
    (
        _("Registers"),
        (
            CASES,
            REGISTRATIONS,
            CALLS,
            RANKINGS,
            MEETINGS,
            Link(
                "evaluations",
                _("Evaluations"),
                "scale",
                ("evaluation",),
                {"agency_manager", "case_officer", "leader"},
            ),
        ),
    ),
    (
        _("Oversight"),
        (
            STATS,
            AUDIT,
            SHARING,
            RATINGS,
            Link("jobs", _("Background jobs"), "database", roles={"operator", "leader"}),
            Link(
                "operations",
                _("Flows of cases"),
                "sort",
                ("case_operation",),
                {"operator", "leader"},
            ),
            Link("outages", _("Outages"), "warning", roles={"operator", "leader"}),
        ),
    ),
)
HOMES = (
    (OFFICE, "tasks"),
    (CONFERENCE, "meetings"),
    (PANEL, "evaluations"),
    ({"auditor"}, "audit"),
    ({"operator"}, "jobs"),
    (APPLICANT, "workspace"),
)


class Navigation:
    """Where one reader may go; roles are read once, and only when a page asks for them."""

    def __init__(self, request: HttpRequest) -> None:
        """Keep the request; nothing is looked up yet."""
        self.request = request

    @cached_property
    def roles(self) -> set[str]:
        """The codes of the roles the reader holds today; none for a visitor."""
        user = getattr(self.request, "user", None)
        return user.roles() if user is not None and user.is_authenticated else set()

    @cached_property
    def home(self) -> str:
        """The page where this reader's work begins."""
        for roles, name in HOMES:
            if self.roles & roles:
                return reverse(name)
        user = getattr(self.request, "user", None)  # whoever has no role may register
        return reverse("organisations" if user and user.is_authenticated else "home")

    @property
    def searches(self) -> bool:
        """Whether the search box would find the reader anything."""
        return not self.roles.isdisjoint(OFFICE | CONFERENCE | {"auditor"})

    @property
    def unread(self) -> int:
        """How many messages the reader has not read, for the bell."""
        return self._waiting[0]

    @property
    def registrations(self) -> int:
        """How many registrations wait for the reader's desk, for its rail."""
        return self._waiting[1]

    @cached_property
    def _waiting(self) -> tuple[int, int]:
        """Messages and registrations, counted by one statement a page."""
        user = self.request.user
        assert isinstance(user, User), "a visitor is waited for by nothing"
        unread = Message.objects.filter(recipient=user, read=None)
        if self.roles.isdisjoint(vetting.DESKS):
            return unread.count(), 0
        asked = vetting.readable(user).filter(decided=None)
        numbers = User.objects.values_list(_number(unread), _number(asked))
        counted: tuple[int, int] = numbers.get(pk=user.pk)
        return counted

    @cached_property
    def public(self) -> list[Entry]:
        """The masthead of the public pages."""
        return list(self._entries(PUBLIC))

    @cached_property
    def applicant(self) -> list[Entry]:
        """The masthead of an applicant's pages."""
        return list(self._entries(WORKSPACE))

    @cached_property
    def expert(self) -> list[Entry]:
        """The pages of an expert or checker."""
        return list(self._entries(EXPERT))

    @cached_property
    def commission(self) -> list[Entry]:
        """The tabs of the conference and of the auditor."""
        return list(self._entries(COMMISSION))

    @cached_property
    def staff(self) -> list[Group]:
        """The rail of the review desk; headings without entries are left out."""
        groups = [Group(self._heading(title), list(self._entries(links))) for title, links in STAFF]
        return [group for group in groups if group.entries]

    def _heading(self, title: str | Promise) -> str | Promise:
        if title is not GROUPS:
            return title
        return posts.only(getattr(self.request.user, "offices", ())) or title

    def _entries(self, links: Iterable[Link]) -> Iterator[Entry]:
        for link in links:
            if link.roles is not None and not link.roles & self.roles:
                continue
            address = self._address(link)
            if address is not None:
                current = self._current(link)
                waiting = partial(getattr, self, link.waiting) if link.waiting else None
                yield Entry(
                    link.title, address, link.icon, link.counted, link.key, current, waiting
                )

    def _address(self, link: Link) -> str | None:
        """Return the link's address, or None where this installation does not serve the page."""
        kwargs = {"queue": link.queue} if link.name == "tasks_queue" else {}
        try:
            address = reverse(link.name, kwargs=kwargs)
        except NoReverseMatch:
            return None
        return f"{address}?due={link.due}" if link.due else address

    def _current(self, link: Link) -> str:
        here = self.request.resolver_match
        if here is None:
            return ""
        if here.url_name == link.name:
            near = link.queue == "team" and self.request.GET.get("due") == "near"
            shown = here.kwargs.get("queue", link.queue), "near" if near else ""
            return "page" if shown == (link.queue, link.due) else ""
        return "true" if here.url_name in link.within else ""


def _number(found: QuerySet[Any]) -> Coalesce:
    """How many there are, as a value of another statement."""
    whole = found.order_by().annotate(whole=Value(1)).values("whole")
    return Coalesce(Subquery(whole.annotate(number=Count("pk")).values("number")), 0)


def shell(request: HttpRequest) -> dict[str, object]:
    """Give every template its navigation and the reader's own settings."""
    return {
        "nav": Navigation(request),
        "text_size": request.COOKIES.get("text_size", ""),
        "shortcuts": preferences.shortcuts_of(request),
        "demo": settings.HENG_DEMO,
    }
