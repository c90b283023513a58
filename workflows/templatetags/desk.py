"""What the desk shows of a reader's own marks: whether they watch a case."""

from typing import Any

from django import template

from workflows.models import Case
from workflows.stages import watching

register = template.Library()


@register.inclusion_tag("workflows/desk/watch.html", takes_context=True)
def watch_button(context: Any, case: Case) -> dict[str, object]:
    """Show the button with which the reader follows ``case``, or no more; one statement."""
    request = context["request"]
    return {
        "case": case,
        "watched": watching.is_watched(case, request.user),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }
