"""What lies in a case, tab by tab: each tab reads only what it shows."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows.models import (
    Case,
    Document,
    Event,
    Membership,
    Opinion,
    Seat,
    SiteVisit,
    Snapshot,
    Submission,
    Task,
    User,
)
from workflows.models.case import State
from workflows.stages import verification, worksheets
from workflows.views import trail
from workflows.views.applicant.account import Account, account
from workflows.views.applicant.defence import told
from workflows.views.applicant.supplements import asked
from workflows.views.desk import beside, companions, discretion, money, reach, talk
from workflows.views.desk.decisions import offered
from workflows.views.desk.decisions.checklist import Checklist
from workflows.views.desk.decisions.figures import asked_for
from workflows.views.desk.dossier import Dossier
from workflows.views.desk.evidence import Paper
from workflows.views.figures import levels, lines
from workflows.views.versions import Comparison, compare


@dataclass(frozen=True)
class View:
    """One reader's look at one case."""

    dossier: Dossier
    user: User
    asked: QueryDict
    task: Task | None = None  # open, and the reader's to decide

    @property
    def case(self) -> Case:
        """The case."""
        return self.dossier.case

    @property
    def filed(self) -> Submission:
        """What was filed last."""
        return self.dossier.filed

    @property
    def checklist(self) -> type[Checklist] | None:
        """The checklist the task has beside the case."""
        kinds = offered.for_task(self.task) if self.task else ()
        return next((kind for kind in kinds if issubclass(kind, Checklist)), None)

    @property
    def seen(self) -> list[int]:
        """The papers the reader has ticked as looked at, of those filed."""
        if self.task is None:
            return []
        ticked = self.dossier.sheet(self.task, self.user).get(worksheets.SEEN, [])
        return [paper.file.pk for paper in self.dossier.papers if paper.file.pk in ticked]

    @property
    def notes(self) -> int:
        """How many notes the office has written beside the case."""
        read = beside.known(self.task, "note_count")
        return talk.count(self.case) if read is None else int(read)

    @cached_property
    def changed(self) -> Comparison:
        """The newest submission beside the one before."""
        before = self.case.submissions.get(number=self.filed.number - 1)
        return compare(self.case, before, self.filed)

    @property
    def insider(self) -> bool:
        """Whether the reader knows the evaluators by name."""
        return self.user.holds(*reach.INSIDERS)

    @cached_property
    def talks(self) -> bool:
        """Whether the reader reads what the office says among itself."""
        return talk.offered(self.case, self.user)


# --- tabs ---------------------------------------------------------------------------------------
def _answers(view: View) -> dict[str, Any]:
    frozen = Snapshot.objects.filter(submission__case=view.case)
    applicant = frozen.order_by("-submission__number").first()
    basis = applicant.signer.get("basis", "") if applicant else ""
    return {
        "transcript": view.filed.transcript,
        "applicant": applicant,
        "basis": dict(Membership.Basis.choices).get(basis, ""),
    }


def _files(view: View) -> dict[str, Any]:
    """The filed papers, one of them open at a page."""
    found = view.dossier.papers
    paper, page = _opened(view, found)
    place = found.index(paper) if paper else 0
    return {
        "papers": found,
        "paper": paper,
        "page": page,
        "before": found[place - 1] if place else None,
        "after": found[place + 1] if place + 1 < len(found) else None,
        "seen": view.seen,
        "ticks": view.task is not None,
    }


def _opened(view: View, found: Sequence[Paper]) -> tuple[Paper | None, int]:
    """The paper and page asked for; where none is, those of the reader's first open check."""
    chosen = view.asked.get("doc", "")
    paper = next((each for each in found if str(each.file.pk) == chosen), None)
    if paper is None and view.task is not None and view.task.owner_id == view.user.pk:
        kind = view.checklist
        opened = kind(view.dossier, view.user, task=view.task).opens_at() if kind else None
        if opened is not None:
            return opened
    paper = paper or (found[0] if found else None)
    return paper, _page(view.asked, paper)


def _filed(view: View) -> str:
    """How many papers were filed, and how many of them the reader has looked at."""
    total = len(view.filed.files)
    return f"{len(view.seen)} / {total}" if view.task is not None and total else str(total)


def _page(asked: QueryDict, paper: Paper | None) -> int:
    number, most = asked.get("p", "1"), paper.pages if paper else 1
    wanted = int(number[:9]) if number.isdecimal() else 1
    return min(max(wanted, 1), most)


def _changes(view: View) -> dict[str, Any]:
    """The newest submission beside the one before."""
    return {"found": view.changed}


def _opinions(view: View) -> dict[str, Any]:
    """Every opinion on file, and the one correction notice with its answers."""
    names = {each.code: str(each.title) for each in view.case.procedure.departments}
    given = view.case.opinions.select_related("by")
    return {
        "opinions": [
            {
                "office": names.get(each.unit, each.get_phase_display()),
                "by": gettext("Evaluator") if _hides(view, each) else each.by,
                "opinion": each,
            }
            for each in given
        ],
        "correction": getattr(view.case, "correction", None),
    }


def _hides(view: View, opinion: Opinion) -> bool:
    return opinion.phase == Opinion.Phase.CHECK and not view.insider


def _marks(view: View) -> dict[str, Any]:
    """The sheets of every round; who filled them is for insiders, marks for all once it closed."""
    seats = Seat.objects.filter(case=view.case, node="sheet").select_related("expert")
    return {
        "seats": seats,
        "insider": view.insider,
        "closed": view.case.stands != State.EVALUATING,
        "criteria": view.case.procedure.evaluation.rubric,
    }


def _visits(view: View) -> dict[str, Any]:
    """What was found on site, round by round."""
    found = SiteVisit.objects.filter(case=view.case).select_related("first", "second")
    return {"visits": found.order_by("-round"), "visits_here": view.user.holds(*reach.VISITORS)}


def _figures(view: View) -> dict[str, Any]:
    """Every revision of the checked figures, the newest open."""
    revisions = list(view.case.figures.order_by("-revision"))
    seats = Seat.objects.filter(case=view.case, node=verification.NODE)
    return {
        "seats": seats.select_related("expert"),
        "insider": view.insider,
        "asked": asked_for(view.case),
        "revisions": [
            {
                "revision": each,
                "open": each is revisions[0],
                "levels": list(levels(view.case, lines(view.case, each.values, each.contested))),
            }
            for each in revisions
        ],
    }


def _has_figures(view: View) -> bool:
    checks = view.case.procedure.verification is not None
    return checks and view.case.evaluation_round > 0


def _papers(view: View) -> dict[str, Any]:
    """Papers issued, and what the applicant was told."""
    return {
        "documents": Document.objects.filter(case=view.case).order_by("-pk"),
        "letters": talk.letters(view.case),
    }


def _timeline(view: View) -> dict[str, Any]:
    made = trail.entries(Event.objects.filter(case=view.case), labels=trail.labels(view.case))
    wordless = discretion.wordless(view.case, view.user, talks=view.talks)
    shown = (discretion.discreet(each, wordless, insider=view.insider) for each in made)
    return {"events": [trail.with_findings(each) for each in shown]}


# --- all of them --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Tab:
    """One tab: what it is called, what it reads, and when there is something to see."""

    title: str | Promise
    load: Callable[[View], dict[str, Any]]
    offered: Callable[[View], bool] = lambda view: True
    count: Callable[[View], int | str | None] = lambda view: None


CHECKED = _("Papers and checks")  # the papers' tab with a checklist beside it
TABS: Mapping[str, Tab] = {
    "answers": Tab(_("Answers"), _answers),
    "files": Tab(_("Filed papers"), _files, count=_filed),
    "changes": Tab(
        _("Changes"),
        _changes,
        lambda view: view.filed.number > 1,
        lambda view: view.changed.count,
    ),
    "opinions": Tab(_("Opinions"), _opinions),
    "talk": Tab(
        _("Communication"),
        lambda view: talk.talk(view.case, view.user),
        lambda view: view.talks,
        lambda view: view.notes,
    ),
    "supplements": Tab(
        _("Supplementary material"),
        lambda view: {"asked": asked(view.case)},
        lambda view: view.case.accepted is not None and view.case.supplements.exists(),
    ),
    "defences": Tab(
        _("Statement and defence"),
        lambda view: {"told": told(view.case)},
        lambda view: view.case.accepted is not None and view.case.defences.exists(),
    ),
    "marks": Tab(_("Marks"), _marks, lambda view: view.case.evaluation_round > 0),
    "visits": Tab(
        _("On-site check"),
        _visits,
        lambda view: view.case.procedure.visit is not None and view.case.evaluation_round > 0,
    ),
    "partners": Tab(
        _("Partners"),
        lambda view: companions.partners(view.case),
        lambda view: view.case.procedure.joint is not None,
    ),
    "likeness": Tab(
        _("Likenesses"),
        lambda view: companions.likenesses(view.case),
        lambda view: view.user.holds(*companions.READERS),
    ),
    "figures": Tab(_("Checked figures"), _figures, _has_figures),
    "money": Tab(
        _("Money"),
        lambda view: money.facts(view.case),
        lambda view: view.case.procedure.funding is not None,
    ),
    "papers": Tab(_("Papers and messages"), _papers),
    "timeline": Tab(_("Timeline"), _timeline),
}


# What a step's decision rests on, the nearest first; elsewhere a page begins with the answers.
RESULTS = ("figures", "marks", "opinions")
BEGINNINGS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("proposal", "endorsement", "tabling", "publication", "sealing"), RESULTS),
    "signing": ("defences", *RESULTS),
    "settlement": ("figures",),
    "task_book": ("money",),
}


def _beginning(view: View, shown: Collection[str]) -> str:
    """The tab that opens by itself: the papers beside a checklist, or what the step rests on."""
    if view.task is None or view.checklist:
        return "files" if view.checklist else "answers"
    unmarked = view.case.procedure.evaluation.kind == "checks"  # passed or failed: among opinions
    wanted = BEGINNINGS.get(view.task.node, ())
    near = (code for code in wanted if code in shown and not (code == "marks" and unmarked))
    return next(near, "answers")


def contents(
    dossier: Dossier,
    user: User,
    asked: QueryDict,
    *,
    place: str,
    first: str = "",
    task: Task | None = None,
) -> dict[str, Any]:
    """What the page at ``place`` shows of a case: the tabs, the open one, and all it needs.

    ``task`` is the one the page is about: while it is open, its reader's worksheet counts what
    they have looked at, and a checklist begins beside the papers.
    """
    view = View(dossier, user, asked, task if task and task.finished is None else None)
    shown = {code: tab for code, tab in TABS.items() if tab.offered(view)}
    first = first or _beginning(view, shown)
    chosen = asked.get("tab", first)
    chosen = chosen if chosen in shown else first
    kept = {key: value for key, value in asked.items() if key not in ("tab", "doc", "p")}
    return {
        "dossier": dossier,
        "case": dossier.case,
        "filed": view.filed,
        "tab": chosen,
        "tabs": [
            {
                "title": CHECKED if code == "files" and view.checklist else tab.title,
                "url": f"{place}?{urlencode({**kept, 'tab': code})}",
                "current": code == chosen,
                "count": tab.count(view),
            }
            for code, tab in shown.items()
        ],
        "tab_page": f"workflows/desk/tabs/{chosen}.html",
        "place": place,
        "kept": kept,
        "query": urlencode(kept),
        **shown[chosen].load(view),
    }


def clock_account(case: Case) -> Account | None:
    """The decision clock of ``case``: counted, paused and why."""
    return account(case, list(case.segments.all()))
