from __future__ import annotations

from collections import Counter

from django.utils import translation

from qitong.insight.logic.figures import FEWEST, Figures
from qitong.web.dashboard.charts import of_items


def closed(n: int, days: int) -> Figures:
    return Figures(closed=n, histogram=Counter({days: n}))


def title(**found: Figures) -> str:
    with translation.override("zh-hans"):
        chart = of_items(found, {code: code for code in found})
    assert chart
    return chart.title


def test_the_title_names_the_longest_bar() -> None:
    assert title(seal=closed(FEWEST, 3), permit=closed(FEWEST, 14)).startswith("用时最长的是permit")


def test_of_items_with_few_cases_the_title_does_not_speak_and_says_so() -> None:
    said = title(seal=closed(FEWEST, 3), permit=closed(1, 14))
    assert said.startswith("样本足够的事项中，用时最长的是seal")
