"""The component sheet: every part of the design system in its states, for builders and tests.

Served in the demo and under DEBUG only. New components are shown here first, then used.
Sample matter is Chinese data, as real cases are; the words of the product follow the reader.
"""

from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from workflows import programme, status_words
from workflows.statistics import Lights
from workflows.status_words import time_light
from workflows.templatetags.drawings import DRAWINGS
from workflows.views import flow_chart
from workflows.views.desk.stats import charts as drawn
from workflows.views.flow_chart import Mark

LOADS = (("周敏", 14), ("陈立", 9), ("韩松", 6))
COMPANY = "江东恒岳精密制造有限公司"
NUMBER = "JDCJ-2026-0417"


class Sample(forms.Form):
    """One control of each kind; the code is wrong on purpose."""

    uscc = forms.CharField(label=_("Unified social credit code"), help_text=_("18 characters"))
    industry = forms.ChoiceField(
        label=_("Industry"), choices=[("C35", "专用设备制造业")], required=False
    )
    grounds = forms.CharField(label=_("Grounds"), widget=forms.Textarea, required=False)
    complete = forms.ChoiceField(
        label=_("Is this section complete"),
        choices=[("yes", _("Yes")), ("no", _("Not yet, I will go on later"))],
        widget=forms.RadioSelect,
    )
    promise = forms.BooleanField(label=_("What we state here is true"))

    def clean_uscc(self) -> str:
        """Refuse every code, to show what an error looks like."""
        raise forms.ValidationError(
            _("The 18th character does not fit; look for a letter O or I typed for a digit")
        )


def moment(day: int, hour: int, minute: int) -> datetime:
    """Return a moment of the sample's November."""
    return datetime(2026, 11, day, hour, minute, tzinfo=get_default_timezone())


def progress() -> dict[str, object]:
    """Return what an applicant sees of a case under way."""
    done = {"total": 4, "done": 1, "title": "申请内容"}
    return {
        "steps": [
            {"name": "提交申报", "when": "11-02", "state": "done"},
            {"name": "受理", "when": "11-04", "state": "now"},
            {"name": "形式审查", "when": "补正中", "state": "held"},
            {"name": "专家评价", "when": "", "state": "todo"},
            {"name": "联席会议审议", "when": "11-30", "state": "stop"},
        ],
        "sections": done
        | {
            "items": [
                {"name": "企业基本信息", "words": "已完成", "tone": "ok", "url": "#s1"},
                {
                    "name": "投入",
                    "words": "4 处需要修改",
                    "tone": "bad",
                    "url": "#s2",
                    "current": True,
                },
                {"name": "合作项目", "words": "填写中 2 / 4", "tone": "now", "url": "#s3"},
                {"name": "承诺与签章", "words": "完成前 3 节后可填", "tone": "", "url": None},
            ]
        },
        "facts": [("证书编号", "江产教证〔2026〕0086 号"), ("企业名称", COMPANY)],
        "files": papers(),
    }


def papers() -> list[dict[str, object]]:
    """Return papers in each state an upload can have."""
    return [
        {
            "name": "2025 年专项审计报告",
            "required": True,
            "error": "请上传 2025 年专项审计报告",
            "input": "audit",
            "accept": "application/pdf",
        },
        {
            "name": "2024 年专项审计报告",
            "filename": "审计报告-2024.pdf",
            "meta": "24 页，3.1 MB，检查通过",
            "url": "#file",
            "remove_url": "#remove",
            "input": "audit_2024",
        },
        {
            "name": "校企合作协议",
            "missing": True,
            "meta": "每份协议单独上传为 PDF",
            "input": "deal",
        },
        {"name": "承诺书", "filename": "承诺书.pdf", "url": "#file"},
    ]


def desk() -> dict[str, object]:
    """Return what the desk sees: rows of the inbox and items to check."""
    rows = [
        {"name": "云岭新材料科技有限公司", "light": time_light(-1, 5), "tags": [("bad", "督办")]},
        {"name": COMPANY, "light": time_light(0, 5), "tags": [("info", "补正已回")], "open": True},
        {"name": "锦程轨道装备有限公司", "light": time_light(1, 5), "tags": []},
        {"name": "海纳船舶重工有限公司", "light": time_light(4, 5), "tags": [], "read": True},
        {"name": "秦岭数控机床有限公司", "light": time_light(2, 5, paused=True), "tags": []},
        {"name": "甬源智能装备股份有限公司", "light": time_light(2, 5, finished=True), "tags": []},
    ]
    for order, row in enumerate(rows, 1):
        row |= {
            "id": order,
            "url": f"#m{order}",
            "what": "形式审查",
            "number": f"JDCJ-2026-04{order:02}",
        }
    return {
        "groups": [{"title": "已超期", "rows": rows[:1]}, {"title": "本周到期", "rows": rows[1:]}],
        "lights": [row["light"] for row in rows],
        "chips": [
            {"title": "全部", "url": "?", "current": True},
            {"title": "临期", "url": "?due=soon", "count": 3},
        ],
        "checks": [
            {
                "code": "c1",
                "no": 1,
                "title": "企业在江东省注册，状态存续",
                "value": "yes",
                "source": "系统比对一致",
                "links": [("登记信息", "#registration")],
                "automatic": True,
            },
            {"code": "c2", "no": 2, "title": "实习人数与证明一致", "now": True, "value": "no"},
            {"code": "c3", "no": 3, "title": "承诺书签章完整", "error": "还没有核对"},
        ],
        "stats": [(71, "全组在办"), (5, "临期与超期"), ("4.2", "平均用时，工作日")],
        "findings": [("yes", "符合", "y"), ("unsure", "存疑", ""), ("no", "不符", "f")],
        "levels": [
            {"value": "a", "title": "优", "range": "10-12", "words": "1000 万元以上且逐年增长"},
            {"value": "b", "title": "良", "range": "7-9", "words": "500 至 1000 万元"},
            {"value": "c", "title": "中", "range": "4-6", "words": "100 至 500 万元"},
            {"value": "d", "title": "差", "range": "0-3", "words": "不足 100 万元或无法核实"},
        ],
    }


def record() -> dict[str, object]:
    """Return what the audit sees: events, a difference, a ballot."""
    changes = [
        {"label": "接收实习学生人数", "old": "86", "new": "72"},
        {"label": "批准文号", "old": "", "new": "江人社发〔2025〕36 号"},
        {
            "label": "实训基地",
            "parts": [("=", "五轴加工中心 "), ("-", "8"), ("+", "6"), ("=", " 台")],
        },
    ]
    digest = "9f2c41d7" * 7 + "00000be8"
    return {
        "changes": changes,
        "events": [
            {
                "at": moment(30, 15, 42),
                "title": "联席会议审议通过",
                "by": "第 6 次会议，主持 韩松",
                "text": "应到 9 人，同意 6，反对 1，弃权 1。",
                "icon": "gavel",
                "tone": "ok",
                "number": 43,
                "digest": digest,
                "url": "#e43",
            },
            {"at": moment(30, 14, 5), "title": "贺文斌 声明回避", "icon": "lock", "tone": "plum"},
            {
                "at": moment(23, 10, 12),
                "title": "企业提交补正，生成第 2 版",
                "icon": "edit",
                "tone": "brand",
                "changes": changes,
            },
        ],
        "ballots": [
            {"name": "韩松", "choice": "agree", "words": "同意"},
            {"name": "何志远", "choice": "against", "words": "反对"},
            {"name": "邓小蓉", "choice": "abstain", "words": "弃权"},
            {"name": "贺文斌", "choice": "recused", "words": "回避"},
        ],
    }


def charts() -> dict[str, Any]:
    """Bars, columns, and a flow with a case that stands in it."""
    flow = next(flow for each in programme.all_() for flow in each.flows.values())
    lines = [drawn.Line(name, str(number), [("svg-brand", number)]) for name, number in LOADS]
    weeks = [Lights(date(2026, 11, 1 + 7 * week), week, 3 - week, 12) for week in range(4)]
    marks = {"acceptance": Mark(state="done"), "district_review": Mark(3, late=1, heat=2)}
    return {
        "bars": drawn.bars(lines),
        "columns": drawn.columns(weeks),
        "flow": flow_chart.picture(flow, marks),
    }


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Show the sheet; elsewhere than in the demo or under DEBUG there is no such page."""
    if not (settings.DEBUG or settings.HENG_DEMO):
        raise Http404
    form = Sample({"uscc": "91990104MA7HY2K83O"})
    values = {
        "form": form,
        "company": COMPANY,
        "number": NUMBER,
        "icons": sorted(DRAWINGS),
        "tones": ["", "brand", "info", "plum", "ok", "warn", "bad"],
        "case_states": list(status_words.CASE_STATES),
        "title_states": list(status_words.TITLE_STATES),
        "page": Paginator(range(120), 25).page(2),
        "undo": {"url": "#s-advice", "left": 8},
        **progress(),
        **desk(),
        **record(),
        **charts(),
    }
    return render(request, "workflows/components.html", values)
