"""What the readers of JSON and YAML say is said in the language of the rest of the line."""

from __future__ import annotations

import json
import re

import pytest
from pydantic import BaseModel, ConfigDict

from qitong.kernel.parsers import of_json
from qitong.kernel.shapes import shaped
from qitong.kernel.yamlmarks import read

ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,}")


@pytest.mark.parametrize(
    "text",
    ["", '{"a": }', "{a: 1}", '{"a" 1}', '{"a": 1 "b": 2}', "{} {}", '{"a', '"\\q"', '"\\u12"', '"\n"'],
)
def test_json_in_words(text: str) -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(text)
    assert not ENGLISH.search(str(of_json(caught.value.msg))), caught.value.msg


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a:\n\t- 1", "不用制表符"),
        ("a: [1, 2", "逗号或结尾的括号"),
        ("a: {b: c: d}", "含冒号"),
        ('a: "b\nc: d', "结束"),
        ("a:\n  - b\n  c: d", "“- ”"),
        ("a: [", "没有写完"),
        ("a: b: c", "含冒号的文字请加引号"),
        ("a: 1\n---\nb: 2", "去掉“---”"),
        ("a: \x00", "控制字符"),
        ('a: "\\q"', "单引号"),
        ("a:\n  b: 1\n c: 2", "缩进"),
    ],
)
def test_yaml_in_words(text: str, says: str) -> None:
    (problem,) = read(text, "a.yaml").problems
    assert says in str(problem.message)
    assert not ENGLISH.search(str(problem.message))


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)


class Inner(Strict):
    size: int | float | None = None


class Outer(Strict):
    many: list[Inner] = []
    levels: list[bool] = []
    one: Inner | None = None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("many: [{size: large}]", "size应为一个数。"),
        ("many: [1]", "many第1项应为“键: 值”。"),
        ("levels: [true, maybe]", "levels第2项应为true或false"),
        ("one: [1]", "one应为“键: 值”。"),
    ],
)
def test_a_value_of_another_kind_is_told_once_and_by_its_name(text: str, says: str) -> None:
    document = read(text, "a.yaml")
    assert shaped(document, Outer) is None
    (problem,) = document.problems
    assert says in str(problem.message)
