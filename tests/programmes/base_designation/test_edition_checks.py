"""Base designation: an edition whose bands, visit, register or papers make no sense is refused."""

import pytest

from tests.programmes.base_designation.weighing import EDITION, ROOT
from workflows.edition_check import publishable
from workflows.edition_source import EditionError

pytestmark = pytest.mark.once

WRITTEN = (ROOT / "workflows/programmes/base_designation/edition.toml").read_text("utf-8")
PROCEDURE = "procedures.designation"


@pytest.mark.parametrize(
    ("before", "after", "place", "reason"),
    [
        (  # nobody is left below the last band
            'title = { zh = "不予认定", en = "Not designated" }\n',
            'title = { zh = "不予认定", en = "Not designated" }\nwhen = "mentors > 0"\n',
            "bands",
            "must reach down to 0, for everybody",
        ),
        ("when = \"level != 'demonstration'\"", 'when = "level"', "bands.1.when", "not true or"),
        ("when = \"level != 'demonstration'\"", 'when = "rank"', "bands.1.when", "rank"),
        (
            "always = \"level == 'demonstration'\"",
            'always = "level"',
            "visit.always",
            "not true or",
        ),
        ("planned_days = 10\n", "planned_days = 11\n", "visit.planned_days", "limits.visit"),
        ("visit = { days = 10,", "visits = { days = 10,", "limits", "lacks: visit"),
        ('level_from = "level"', 'level_from = "rank"', "grant.level_from", "rank"),
        ('registers = ["base_name"', 'registers = ["base_nmae"', "grant.registers.0", "base_nmae"),
        ("“{base_name}”为产教", "“{base_nmae}”为产教", "letters.designation", "base_nmae"),
        (
            "t.grade in ['excellent'",
            "record.grades in ['excellent'",
            "",
            "record.grades is no fact",
        ),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path, before, after, place, reason):
    path = tmp_path / "edition.toml"
    assert before in WRITTEN
    path.write_text(WRITTEN.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(EditionError) as refused:
        publishable(path)

    told = str(refused.value)
    assert reason in told
    assert not place or f"{PROCEDURE}.{place}" in told


def test_the_word_of_a_refusal_is_the_last_bands():
    assert EDITION.procedures["designation"].refusal == "not_designated"
