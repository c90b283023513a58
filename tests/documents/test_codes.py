import importlib.util
import itertools
from pathlib import Path
from types import ModuleType

import pytest

from workflows.documents import codes

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data" / "reference.py"
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


def test_the_identifier_of_a_certificate_follows_gb_t_36904():
    identifier = codes.certificate_identifier(
        "11100000000013338W011", "11430000006122244L", "20230000403", 1
    )

    assert identifier == FOUND_IN_PUBLIC[0]


@pytest.mark.parametrize("identifier", FOUND_IN_PUBLIC[:2])
def test_identifiers_found_in_public_are_valid_and_no_longer_so_when_changed(identifier):
    assert codes.identifier_valid(identifier)
    assert not codes.identifier_valid(identifier[:-1] + "7")
    assert not codes.identifier_valid(identifier.replace("2025", "2026").replace("2023", "2026"))


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


def reference() -> ModuleType | None:
    """Return the reference arithmetic if it lies beside the repository."""
    if not REFERENCE.is_file():
        return None
    specification = importlib.util.spec_from_file_location("reference", REFERENCE)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_identifiers_agree_with_the_reference():
    oracle = reference()
    if oracle is None:
        print("data/reference.py is not here: compared with fixed identifiers only")  # noqa: T201
    make = oracle.cert_id if oracle else lambda *parts: FOUND_IN_PUBLIC[1]
    parts = ("11100000000013338W009", "11330105002500287C", "2025052201", 2)

    assert codes.certificate_identifier(*parts) == make(*parts)
