"""Units behind figures, in the language of the page."""

import pytest

from forms import units
from workflows import edition, programme


def test_a_chinese_page_writes_units_as_the_edition_does() -> None:
    assert units.in_language("万元", "zh-hans") == "万元"


@pytest.mark.parametrize("kind", list(programme.all_()), ids=lambda kind: kind.key)
def test_an_english_page_has_english_for_every_unit(kind: programme.Programme) -> None:
    rules = edition.load(kind.edition_path)
    named = {field.unit for field in rules.form.fields()}
    named |= {column.unit for field in rules.form.fields() for column in field.columns}
    named |= {
        one.unit
        for procedure in rules.procedures.values()
        if procedure.index
        for one in procedure.index.indicators
    }

    assert {unit for unit in named if not units.in_language(unit, "en").isascii()} <= {"平方米"}
