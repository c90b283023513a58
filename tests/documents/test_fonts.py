import json
import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from workflows.documents import fonts
from workflows.documents.errors import FontsBroken


def test_every_face_draws_the_same_characters_so_a_name_is_set_in_one_face():
    held = [
        set(TTFont(fonts.SHIPPED / face["file"]).getBestCmap())
        for face in fonts.manifest()["faces"]
    ]

    assert all(each == held[0] for each in held)
    assert len(held) == 3


def test_all_outlines_are_true_type():
    faces = [TTFont(fonts.SHIPPED / face["file"]) for face in fonts.manifest()["faces"]]

    assert ["glyf" in face and "CFF " not in face for face in faces] == [True, True, True]


def test_characters_of_given_names_and_all_of_gb_2312_can_be_shown():
    rows = (bytes([row, cell]) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    gb2312 = "".join(pair.decode("gb2312", errors="ignore") for pair in rows)

    assert len(gb2312) == 6763
    assert fonts.missing(gb2312) == ""
    assert fonts.missing("淏喆堃玥昇珺翀犇垚㛃䶮 〔〇〕·—《》①№℃ Ωü") == ""


def test_what_cannot_be_shown_is_named():
    assert fonts.missing("𠮷野家，吉野家，𠮷") == "𠮷"


def test_the_fonts_are_small_enough_to_ship_and_carry_their_licences():
    files = list(fonts.SHIPPED.iterdir())

    assert sum(file.stat().st_size for file in files) < 12_000_000
    assert max(file.stat().st_size for file in files) < 4_000_000
    for family in fonts.families():
        licence = fonts.SHIPPED / f"OFL-{family.replace(' ', '')}.txt"
        assert "SIL Open Font License" in licence.read_text(encoding="utf-8")


def test_a_damaged_font_is_refused(tmp_path, monkeypatch):
    shipped = tmp_path / "shipped"
    shutil.copytree(fonts.SHIPPED, shipped)
    face = shipped / "NotoSansSC-Regular.woff2"
    face.write_bytes(face.read_bytes()[:-1] + b"x")
    monkeypatch.setattr(fonts, "SHIPPED", shipped)

    with pytest.raises(FontsBroken, match=r"NotoSansSC-Regular\.woff2"):
        fonts.install(tmp_path / "var")

    assert list((tmp_path / "var").rglob("*.ttf")) == []


def test_unpacked_fonts_that_were_changed_are_unpacked_again(tmp_path):
    directory = fonts.unpack(tmp_path)
    face = directory / "NotoSerifSC-Bold.ttf"
    good = face.read_bytes()
    face.write_bytes(b"something else")

    assert fonts.unpack(tmp_path) == directory
    assert face.read_bytes() == good
    assert sorted(path.name for path in tmp_path.iterdir()) == [directory.name]


def test_the_configuration_names_our_folder_and_a_cache_of_its_own_only(tmp_path):
    configuration = fonts.install(tmp_path)

    text = configuration.read_text(encoding="utf-8")
    assert text.count("<dir>") == 1
    assert f"<dir>{tmp_path}/fonts/" in text
    assert f"<cachedir>{tmp_path}/fonts/cache</cachedir>" in text
    assert "<reset-dirs/>" in text


def test_the_environment_is_left_as_it_was(monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "/elsewhere/fonts.conf")

    with fonts.chosen():
        inside = os.environ["FONTCONFIG_FILE"]

    assert inside == str(settings.HENG_VAR / "fonts.conf")
    assert os.environ["FONTCONFIG_FILE"] == "/elsewhere/fonts.conf"


def test_the_manifest_names_the_source_of_every_face():
    manifest = json.loads((fonts.SHIPPED / "manifest.json").read_text(encoding="utf-8"))

    assert manifest["licence"] == "OFL-1.1"
    assert {Path(face["file"]).suffix for face in manifest["faces"]} == {".woff2"}
    assert all("@" in face["package"] for face in manifest["faces"])
