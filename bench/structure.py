"""``python -m bench.structure``: measures how a checkout is built, so that two of them can be compared.

It counts files, lines, comments and functions. It lists short modules and names that two modules define. It counts what
one request calls. With ``--time`` it also times ``make test``, ``make unit`` and the first ``make serve`` of a clone.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import math
import os
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from statistics import median_low
from typing import Any, NamedTuple

from .places import CHILDREN, ROOT
from .structure_times import times

FOLDERS = ("fake_webflow", "contracts", "tests", "bench")
SHIPPED = FOLDERS[:2]
"""Short modules and names that stand twice are listed for these."""
_SHORT = 40
_OPERATIONS, _RULES = "fake_webflow/api/", "fake_webflow/world/"
_FOR_TOOLS = re.compile(r"#\s*(noqa|type:\s*ignore|pragma)\b")
_NO_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
}  # fmt: skip
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module(NamedTuple):
    """One module.

    Args:
        path: From the root of the checkout, with slashes.
        tree: What it says.
        lines: All of them.
        code: Lines that hold more than a comment or a docstring.
        comments: Those for people.
        functions: Lines of each function by its name, decorators aside.
    """

    path: str
    tree: ast.Module
    lines: int
    code: int
    comments: int
    functions: Sequence[tuple[int, str]]

    @property
    def name(self) -> str:
        """Its file's name."""
        return PurePosixPath(self.path).name


def modules(root: Path, folder: str) -> list[Module]:
    """Reads every module below a folder of the checkout."""
    files = sorted((root / folder).rglob("*.py"))
    return [_module(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8")) for file in files]


def _module(path: str, text: str) -> Module:
    tree, tokens = ast.parse(text), list(tokenize.generate_tokens(io.StringIO(text).readline))
    code = {line for token in tokens if token.type not in _NO_CODE for line in range(token.start[0], token.end[0] + 1)}
    comments = [token for token in tokens if token.type == tokenize.COMMENT and not _FOR_TOOLS.match(token.string)]
    functions = [(_end(node) - node.lineno + 1, node.name) for node in ast.walk(tree) if isinstance(node, _Function)]
    return Module(path, tree, len(list(io.StringIO(text))), len(code - _docstrings(tree)), len(comments), functions)


def _docstrings(tree: ast.Module) -> set[int]:
    """The lines of strings that are statements of their own."""
    strings = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    )
    return {line for node in strings for line in range(node.lineno, _end(node) + 1)}


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def figures(found: Sequence[Module]) -> dict[str, Any]:
    """The figures of one folder."""
    functions = sorted((lines, f"{module.path}: {name}") for module in found for lines, name in module.functions)
    lengths = [lines for lines, _ in functions] or [0]
    code, longest = sum(module.code for module in found), max(found, key=lambda module: module.lines)
    return {
        "Python files": len(found),
        "lines": sum(module.lines for module in found),
        "lines of code": code,
        "comments per 100 lines of code": round(100 * sum(module.comments for module in found) / max(code, 1), 2),
        "functions": len(functions),
        "function length, median": median_low(lengths),
        "function length, p95": lengths[math.ceil(0.95 * len(lengths)) - 1],
        "function length, max": lengths[-1],
        "longest function": functions[-1][1] if functions else "",
        "module length, max": longest.lines,
        "longest module": longest.path,
        f"modules below {_SHORT} lines": {module.path: module.lines for module in found if _is_short(module)},
    }


def _is_short(module: Module) -> bool:
    return module.lines < _SHORT and module.name not in ("__init__.py", "__main__.py")


def names_twice(found: Sequence[Module]) -> dict[str, list[str]]:
    """The public names that two modules or more define at their top level, with these modules.

    Test modules are left out, and so is an operation beside the one rule that it applies.
    """
    operations = handlers(found)
    places: dict[str, list[str]] = {}
    for module in found:
        if not module.name.startswith("test_"):
            for name in public_names(module):
                places.setdefault(name, []).append(module.path)
    return {
        name: paths
        for name, paths in sorted(places.items())
        if len(paths) > 1 and not _is_operation_and_rule(name, paths, operations)
    }


def _is_operation_and_rule(name: str, paths: Sequence[str], operations: set[tuple[str, str]]) -> bool:
    """Whether one handler of the operation table and one rule of the world have the name, and nothing else has it."""
    others = [path for path in paths if (path, name) not in operations]
    return len(paths) == 2 and len(others) == 1 and others[0].startswith(_RULES)


def handlers(found: Iterable[Module]) -> set[tuple[str, str]]:
    """The module and name of each handler in the operation table: of ``items.list_items`` in ``Operation(...)``."""
    return {
        (f"{_OPERATIONS}{value.value.id}.py", value.attr)
        for module in found
        if module.path.startswith(_OPERATIONS)
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Operation"
        for value in [*call.args, *(keyword.value for keyword in call.keywords)]
        if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name)
    }


def public_names(module: Module) -> set[str]:
    """The functions, classes and constants that a module defines; what it imports is no definition."""
    names = {name for statement in _top_level(module.tree.body) for name in _defined(statement)}
    if module.name == "__init__.py":
        names -= {name for statement in module.tree.body for name in _handed_on(statement)}
    return {
        name
        for name in names
        if not name.startswith(("_", "pytest_")) and (name, module.name) != ("main", "__main__.py")
    }


def _top_level(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements, and those inside of ``if`` and ``try``."""
    for statement in statements:
        yield statement
        if isinstance(statement, ast.If | ast.Try):
            yield from _top_level(child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.stmt))


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, _Function | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for node in (node for target in targets for node in ast.walk(target)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _handed_on(statement: ast.stmt) -> Iterator[str]:
    """The name in ``name = module.name``."""
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Attribute):
        yield from (name for name in _defined(statement) if name == statement.value.attr)


def called(root: Path) -> dict[str, dict[str, int]]:
    """How many calls of how many functions in how many files one request costs, in a process of its own."""
    command = [sys.executable, str(CHILDREN / "called.py"), str(root)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    output = subprocess.run(command, cwd=root, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, dict[str, int]] = json.loads(output)
    return found


def measure(root: Path) -> dict[str, Any]:
    """Everything but times."""
    found = {folder: read for folder in FOLDERS if (read := modules(root, folder))}
    shipped = [module for folder in SHIPPED for module in found.get(folder, ())]
    return {
        "folders": {folder: figures(read) for folder, read in found.items()},
        "operation handlers": len(handlers(shipped)),
        "names twice": names_twice(shipped),
        "called": called(root),
    }


def as_text(found: Mapping[str, Any]) -> str:
    """The table, and the lists below it."""
    folders: Mapping[str, Mapping[str, Any]] = found["folders"]
    short = f"modules below {_SHORT} lines"
    lines = [_row("", folders)]
    for what, first in next(iter(folders.values())).items():
        if not isinstance(first, str):
            lines.append(_row(what, [len(each[what]) if what == short else each[what] for each in folders.values()]))
    for what in ("longest function", "longest module"):
        lines += ["", f"{what}:", *(f"  {each[what]}" for each in folders.values())]
    for folder in (folder for folder in SHIPPED if folder in folders):
        lines += ["", f"{short} in {folder}:", *(f"  {path} {size}" for path, size in folders[folder][short].items())]
    twice = found["names twice"]
    lines += ["", f"names twice: {len(twice)} ({found['operation handlers']} handlers of operations were found)"]
    lines += [f"  {name}: {', '.join(paths)}" for name, paths in twice.items()]
    for title in (title for title in ("called", "times") if title in found):
        lines += ["", f"{title}:"]
        for what, amounts in found[title].items():
            lines.append(f"  {what}: {', '.join(f'{unit} {amount}' for unit, amount in amounts.items())}")
    return "\n".join(lines)


def _row(what: str, cells: Iterable[object]) -> str:
    return f"{what:32}" + "".join(f"{cell!s:>14}" for cell in cells)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser("python -m bench.structure", description="Measures how a checkout is built.")
    parser.add_argument("--root", type=Path, default=ROOT, metavar="PATH", help="the checkout (default: this one)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--time", action="store_true", help="time the suites and the first start too; takes minutes")
    asked = parser.parse_args(arguments)
    root = asked.root.resolve()
    found = measure(root)
    if asked.time:
        found["times"] = times(root)
    print(json.dumps(found, indent=1) if asked.json else as_text(found))


if __name__ == "__main__":
    main()
