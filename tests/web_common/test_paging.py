from __future__ import annotations

from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from qitong.accounts.models import Jurisdiction
from qitong.web.common.paging import Page, page_of


def _page(query: str, *, newest_first: bool, size: int = 3) -> Page[Jurisdiction]:
    request = RequestFactory().get(f"/{query}")
    return page_of(request, Jurisdiction.objects.all(), key="name_zh", newest_first=newest_first, size=size)


class Walking(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(names=st.lists(st.sampled_from("abcd"), max_size=11), newest_first=st.booleans())
    def test_forwards_and_back_every_row_is_seen_once_in_order(
        self, names: list[str], newest_first: bool
    ) -> None:
        Jurisdiction.objects.all().delete()
        for number, name in enumerate(names):
            Jurisdiction.objects.create(code=str(number), name_zh=name, name_en=name, level="city")
        rows = Jurisdiction.objects.order_by("name_zh", "pk")
        expected = [row.pk for row in (rows.reverse() if newest_first else rows)]

        pages = [_page("", newest_first=newest_first)]
        while pages[-1].next:
            pages.append(_page(pages[-1].next, newest_first=newest_first))
        assert [row.pk for page in pages for row in page.rows] == expected
        assert not pages[0].previous

        back = [pages[-1]]
        while back[-1].previous:
            back.append(_page(back[-1].previous, newest_first=newest_first))
        assert [row.pk for page in reversed(back) for row in page.rows] == expected


def test_a_forged_cursor_shows_the_first_page(db: None) -> None:
    Jurisdiction.objects.create(code="1", name_zh="a", name_en="a", level="city")
    assert len(_page("?cursor=forged", newest_first=True).rows) == 1


def test_the_filters_stay_in_the_links(db: None) -> None:
    for number in range(5):
        Jurisdiction.objects.create(code=str(number), name_zh="a", name_en="a", level="city")
    assert _page("?light=red&light=amber", newest_first=True).next.startswith(
        "?light=red&light=amber&cursor="
    )
