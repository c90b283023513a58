"""What a return opens: the questions and papers the office named, and what follows from them.

Nothing else of a returned application can change, whatever road the change takes (domain 0.5,
《优化营商环境条例》第36条): every verb that writes answers or files asks here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms import papers
from forms.bound import Bound
from forms.fields import kind_of
from forms.schema import Field
from workflows import clock
from workflows.errors import AlreadySubmitted, NotReopened
from workflows.models import Case, Defence, File, Supplement
from workflows.models.case import State
from workflows.stages import submission

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Opened:
    """The codes of what may be changed now."""

    questions: frozenset[str]
    papers: frozenset[str]


NOTHING = Opened(frozenset(), frozenset())


def opened(case: Case) -> Opened:
    """What the applicant may change now: everything of a draft, what is flagged of a return.

    A question that was not asked when the application was filed is free: it follows from a changed
    answer. So is a paper that is asked for, or required, only now. An answer that no longer stands
    by itself, such as under newer rules, can be mended.
    """
    form = case.rules.form
    if case.state == State.DRAFT:
        asked = (field.code for field in form.fields() if not field.derived)
        return Opened(frozenset(asked), frozenset(each.code for each in form.attachments))
    if case.state != State.RETURNED:
        return NOTHING
    flagged = frozenset(case.correction.items.values_list("target", flat=True))
    before = submission.weigh(case, answers=case.filed.answers, submitted=True).bound
    fixed = _asked_before(case) - flagged - _fallen(before)
    return Opened(
        frozenset(each.code for each in form.fields() if not each.derived) - fixed,
        (flagged | _asked_since(case, before)) & {each.code for each in form.attachments},
    )


def _asked_before(case: Case) -> set[str]:
    """The questions the applicant saw when it filed."""
    sections = case.filed.transcript["sections"]
    return {each["code"] for section in sections for each in section["questions"]}


def _fallen(before: Bound) -> set[str]:
    """The questions whose filed answers are wrong, or lack something, as they stand."""
    return {place.partition(".")[0] for place in before.errors}


def _asked_since(case: Case, before: Bound) -> set[str]:
    """The papers that the answers call for now, and did not, or not as much, when filed."""
    then = {each.attachment.code: each.required for each in papers.papers(before)}
    now = papers.papers(submission.weigh(case).bound)
    return {
        each.attachment.code
        for each in now
        if each.attachment.code not in then or each.required > then[each.attachment.code]
    }


# --- answers ------------------------------------------------------------------------------------
def lawful(locked: Case, answers: Answers) -> dict[str, Any]:
    """``answers`` as they may be kept; what is not open stays as it was, to the letter.

    Raises ``AlreadySubmitted`` where nothing is open, and ``NotReopened``, which names the
    questions, when another one was answered differently.
    """
    if locked.state == State.DRAFT:
        return dict(answers)
    if locked.state != State.RETURNED:
        raise AlreadySubmitted
    free = opened(locked).questions
    form = locked.rules.form
    fixed = [field for field in form.fields() if not field.derived and field.code not in free]
    touched = [field for field in fixed if not same(field, locked.draft, answers)]
    if touched:
        raise NotReopened(what="、".join(str(field) for field in touched))
    kept = {code: typed for code, typed in locked.draft.items() if code not in free}
    return kept | {code: typed for code, typed in answers.items() if code in free}


def same(field: Field, one: Answers, other: Answers) -> bool:
    """Whether both give the same answer to ``field``, however it was typed."""
    return bool(settled(field, one) == settled(field, other))


def settled(field: Field, answers: Answers) -> Any:
    """The answer as it is filed; what is no answer as it was typed."""
    typed = answers.get(field.code)
    cleaned = kind_of(field).clean(field, typed)
    return typed if cleaned.errors else cleaned.value


# --- files --------------------------------------------------------------------------------------
def require(locked: Case, code: str) -> None:
    """Refuse to add or take out a file under ``code`` unless that is open now.

    Raises ``AlreadySubmitted``, or ``NotReopened``, which names the paper. A question the office
    asked after acceptance opens a place of its own.
    """
    if locked.state == State.DRAFT:
        return
    if locked.state == State.RETURNED:
        if code not in opened(locked).papers:
            titles = {each.code: str(each) for each in locked.rules.form.attachments}
            raise NotReopened(what=titles.get(code, code))
    elif not _is_asked_for(locked, code):
        raise AlreadySubmitted


def _is_asked_for(locked: Case, code: str) -> bool:
    asked: list[Supplement | Defence] = [
        *Supplement.objects.filter(case=locked, closed=None),
        *Defence.objects.filter(case=locked, closed=None, recalled=None),
    ]
    stands = locked.state == State.SUSPENDED or not locked.is_open
    return not stands and code in {each.code for each in asked}


def put_back(locked: Case) -> list[str]:
    """Let the files of every paper that is not open be those that were filed; their codes.

    A paper that a changed answer opened closes again when the answer is changed back.
    """
    free = opened(locked).papers
    filed = {(each["code"], each["sha256"]) for each in locked.filed.files}
    held = File.objects.filter(case=locked).exclude(code__in=free)
    strays, lost = [], {pair for pair in filed if pair[0] not in free}
    for file in held.order_by("pk"):
        pair = (file.code, file.sha256)
        if file.removed is None and pair in lost:
            lost.discard(pair)
        elif file.removed is None:
            strays.append(file)
    gone = [
        held.filter(code=code, sha256=sha256).latest("removed") for code, sha256 in sorted(lost)
    ]
    File.objects.filter(pk__in=[each.pk for each in strays]).update(removed=clock.now())
    File.objects.filter(pk__in=[each.pk for each in gone]).update(removed=None)
    return sorted({each.code for each in (*strays, *gone)})


# --- what was done about it -----------------------------------------------------------------------
def changed(case: Case) -> frozenset[str]:
    """The codes of the questions and papers that differ from what was filed last."""
    filed = case.filed
    answers = {
        field.code
        for field in case.rules.form.fields()
        if not field.derived and settled(field, case.draft) != filed.answers.get(field.code)
    }
    if answers - filed.answers.keys():  # for a question that is not asked it is no answer
        answers &= submission.weigh(case).bound.shown | filed.answers.keys()
    then = {(each["code"], each["sha256"]) for each in filed.files}
    held = File.objects.filter(case=case, removed=None)
    files = then ^ set(held.values_list("code", "sha256"))
    own = (Supplement.PREFIX, Defence.PREFIX)
    files = {pair for pair in files if not pair[0].startswith(own)}
    return frozenset(answers | {code for code, _sha256 in files})
