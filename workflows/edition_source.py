"""Where in a TOML file a key stands, so that a wrong edition can name its line."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

Key = tuple[str | int, ...]


class EditionError(ValueError):
    """This edition cannot be used: file, line, key and reason are said."""

    def __init__(self, path: Path | str, line: int, key: str, reason: str) -> None:
        """Keep the four facts apart and say them in one line."""
        self.path, self.line, self.key, self.reason = Path(path), line, key, reason
        super().__init__(f"{path}, line {line}, {key or '(file)'}: {reason}")


class Source:
    """The text of one edition, the data in it, and the line of every key.

    Numbers with a point stay text ("418.40"), the way money and scores are stored.
    """

    def __init__(self, path: Path) -> None:
        """Read the file; raises EditionError if it is not UTF-8 or not TOML."""
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
            self.data = tomllib.loads(text, parse_float=str)
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            raise EditionError(path, line, "", "the file is not UTF-8") from error
        except tomllib.TOMLDecodeError as error:
            line, reason = _place(str(error), text)
            raise EditionError(path, line, "", reason) from error
        self._lines: dict[Key, int] = {}
        for key, line in _positions(text.splitlines()):
            for end in range(1, len(key) + 1):
                self._lines.setdefault(key[:end], line)

    def line(self, key: Key) -> int:
        """Give the line of `key`, or of the nearest key around it; line 1 if there is none."""
        while key and key not in self._lines:
            key = key[:-1]
        return self._lines.get(key, 1)

    def depth(self, key: Key) -> int:
        """Give how many leading parts of `key` the file holds."""
        return max((n for n in range(len(key) + 1) if key[:n] in self._lines), default=0)

    def name(self, key: Key) -> str:
        """Give `key` dotted, with the code of a list's element in place of its position."""
        parts: list[str] = []
        here: object = self.data
        for part in key:
            here = _step(here, part)
            code = here.get("code", here.get("name")) if isinstance(here, Mapping) else None
            parts.append(str(code if isinstance(part, int) and code else part))
        return ".".join(parts)

    def error(self, key: Key, reason: str) -> EditionError:
        """Give the error that `key` is wrong for `reason`."""
        return EditionError(self.path, self.line(key), self.name(key), reason)


def _step(here: object, part: str | int) -> object:
    try:
        return here[part]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return None


def _place(message: str, text: str) -> tuple[int, str]:
    """Split tomllib's sentence into line and reason; "at end of document" is the last line."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", message)
    if found is None:
        return 1, message
    return int(found[2] or text.count("\n") + 1), found[1]


def _positions(lines: Sequence[str]) -> Iterator[tuple[Key, int]]:
    """Yield every key of the file with its line, counted from 1."""
    counts: dict[Key, int] = {}
    table: Key = ()
    number = 0
    while number < len(lines):
        end, parsed = _statement(lines, number)
        text = lines[number].strip()
        if text.startswith("["):
            table = _table(parsed, counts, is_element=text.startswith("[["))
            yield table, number + 1
        else:
            yield from _keys(parsed, table, number + 1, lines[number + 1 : end])
        number = end


def _statement(lines: Sequence[str], start: int) -> tuple[int, dict[str, object]]:
    """Give where the statement that begins at `start` ends: where it first is TOML by itself."""
    for end in range(start + 1, len(lines) + 1):
        try:
            return end, tomllib.loads("\n".join(lines[start:end]))
        except tomllib.TOMLDecodeError:
            continue
    return len(lines), {}


def _table(header: Mapping[str, object], counts: dict[Key, int], *, is_element: bool) -> Key:
    """Give the key a header opens; a name that holds a list means the list's last element."""
    key: Key = ()
    here: object = header
    while isinstance(here, Mapping) and here:
        name, here = next(iter(here.items()))
        key = (*key, name)
        if isinstance(here, list):
            here = here[0]
        if is_element and here == {}:
            counts[key] = counts.get(key, 0) + 1
        if key in counts:
            key = (*key, counts[key] - 1)
    return key


def _keys(
    value: object, key: Key, line: int, rest: Sequence[str] = ()
) -> Iterator[tuple[Key, int]]:
    """Yield every key in one statement; a list's element that begins a line has that line."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield (*key, name), line
            yield from _keys(inner, (*key, name), line, rest)
    elif isinstance(value, list):
        openings = [line + 1 + n for n, text in enumerate(rest) if text.lstrip()[:1] in ("{", '"')]
        for index, inner in enumerate(value):
            own = openings[index] if len(openings) == len(value) else line
            yield (*key, index), own
            yield from _keys(inner, (*key, index), own)
