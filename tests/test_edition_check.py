"""Editions: what a right one passes, and what a wrong one is told."""

from pathlib import Path

import pytest

from workflows.edition import load
from workflows.edition_check import check, publishable
from workflows.edition_source import EditionError

pytestmark = pytest.mark.once

PATH = (
    Path(__file__).resolve().parents[1]
    / "workflows/programmes/enterprise_certification/edition.toml"
)
TEXT = PATH.read_text(encoding="utf-8")
EDITION = load(PATH)


def refusal(folder: Path, before: str, after: str) -> EditionError:
    """Publish the edition with one piece of its text replaced, and catch what is said."""
    assert before in TEXT
    path = folder / "edition.toml"
    path.write_text(TEXT.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(EditionError) as caught:
        publishable(path)
    return caught.value


def line_of(piece: str) -> int:
    """Count the line on which a piece of the text begins."""
    return TEXT.partition(piece)[0].count("\n") + 1


# --- a right edition ----------------------------------------------------------------------------
def test_the_edition_of_the_house_can_be_published():
    assert check(EDITION) == []
    assert publishable(PATH) == EDITION


def test_every_rule_and_every_figure_names_its_source():
    bare = [field.code for field in EDITION.form.fields() if not field.source]

    assert bare == []
    assert [code for code, setting in EDITION.settings.items() if not setting.source] == []


# --- a wrong edition ----------------------------------------------------------------------------
WRONG = [
    (  # a line that is not TOML
        'programme = "enterprise_certification"',
        'programme = "enterprise_certification',
        "",
        "Illegal character",
    ),
    (  # a key nobody knows
        'code = "legal_rep"\n',
        'colour = "red"\ncode = "legal_rep"\n',
        "form.sections.common.fields.legal_rep.colour",
        "is not a key known here",
    ),
    (  # a kind of question nobody knows
        'kind = "uscc"',
        'kind = "barcode"',
        "form.sections.common.fields.uscc.kind",
        "Input should be 'text'",
    ),
    (  # a column of a table
        '{ code = "months", kind = "decimal"',
        '{ code = "months", kind = "moons"',
        "form.sections.integration.fields.c2_internships.columns.months.kind",
        "Input should be 'text'",
    ),
    (  # a condition that does not parse
        'met = "c3_claim && size(c3_certs) >= 1"',
        'met = "c3_claim && size(c3_certs >= 1"',
        "conditions.C3.met",
        "does not parse",
    ),
    (  # a condition that names what the form does not ask
        'met = "c3_claim && size(c3_certs) >= 1"',
        'met = "c3_claim && size(c3_papers) >= 1"',
        "conditions.C3.met",
        "uses names the form does not have: c3_papers",
    ),
    (  # a condition that counts conditions
        'met = "c3_claim && size(c3_certs) >= 1"',
        'met = "size(conditions) > 1"',
        "conditions.C3.met",
        "uses names the form does not have: conditions",
    ),
    (  # a derived value in the form
        'derived = "size(conditions)"',
        'derived = "count(conditions)"',
        "form.sections.integration.fields.conditions_met.derived",
        "calls functions that do not exist: count",
    ),
    (  # a setting that does not exist
        'holds = "size(conditions) >= rule.min_conditions"',
        'holds = "size(conditions) >= rule.least"',
        "eligibility.E9.holds",
        "rule.least is no setting",
    ),
    (  # a setting named only in a sentence
        "企业成立需满 {rule.min_years} 年",
        "企业成立需满 {rule.years} 年",
        "eligibility.E3.sentence",
        "rule.years is no setting",
    ),
    (  # a fact nobody keeps
        'when = "record.state_owned"',
        'when = "record.royal"',
        "shared.departments.sasac.when",
        "record.royal is no fact of the record",
    ),
    (  # a rule that is a number, which shows only when it runs
        'holds = "!main_business_training"',
        'holds = "size(org_name)"',
        "eligibility.E2.holds",
        "not true or false (tried on sample",
    ),
    (  # operands that do not go together, which shows only when it runs
        'met = "c5_claim && c5_total >= rule.min_investment * wan"',
        'met = "c5_claim && c5_total + org_name > 1"',
        "samples.certification, all six conditions met",
        "c5_total + org_name",
    ),
    (  # points beyond their maximum
        'computed = "10.0 * completion(kpi_results)"',
        'computed = "11.0 * completion(kpi_results)"',
        "procedures.certification.evaluation.rubric.plan_fulfilment.parts.plan_completion.computed",
        "outside 0 to 10",
    ),
    (  # a rubric that does not add up
        'code = "technology"\ntitle = { zh = "联合技术攻关与知识产权（C6）", '
        'en = "Joint technology and intellectual property (C6)" }\nmaximum = 10',
        'code = "technology"\ntitle = { zh = "联合技术攻关与知识产权（C6）", '
        'en = "Joint technology and intellectual property (C6)" }\nmaximum = 11',
        "procedures.certification.evaluation.rubric.technology.maximum",
        "its parts give 10",
    ),
    (  # bands out of order
        "at_least = 60\n",
        "at_least = 80\n",
        "procedures.certification.bands",
        "from the highest mark to the lowest",
    ),
    (  # a limit that is missing
        "proposal = { days = 5,",
        "proposals = { days = 5,",
        "shared.limits",
        "lacks: proposal",
    ),
    (  # a notice that contradicts its limit
        'notice = { days = 5, source = "real notices',
        'notice = { days = 7, source = "real notices',
        "shared.notice.days",
        "differs from limits.notice",
    ),
    (  # a department asked twice
        'code = "tax"\ntitle',
        'code = "credit"\ntitle',
        "shared.departments",
        "used more than once: credit",
    ),
    (  # a placeholder no letter of this kind knows
        "{accepted_on}起予以受理",
        "{accepted_at}起予以受理",
        "shared.letters.acceptance_notice",
        "not known here: accepted_at",
    ),
    (  # a fact told in one language only
        "On {submitted_on} this office received your application “{procedure}”, case {case}.",
        "This office received your application “{procedure}”, case {case}.",
        "shared.letters.receipt",
        "only one language says: submitted_on",
    ),
    (  # a number that would repeat itself
        'number = "CJRH-QY-{area}-{year}-{serial:04d}"',
        'number = "CJRH-QY-{area}-{year}"',
        "procedures.certification.grant.number",
        "lacks: serial",
    ),
    (  # two series of numbers that would make the same identifiers (GB/T 36904)
        'type_code = "11310000MBYY9D016P005"',
        'type_code = "11310000MBYY9D016P001"',
        "procedures.certification.grant.type_code",
        "is that of another series of numbers",
    ),
    (  # an attachment in proof of nothing
        'evidence_for = ["contact_name"]',
        'evidence_for = ["agent"]',
        "form.attachments.authorisation.evidence_for",
        "not known here: agent",
    ),
    (  # a sample that comes out otherwise
        'c5_total = "64.00"',
        'c5_total = "122.00"',
        "samples.pool entry, two conditions left, one investment out of the window.expect.c5_total",
        "expected '122.00', but '64.00' comes out",
    ),
    (  # a share that is no fraction
        'pass = "2/3"',
        'pass = "most"',
        "shared.vote.pass",
        "String should match pattern",
    ),
]


@pytest.mark.parametrize(("before", "after", "key", "reason"), WRONG, ids=lambda text: text[:30])
def test_a_wrong_edition_is_told_key_and_reason(tmp_path, before, after, key, reason):
    error = refusal(tmp_path, before, after)

    assert error.key == key
    assert reason in error.reason
    assert str(error) == (
        f"{tmp_path / 'edition.toml'}, line {error.line}, {key or '(file)'}: {error.reason}"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('programme = "enterprise_certification"', 'programme = "enterprise_certification'),
        ('kind = "uscc"', 'kind = "barcode"'),
        ('  { code = "months", kind = "decimal"', '  { code = "months", kind = "moons"'),
        ('met = "c3_claim && size(c3_certs) >= 1"', 'met = "c3_claim && nothing"'),
        ('  { when = "skilled_employees > employees_total"', '  { when = "skilled > 1"'),
        ('when = "record.state_owned"', 'when = "record.royal"'),
        ('c5_total = "64.00"', 'c5_total = "122.00"'),
        ('pass = "2/3"', 'pass = "most"'),
    ],
)
def test_a_wrong_edition_is_told_the_line(tmp_path, before, after):
    assert refusal(tmp_path, before, after).line == line_of(before)


def test_a_key_that_is_missing_is_told_at_the_line_of_its_owner(tmp_path):
    error = refusal(tmp_path, 'code = "tax_3y"\nkind = "table"\n', 'code = "tax_3y"\n')

    assert error.key == "form.sections.basics.fields.tax_3y.kind"
    assert error.reason == "is missing"
    assert error.line == line_of('code = "tax_3y"') - 1  # its [[form.sections.fields]]


def test_a_file_that_is_not_utf_8_is_told_the_line(tmp_path):
    path = tmp_path / "edition.toml"
    path.write_bytes(b"programme = 1\ntitle = " + "认定".encode("gb18030"))

    with pytest.raises(EditionError, match=r"line 2, \(file\): the file is not UTF-8"):
        load(path)


def test_a_file_that_ends_too_early_is_told_its_last_line(tmp_path):
    path = tmp_path / "edition.toml"
    path.write_text('programme = "x"\n[settings\n', encoding="utf-8")

    with pytest.raises(EditionError) as caught:
        load(path)

    assert caught.value.line == 2


def test_a_rule_on_what_derives_from_itself_is_a_circle(tmp_path):
    before = 'derived = "percent(training_fund_used, payroll_last_year)"'

    error = refusal(tmp_path, before, 'derived = "training_fund_ratio + 1.0"')

    assert "depend on each other" in error.reason
