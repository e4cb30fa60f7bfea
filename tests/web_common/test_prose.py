from __future__ import annotations

import pytest

from qitong.web.common.prose import kept


@pytest.mark.parametrize(
    "date",
    [
        "2026年1月2日",
        "2026年1月2日（周五）",
        "2026年1月2日（周五） 09:05",
        "12 October 2026",
        "1 May 2026 09:05",
    ],
)
def test_a_date_does_not_break(date: str) -> None:
    assert kept(f"<p>By {date}，到期。</p>") == f'<p>By <span class="date">{date}</span>，到期。</p>'


def test_a_case_number_keeps_together_and_has_its_own_face() -> None:
    assert kept("“许可”（QT26-8VHH-XPTL）。") == '“许可”（<span class="no">QT26-8VHH-XPTL</span>）。'


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/my/cases/QT26-8VHH-XPTL" title="2026年1月2日">x</a>',
        '<input value="2026年1月2日（周五）">',
        "<textarea>2026年1月2日 &lt;b&gt; QT26-8VHH-XPTL</textarea>",
        "<select><option>2026年1月2日</option></select>",
        "<svg><title>1 May 2026</title><text>QT26-8VHH-XPTL</text></svg>",
        "<!-- 2026年1月2日 -->",
        "QT26-8VHH-XPTLA 2026年1月",
    ],
)
def test_what_is_no_running_text_stays_as_it_is(html: str) -> None:
    assert kept(html) == html
