"""What the readers of JSON and YAML say is wrong, in our readers' languages and with what would be right."""

from __future__ import annotations

from qitong.kernel.words import Sentence, say

_NO_TABS = say("缩进用空格，不用制表符")
_UNFINISHED = say("文件在引号或括号中间结束")
_JSON = {
    "Expecting value": say("此处应有一个值；文件可能为空、未写完，或多了一个逗号"),
    "Expecting property name enclosed in double quotes": say(
        "此处应为带英文双引号的名称；最后一项之后不加逗号"
    ),
    "Expecting ':' delimiter": say("名称之后应有英文冒号"),
    "Expecting ',' delimiter": say("两项之间应有英文逗号，或者缺少结尾的括号"),
    "Extra data": say("值已经完整，此处多出了内容"),
    "Unterminated string starting at": say("从此处开始的文字缺少结尾的英文双引号"),
    "Invalid control character at": say(r"文字中不能有换行或制表符；请写作 \n 或 \t"),
    r"Invalid \escape": say(r"反斜线之后的字符有误；反斜线本身写作 \\"),
    r"Invalid \uXXXX escape": say(r"\u 之后应有四位十六进制数"),
}
_YAML = {
    "found character that cannot start any token": say("此处的字符不能开头；缩进用空格，不用制表符"),
    "found a tab character that violates indentation": _NO_TABS,
    "found a tab character where an indentation space is expected": _NO_TABS,
    "did not find expected key": say("此处应为“键: 值”；请核对缩进和上文的引号"),
    "did not find expected '-' indicator": say("此处应为以“- ”开头的一项；请核对缩进"),
    "did not find expected ',' or '}'": say("花括号中缺少逗号或结尾的括号；含冒号、逗号的文字请加引号"),
    "did not find expected ',' or ']'": say("方括号中缺少逗号或结尾的括号；含冒号、逗号的文字请加引号"),
    "did not find expected node content": say("此处应有内容；括号可能没有写完"),
    "mapping values are not allowed in this context": say("此处不能有冒号；含冒号的文字请加引号"),
    "block sequence entries are not allowed in this context": say("此处不能以“- ”开头；请另起一行并核对缩进"),
    "could not find expected ':'": say("此处缺少冒号"),
    "found unexpected end of stream": _UNFINISHED,
    "found unexpected document indicator": _UNFINISHED,
    "but found another document": say("一个文件只写一份；请去掉“---”及其后的内容"),
    "control characters are not allowed": say("文件中有控制字符，请删去"),
    "found unknown escape character": say("双引号中的反斜线有误；请改用单引号"),
}


def of_json(reason: str) -> str | Sentence:
    """What Python's reader of JSON says; its own words where we have none."""
    return _JSON.get(reason.partition(": ")[0], reason)


def of_yaml(reason: str | None) -> str | Sentence:
    """What the reader of YAML says; its own words where we have none."""
    return _YAML.get(str(reason), str(reason))
