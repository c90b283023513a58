import itertools

import pytest

from tests.oracles import REFERENCE, reference
from workflows.documents import codes

FOUND_IN_PUBLIC = [
    "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U",
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
]


def test_a_code_is_five_groups_of_four_and_valid():
    code = codes.new_code()

    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4, 4]
    assert codes.valid(code)
    assert codes.normal(code) == code


def test_codes_do_not_repeat():
    assert len({codes.new_code() for _ in range(1000)}) == 1000


def test_a_code_is_found_however_it_was_typed():
    code = "7KQ4-M2XD-09FT-3WBN-HZ80"

    assert codes.normal(" 7kq4 m2xd o9ft3wbn-hz8O ") == code
    assert codes.normal("ILO") == "110"


def test_every_single_wrong_character_is_noticed():
    code = codes.new_code().replace("-", "")

    wrong = [
        code[:place] + other + code[place + 1 :]
        for place, other in itertools.product(range(len(code)), codes.CROCKFORD)
        if code[place] != other
    ]

    assert len(wrong) == 20 * 31
    assert [each for each in wrong if codes.valid(each)] == []


@pytest.mark.parametrize("code", ["", "7KQ4-M2XD", "U" * 20, "7KQ4-M2XD-09FT-3WBN-HZ8!"])
def test_what_is_no_code_is_not_valid(code):
    assert not codes.valid(code)


@pytest.mark.parametrize("identifier", FOUND_IN_PUBLIC)
def test_the_identifier_of_a_certificate_follows_gb_t_36904(identifier):
    type_code, issuer, serial, version, check = identifier.split(".")[5:]

    made = codes.certificate_identifier(type_code, issuer, serial, int(version))
    other = codes.certificate_identifier(type_code, issuer, serial, int(version) + 1)

    assert made == identifier
    assert other[-1] != check


@pytest.mark.parametrize(
    ("type_code", "issuer", "serial"),
    [
        ("11100000000013338W01", "11430000006122244L", "1"),
        ("11100000000013338W011", "11430000006122244", "1"),
        ("11100000000013338W011", "11430000006122244L", "2023-1"),
        ("11100000000013338W011", "11430000006122244L", ""),
        ("11100000000013338w011", "11430000006122244L", "1"),
    ],
)
def test_parts_of_another_shape_are_refused(type_code, issuer, serial):
    with pytest.raises(ValueError, match="not the parts"):
        codes.certificate_identifier(type_code, issuer, serial, 1)


def by_trial(type_code: str, issuer: str, serial: str, version: int) -> str:
    """Find the check character by trying all 36: ISO/IEC 7064 wants the whole to come to one."""
    body = f"{type_code}.{issuer}.{serial}.{version:03d}"
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    def remainder(text: str) -> int:
        product = 36
        for sign in text[:-1]:
            total = (product + signs.index(sign)) % 36
            product = 2 * (total or 36) % 37
        return (product + signs.index(text[-1])) % 36

    (check,) = [sign for sign in signs if remainder(body.replace(".", "") + sign) == 1]
    return f"1.2.156.3005.2.{body}.{check}"


ORACLES = [by_trial, reference().cert_id] if REFERENCE.exists() else [by_trial]


@pytest.mark.parametrize("oracle", ORACLES)
@pytest.mark.parametrize("version", [1, 2, 17, 999])
@pytest.mark.parametrize("serial", ["1", "2025052201", "9ZX0"])
def test_identifiers_agree_with_a_second_opinion(oracle, serial, version):
    parts = ("11100000000013338W009", "11330105002500287C", serial, version)

    assert codes.certificate_identifier(*parts) == oracle(*parts)
