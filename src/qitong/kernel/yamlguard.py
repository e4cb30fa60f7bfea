"""What must hold of a YAML text before anything is built of it.

PyYAML builds nodes by calling itself, the fast one in C: a text of 50,000 nested lists ends the whole process
there, with no exception to catch. Events come one after another without that, so they are counted first.
"""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from qitong.kernel.words import Sentence, say

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C reads ten times as fast; both give the same nodes and marks."""
DEEPEST = 20
"""Deeper nesting than any file of ours has."""
LONGEST = 400_000
"""Characters; five times the longest catalogue. More is split into files."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is not read; line and column count from 1, as editors do."""

    line: int
    column: int
    sentence: Sentence


def fault(text: str) -> Fault | None:
    """What keeps ``text`` from being read: its length, its depth, an alias. PyYAML's errors pass through."""
    if len(text) > LONGEST:
        return Fault(1, 1, say("文件过长，最多{n}个字符；请分成几个文件。", n=LONGEST))
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                return _at(event, say("层级过深，最多{n}层。", n=DEEPEST))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            return _at(event, say("请直接写出内容，不使用别名（*{name}）。", name=event.anchor))
    return None


def _at(event: yaml.Event, sentence: Sentence) -> Fault:
    mark = event.start_mark
    return Fault(mark.line + 1, mark.column + 1, sentence) if mark else Fault(1, 1, sentence)
