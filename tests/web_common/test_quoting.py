"""What an English page quotes in Chinese is marked as Chinese, and is text."""

from __future__ import annotations

import pytest
from django.utils import translation

from qitong.web.templatetags.quoting import quoted


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Notice 14 of 2023", "Notice 14 of 2023"),
        ("国科发火〔2016〕32号", '<span lang="zh">国科发火〔2016〕32号</span>'),
        ("As 财税〔2018〕76号 says", 'As <span lang="zh">财税〔2018〕76号</span> says'),
        ("<b>甲</b> & co", '&lt;b&gt;<span lang="zh">甲</span>&lt;/b&gt; &amp; co'),
        ("", ""),
    ],
)
def test_chinese_passages_are_marked_in_english_pages_only(text: str, marked: str) -> None:
    with translation.override("en"):
        assert quoted(text) == marked
    with translation.override("zh-hans"):
        assert "<span" not in quoted(text)
        assert "<b>" not in quoted(text)
