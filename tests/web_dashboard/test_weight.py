"""The first view of a page with a chart stays within what a phone should have to fetch."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.web_dashboard.conftest import Reader

MOST = 120_000


def sent(page: str) -> int:
    """The page and all it names, compressed as they are sent."""
    files = sorted(set(re.findall(r'(?:src|href)="/static/([^"?]+)"', page)))
    found = [finders.find(name) for name in files]
    assert all(found), files
    texts = [Path(str(file)).read_bytes() for file in found]
    return len(gzip.compress(page.encode())) + sum(len(gzip.compress(text)) for text in texts)


@pytest.mark.parametrize("path", ["/dashboard/departments", "/dashboard/items", "/dashboard/months"])
def test_a_page_with_a_chart(leader: Reader, path: str) -> None:
    page = leader.page(path)
    assert "vendor/chart-" in page
    assert sent(page) <= MOST


@pytest.mark.parametrize("path", ["/dashboard", "/dashboard/cases"])
def test_a_page_without_a_chart_does_not_load_the_library(leader: Reader, path: str) -> None:
    assert "vendor/chart-" not in leader.page(path)


def test_the_library_is_the_published_one_with_its_licence_and_asks_for_nothing_else() -> None:
    text = Path(str(finders.find("vendor/chart-4.6.1.min.js"))).read_text()
    assert "Released under the MIT License" in text[:300]
    assert "sourceMappingURL" not in text
    assert len(gzip.compress(text.encode())) <= 75_000
