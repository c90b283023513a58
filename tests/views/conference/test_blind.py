"""What a blind panel reads: everything of the matter, nothing of the applicant."""

import json

import pytest

from workflows.models import Case
from workflows.views.conference import blind


@pytest.mark.parametrize(
    ("name", "address", "short"),
    [
        ("上海澄曜半导体装备有限公司", "上海市浦东新区云水路88弄", ["澄曜半导体装备", "澄曜"]),
        ("绍兴越澜智能纺机股份有限公司", "浙江省绍兴市上虞区", ["越澜智能纺机", "越澜"]),
        ("上海禾川颐养服务集团有限公司", "上海市杨浦区", ["禾川颐养服务", "禾川"]),
        ("杭州市云栖控股集团有限责任公司", "浙江省杭州市西湖区", ["云栖", "云栖"]),
        ("X", "", []),
    ],
)
def test_short_names_are_those_people_use(name: str, address: str, short: list[str]) -> None:
    assert list(blind.short_names(name, address)) == short


def test_nothing_in_the_blind_file_names_the_applicant(marked: Case) -> None:
    filed = marked.submissions.latest("number")
    said = {
        filed.answers[code]
        for code in (
            "org_name", "uscc", "legal_rep", "address",
            "contact_name", "contact_phone", "contact_email",
        )
    }  # fmt: skip

    shown = json.dumps(blind.transcript(filed, marked.rules), ensure_ascii=False)

    assert [word for word in (*said, "澄曜", "chengyao.example") if word in shown] == []


def test_the_blind_file_keeps_every_other_section_and_question(marked: Case) -> None:
    filed = marked.submissions.latest("number")
    secret = {question.code for question in marked.rules.form.fields() if question.secret}

    shown = blind.questions(blind.transcript(filed, marked.rules))

    everything = blind.questions(filed.transcript)
    own = {question.code for question in marked.rules.form.section(blind.WHO).fields}
    assert shown.keys() == everything.keys() - own - secret
    assert shown["c2_interns_total"] == everything["c2_interns_total"]


def test_the_filed_transcript_itself_is_left_as_it_was(marked: Case) -> None:
    filed = marked.submissions.latest("number")
    before = json.dumps(filed.transcript)

    blind.transcript(filed, marked.rules)

    assert json.dumps(filed.transcript) == before
