"""Where in the sheet a problem of the data is: its field, and its sentence with the field's own name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from qitong.kernel.words import Sentence, say
from qitong.kernel.yamlmarks import Loc, Problem
from qitong.policies.logic.outcomes import Outcome
from qitong.web.common.parts import Text
from qitong.web.workbench.policy_trial import OUTCOME_WORDS

Typed = dict[str, Any]
_WORDED = ("expect", "outcome")
_TEXTS = ("materials", "exclusive_outside")
_CODES = ("exclusive_with", "stackable_with")


def placed(
    problems: Iterable[Problem], typed: Typed, fields: Collection[str]
) -> Iterator[tuple[str, Sentence]]:
    """For each problem the field to which it is shown (empty: the whole sheet) and what it says."""
    for problem in problems:
        name = _nearest(".".join(map(str, steps(problem.loc, typed))), fields)
        yield name, _worded(problem.message)


def _nearest(name: str, fields: Collection[str]) -> str:
    """The field of that name, or the first within it, or around it."""
    while name:
        if name in fields:
            return name
        within = [field for field in fields if field.startswith(f"{name}.")]
        if within:
            return within[0]
        name = name.rpartition(".")[0]
    return ""


def steps(loc: Loc, typed: Typed) -> tuple[str | int, ...]:  # noqa: PLR0911  one return a part
    """The place in the sheet of a place in the data."""
    match loc:
        case ("inputs" | "figures" as head, key, *rest):
            row = _index(typed[head], "key", key)
            return (head, row, *_of_input(typed, head, row, tuple(rest)))
        case ("scores", int(index), "best_of" | "sum_of", int(part), "bands", int(band), int(column), *_):
            return ("scores", index, "parts", part, "bands", band, "points" if column else "bound")
        case ("scores", int(index), "best_of" | "sum_of", *rest):
            return ("scores", index, *(("parts", *rest) if rest else ("how",)))
        case ("conditions", int(index), "rule", *_) if typed["conditions"][index]["join"] != "formula":
            return ("conditions", index, "join")
        case ("examples", int(index), "in", name, *_):
            row = _index(typed["examples"][index]["facts"], "fact", name)
            return ("examples", index, "facts", row, "value")
        case (head, int(index), "zh" | "en" as language, *_) if head in _TEXTS:
            return (str(head), index, "text", language)
        case (head, int(index), *_) if head in _CODES:
            return (str(head), index, "id")
    return loc


def _of_input(typed: Typed, head: str, row: int, rest: Loc) -> Loc:
    match rest:
        case ("choices", code, *more):
            return ("choices", _index(typed[head][row]["choices"], "key", code), *(more or ("key",)))
        case ("range", *_):
            return ("least",)
        case ():
            return ("key",)
    return rest


def _index(rows: list[Typed], name: str, value: object) -> int:
    return next((index for index, row in enumerate(rows) if row[name] == value), 0)


def _worded(message: Sentence) -> Sentence:
    """Outcomes by their words."""
    told = {
        name: OUTCOME_WORDS[Outcome(str(value))] if name in _WORDED and value in set(Outcome) else value
        for name, value in message.params.items()
    }
    return Sentence(message.text, told)


def named(message: Sentence, label: Text) -> Sentence:
    """What is said of a key, said of the field's label."""
    if "key" not in message.params:
        return message
    return Sentence(message.text, {**message.params, "key": say("“{label}”", label=str(label))})
