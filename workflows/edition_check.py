"""Whether an edition makes sense: every name known, every sum right, every rule tried."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from forms import inspection
from forms.expressions import BadExpression, compile
from forms.schema import Form, Text
from forms.sentences import names_in
from workflows import edition_funding, edition_selection, edition_self_check
from workflows.edition import RECORD, Edition, shaped, written
from workflows.edition_source import Key, Source
from workflows.edition_trial import Problem, formulas, trials
from workflows.procedure import (
    EVERY_LETTER,
    LETTERS,
    LIMITS,
    NOTICE,
    NUMBER,
    RESULT,
    Evaluation,
    Letter,
    Procedure,
    placeholders,
)

MEMBER = re.compile(r"\b(rule|record)\.([a-z]\w*)")
COUNTERSIGN = ("district_review", "department_opinion", "department_review")
FIGURES = {"data_check", "confirmation", "settlement"}
ALWAYS = frozenset(
    {"receipt", "acceptance_notice", "correction_notice", "refusal_of_acceptance"}
    | {"extension_notice", "decision_granted", "decision_refused"}
)


def publishable(path: Path) -> Edition:
    """Give the edition at `path` once everything in it has been tried.

    Raises EditionError naming file, line, key and reason of the first thing wrong.
    """
    source = Source(path)
    edition = shaped(source)
    for problem in check(edition):
        raise source.error(written(source, problem.key), problem.reason)
    return edition


def check(edition: Edition) -> list[Problem]:
    """Give everything wrong with an edition that has the right shape.

    Samples are run only when all else is well, since a name that is wrong fails everywhere.
    """
    problems = [*_expressions(edition), *_references(edition), *_types(edition)]
    problems += edition_self_check.problems(edition)
    for code, procedure in edition.procedures.items():
        problems += _procedure(("procedures", code), procedure, _asked(edition.form))
        problems += _places(("procedures", code), procedure, edition.form)
        problems += edition_funding.problems(("procedures", code), procedure, edition.form)
        problems += edition_selection.problems(("procedures", code), procedure, edition.form)
    return problems or [*trials(edition), *edition_self_check.trials(edition)]


def _expressions(edition: Edition) -> Iterator[Problem]:
    form, names = edition.form, edition.form.names()
    for fault in inspection.inspect(form):
        yield Problem(_place(form, fault.where), fault.reason)
    sources = [(_place(form, where), text) for where, text, _ in inspection.expressions(form)]
    for formula in formulas(edition):
        known = names - {"conditions"} if formula.key[0] == "conditions" else names
        sources.append((formula.key, formula.source))
        try:
            compile(formula.source, known)
        except BadExpression as bad:
            yield Problem(formula.key, bad.reason)
    for index, rule in enumerate(edition.eligibility):
        key: Key = ("eligibility", index, "sentence")
        said = rule.sentence.zh + rule.sentence.en
        sources.append((key, said))
        if unknown := sorted(names_in(said) - names):
            yield Problem(key, f"has placeholders for nothing: {', '.join(unknown)}")
    for key, text in [*sources, *_said(form)]:
        yield from _members(key, text, edition.settings)


def _types(edition: Edition) -> Iterator[Problem]:
    """A type of certificate has one series of numbers: its serial makes the identifier unique."""
    series: dict[str, str] = {}
    for code, procedure in edition.procedures.items():
        grant = procedure.grant
        if series.setdefault(grant.type_code, grant.number) != grant.number:
            yield Problem(
                ("procedures", code, "grant", "type_code"), "is that of another series of numbers"
            )


def _said(form: Form) -> Iterator[tuple[Key, str]]:
    for field in form.fields():
        for index, one in enumerate(field.checks):
            yield _place(form, f"{field.code}.checks[{index}]"), one.zh + one.en


def _members(key: Key, text: str, settings: Collection[str]) -> Iterator[Problem]:
    known = {"rule": settings, "record": RECORD.keys()}
    for owner, name in dict.fromkeys(MEMBER.findall(text)):
        if name not in known[owner]:
            what = "setting" if owner == "rule" else "fact of the record"
            yield Problem(key, f"{owner}.{name} is no {what}")


def _place(form: Form, where: str) -> Key:
    """Give the key of a place as forms.inspection says it: "revenue_3y.amount.checks[0].when"."""
    code, *rest = re.findall(r"\w+", where)
    key: Key = ("form",)
    for index, section in enumerate(form.sections):
        if section.code == code:
            key = ("form", "sections", index)
        for place, field in enumerate(section.fields):
            if field.code == code:
                key = ("form", "sections", index, "fields", place)
                columns = [column.code for column in field.columns]
                if rest and rest[0] in columns:
                    rest = ["columns", str(columns.index(rest[0])), *rest[1:]]
    for index, attachment in enumerate(form.attachments):
        if attachment.code == code and key == ("form",):
            key = ("form", "attachments", index)
    return (*key, *(int(part) if part.isdigit() else part for part in rest))


def _asked(form: Form) -> frozenset[str]:
    """Give the code of every question and of every paper."""
    return frozenset(field.code for field in form.fields()).union(
        attachment.code for attachment in form.attachments
    )


def _references(edition: Edition) -> Iterator[Problem]:
    asked = _asked(edition.form)
    yield from _twins(("conditions",), [one.code for one in edition.conditions])
    yield from _twins(("eligibility",), [one.code for one in edition.eligibility])
    yield from _twins(("samples",), [one.name for one in edition.samples])
    for index, rule in enumerate(edition.eligibility):
        yield from _unknown(
            ("eligibility", index, "procedures"), rule.procedures, edition.procedures
        )
    for index, paper in enumerate(edition.form.attachments):
        yield from _unknown(
            ("form", "attachments", index, "evidence_for"), paper.evidence_for, asked
        )
    for index, sample in enumerate(edition.samples):
        yield from _unknown(("samples", index, "procedure"), [sample.procedure], edition.procedures)
        yield from _unknown(("samples", index, "answers"), sample.answers, asked)
        yield from _unknown(("samples", index, "record"), sample.record, RECORD)
    if uncovered := sorted(edition.procedures.keys() - {one.procedure for one in edition.samples}):
        yield Problem(("samples",), f"has no sample for: {', '.join(uncovered)}")


def _procedure(key: Key, procedure: Procedure, asked: frozenset[str]) -> Iterator[Problem]:
    if absent := sorted(_limits(procedure) - procedure.limits.keys()):
        yield Problem((*key, "limits"), f"lacks: {', '.join(absent)}")
    elif (limit := procedure.limits["notice"]).days != procedure.notice.days or (
        limit.unit != procedure.notice.unit
    ):
        yield Problem((*key, "notice", "days"), "differs from limits.notice")
    visit, planned = procedure.visit, procedure.limits.get("visit")
    if visit and planned and visit.planned_days != planned.days:
        yield Problem((*key, "visit", "planned_days"), "differs from limits.visit")
    yield from _twins((*key, "departments"), [one.code for one in procedure.departments])
    yield from _twins(
        (*key, "checklist"), [f"{one.step}: {one.code}" for one in procedure.checklist]
    )
    told = asked | edition_selection.told(procedure)
    yield from _unknown((*key, "notice", "publishes"), procedure.notice.publishes, told)
    told_of = [code for code, each in procedure.reasons.items() if "correction" in each.papers]
    for index, item in enumerate(procedure.checklist):
        yield from _unknown((*key, "checklist", index, "proves"), item.proves, asked)
        fails = [item.fails] if item.fails else []
        yield from _unknown((*key, "checklist", index, "fails"), fails, told_of)
    yield from _evaluation((*key, "evaluation"), procedure.evaluation, asked)
    yield from _bands(key, procedure)
    yield from _papers(key, procedure, asked)


def _places(key: Key, procedure: Procedure, form: Form) -> Iterator[Problem]:
    """Yield what a procedure looks for in the form's answers and tables and would not find."""
    columns = {field.code: [each.code for each in field.columns] for field in form.fields()}
    wanted: list[tuple[Key, str, tuple[str, ...]]] = []
    if joint := procedure.joint:
        wanted.append((("joint", "field"), joint.field, ("org_name", "uscc", "role")))
    for index, one in enumerate(procedure.unique):
        wanted.append((("unique", index), one.field, (one.column,) if one.column else ()))
    if traits := procedure.traits:
        wanted += [(("traits", "name"), traits.name, ()), (("traits", "site"), traits.site, ())]
    if (funding := procedure.funding) and funding.challenge:
        wanted.append((("funding", "challenge"), funding.challenge, ()))
    kept = procedure.grant.registers
    wanted += [(("grant", "registers", index), code, ()) for index, code in enumerate(kept)]
    if procedure.grant.level_from:
        wanted.append((("grant", "level_from"), procedure.grant.level_from, ()))
    for place, code, needed in wanted:
        yield from _unknown((*key, *place), [code], columns)
        yield from _unknown((*key, *place), needed, columns.get(code, needed))


def _limits(procedure: Procedure) -> set[str]:
    """Give the limits the steps of a procedure ask for."""
    needed = set(LIMITS) if procedure.departments else set(LIMITS).difference(COUNTERSIGN)
    needed |= {"task_book"} if procedure.task_book else set()
    needed |= FIGURES if procedure.verification else set()
    return needed | ({"visit"} if procedure.visit else set())


def _evaluation(key: Key, evaluation: Evaluation, asked: frozenset[str]) -> Iterator[Problem]:
    if evaluation.quorum > evaluation.size:
        yield Problem((*key, "quorum"), "is larger than the panel")
    rubric = evaluation.rubric
    codes = [line.code for line in rubric] + [part.code for line in rubric for part in line.parts]
    yield from _twins((*key, "rubric"), codes)
    for index, line in enumerate(rubric):
        yield from _unknown((*key, "rubric", index, "shows"), line.shows, asked)
        if (total := sum(part.maximum for part in line.parts)) != line.maximum:
            yield Problem((*key, "rubric", index, "maximum"), f"its parts give {total}")
    total = sum((line.maximum for line in rubric), Decimal(0))
    if evaluation.kind == "panel" and total != 100:
        yield Problem((*key, "rubric"), f"gives {total} points in all, not 100")
    if evaluation.kind == "panel" and (evaluation.size < 5 or evaluation.size % 2 == 0):
        yield Problem((*key, "size"), "a panel is odd and has five seats or more")
    if evaluation.kind == "checks" and rubric:
        yield Problem((*key, "rubric"), "belongs to kind panel")


def _bands(key: Key, procedure: Procedure) -> Iterator[Problem]:
    marks = [band.at_least for band in procedure.bands]
    if marks != sorted(set(marks), reverse=True):
        yield Problem((*key, "bands"), "must stand from the highest mark to the lowest")
    if marks[-1] != 0 or procedure.bands[-1].when is not None:
        yield Problem((*key, "bands"), "must reach down to 0, for everybody")
    if procedure.grant.outcome not in {band.outcome for band in procedure.bands}:
        yield Problem((*key, "grant", "outcome"), "is the outcome of no band")


def _papers(key: Key, procedure: Procedure, asked: frozenset[str]) -> Iterator[Problem]:
    if absent := sorted(_needed(procedure) - procedure.letters.keys()):
        yield Problem((*key, "letters"), f"lacks: {', '.join(absent)}")
    for kind, letter in procedure.letters.items():
        yield from _letter((*key, "letters", kind), kind, letter, asked)
    for name in ("title", "body", "objection"):
        yield from _blanks((*key, "notice", name), getattr(procedure.notice, name), NOTICE)
    for name in ("number", "decision_number"):
        yield from _numbering((*key, "grant", name), getattr(procedure.grant, name))


def _needed(procedure: Procedure) -> frozenset[str]:
    """Give the letters a procedure cannot do without."""
    needed = ALWAYS | {RESULT[procedure.grant.kind]}
    if procedure.evaluation.kind == "panel":
        needed |= {"special_procedure_notice"}
    if any(band.outcome == "continue_cultivation" for band in procedure.bands):
        needed |= {"decision_continued"}
    if procedure.funding:
        needed |= {"decision_registered"}
    if procedure.task_book:
        needed |= {"task_book"}
    if "defence" in procedure.limits:
        needed |= {"intended_refusal"}
    if procedure.index:
        needed |= {"marks_letter"}
    return needed


def _letter(key: Key, kind: str, letter: Letter, asked: frozenset[str]) -> Iterator[Problem]:
    if kind not in LETTERS:
        yield Problem(key, f"is no kind of letter; known are: {', '.join(sorted(LETTERS))}")
        return
    for text in (letter.title, *letter.paragraphs, *letter.closing):
        yield from _blanks(key, text, EVERY_LETTER | LETTERS[kind] | asked)


def _blanks(key: Key, text: Text, known: frozenset[str]) -> Iterator[Problem]:
    try:
        chinese, english = placeholders(text.zh), placeholders(text.en)
    except ValueError as error:
        yield Problem(key, str(error))
        return
    yield from _unknown(key, sorted(chinese | english), known)
    if odd := sorted(chinese ^ english):
        yield Problem(key, f"only one language says: {', '.join(odd)}")


def _numbering(key: Key, pattern: str) -> Iterator[Problem]:
    try:
        names = placeholders(pattern)
        pattern.format(year=date.min.year, serial=1, area="310000")
    except (ValueError, KeyError, IndexError) as error:
        yield Problem(key, f"is no pattern of a number: {error}")
        return
    yield from _unknown(key, sorted(names), NUMBER)
    if lost := sorted({"year", "serial"} - names):
        yield Problem(key, f"lacks: {', '.join(lost)}")


def _unknown(key: Key, names: Collection[str], known: Collection[str]) -> Iterator[Problem]:
    if unknown := [name for name in names if name not in known]:
        yield Problem(key, f"not known here: {', '.join(unknown)}")


def _twins(key: Key, codes: list[str]) -> Iterator[Problem]:
    if twins := [code for code, times in Counter(codes).items() if times > 1]:
        yield Problem(key, f"used more than once: {', '.join(twins)}")
