"""Whether a self-check makes sense: known codes, known names, answers the form can take."""

from collections.abc import Iterator

from forms import inspection
from forms.expressions import BadExpression, compile
from workflows import self_assessment
from workflows.edition import Edition
from workflows.edition_trial import Problem

KEY = ("self_check",)


def problems(edition: Edition) -> Iterator[Problem]:
    """Yield what is wrong with the self-check of ``edition``, if it has one."""
    check = edition.self_check
    if check is None:
        return
    for fault in inspection.inspect(check.form):
        yield Problem((*KEY, "questions"), f"{fault.where}: {fault.reason}")
    known = {one.code for one in edition.eligibility}
    known |= {one.code for one in edition.conditions}
    for place, verdict in enumerate(check.verdicts):
        if verdict.of not in known:
            yield Problem((*KEY, "verdicts", place, "of"), f"{verdict.of} is no rule or condition")
        yield from _compiled((*KEY, "verdicts", place, "met"), verdict.met, edition)
    asked = {field.code for field in edition.form.fields() if not field.derived}
    for code, source in check.fills.items():
        if code not in asked:
            yield Problem((*KEY, "fills", code), "is no question an applicant answers")
        yield from _compiled((*KEY, "fills", code), source, edition)


def trials(edition: Edition) -> Iterator[Problem]:
    """Try it once with no answer at all; nobody is told anything but what is missing."""
    if edition.self_check is None:
        return
    for procedure in edition.procedures:
        bound = self_assessment.bind(edition, procedure, {}, edition.valid_from, whole=False)
        for finding in self_assessment.findings(edition, procedure, bound):
            if finding.met:
                yield Problem((*KEY, "verdicts"), f"{finding.code} is met without any answer")


def _compiled(key: tuple[str | int, ...], source: str, edition: Edition) -> Iterator[Problem]:
    assert edition.self_check is not None, "asked only where the edition has one"
    try:
        compile(source, edition.self_check.form.names())
    except BadExpression as bad:
        yield Problem(key, bad.reason)
