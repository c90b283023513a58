"""What stands in an address: from a kind and a name of the table to the parts of the URL."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core import signing

from tests.authorization import letters, projects, schools, world
from tests.authorization.addresses import MISSING
from tests.authorization.world import PAPER, Side
from tests.stages import schooling
from workflows import clock, demo
from workflows.models import (
    Absence,
    Appointment,
    Case,
    Document,
    Edition,
    Event,
    File,
    Intent,
    Job,
    Objection,
    Phrase,
    PublicNotice,
    Rating,
    Round,
    SavedView,
    Seat,
    SiteVisit,
    Upload,
    User,
)
from workflows.stages import absences, contacts, notes, phrases, ratings, saved_views, watching
from workflows.views.public.objections import SALT

Parts = dict[str, Any]
NOBODY = "CJRH-1999-0001"
NO_DIGEST = "0" * 64
CASES = ("draft", "returned", "filed", "decided", "case", "figures", "task_book", "supplement")


@dataclass(frozen=True)
class World:
    """Both sides, and who knocks in each role."""

    sides: Mapping[str, Side]
    people: Mapping[str, User]  # a visitor is nobody

    def case(self, name: str) -> Case:
        """The case the table calls ``ours.sheet``."""
        side, step = name.split(".")
        return self.sides[side].cases[step]

    def parts(self, kind: str, name: str, role: str) -> Parts:
        """The parts of an address for the thing of ``kind`` called ``name``."""
        if not kind:
            return {}
        if name == MISSING:
            return NOT_THERE[kind]
        return THERE[kind](self, name, self.people.get(role))


def built() -> World:
    """The world as the table speaks of it."""
    call = Round.objects.create(
        key="P1-2026",
        programme="enterprise_certification",
        edition=Edition.objects.get(programme="enterprise_certification"),
        title="2026年度",
        opens=clock.start_of(date(2026, 1, 5)),
        closes=clock.end_of(date(2026, 12, 31)),
    )
    ours, theirs = world.ours(call), world.theirs(call)
    called = schooling.call()
    schools.settle(ours, called)
    schools.settle(theirs, called, schools.OTHER)
    projects.settle(ours)
    letters.settle(ours)
    letters.settle(theirs)
    failed = Job.objects.filter(state=Job.State.READY).order_by("pk")[:1]
    Job.objects.filter(pk__in=[job.pk for job in failed]).update(state=Job.State.INCIDENT)
    rated = ours.cases["sheet"].events.get(kind="submitted")
    ratings.rate(rated, level=Rating.Level.DISSATISFIED, remark="等了太久")
    for side in (ours, theirs):
        _send_away(side)
        _write_inside(side)
        _press(side)
    return World({"ours": ours, "theirs": theirs}, _people(ours, theirs))


def _send_away(side: Side) -> None:
    """The window will be away next month; the first reviewer of the district stands in."""
    person, first = side.cast.window, clock.today() + timedelta(days=30)
    absences.announce(
        person, substitute=side.cast.district, starts=first, ends=first, by=person, reason=side.mark
    )


def _write_inside(side: Side) -> None:
    """The office writes a note beside every filed case, and the window keeps a phrase."""
    window, officer = side.cast.window, side.cast.officer
    for case in side.cases.values():
        if case.submitted is not None:
            notes.write(case, f"{world.NOTE_MARK}{side.mark}", by=officer)
    group = f"window:{side.district}"
    window = User.objects.get(pk=window.pk)
    phrases.add(window, f"{side.mark}，齐全。", group=group)
    saved_views.keep(side.mark, queue="mine", query="", group=group, by=window)
    watching.watch(side.cases["acceptance"], by=window)


def _press(side: Side) -> None:
    """The window once pressed one button for several tasks; it was refused."""
    task, moment = side.cases["acceptance"].tasks.earliest("pk"), clock.now()
    Intent.objects.create(
        task=task,
        by=side.cast.window,
        kind="claim",
        told=side.mark,
        batch=side.mark,
        state=Intent.State.REFUSED,
        made=moment,
        due=moment,
        settled=moment,
    )


def _people(ours: Side, theirs: Side) -> dict[str, User]:
    cast, everybody = ours.cast, demo.cast(ours.district)
    idle = User.objects.create(username="expert.idle", name="闲先生")
    Appointment.objects.create(user=idle, role=Appointment.Role.EXPERT, valid_from=demo.SINCE)
    return {
        "clerk": ours.clerk,
        "signer": ours.signer,
        "foreign_clerk": theirs.clerk,
        "window": cast.window,
        "window_elsewhere": theirs.cast.window,
        "district_reviewer": cast.district,
        "department": cast.departments["credit"],
        "department_idle": cast.departments["sasac"],  # asked about state-owned firms only
        "case_officer": cast.officer,
        "leader": cast.leader,
        "finance": cast.finance,
        "agency_manager": cast.agency,
        "issuer": cast.issuer,
        "seal_keeper": cast.seal,
        "expert": cast.experts[0],
        "expert_idle": idle,
        "checker": cast.checkers[0],
        "member": cast.members[0][0],
        "member_idle": everybody.members[-1][0],
        "convenor": cast.convenor,
        "auditor": cast.auditor,
        "operator": cast.operator,
    }


# --- things that are there ------------------------------------------------------------------------
def _case(world: World, name: str, by: User | None) -> Parts:
    return {"reference": world.case(name).reference}


def _section(world: World, name: str, by: User | None) -> Parts:
    return {**_case(world, name, by), "section": "plan"}


def _attached(world: World, name: str, by: User | None) -> Parts:
    file = File.objects.get(case=world.case(name), code=PAPER)
    return {**_case(world, name, by), "code": PAPER, "digest": file.sha256}


def _upload(world: World, name: str, by: User | None) -> Parts:
    upload = Upload.objects.get(case=world.case(name), file=None)
    return {**_case(world, name, by), "key": upload.pk}


def _file(world: World, name: str, by: User | None) -> Parts:
    return {"pk": File.objects.get(case=world.case(name), code=PAPER).pk}


def _task(world: World, name: str, by: User | None) -> Parts:
    open_tasks = world.case(name).tasks.filter(finished=None).order_by("pk")
    return {"pk": open_tasks[0].pk}


def _absence(world: World, name: str, by: User | None) -> Parts:
    return {"pk": Absence.objects.get(user=world.sides[name].cast.window).pk}


def _batch(world: World, name: str, by: User | None) -> Parts:
    return {"batch": world.sides[name].mark}


def _phrase(world: World, name: str, by: User | None) -> Parts:
    return {"pk": Phrase.objects.get(owner=world.sides[name].cast.window).pk}


def _saved_view(world: World, name: str, by: User | None) -> Parts:
    return {"pk": SavedView.objects.get(owner=world.sides[name].cast.window).pk}


def _seat(world: World, name: str, by: User | None) -> Parts:
    seats = Seat.objects.filter(case=world.case(name)).order_by("pk")
    own = seats.filter(expert=by).first() if by else None
    return {"code": (own or seats.last()).code}


def _meeting(world: World, name: str, by: User | None) -> Parts:
    return {"number": world.sides[name.split(".")[0]].meeting.number}


def _objection(world: World, name: str, by: User | None) -> Parts:
    objection = Objection.objects.get(entry__case=world.case(name))
    return {**_case(world, name, by), "number": objection.number, "position": 1}


def _receipt(world: World, name: str, by: User | None) -> Parts:
    objection = Objection.objects.get(entry__case=world.case(name))
    told = {"number": objection.number, "due": objection.due.isoformat()}
    return {"receipt": signing.dumps(told, salt=SALT)}


def _contact(world: World, name: str) -> Event:
    return world.case(name).events.get(kind="submitted")


def _document(world: World, name: str, by: User | None) -> Parts:
    kinds = {"ours.granted": "pool_notice", "ours.sheet": "receipt"}
    kind = kinds.get(name, "correction_notice")
    return {"code": Document.objects.get(case=world.case(name), kind=kind).code}


def _visit(world: World, name: str, by: User | None) -> Parts:
    return {"pk": SiteVisit.objects.get(case=world.case(name)).pk, "number": 1}


def _group(world: World, name: str, by: User | None) -> Parts:
    call = Round.objects.filter(programme="benchmark_school").latest("pk")
    return {"call": call.key, "procedure": "recognition", "code": name}


def _notice(world: World, name: str, by: User | None) -> Parts:
    return {"slug": PublicNotice.objects.get(entries__case=world.case(name)).slug}


def _org(world: World, name: str, by: User | None) -> Parts:
    return {"uscc": world.case(name).applicant.uscc}


THERE: Mapping[str, Callable[[World, str, User | None], Parts]] = {
    **dict.fromkeys(CASES, _case),
    "section": _section,
    "attached": _attached,
    "attached_page": lambda world, name, by: {**_attached(world, name, by), "number": 1},
    "upload": _upload,
    "versions": lambda world, name, by: {**_case(world, name, by), "earlier": 1, "later": 2},
    "file": _file,
    "page": lambda world, name, by: {**_file(world, name, by), "number": 1},
    **dict.fromkeys(["task", "assignable"], _task),
    "absence": _absence,
    "phrase": _phrase,
    "batch": _batch,
    "saved_view": _saved_view,
    "headed": lambda world, name, by: {"group": name},
    **dict.fromkeys(["seat", "data_seat"], _seat),
    "seat_file": lambda world, name, by: {**_seat(world, name, by), "number": 1},
    "meeting": _meeting,
    "item": lambda world, name, by: {**_meeting(world, name, by), **_case(world, name, by)},
    "objection": _objection,
    "receipt": _receipt,
    "paper": _document,
    "code": _document,
    "contact": lambda world, name, by: {"token": contacts.token(_contact(world, name).pk)},
    "rating": lambda world, name, by: {"pk": _contact(world, name).rating.pk},
    **dict.fromkeys(["org", "managed"], _org),
    **letters.THERE,
    "visit": _case,
    "flow": _case,
    "photo": _visit,
    "notice": _notice,
    "programme": lambda world, name, by: {"programme": name},
    "round": lambda world, name, by: {"key": name},
    "group": _group,
    "queue": lambda world, name, by: {"queue": name},
    "statistics": lambda world, name, by: {"table": name},
    "job": lambda world, name, by: {"pk": Job.objects.get(state=Job.State.INCIDENT).pk},
}

# --- things that are not --------------------------------------------------------------------------
_NO_CASE: Parts = {"reference": NOBODY}
_NO_KEY: Parts = {"pk": 999_999_999}
_NO_CODE: Parts = {"code": "NOSUCHCODE"}
NOT_THERE: Mapping[str, Parts] = {
    **dict.fromkeys(CASES, _NO_CASE),
    "section": {**_NO_CASE, "section": "plan"},
    "versions": {**_NO_CASE, "earlier": 1, "later": 2},
    "attached": {**_NO_CASE, "code": PAPER, "digest": NO_DIGEST},
    "attached_page": {**_NO_CASE, "code": PAPER, "digest": NO_DIGEST, "number": 1},
    "upload": {**_NO_CASE, "key": "00000000-0000-4000-8000-000000000000"},
    "file": _NO_KEY,
    "page": {**_NO_KEY, "number": 1},
    **dict.fromkeys(["task", "assignable", "absence", "phrase", "saved_view"], _NO_KEY),
    "headed": {"group": "no-such-group"},
    "batch": {"batch": "gone"},
    **dict.fromkeys(["seat", "data_seat"], _NO_CODE),
    "seat_file": {**_NO_CODE, "number": 1},
    "meeting": {"number": "1999-01"},
    "item": {"number": "1999-01", **_NO_CASE},
    "objection": {**_NO_CASE, "number": "YY-1999-001-1-1", "position": 1},
    "receipt": {"receipt": "forged"},
    "paper": _NO_CODE,
    "code": _NO_CODE,
    "contact": {"token": "1:forged"},
    "rating": _NO_KEY,
    "org": {"uscc": "91310115MAYY1A0104"},
    "managed": {"uscc": "91310115MAYY1A0104"},
    **dict.fromkeys(["member", "invitation", "registration", "kept"], _NO_KEY),
    "reused": {**_NO_CASE, "code": PAPER, **_NO_KEY},
    "token": {"token": "forged"},
    "evidence": {**_NO_KEY, "paper": "licence"},
    "visit": _NO_CASE,
    "flow": _NO_CASE,
    "photo": {**_NO_KEY, "number": 1},
    "notice": {"slug": "1999-001"},
    "programme": {"programme": "no-such-programme"},
    "round": {"key": "no-such-round"},
    "group": {"call": "no-such-round", "procedure": "recognition", "code": "higher"},
    "queue": {"queue": "no-such-queue"},
    "statistics": {"table": "no-such-table"},
    "job": {"pk": "00000000-0000-4000-8000-000000000000"},
    "reset": {"uidb36": "zz", "key": "no-such-key"},
}
