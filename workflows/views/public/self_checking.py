"""The self-check: try the conditions before signing in; a draft may begin with the answers.

The answers stay in the visitor's own session, for nobody else to read, until a draft takes them.
"""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from forms import binding, papers
from forms.bound import Bound
from forms.page import page
from workflows import clock, self_assessment
from workflows.assessment import bind
from workflows.edition import Edition
from workflows.models import Round
from workflows.procedure import Procedure
from workflows.views.privacy import public
from workflows.views.public.offers import Offer, offer

KEPT = "self_check"  # what the session calls it


@require_http_methods(["GET", "HEAD", "POST"])
@public
def self_checking(request: HttpRequest, programme: str) -> HttpResponse:
    """Ask, or say what was found; ``?procedure=`` picks the procedure, the first unless told."""
    found = offer(programme)
    check = found.rules.self_check
    if check is None:
        raise Http404
    code = request.GET.get("procedure", "")
    code = code if code in found.procedures else next(iter(found.procedures))
    if request.method == "POST":
        return _answered(request, found, code)
    kept = _kept(request, programme, code)
    if kept is not None and "again" not in request.GET:
        return _result(request, found, code, kept)
    return _asked(request, found, code, kept or {})


def _answered(request: HttpRequest, found: Offer, code: str) -> HttpResponse:
    check = found.rules.self_check
    assert check is not None, "the view has seen it"
    (section,) = check.form.sections
    answers = binding.read(check.form, section, request.POST)
    errors = self_assessment.bind(found.rules, code, answers, clock.today(), whole=True).errors
    before = request.POST.get("asked", "").split()
    if errors and before and errors.keys().isdisjoint(before):  # the answers ask for more
        return _asked(request, found, code, answers)
    if errors:
        return _asked(request, found, code, answers, whole=True, status=422)
    request.session[KEPT] = {"programme": found.key, "procedure": code, "answers": answers}
    answer = redirect(_address(found, code))
    answer.status_code = 303
    return answer


def _kept(request: HttpRequest, programme: str, procedure: str) -> dict[str, Any] | None:
    told: Mapping[str, Any] = request.session.get(KEPT, {})
    if (told.get("programme"), told.get("procedure")) != (programme, procedure):
        return None
    return dict(told["answers"])


def known(request: HttpRequest, call: Round, procedure: str) -> dict[str, Any]:
    """The answers of an application that its applicant gave in the self-check before."""
    told, rules = _kept(request, call.programme, procedure), call.edition.shape
    if told is None or rules.self_check is None:
        return {}
    return self_assessment.filled(rules, _bound(rules, procedure, told))


# --- pages ----------------------------------------------------------------------------------------
def _asked(
    request: HttpRequest,
    found: Offer,
    code: str,
    answers: Mapping[str, Any],
    *,
    whole: bool = False,
    status: int = 200,
) -> HttpResponse:
    check = found.rules.self_check
    assert check is not None, "the view has seen it"
    bound = self_assessment.bind(found.rules, code, answers, clock.today(), whole=whole)
    (section,) = check.form.sections
    shown = page(check.form, section, bound)
    values = {
        **_common(found, code),
        "page": shown,
        "asked": " ".join(each.code for each in section.fields if each.code in bound.shown),
        "errors": [(each.anchor, each.sentence) for each in shown.problems],
    }
    return render(request, "workflows/public/self_check.html", values, status=status)


def _result(
    request: HttpRequest, found: Offer, code: str, answers: Mapping[str, Any]
) -> HttpResponse:
    rules = found.rules
    bound = _bound(rules, code, answers)
    findings = list(self_assessment.findings(rules, code, bound))
    lacking = [each for each in findings if not each.met and not each.one_of_several]
    calls = [each for each in found.rounds if each.opens <= clock.now() <= each.closes]
    values = {
        **_common(found, code),
        "findings": [each for each in findings if not each.one_of_several],
        "conditions": [each for each in findings if each.one_of_several],
        "lacking": lacking,
        "papers": _papers(rules, code, bound),
        "start": f"{reverse('apply')}?offer={calls[0].key}:{code}" if calls else "",
    }
    return render(request, "workflows/public/self_checked.html", values)


def _common(found: Offer, code: str) -> dict[str, object]:
    procedure: Procedure = found.procedures[code]
    tabs = [
        {"title": each.title, "url": f"?procedure={name}", "current": name == code}
        for name, each in found.procedures.items()
    ]
    return {
        "offer": found,
        "rules": found.rules,
        "procedure": procedure,
        "tabs": tabs if len(tabs) > 1 else [],
        "again": f"{_address(found, code)}&again=1",
    }


def _address(found: Offer, code: str) -> str:
    return f"{reverse('self_check', args=[found.key])}?procedure={code}"


def _bound(rules: Edition, procedure: str, answers: Mapping[str, Any]) -> Bound:
    return self_assessment.bind(rules, procedure, answers, clock.today(), whole=True)


def _papers(rules: Edition, procedure: str, bound: Bound) -> list[papers.Paper]:
    """What to bring, as far as these answers tell."""
    answers = self_assessment.filled(rules, bound)
    return papers.papers(bind(rules, procedure, answers, {}, clock.today()))
