"""A small form with every kind of question, and a browser that fills it in."""

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

from django.http import QueryDict
from django.template import engines

from forms import binding
from forms.bound import Bound
from forms.schema import Form, Section

TODAY = date(2026, 11, 21)
CODE = "91350100M000100Y43"  # the example printed in GB 32100-2015


def field(code: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "zh": f"问{code}", "en": f"Q {code}", **more}


def choice(value: str) -> dict[str, str]:
    return {"value": value, "zh": f"选{value}", "en": f"Option {value}"}


def check(when: str, sentence: str = "no", level: str = "error") -> dict[str, str]:
    return {"when": when, "level": level, "zh": sentence, "en": sentence}


def form_of(*fields: dict[str, Any], **more: Any) -> Form:
    section = {"code": "only", "zh": "节", "en": "Part", "fields": list(fields)}
    return Form.model_validate({"sections": [section], **more})


EVERY_KIND = form_of(
    field("name", "text", min_length=2, max_length=20, full_width_brackets=True),
    field("story", "longtext", max_length=100),
    field("staff", "int", unit="人", minimum=1),
    field("factor", "decimal"),
    field("amount", "money", unit="万元", minimum=0),
    field("share", "percent", unit="%", minimum=0, maximum=100),
    field("born", "date"),
    field("agreed", "bool"),
    field("size", "enum", choices=[choice("large"), choice("small")]),
    field("area", "enum", choices=[choice(f"v{n}") for n in range(12)]),
    field("uscc", "uscc"),
    field("phone", "phone"),
    field("mail", "email"),
    field("site", "url"),
    field("term", "period"),
    field("began", "year"),
    field("targets", "yearly"),
    field(
        "revenue",
        "table",
        columns=[
            field("year", "year", required=True),
            field("amount", "money", unit="万元", required=True, minimum=0),
            field("audited", "bool"),
        ],
    ),
    field(
        "majors",
        "table",
        columns=[field(code, "text") for code in ("school", "name", "mode", "place")],
    ),
)
GOOD = {
    "name": "甲公司（上海）",
    "story": "第一段\n第二段",
    "staff": 12,
    "factor": "1.25",
    "amount": "418.40",
    "share": "68.50",
    "born": "2014-06-18",
    "agreed": True,
    "size": "small",
    "area": "v7",
    "uscc": CODE,
    "phone": "021-12345678",
    "mail": "hr@example.com",
    "site": "https://example.com/report",
    "term": {"from": "2023-09-01", "to": "2027-08-31"},
    "began": 2026,
    "targets": {"2027": "24", "2028": "48.5"},
    "revenue": [
        {"year": 2024, "amount": "1.00", "audited": True},
        {"year": 2025, "amount": "2.50", "audited": False},
    ],
    "majors": [{"school": "滨江学院", "name": "机电"}],
}


def bind(form: Form, answers: dict[str, Any], **more: Any) -> Bound:
    given = binding.context({"floor": "1.5", "min": 3}, "entry", {"certified": False}, TODAY)
    return binding.bind(form, answers, context={**given, **more.pop("extra", {})}, **more)


def render(form: Form, bound: Bound, section: Section | None = None) -> str:
    template = engines["django"].from_string(
        "{% load forms_tags %}{% section_form form section bound %}"
    )
    return template.render({"form": form, "section": section or form.sections[0], "bound": bound})


class Browser(HTMLParser):
    """Reads a page as a browser does: what it would post, every id, every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._area = self._list = None
        self.feed(re.sub(r"<template\b.*?</template>", "", html, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        if (tag == "input" and given.get("name") and given.get("type") != "radio") or (
            tag == "input" and given.get("type") == "radio" and "checked" in given
        ):
            self.fields.append((given["name"], given["value"]))
        elif tag == "textarea":
            self._area, self._typed = given["name"], ""
        elif tag == "select":
            self._list, self._chosen = given["name"], None
        elif tag == "option" and (self._chosen is None or "selected" in given):
            self._chosen = given["value"]

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._area:
            self._typed += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":  # a browser drops the first line break and sends CRLF
            self.fields.append((self._area, self._typed.removeprefix("\n").replace("\n", "\r\n")))
            self._area = None
        elif tag == "select":
            self.fields.append((self._list, self._chosen))
            self._list = None

    def post(self, **pressed: str) -> QueryDict:
        data = QueryDict(mutable=True)
        for name, value in [*self.fields, *pressed.items()]:
            data.appendlist(name.replace("__", "-"), value)
        return data

    def ids(self) -> list[str]:
        return [given["id"] for _tag, given in self.elements if given.get("id")]

    def element(self, identity: str) -> dict[str, str | None]:
        return next(given for _tag, given in self.elements if given.get("id") == identity)
