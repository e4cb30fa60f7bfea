"""A Word document of our own making is whole, whatever is written into it."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qitong.datashare.docx.blocks import (
    Block,
    Contents,
    Document,
    Heading,
    Item,
    PageBreak,
    Paragraph,
    Run,
    Style,
    Table,
)
from qitong.datashare.docx.package import write
from qitong.datashare.logic.filetypes import DOCX, identify
from tests.datashare.docx_reading import W, Word, complaints, read, style_of, text_of, val

DAY = dt.date(2026, 11, 23)


def made(*blocks: Block, title: str = "汇编", language: str = "zh-CN") -> bytes:
    return write(Document(title, "主题", "园区", DAY, language, "页眉", ("第 ", " 页，共 ", " 页"), blocks))


def taken(*blocks: Block) -> Word:
    word = read(made(*blocks))
    assert complaints(word) == []
    return word


def test_headings_are_headings_that_links_lead_to() -> None:
    chapter, part = Heading("一", 1, "c1"), Heading("1.1 甲", 2, "p1")
    word = taken(Contents("目录", (chapter, part)), chapter, part, Heading("材料", 3))
    assert word.headings == [(1, "一"), (2, "1.1 甲"), (3, "材料")]
    levels = {
        item.get(f"{W}styleId"): val(item.find(f"{W}pPr/{W}outlineLvl"))
        for item in word.all("style", "word/styles.xml")
    }
    assert [levels[f"Heading{level}"] for level in (1, 2, 3)] == ["0", "1", "2"]
    assert [item.get(f"{W}anchor") for item in word.all("hyperlink")] == ["c1", "p1"]


def test_contents_are_a_field_whose_pages_are_empty_until_an_office_suite_knows_them() -> None:
    chapter, part = Heading("一", 1, "c1"), Heading("1.1 甲", 2, "p1")
    word = taken(Contents("目录", (chapter, part)), chapter, part)
    told = [(item.text or "").strip() for item in word.all("instrText")]
    assert told == [r'TOC \o "1-2" \h \z', r"PAGEREF c1 \h", r"PAGEREF p1 \h"]
    lines = [paragraph for paragraph in word.all("p") if style_of(paragraph).startswith("TOC")]
    assert [text_of(paragraph).rstrip() for paragraph in lines] == ["目录", "一", "1.1 甲"]
    [renewed] = word.all("updateFields", "word/settings.xml")
    assert val(renewed) == "true"
    assert not taken(chapter).all("updateFields", "word/settings.xml")  # nobody is asked for nothing


def test_each_page_but_the_first_says_which_it_is_of_how_many() -> None:
    word = taken(Heading("一", 1))
    fields = [item.get(f"{W}instr", "").strip() for item in word.all("fldSimple", "word/footer1.xml")]
    assert fields == ["PAGE", "NUMPAGES"]
    assert word.all("titlePg")


def test_a_field_that_is_torn_is_noticed() -> None:
    taken(Heading("一", 1))
    torn = read(made(Contents("目录", (Heading("一", 1, "c1"),)), Heading("一", 1, "c1")))
    ends = [item for item in torn.all("fldChar") if item.get(f"{W}fldCharType") == "end"]
    ends[-1].set(f"{W}fldCharType", "begin")
    assert any("torn" in one for one in complaints(torn))


def test_the_head_of_a_table_is_repeated_on_every_page() -> None:
    word = taken(Table(rows=((("甲",), ("乙", "丙")),), widths=(30, 70), head=("名称", "内容")))
    first, second = word.all("tr")
    assert first.find(f"{W}trPr/{W}tblHeader") is not None
    assert second.find(f"{W}trPr/{W}tblHeader") is None
    assert [text_of(paragraph) for paragraph in second.iter(f"{W}p")] == ["甲", "乙", "丙"]


def test_lists_are_lists_as_deep_as_they_are_said_to_be() -> None:
    word = taken(Item("外", 0), Item("内", 1), Item("太深", 9))
    assert [val(item) for item in word.all("ilvl")] == ["0", "1", "3"]


def test_an_address_of_the_web_is_a_link_and_nothing_else_is() -> None:
    lines = [Run("好", to="https://park.cn/items/甲?a=1&b=2"), Run("坏", to="javascript:alert(1)"), Run("空")]
    word = taken(*(Paragraph(line) for line in lines))
    rels = word.parts["word/_rels/document.xml.rels"]
    outside = [item.get("Target") for item in rels if item.get("TargetMode") == "External"]
    assert outside == ["https://park.cn/items/%E7%94%B2?a=1&b=2"]
    assert [text_of(item) for item in word.all("hyperlink")] == ["好"]


def test_pages_are_a4_and_numbered_behind_a_cover() -> None:
    word = taken(Paragraph("汇编", Style.TITLE), PageBreak(), Paragraph("正文"))
    (size,) = word.all("pgSz")
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")
    fields = [item.get(f"{W}instr", "").strip() for item in word.all("fldSimple", "word/footer1.xml")]
    assert fields == ["PAGE", "NUMPAGES"]
    assert word.all("titlePg")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_each_script_has_its_type_and_its_language(language: str) -> None:
    word = read(made(Paragraph("文"), language=language))
    (default,) = word.all("rPrDefault", "word/styles.xml")
    fonts, spoken = default.find(f".//{W}rFonts"), default.find(f".//{W}lang")
    assert fonts is not None
    assert spoken is not None
    assert fonts.get(f"{W}eastAsia") == "宋体"
    assert (spoken.get(f"{W}val"), spoken.get(f"{W}eastAsia")) == (language, "zh-CN")


def test_its_properties_say_what_it_is_and_of_which_day() -> None:
    core = read(made(title="甲 & 乙")).parts["docProps/core.xml"]
    told = {item.tag.rpartition("}")[2]: item.text for item in core}
    assert told["title"] == "甲 & 乙"
    assert told["created"] == told["modified"] == "2026-11-23T00:00:00Z"


def test_the_same_document_is_the_same_bytes_and_is_known_as_word() -> None:
    first = made(Heading("一", 1, "c1"), Paragraph("文"))
    assert first == made(Heading("一", 1, "c1"), Paragraph("文"))
    assert identify(io.BytesIO(first), "a.docx") is DOCX


def test_what_is_typed_is_text_and_breaks_only_where_lines_do() -> None:
    word = taken(Paragraph("<w:p/>&amp;\x00\x0b一\r\n二\t三\ud800\ufffe\u202e四"))
    (paragraph,) = word.all("p")
    assert text_of(paragraph) == "<w:p/>&amp;一 二 三四"
    assert len(list(paragraph.iter(f"{W}br"))) == 1


def test_a_place_that_is_named_twice_or_badly_is_a_place_once_or_not_at_all() -> None:
    word = taken(
        Heading("一", 1, "c1"), Heading("二", 1, "c1"), Heading("三", 1, "1 x"), Heading("四", 1, "x" * 41)
    )
    assert [item.get(f"{W}name") for item in word.all("bookmarkStart")] == ["c1"]


TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "<&>\"'",
            "]]>",
            "\x00\x01\x1f\x7f",
            "\ud800",
            "א ב\u202e ג",
            "مرحبا",
            "x" * 5000,
            "😀\ufeff",
            "\n\n\t",
        ]
    ),
)
ADDRESSES = st.one_of(
    st.just(""), TEXTS, TEXTS.map(lambda text: f"https://park.cn/{text}"), st.just("http://[bad")
)
RUNS = st.builds(Run, TEXTS, bold=st.booleans(), muted=st.booleans(), to=ADDRESSES)
LINES = st.one_of(TEXTS, RUNS, st.lists(st.one_of(TEXTS, RUNS), max_size=3).map(tuple))
TABLES = st.integers(1, 4).flatmap(
    lambda n: st.builds(
        Table,
        rows=st.lists(st.tuples(*[st.lists(LINES, max_size=2).map(tuple)] * n), max_size=3).map(tuple),
        widths=st.tuples(*[st.integers(1, 90)] * n),
        head=st.one_of(st.just(()), st.tuples(*[TEXTS] * n)),
    )
)
BLOCKS = st.one_of(
    st.builds(Heading, TEXTS, st.integers(-1, 5), st.one_of(st.just(""), st.just("a1"), TEXTS)),
    st.builds(Paragraph, LINES, st.sampled_from(Style)),
    st.builds(Item, LINES, st.integers(-1, 6)),
    TABLES,
    st.just(PageBreak()),
)


@settings(deadline=None)
@given(st.lists(BLOCKS, max_size=6), TEXTS)
def test_whatever_is_written_the_document_is_whole(blocks: list[Block], title: str) -> None:
    content = made(*blocks, title=title)
    assert complaints(read(content)) == []
    assert content == made(*blocks, title=title)


def test_paragraphs_keep_their_styles() -> None:
    word = taken(Paragraph("甲", Style.SUBTITLE), Paragraph("乙", Style.SMALL))
    assert [style_of(paragraph) for paragraph in word.all("p")] == ["Subtitle", "Small"]
