"""Tags of the design system: the small marks that every page speaks with (interface 7)."""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.forms import widgets as controls
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from workflows import status_words
from workflows.status_words import Audience
from workflows.templatetags import charts
from workflows.templatetags.drawings import DRAWINGS

register = template.Library()
register.simple_tag(charts.bar)
register.simple_tag(charts.qr)
register.simple_tag(charts.vote_bar)

CALLOUT_ICONS = {"": "info", "ok": "ok", "warn": "warning", "bad": "error", "info": "info"}
VERDICT_ICONS = {"ok": "ok", "hold": "clock", "bad": "revoked"}
CHOICES = (controls.RadioSelect, controls.CheckboxSelectMultiple)


@register.simple_tag(name="icon")
def draw(name: str, css: str = "", label: str = "") -> SafeString:
    """Draw an icon; without a ``label`` it is decoration and silent."""
    if name not in DRAWINGS:
        raise template.TemplateSyntaxError(f"There is no icon named {name!r}.")
    spoken = format_html('role="img" aria-label="{}"', label)
    return format_html(
        '<svg class="{}" viewBox="0 0 20 20" {}>{}</svg>',
        f"icon {css}".strip(),
        spoken if label else mark_safe('aria-hidden="true"'),
        mark_safe(DRAWINGS[name]),  # noqa: S308 -- our own drawings
    )


@register.simple_tag
def tag(words: object, tone: str = "", icon: str = "") -> SafeString:
    """Show a short state or property; the words say it, the tone only helps."""
    css = f"tag tag-{tone}" if tone else "tag"
    return format_html('<span class="{}">{}{}</span>', css, draw(icon) if icon else "", words)


@register.simple_tag
def state(code: str, audience: Audience = "applicant", outcome: str = "") -> SafeString:
    """Show the state of a case in the words of its reader."""
    word = status_words.case_word(code, outcome)
    return tag(word.to(audience), word.tone, "check" if word.tone == "ok" else "")


@register.simple_tag
def title_state(code: str) -> SafeString:
    """Show the state of a granted title."""
    word = status_words.TITLE_STATES[code]
    return tag(word.to("applicant"), word.tone, "check" if word.tone == "ok" else "")


@register.filter
def state_word(code: str, audience: Audience = "applicant") -> str:
    """Name the state of a case in plain words."""
    return status_words.case_word(code).to(audience)


@register.simple_tag
def light(colour: str, words: object) -> SafeString:
    """Show a time light: green, yellow, red, pause or done; five shapes, always with words."""
    return format_html('<span class="light light-{}">{}</span>', colour, words)


@register.simple_tag
def mark(icon: str, tone: str = "") -> SafeString:
    """Draw the round mark of one entry of a timeline."""
    css = f"timeline__mark mark-{tone}" if tone else "timeline__mark"
    return format_html('<span class="{}">{}</span>', css, draw(icon))


@register.simple_tag
def crumbs(*steps: object) -> SafeString:
    """Show where the reader is: words and addresses in pairs, the last words being this page."""
    *links, here = steps
    pairs = list(zip(links[::2], links[1::2], strict=True))
    return render("crumbs", {"links": pairs, "here": here})


@register.filter
def in_language(address: str, code: str) -> str:
    """Return the address of the same page in another language."""
    return translate_url(address, code)


@register.simple_tag(takes_context=True)
def other_language_url(context: template.Context, code: str) -> str:
    """Return this page's address in another language; without a page, the home page's."""
    request: HttpRequest | None = context.get("request")
    if request is None or request.resolver_match is None:
        with translation.override(code):
            return reverse("home")
    return translate_url(request.get_full_path(), code)


@register.filter
def item(mapping: Any, key: object) -> Any:
    """Look a key up in a mapping; nothing where the mapping or the key is absent."""
    return mapping.get(key) if mapping else None


@register.filter
def callout_icon(tone: str) -> str:
    """Name the drawing that belongs to a tone of advice."""
    return CALLOUT_ICONS[tone]


@register.filter
def verdict_icon(tone: str) -> str:
    """Name the drawing that belongs to a verdict."""
    return VERDICT_ICONS[tone]


@register.filter
def error_pairs(form: BaseForm) -> list[tuple[str, str]]:
    """List a form's errors for the summary: the id of the control, then the sentence."""
    pairs = [("", str(message)) for message in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or f"{bound.auto_id}_0"
        pairs += [(target, str(message)) for message in bound.errors]
    return pairs


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Show one field of a Django form: label, hint, error, control."""
    return render("field", {"field": bound, "shape": shape(bound), "control": control(bound)})


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """Show every field of a Django form, hidden ones last."""
    visible = "".join(field(bound) for bound in form.visible_fields())
    hidden = "".join(str(bound) for bound in form.hidden_fields())
    return mark_safe(visible + hidden)  # noqa: S308 -- rendered by templates above


def shape(bound: BoundField) -> str:
    """Tell how a field is laid out: one box to tick, a group of choices, or a line."""
    widget = bound.field.widget
    if isinstance(widget, controls.CheckboxInput):
        return "tick"
    return "group" if isinstance(widget, CHOICES) else "line"


def control(bound: BoundField) -> SafeString:
    """Render the bare control with the class of its kind."""
    widget = bound.field.widget
    if isinstance(widget, (controls.CheckboxInput, *CHOICES)):
        return bound.as_widget()
    kinds = {controls.Select: "select", controls.Textarea: "textarea"}
    css = next((name for kind, name in kinds.items() if isinstance(widget, kind)), "input")
    extra = widget.attrs.get("class", "")
    return bound.as_widget(attrs={"class": f"{css} {extra}".strip()})


def render(component: str, values: dict[str, Any]) -> SafeString:
    """Render one component of the design system."""
    return render_to_string(f"workflows/components/{component}.html", values)


@register.simple_block_tag
def card(content: str, title: object, **more: object) -> SafeString:
    """Wrap content in a titled card; ``more``: id, aside, flush (a table reaches the edge)."""
    return render("card", {"content": content, "title": title, **more})


@register.simple_block_tag
def callout(content: str, tone: str = "info", title: object = "", **more: object) -> SafeString:
    """Wrap content in advice of one tone; ``more``: icon, slim, alert, id, level."""
    return render("callout", {"content": content, "tone": tone, "title": title, **more})


@register.simple_block_tag
def actionbar(content: str, saved: object = "") -> SafeString:
    """Keep the page's buttons in reach at the lower edge, beside what has been saved."""
    return render("actionbar", {"content": content, "saved": saved})
