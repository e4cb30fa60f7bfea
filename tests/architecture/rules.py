"""What the import contract cannot see, read from the syntax tree.

A rule takes one module and returns its breaches, each a line number and a sentence: what is wrong, why
it matters, what to do instead.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "qitong"

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
SURFACES = {"web", "api"}
MAY_ASK_THE_TIME = {"cli", "web", "api", "automation", "demo", "server"}
OWNERLESS = {"utils", "helpers", "misc"}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
ALWAYS_A_WRITE = {
    "save",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "acreate",
    "asave",
    "adelete",
    "aupdate",
}
THE_DOOR = Path("casework/move.py")


@dataclass(frozen=True)
class Module:
    """A source file: ``path`` is relative to ``src/qitong``."""

    path: Path
    text: str

    @property
    def package(self) -> str:
        return self.path.parts[0]

    @property
    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(ast.parse(self.text))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))


Breach = tuple[int, str]
Rule = Callable[[Module], Iterator[Breach]]


def modules() -> list[Module]:
    """Every module of the product, migrations left out: they are history."""
    files = (file for file in SOURCE.rglob("*.py") if "migrations" not in file.parts)
    return [Module(file.relative_to(SOURCE), file.read_text()) for file in sorted(files)]


@cache
def height() -> dict[str, int]:
    """How high each package stands: the layers of the import contract, the lowest 0."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    floors = enumerate(reversed(contract["layers"]))
    return {name.strip(): floor for floor, names in floors for name in names.split("|")}


def foreign_keys_point_downwards(module: Module) -> Iterator[Breach]:
    floors = height()
    for call in module.calls():
        target = _related_app(call)
        if target in floors and target != module.package and floors[target] >= floors[module.package]:
            yield (
                call.lineno,
                f"a foreign key from {module.package} to {target} points up or sideways: the lower "
                f"table would need the higher to exist. Keep the key on the higher side.",
            )


def surfaces_do_not_write(module: Module) -> Iterator[Breach]:
    if module.package not in SURFACES:
        return
    for call in module.calls():
        if _is_write(call):
            yield (
                call.lineno,
                "a page or an API resource writes to the database itself: the deed would have no actor, no "
                "permission and no ledger entry. Call the domain's named function with by= and at=.",
            )


def state_changes_through_the_door(module: Module) -> Iterator[Breach]:
    if module.path == THE_DOOR or height().get(module.package, -1) < height()["casework"]:
        return
    for node in module.nodes:
        if _sets_state(node, sure=module.package != "notifications"):
            yield (
                getattr(node, "lineno", 0),
                "the state of a case or a task is set outside casework/move.py: the move would be unchecked "
                "and leave no trace. Call the move.",
            )


def time_is_an_argument(module: Module) -> Iterator[Breach]:
    if module.package in MAY_ASK_THE_TIME or module.path.name == "jobs.py":
        return
    for node in module.nodes:
        if _asks_the_time(node):
            yield (
                getattr(node, "lineno", 0),
                "the machine's clock is read below the surfaces: it cannot be tested or replayed. Take at=.",
            )


def files_are_short(module: Module) -> Iterator[Breach]:
    count = len(module.text.splitlines())
    if count > LONGEST_FILE:
        yield count, f"{count} lines, more than {LONGEST_FILE}: it holds two things. Give each its file."


def functions_are_short(module: Module) -> Iterator[Breach]:
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LONGEST_FUNCTION:
            yield (
                node.lineno,
                f"{node.name} has {_length(node)} lines, more than {LONGEST_FUNCTION}: a reader cannot see "
                f"it at once. Name its steps.",
            )


def everything_has_an_owner(module: Module) -> Iterator[Breach]:
    for part in (*module.path.parent.parts, module.path.stem):
        if part in OWNERLESS:
            yield 1, f"'{part}' says nothing and belongs to nobody. Name the file for what it does."


RULES: tuple[Rule, ...] = (
    foreign_keys_point_downwards,
    surfaces_do_not_write,
    state_changes_through_the_door,
    time_is_an_argument,
    files_are_short,
    functions_are_short,
    everything_has_an_owner,
)


def _dotted(node: ast.AST) -> list[str]:
    """The names of an attribute or call chain: ``Case.objects.filter(…).update`` gives all four."""
    if isinstance(node, ast.Call):
        return _dotted(node.func)
    if isinstance(node, ast.Attribute):
        return [*_dotted(node.value), node.attr]
    return [node.id] if isinstance(node, ast.Name) else []


def _related_app(call: ast.Call) -> str:
    """The app that a relation given as a string points to; empty when it is no such relation."""
    if (_dotted(call.func) or [""])[-1] not in RELATIONS:
        return ""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "to"]
    target = next(iter([*call.args, *named]), None)
    if isinstance(target, ast.Attribute) and target.attr == "AUTH_USER_MODEL":
        return "accounts"
    text = target.value if isinstance(target, ast.Constant) and isinstance(target.value, str) else ""
    return text.partition(".")[0] if "." in text else ""


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    *chain, verb = _dotted(call.func)
    given = {keyword.arg for keyword in call.keywords}
    if "session" in chain or {"by", "at"} & given:  # a sign-in, or a domain's named function
        return False
    of_a_table = bool({"objects", "filter", "exclude", "all"} & set(chain))
    by_keyword = bool(given - {None}) and not call.args  # a dictionary is updated from another
    return (
        verb in ALWAYS_A_WRITE
        or (verb in {"create", "update", "delete"} and of_a_table)
        or (verb == "update" and by_keyword)
        or (verb == "delete" and not (call.args or call.keywords))
    )


def _sets_state(node: ast.AST, *, sure: bool) -> bool:
    """``sure``: in doubt, whatever has a state here is a case or a task."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        flat = [part for target in targets for part in getattr(target, "elts", [target])]
        states = [t for t in flat if isinstance(t, ast.Attribute) and t.attr == "state"]
        return any(_is_case(t, node.value, sure=sure) for t in states)
    if not isinstance(node, ast.Call):
        return False
    verb = (_dotted(node.func) or [""])[-1]
    if verb == "update":
        given = [keyword.value for keyword in node.keywords if keyword.arg == "state"]
        return any(_is_case(node.func, value, sure=sure) for value in given)
    words = [a.value for a in ast.walk(node) if isinstance(a, ast.Constant)]
    return verb in {"setattr", "bulk_update"} and "state" in words and _is_case(node, None, sure=sure)


def _is_case(receiver: ast.AST, value: ast.AST | None, *, sure: bool) -> bool:
    """Whether the state set is a case's or a task's: said by the enum, else by the name it is set on."""
    names = {name for node in ast.walk(value) for name in _dotted(node)} if value else set()
    enums = {name for name in names if name.endswith("State") and name != "State"}
    if enums:
        return bool(enums & {"CaseState", "TaskState"})
    called = " ".join(_dotted(receiver)).lower()
    if any(other in called for other in ("material", "commitment", "message")):
        return False
    return sure or "case" in called or "task" in called


def _asks_the_time(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        owner = (_dotted(node.value) or [""])[-1]
        return (owner, node.attr) in {
            ("timezone", "now"),
            ("datetime", "now"),
            ("datetime", "utcnow"),
            ("datetime", "today"),
            ("date", "today"),
            ("time", "time"),
        }
    if isinstance(node, ast.Call):
        verb = (_dotted(node.func) or [""])[-1]
        return verb in {"localdate", "localtime"} and not (node.args or node.keywords)
    return False


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body. Signature and docstring do not count: naming every fact is asked for."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0
