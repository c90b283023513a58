"""A return opens what the office named, and nothing else changes by any route (issue 4, 5)."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import workflows
from forms import papers
from forms.fields import kind_of
from tests.stages import jointly
from tests.stages.jointly import OTHER_SCHOOL, SCHOOL
from tests.stages.returning import (
    CLOSED_PAPER,
    PAPER,
    attach,
    call,
    files_of,
    handed_in,
    returned,
)
from workflows import demo
from workflows.errors import AlreadySubmitted, CaseError, NotReopened
from workflows.models import Case, CorrectionItem, File, Submission
from workflows.models.case import State
from workflows.recording import acts
from workflows.stages import (
    attaching,
    corrections,
    drafting,
    library,
    partners,
    reopening,
    submission,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(office: Any, standing_clock: Any) -> None:
    """Time stands still."""


@pytest.fixture
def filed() -> Case:
    """A joint application with two papers, filed by its signer."""
    case = jointly.drafted(call(), partners=[SCHOOL], c4_claim=False, c4_majors=[])
    for code in (PAPER, CLOSED_PAPER, "leader_paper"):
        attach(case, code, code)
    partners.confirm(case, by=demo.signer(jointly.unit(SCHOOL)))
    return jointly.filed(case)


# --- what opens -----------------------------------------------------------------------------------
def test_a_flagged_question_opens_and_its_neighbours_do_not(filed: Case) -> None:
    case = returned(filed, "site")

    jointly.saved(case, site="某路9号")
    with pytest.raises(NotReopened) as refused:
        jointly.saved(case, site="某路9号", request="99")

    assert jointly.fresh(case).draft["site"] == "某路9号"
    assert refused.value.facts == {"what": "request"}


def test_what_the_draft_holds_for_a_question_that_is_not_asked_is_no_change(filed: Case) -> None:
    case = returned(filed, "site")
    assert not submission.weigh(case).bound.answers.get("c4_majors")

    case.draft = {**case.draft, "c4_majors": [{"major_code": "510301"}]}

    assert reopening.changed(case) == frozenset()


def test_the_same_answer_typed_otherwise_is_no_change_and_stays_as_it_was(filed: Case) -> None:
    case = returned(filed, "site")

    jointly.saved(case, employees_total=f" {case.draft['employees_total']} ")

    assert jointly.fresh(case).draft == case.draft


def test_an_answer_left_out_counts_as_taken_away(filed: Case) -> None:
    case = returned(filed, "site")

    with pytest.raises(NotReopened):
        drafting.save(case, answers={}, revision=case.draft_revision, by=demo.clerk(case.applicant))


def test_questions_and_papers_that_follow_from_a_flagged_answer_open_with_it(filed: Case) -> None:
    case = returned(filed, "c4_claim")
    major = {"major": "机电", "school": "某校", "students": 40, "start": "2025-09-01"}
    with pytest.raises(NotReopened):
        attach(case, "majors_paper", "未问")

    jointly.saved(case, c4_claim=True, c4_majors=[major])
    attach(case, "majors_paper", "订单班协议")

    assert jointly.fresh(case).draft["c4_majors"] == [major]
    assert files_of(case, "majors_paper") == {"订单班协议.pdf"}


def test_a_paper_that_becomes_required_opens_and_is_put_back_when_it_no_longer_is(
    filed: Case,
) -> None:
    case = returned(filed, "industry_leader")
    former = File.objects.get(case=case, code="leader_paper", removed=None)
    jointly.saved(case, industry_leader=True)
    attaching.detach(case, file=former, by=demo.clerk(case.applicant))
    attach(case, "leader_paper", "新证明")
    jointly.saved(case, industry_leader=None)

    filed_again = handed_in(case, _1="维持原答")

    assert filed_again.files == filed.filed.files
    assert files_of(case, "leader_paper") == {"leader_paper.pdf"}


def test_a_flagged_paper_opens_and_another_does_not(filed: Case) -> None:
    case = returned(filed, PAPER)
    clerk = demo.clerk(case.applicant)
    kept = File.objects.get(case=case, code=CLOSED_PAPER, removed=None)
    former = File.objects.get(case=case, code=PAPER, removed=None)

    attach(case, PAPER, "新报告")
    attaching.detach(case, file=former, by=clerk)
    for act in (
        lambda: attach(case, CLOSED_PAPER, "另一份"),
        lambda: attach(case, "no_such_paper", "另一份"),
        lambda: attaching.detach(case, file=kept, by=clerk),
    ):
        with pytest.raises(NotReopened):
            act()

    assert (files_of(case, PAPER), files_of(case, CLOSED_PAPER)) == (
        {"新报告.pdf"},
        {f"{CLOSED_PAPER}.pdf"},
    )


def test_a_remark_on_the_whole_opens_nothing(filed: Case) -> None:
    case = returned(filed, "")

    with pytest.raises(NotReopened):
        jointly.saved(case, site="某路9号")
    handed_in(case, _1="已核对，无误")

    (item,) = case.correction.items.all()
    assert item.answered_as == CorrectionItem.Answered.EXPLAINED


def test_before_the_return_nothing_of_a_filed_case_is_open(filed: Case) -> None:
    assert reopening.opened(filed) == reopening.NOTHING
    with pytest.raises(AlreadySubmitted):
        jointly.saved(filed, site="某路9号")


# --- how items are answered -----------------------------------------------------------------------
def test_each_item_is_changed_explained_or_left_open(filed: Case) -> None:
    case = returned(filed, "site", "project_name", "request")
    jointly.saved(case, site="某路9号")

    handed_in(case, _1="已改正", _2="名称与立项批复一致")

    found = case.correction.items.values_list("answered_as", flat=True)
    assert list(found) == ["changed", "explained", ""]
    assert [item.position for item in corrections.unanswered(case)] == [3]


# --- nothing else, by any route -------------------------------------------------------------------
CODES = [
    "site", "project_name", "request", "line", "partners", "budget", "goals", "employees_total",
    "c4_claim", "c4_majors", "c1_claim", "c1_partner", "industry_leader", "plan_goals",
    "skilled_employees", "org_name", "contact_phone", "revenue_3y", "stage",
]  # fmt: skip
PAPERS = [PAPER, CLOSED_PAPER, "leader_paper", "majors_paper", "evidence_c1_c6", "no_such_paper"]
VALUES: list[Any] = [
    None, "", "甲", "12", "99.5", True, False, "base", [], [OTHER_SCHOOL], [{"goal": "新目标"}],
]  # fmt: skip
ROUTES = [
    "save", "page", "keep", "attach", "upload", "reuse", "detach", "remove", "confirm", "refuse",
]  # fmt: skip
STEPS = st.tuples(
    st.sampled_from(ROUTES),
    st.dictionaries(st.sampled_from(CODES), st.sampled_from(VALUES), min_size=1, max_size=3),
    st.sampled_from(PAPERS),
)


class Applicant:
    """Somebody who tries to change more than was asked, by every route there is."""

    def __init__(self, case: Case) -> None:
        """Sit down at a browser of the applicant's clerk."""
        self.case, self.clerk = case, demo.clerk(case.applicant)
        self.partner = demo.signer(jointly.unit(SCHOOL))
        self.browser = Client()
        self.browser.force_login(
            self.clerk, backend="allauth.account.auth_backends.AuthenticationBackend"
        )

    def tries(self, route: str, answers: dict[str, Any], paper: str) -> None:
        """Go one way; a refusal is lawful, an error of the house is not."""
        self.case = jointly.fresh(self.case)
        try:
            with transaction.atomic():
                getattr(self, route)(answers, paper)
        except CaseError as refusal:
            if refusal.status not in (403, 409, 422):
                raise

    def save(self, answers: dict[str, Any], paper: str) -> None:
        jointly.saved(self.case, **answers)

    def page(self, answers: dict[str, Any], paper: str) -> None:
        for section in self.case.rules.form.sections:
            told = {f.code: answers[f.code] for f in section.fields if f.code in answers}
            if told:
                self._post("case_section", section.code, told)

    def keep(self, answers: dict[str, Any], paper: str) -> None:
        for section in self.case.rules.form.sections:
            told = {f.code: answers[f.code] for f in section.fields if f.code in answers}
            if told:
                self._post("case_keep", section.code, told)

    def attach(self, answers: dict[str, Any], paper: str) -> None:
        attach(self.case, paper, "新文件")

    def detach(self, answers: dict[str, Any], paper: str) -> None:
        for file in File.objects.filter(case=self.case, code=paper, removed=None):
            attaching.detach(self.case, file=file, by=self.clerk)

    def upload(self, answers: dict[str, Any], paper: str) -> None:
        with _as_file(acts.sample("新文件")) as file:
            address = reverse("case_files", args=[self.case.reference])
            self._sends(address, {f"file-{paper}": file})

    def reuse(self, answers: dict[str, Any], paper: str) -> None:
        kept = library.keep(
            self.case.applicant,
            label=library.Label("新文件"),
            name="新文件.pdf",
            data=acts.sample("新文件"),
            by=self.clerk,
        )
        self._sends(reverse("case_library", args=[self.case.reference, paper, kept.pk]), {})
        library.attach_from(self.case, code=paper, evidence=kept, by=self.clerk)

    def remove(self, answers: dict[str, Any], paper: str) -> None:
        for file in File.objects.filter(case=self.case, code=paper, removed=None):
            address = reverse("case_file_remove", args=[self.case.reference, paper, file.sha256])
            self._sends(address, {})

    def confirm(self, answers: dict[str, Any], paper: str) -> None:
        partners.confirm(self.case, by=self.partner)

    def refuse(self, answers: dict[str, Any], paper: str) -> None:
        partners.refuse(self.case, reason="不同意", by=self.partner)

    def _post(self, name: str, section: str, told: dict[str, Any]) -> None:
        """What a forged form would send: every answer, asked for or not, and the right revision."""
        sent = {"revision": str(self.case.draft_revision), "seen": "{}"}
        for code, value in told.items():
            if isinstance(value, list):
                cells = [(n, key, cell) for n, row in enumerate(value) for key, cell in row.items()]
                sent |= {f"{code}-{n}-{key}": cell for n, key, cell in cells}
            else:
                sent[code] = {True: "true", False: "false", None: ""}.get(value, value)
        self._sends(reverse(name, args=[self.case.reference, section]), sent)

    def _sends(self, address: str, sent: dict[str, Any]) -> None:
        answer = self.browser.post(address, sent)
        assert answer.status_code in (200, 302, 303, 404, 409, 422), answer.status_code


def _as_file(data: bytes) -> Any:
    file = BytesIO(data)
    file.name = "新文件.pdf"
    return file


def intruders(case: Case, flagged: set[str], filed: Submission) -> Iterator[str]:
    """What differs from the first submission although nobody flagged it, and it was asked then."""
    newest = case.submissions.latest("number")
    shown = {q["code"] for part in filed.transcript["sections"] for q in part["questions"]}
    for field in case.rules.form.fields():
        if field.derived or field.code in flagged or field.code not in shown:
            continue
        was, cleaned = filed.answers.get(field.code), kind_of(field)
        if cleaned.clean(field, case.draft.get(field.code)).value != was:
            yield field.code
        if newest.answers.get(field.code, was) != was:
            yield field.code
    yield from _strange_papers(case, flagged, filed, newest)


def _strange_papers(
    case: Case, flagged: set[str], filed: Submission, newest: Submission
) -> Iterator[str]:
    def held(submitted: Submission, code: str) -> set[str]:
        return {each["sha256"] for each in submitted.files if each["code"] == code}

    def asked(submitted: Submission) -> dict[str, bool]:
        bound = submission.weigh(case, answers=submitted.answers).bound
        return {each.attachment.code: each.required for each in papers.papers(bound)}

    then, now = asked(filed), asked(newest)
    codes = {each["code"] for each in (*filed.files, *newest.files)}
    for code in codes - flagged:
        follows = now.get(code, False) > then.get(code, False) or (code in now and code not in then)
        if not follows and held(filed, code) != held(newest, code):
            yield code


LEAD = ("save", {"industry_leader": True}, PAPER)
TRICK = [LEAD, ("detach", {}, "leader_paper"), ("save", {"industry_leader": False}, PAPER)]


def test_no_unflagged_answer_or_file_changes_in_a_return_by_any_route(filed: Case) -> None:
    tried: list[str] = []

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        flagged=st.sets(st.sampled_from([*CODES[:-1], *PAPERS[:-1]]), min_size=1, max_size=4),
        steps=st.lists(STEPS, min_size=2, max_size=7),
    )
    @example(flagged={"industry_leader"}, steps=TRICK)
    @example(flagged={"c4_claim"}, steps=[("save", {"c4_claim": True, "site": "甲"}, PAPER)])
    def whatever_they_try(flagged: set[str], steps: list[Any]) -> None:
        with transaction.atomic():
            _goes_through(filed, flagged, steps, tried)
            transaction.set_rollback(True)

    whatever_they_try()

    assert len(tried) > 5  # some got as far as handing in


def _goes_through(filed: Case, flagged: set[str], steps: list[Any], tried: list[str]) -> None:
    case = returned(filed, *sorted(flagged))
    first = case.submissions.get()
    applicant = Applicant(case)
    for step in steps:
        applicant.tries(*step)
        case = jointly.fresh(case)
        draft = {f: case.draft.get(f) for f in CODES}
        assert list(_fixed(case, flagged, first)) == [], (step, draft)
    try:
        with transaction.atomic():
            handed_in(case)
    except CaseError:  # what was changed does not stand by itself
        return
    tried.append(case.reference)
    case = jointly.fresh(case)
    assert case.state == State.SUBMITTED
    assert list(intruders(case, flagged, first)) == []


def _fixed(case: Case, flagged: set[str], filed: Submission) -> Iterator[str]:
    """The unflagged answers of the draft that are no longer what was filed."""
    shown = {q["code"] for part in filed.transcript["sections"] for q in part["questions"]}
    for field in case.rules.form.fields():
        if field.code in shown - flagged and not field.derived:
            value = kind_of(field).clean(field, case.draft.get(field.code)).value
            if value != filed.answers.get(field.code):
                yield field.code


def test_answers_and_files_of_a_case_are_written_in_these_places_only() -> None:
    root = Path(workflows.__file__).parent
    writes = re.compile(
        r"locked\.draft(, locked\.\w+)* =|case\.draft_revision \+=|\bFile\.objects\.\w*create\("
    )

    found = {
        str(path.relative_to(root))
        for path in root.rglob("stages/*.py")
        if writes.search(path.read_text(encoding="utf-8"))
    }

    drafts_only = "stages/names.py"  # a new name of the applicant, never in a returned case
    assert found == {"stages/attaching.py", "stages/drafting.py", drafts_only}
