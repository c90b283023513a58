"""What the verbs of the stages say to the flow and to the edition, read from their source.

A step's name, a time limit, a kind of paper is a text in the code of some verb. It is found where
it is written out, as a constant of a module, as either branch of a choice, as an element of a loop
over constants, or where a caller hands it over.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from workflows import stages

Function = ast.FunctionDef
MODULES = {
    path.stem: ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(Path(stages.__file__).parent.glob("*.py"))
}
CONSTANTS = {
    (module, target.id): node.value
    for module, tree in MODULES.items()
    for node in tree.body
    if isinstance(node, ast.Assign)
    for target in node.targets
    if isinstance(target, ast.Name)
}
HOMES = {
    id(node): module
    for module, tree in MODULES.items()
    for node in ast.walk(tree)
    if isinstance(node, Function)
}


@cache
def functions() -> dict[str, list[Function]]:
    """Every function of the stages, by name."""
    found: dict[str, list[Function]] = {}
    for tree in MODULES.values():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                found.setdefault(node.name, []).append(node)
    return found


def said(name: str, place: int, within: Iterable[Function] | None = None) -> set[str]:
    """The texts that the stages, or the functions ``within``, pass to ``name`` at ``place``."""
    inside = [each for group in functions().values() for each in group]
    return {
        text
        for function in (inside if within is None else within)
        for call in calls(function, name)
        if len(call.args) > place
        for text in texts(call.args[place], function)
    }


def calls(function: Function, name: str) -> Iterator[ast.Call]:
    """Every call of ``name``, of whatever module, inside ``function``."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name:
            yield node


def texts(value: ast.expr, function: Function) -> set[str]:
    """The texts that ``value`` may be inside ``function``."""
    match value:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.Attribute():
            return _constant(ast.unparse(value.value), value.attr, function)
        case ast.Name():
            return _named(value.id, function)
    return {text for each in _parts(value) for text in texts(each, function)}


def _parts(value: ast.expr) -> list[ast.expr]:
    """Either branch of a choice, the elements of a tuple, the nodes a search looks for."""
    match value:
        case ast.IfExp():
            return [value.body, value.orelse]
        case ast.Tuple():
            return value.elts
        case ast.Call(func=ast.Attribute()):
            asked = [each.value for each in value.keywords if (each.arg or "").startswith("node")]
            return [value.func.value, *asked]
    return []


def _constant(module: str, name: str, function: Function) -> set[str]:
    value = CONSTANTS.get((module, name))
    return set() if value is None else texts(value, function)


def _named(name: str, function: Function) -> set[str]:
    """What a name stands for: given in the function, handed over to it, or a constant."""
    given = [
        node.value if isinstance(node, ast.Assign) else node.iter
        for node in ast.walk(function)
        if (isinstance(node, ast.Assign) and _names(node.targets) == {name})
        or (isinstance(node, ast.For) and _names([node.target]) == {name})
    ]
    if given:
        return {text for value in given for text in texts(value, function)}
    parameters = [each.arg for each in function.args.args]
    if name in parameters:
        return said(function.name, parameters.index(name))
    return _constant(HOMES[id(function)], name, function)


def _names(targets: Iterable[ast.expr]) -> set[str]:
    return {each.id for each in targets if isinstance(each, ast.Name)}


def reached(names: Iterable[str]) -> list[Function]:
    """The functions ``names`` and whatever they call, directly or not, inside the stages."""
    found: dict[str, list[Function]] = {}
    ahead = [name for name in names if name in functions()]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found[name] = functions()[name]
            ahead += [
                called
                for function in found[name]
                for node in ast.walk(function)
                if isinstance(node, ast.Call)
                and (called := ast.unparse(node.func).rpartition(".")[2]) in functions()
            ]
    return [function for group in found.values() for function in group]
