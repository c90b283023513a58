"""The repository keeps its own promises: sizes, locks, floors, words, papers."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LISTED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
    cwd=ROOT,
    capture_output=True,
    text=True,
    check=True,
)
FILES = sorted(path for line in LISTED.stdout.splitlines() if (path := ROOT / line).is_file())
PYTHON = [path for path in FILES if path.suffix == ".py"]
HAND_WRITTEN = [path for path in PYTHON if "migrations" not in path.parts]
LOCKS = ["base", "test", "dev"]
COMPANIONS = {"kombu", "pydyf", "pyhanko_certvalidator"}  # halves of celery, weasyprint, pyhanko


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_files() -> list[Path]:
    pictures = {".png", ".woff2", ".ttf", ".pdf", ".ico", ".mo"}
    return [path for path in FILES if path.suffix not in pictures]


# --- sizes --------------------------------------------------------------------------------------
def test_no_module_is_longer_than_400_lines():
    long = {named(p): n for p in HAND_WRITTEN if (n := len(p.read_bytes().splitlines())) > 400}

    assert long == {}


def test_no_function_is_longer_than_50_lines():
    long = {}
    for path in HAND_WRITTEN:
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = node.end_lineno - node.lineno + 1
                if lines > 50:
                    long[f"{named(path)}:{node.name}"] = lines

    assert long == {}


def test_makefile_stays_on_one_screen():
    assert len((ROOT / "Makefile").read_text().splitlines()) <= 60


def test_decisions_are_numbered_and_short():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    numbers = [int(path.name[:4]) for path in decisions]

    assert numbers == list(range(1, len(decisions) + 1))
    assert [named(p) for p in decisions if len(p.read_text().splitlines()) > 40] == []


# --- words --------------------------------------------------------------------------------------
def findings(pattern: str, paths: list[Path]) -> list[str]:
    words = re.compile(pattern)
    return [
        f"{named(path)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]


def test_nothing_is_left_for_later():
    unfinished = r"TO[D]O|FIX[M]E|\bHA[C]K\b|NotImplemented[E]rror|coming so[o]n"

    assert findings(unfinished, [p for p in text_files() if p.name != "LICENSE"]) == []


def test_no_file_names_a_registry_or_a_machine():
    registries = r"py[p]i\.org|pythonhos[t]ed|npm[j]s|deb\.deb[i]an"
    places = registries + r"|/w[o]rk/|/tm[p]/heng/|(?<!\w)\.librar[y]|/ro[o]t/"

    assert findings(places, text_files()) == []


def test_no_test_is_skipped_or_cannot_fail():
    tests = [path for path in PYTHON if path.is_relative_to(ROOT / "tests")]

    assert findings(r"mark\.ski[p]|pytest\.ski[p]\(|xfai[l]\(|assert Tru[e]\b", tests) == []


# --- the lock -----------------------------------------------------------------------------------
def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+) \\$", text, re.MULTILINE))


def requirements(path: Path) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_no_index(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()

    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]

    assert entries
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e or "==" not in e] == []
    assert re.findall(r"^\s*-(?:-(?!hash)|i |f )\S+|https?://|file:/", text, re.MULTILINE) == []


def test_each_lock_contains_the_smaller_one():
    base, test, dev = map(locked, LOCKS)

    assert base.items() <= test.items() <= dev.items()


def test_lock_and_environment_stand_above_the_floors():
    below = []
    for floor in requirements(ROOT / "security" / "floors.txt"):
        for where, found in (
            ("lock", locked("base")[floor.name]),
            ("environment", version(floor.name)),
        ):
            if not floor.specifier.contains(found):
                below.append(f"{floor} but {found} in the {where}")

    assert below == []


def test_what_the_product_imports_is_asked_for_by_name():
    asked = {req.name.lower() for req in requirements(ROOT / "requirements" / "base.in")}
    own = {"forms", "project", "workflows", "tests"} | sys.stdlib_module_names
    distributions = packages_distributions()
    imported = set()
    for path in PYTHON:
        if path.relative_to(ROOT).parts[0] in {"forms", "project", "workflows"}:
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Import):
                    imported |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    imported.add(node.module.partition(".")[0])

    missing = [
        module
        for module in sorted(imported - own)
        if not asked & {each.lower().replace("_", "-") for each in distributions.get(module, [])}
    ]

    assert set(missing) <= COMPANIONS


# --- papers for operators -----------------------------------------------------------------------
def test_every_setting_is_explained_to_operators():
    source = (ROOT / "project" / "settings.py").read_text()
    names = re.findall(
        r"""(?:environ\.get\(|environ\[|flag\(|words\()\s*["']([A-Z_0-9]+)""", source
    )

    manual = (ROOT / "docs" / "operations.md").read_text()

    assert names
    assert [name for name in names if f"`{name}`" not in manual] == []


def test_links_in_the_papers_lead_somewhere():
    broken = []
    for path in (p for p in FILES if p.suffix == ".md"):
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#\S*)?\)", path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                broken.append(f"{named(path)} -> {target}")

    assert broken == []


def test_the_chinese_readme_says_what_the_english_one_says():
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")
    )

    def shape(text: str) -> list[str]:
        return re.findall(r"^(#+|```|\| `|- \*\*|!\[)", text, re.MULTILINE)

    assert shape(english) == shape(chinese)


def test_scripts_are_executable_and_parse():
    scripts = [*sorted((ROOT / "tools").glob("*.sh")), ROOT / ".ci" / "run"]

    faults = [
        named(path)
        for path in scripts
        if not path.stat().st_mode & 0o100
        or subprocess.run(["bash", "-n", path], check=False).returncode
    ]

    assert len(scripts) > 1
    assert faults == []


# --- checks -------------------------------------------------------------------------------------
def test_make_check_holds_the_import_contracts():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    steps = (ROOT / "tools" / "check.sh").read_text()

    kinds = [contract["type"] for contract in settings["contracts"]]

    assert "lint-imports" in steps
    assert kinds.count("layers") == 2
    assert {"independence", "forbidden"} <= set(kinds)
