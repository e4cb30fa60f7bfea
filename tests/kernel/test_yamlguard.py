"""A YAML text that would end the process that reads it is refused first, with its place, within a second."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time

import pytest
import yaml

from qitong.kernel.yamlguard import DEEPEST, LONGEST, fault

READERS = {
    "files": "from qitong.kernel.yamlmarks import read; print(*read(text, 'a.yaml').problems)",
    "calendars": "from qitong.kernel.calendar_file import parse\n"
    "try: parse(text)\nexcept Exception as error: print(error)",
}
TEXTS = {
    "in blocks": "'a:\\n' + '- ' * 50_000 + '1'",
    "in brackets": "'a: ' + '[' * 100_000 + ']' * 100_000",
    "in braces": "'a: ' + '{b: ' * 80_000",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
@pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
def test_a_text_that_nests_without_end_is_refused_by_a_living_process(reader: str, text: str) -> None:
    code = f"text = {text}\n{reader}"
    ended = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr[-400:]
    assert "层级过深" in ended.stdout


def test_the_place_is_where_it_becomes_too_deep() -> None:
    flow = fault("a: " + "[" * 30 + "]" * 30)
    block = fault("a:\n" + "- " * 30 + "1")
    assert flow is not None
    assert block is not None
    assert (flow.line, flow.column) == (1, 4 + DEEPEST - 1)
    assert (block.line, block.column) == (2, 1 + 2 * (DEEPEST - 1))
    assert fault("a: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1)) is None


def test_a_text_of_any_depth_or_breadth_is_judged_within_a_second() -> None:
    for text in ("- " * 150_000, "[" * LONGEST, "{? " * 100_000, "[\n" * 200_000, "a: " * 100_000):
        begun = time.process_time()
        with contextlib.suppress(yaml.YAMLError):
            fault(text)
        assert time.process_time() - begun < 1


def test_a_text_of_many_characters_is_not_read_at_all() -> None:
    found = fault("a" * (LONGEST + 1))
    assert found is not None
    assert str(LONGEST) in str(found.sentence)
