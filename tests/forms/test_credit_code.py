import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.fields.credit_code import ALPHABET, check_character, fault, normal, organisation_check
from tests.forms.sample import CODE, bind, field, form_of
from tests.oracles import REFERENCE, reference

FORM = form_of(field("uscc", "uscc"))


def code_for(department: str, body: str, area: str = "310115") -> str:
    first = department + "1" + area + body + organisation_check(body)
    return first + check_character(first)


def sentence(typed: str) -> str:
    return bind(FORM, {"uscc": typed}).errors["uscc"][0]


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",  # GB 32100-2015
        "91310115MAYY1A0104",
        code_for("A", "MA1K0000"),
        code_for("N", "MF000012"),
        code_for("Y", "12345678"),
        code_for("1", "42500000"),
        code_for("5", "50183000"),
    ],
)
def test_codes_of_every_department_are_accepted(code):
    assert bind(FORM, {"uscc": code}).answers == {"uscc": code}


@pytest.mark.parametrize(
    "typed",
    [
        "91350100m000100y43",
        " 91350100 M000100Y 43 ",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "91350100-M000100Y-43",
        "91350100—M000100Y—43",
    ],
)
def test_case_width_spaces_and_dashes_do_not_matter(typed):
    assert bind(FORM, {"uscc": typed}).answers == {"uscc": CODE}


def test_each_fault_has_its_own_sentence():
    assert sentence("9135") == "A credit code has 18 characters; you typed 4"
    assert sentence("9I350100M000100Y43") == "Character 2 cannot be “I”; it is probably the digit 1"
    assert sentence("9135010OM000100Y43") == "Character 8 cannot be “O”; it is probably the digit 0"
    assert "credit codes use no I, O, S, V or Z" in sentence("9135010SM000100Y43")
    assert sentence("Z1350100M000100Y43").startswith("Character 1 cannot be “Z”")
    assert "registering department" in sentence("B1350100M000100Y43")
    assert "you typed “35A100”" in sentence("9135A100M000100Y43")
    assert sentence("91350100M000100Y4O").startswith("The check character in place 18 is wrong")
    assert sentence("91350100M000100Y44").startswith("The check character in place 18 is wrong")


def test_a_wrong_inner_check_is_an_error_of_its_own():
    right = organisation_check("M0001000")
    wrong = "91350100M0001000" + ("1" if right != "1" else "2")

    code = wrong + check_character(wrong)

    assert "place 17 is wrong" in sentence(code)


@given(
    department=st.sampled_from("123456789ANY"),
    body=st.text(alphabet=ALPHABET, min_size=8, max_size=8),
    place=st.integers(0, 17),
    other=st.sampled_from(ALPHABET),
)
def test_any_single_slip_is_caught(department, body, place, other):
    code = code_for(department, body)
    slipped = code[:place] + other + code[place + 1 :]

    assert fault(code) == ""
    assert (fault(slipped) == "") is (slipped == code)


@given(st.text())
def test_nothing_typed_breaks_the_check(typed):
    assert isinstance(fault(normal(typed)), str)


def plain_faults(code: str) -> list[str]:
    """Check a code with the weights as the standards print them."""
    weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    total = sum(ALPHABET.index(c) * w for c, w in zip(code, weights, strict=False))
    inner = (
        11
        - sum(int(c, 36) * w for c, w in zip(code[8:], [3, 7, 9, 10, 5, 8, 4, 2], strict=False))
        % 11
    )
    faults = ["checksum"] if ALPHABET.index(code[17]) != (31 - total % 31) % 31 else []
    return faults + (["inner"] if code[16] != {10: "X", 11: "0"}.get(inner, str(inner)) else [])


def referred_faults(code: str) -> list[str]:
    """Ask the research."""
    return reference().uscc_errors(code)


@pytest.mark.parametrize(
    "faults", [plain_faults, referred_faults] if REFERENCE.exists() else [plain_faults]
)
@given(
    first=st.text(alphabet=ALPHABET, min_size=8, max_size=8),
    last=st.text(alphabet=ALPHABET, min_size=2, max_size=2),
)
def test_the_arithmetic_agrees_with_second_opinions(faults, first, last):
    for code in (code_for("9", first), code_for("9", first)[:16] + last):
        assert (fault(code) == "") is (faults(code) == [])
