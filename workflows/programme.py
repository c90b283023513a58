"""Programmes: the kinds of recognition this house handles, and their register."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Programme:
    """One kind of recognition or grant: a folder with flows, rules and an edition."""

    key: str
    code: str  # how recorded applications name it: P1, P2, ...
    folder: Path
    flows: Mapping[str, Any]  # flow class name of the edition -> flow class
    results: Callable[..., dict[str, object]]  # facts of a case -> the keys a recording may expect

    @property
    def edition_path(self) -> Path:
        """Where the edition is written by hand."""
        return self.folder / "edition.toml"

    def flow_of(self, procedure: Any) -> Any:
        """The flow class new cases of ``procedure`` start on."""
        return self.flows[procedure.flow]


_register: dict[str, Programme] = {}


def register(programme: Programme) -> None:
    """Enter ``programme`` into the register; a second entry under one key is an error."""
    if programme.key in _register:
        raise ValueError(f"programme {programme.key} is registered twice")
    _register[programme.key] = programme


def discover() -> None:
    """Load ``programme.py`` of every installed programme folder (settings.HENG_PROGRAMMES)."""
    for path in settings.HENG_PROGRAMMES:
        module = import_module(f"{path}.programme")
        if module.PROGRAMME.key not in _register:
            register(module.PROGRAMME)


def get(key: str) -> Programme:
    """The programme with ``key``."""
    return _register[key]


def by_code(code: str) -> Programme | None:
    """The programme a recording calls ``code``, or None when it is not installed."""
    return next((each for each in all_() if each.code == code), None)


def all_() -> Iterator[Programme]:
    """Every registered programme, in order of entry."""
    return iter(tuple(_register.values()))
