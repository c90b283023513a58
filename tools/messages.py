"""The catalogues: compile them, bring them up to date, or prove that nothing is untranslated.

    python tools/messages.py compile    locale/*/LC_MESSAGES/django.po -> .mo (needs no gettext)
    python tools/messages.py update     collect every sentence of the source into the catalogues
    python tools/messages.py check      fail when a sentence has no translation

Sentences are English msgids; `locale/zh_Hans` holds the Chinese. The docstring of a refusal
(`errors/`) is what the user reads, so it is collected like a marked string.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("forms", "project", "workflows")
PLACE = re.compile(r"%\((\w+)\)[sdi]|%[sdi]")


def catalogues(root: Path = ROOT) -> list[Path]:
    """Every hand-kept catalogue below ``root``."""
    return sorted(root.glob("locale/*/LC_MESSAGES/django.po"))


def compile_all() -> int:
    """Write each catalogue's ``.mo`` when it is missing or older than its ``.po``."""
    for source in catalogues():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
    return 0


def refusals(tree: ast.Module) -> Iterator[str]:
    """The sentences of one module of refusals: the docstrings of its classes, a line each."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and (sentence := ast.get_docstring(node)):
            yield " ".join(sentence.split())


def copy_source(target: Path) -> None:
    """Lay what may hold a sentence, and the catalogues, into ``target``."""
    if not catalogues():
        sys.exit("locale/ holds no catalogue")
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.suffix in {".py", ".html", ".txt"} and "fonts" not in path.parts:
                copy = target / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
                if path.suffix == ".py" and (path.parent.name == "errors" or path.stem == "errors"):
                    sentences = refusals(ast.parse(path.read_text(encoding="utf-8")))
                    lines = [f"gettext_noop({sentence!r})\n" for sentence in sentences]
                    copy.with_name(f"{path.stem}_as_messages.py").write_text("".join(lines))
    shutil.copytree(ROOT / "locale", target / "locale", ignore=shutil.ignore_patterns("*.mo"))


def collect(target: Path) -> None:
    """Bring the catalogues in ``target`` up to date with its source (needs gettext)."""
    copy_source(target)
    command = [sys.executable, "-m", "django", "makemessages", "--all", "--no-wrap"]
    environment = {**os.environ, "PYTHONPATH": ""}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run(
        [*command, "--add-location=file"],
        cwd=target,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def update() -> int:
    """Put every sentence of the source into the catalogues; new ones wait for a translation."""
    with tempfile.TemporaryDirectory() as folder:
        collect(Path(folder))
        for source in catalogues(Path(folder)):
            catalogue = polib.pofile(str(source), wrapwidth=10_000)
            catalogue.metadata.pop("POT-Creation-Date", None)  # a date would change at every run
            for entry in catalogue:
                forget_guess(entry)
            catalogue.save(str(ROOT / source.relative_to(folder)))
    return compile_all()


def forget_guess(entry: polib.POEntry) -> None:
    """Empty what gettext filled in from a sentence that merely looks alike."""
    if entry.fuzzy:
        entry.msgstr = ""
        entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
        entry.flags.remove("fuzzy")
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None


def faults(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one translation."""
    if entry.fuzzy:
        yield "is marked fuzzy"
    texts = [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]
    if not all(texts):
        yield "has no translation"
        return
    wanted = sorted(PLACE.findall(entry.msgid_plural or entry.msgid))
    if "python-format" in entry.flags and any(sorted(PLACE.findall(t)) != wanted for t in texts):
        yield "has other places for facts than its translation"


def check() -> int:
    """Print every sentence that lacks a faithful translation; 1 when there is one."""
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        collect(Path(folder))
        for source in catalogues(Path(folder)):
            for entry in polib.pofile(str(source)):
                for fault in () if entry.obsolete else faults(entry):
                    found += 1
                    places = ", ".join(path for path, _ in entry.occurrences[:2])
                    print(f"{source.parent.parent.name}: {entry.msgid!r} {fault} ({places})")
    return 1 if found else 0


if __name__ == "__main__":
    verbs = {"compile": compile_all, "update": update, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    sys.exit(verbs[sys.argv[1]]())
