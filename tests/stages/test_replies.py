"""What an applicant reads of an objection: the facts, and nothing that names its author."""

import pytest

from workflows.models import Objection
from workflows.stages.replies import VEIL, veiled

OBJECTION = Objection(
    objector="上海（集团）某某Training有限公司", contact_name="周 明", phone="138-0000-0999"
)


@pytest.mark.parametrize(
    "told",
    [
        "上海（集团）某某Training有限公司",
        "上海(集团)某某TRAINING有限公司",
        "周明",
        "周·明",
        "13800000999",
        "138 0000 0999",
        "１３８０００００９９９",
    ],
)
def test_the_author_is_veiled_however_they_are_typed(told: str) -> None:
    assert veiled(OBJECTION, f"我是{told}，可核查。") == f"我是{VEIL}，可核查。"


def test_every_other_word_stays() -> None:
    facts = "2025年实习人数与实际不符，见第138页。"

    assert veiled(OBJECTION, facts) == facts
    assert veiled(Objection(objector=" - ", contact_name="", phone=""), facts) == facts
