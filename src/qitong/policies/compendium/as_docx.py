"""A compendium as a document: cover, contents, chapters with a table of all in it, articles, appendix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext

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
from qitong.datashare.docx.blocks import Line as Written
from qitong.kernel.words import Named, say
from qitong.policies.compendium.parts import Article, Cited, Compendium, Fact
from qitong.policies.compendium.wording import ALL_OF, HEADS, counted, place_of, prevails, reflects
from qitong.policies.logic.asked import Line


def document(made: Compendium, *, language: str, site: str = "") -> Document:
    """In the active language, which ``language`` names (``zh-CN``, ``en-GB``); ``site``: of its addresses."""
    title, day = str(made.title), str(reflects(made.on))
    return Document(
        title=title,
        subject=day,
        author=str(made.place),
        day=made.on,
        language=language,
        header=f"{title}    {made.on.isoformat()}",
        footer=_footer(),
        blocks=tuple(_Writing(made, site, abroad=language.startswith("en")).blocks()),
    )


def _footer() -> tuple[str, str, str]:
    """The words around the two numbers that the office suite fills in."""
    whole = gettext("第%(page)s页，共%(pages)s页") % {"page": "\n", "pages": "\n"}
    before, between, after = whole.split("\n")
    return before, between, after


class _Writing:
    def __init__(self, made: Compendium, site: str, *, abroad: bool) -> None:
        self._made, self._site, self._abroad = made, site.rstrip("/"), abroad

    def blocks(self) -> Iterator[Block]:
        parts = [*self._chapters()]
        if self._made.appendix:
            parts += self._appendix(len(self._made.chapters) + 1)
        headings = [block for block in parts if isinstance(block, Heading) and block.level <= 2]
        yield from self._cover()
        if headings:
            yield PageBreak()
            yield Contents(gettext("目录"), tuple(headings))
        yield from parts

    def _cover(self) -> Iterator[Block]:
        made = self._made
        yield Paragraph(str(made.title), Style.TITLE)
        yield Paragraph(str(reflects(made.on)), Style.SUBTITLE)
        yield Paragraph(str(counted(made)), Style.COVER)
        yield Paragraph(gettext("来源：%(source)s") % {"source": made.source}, Style.COVER)
        if not made.articles:
            yield Paragraph(gettext("这一天没有已发布并施行的政策。"), Style.COVER)
        yield Paragraph(str(prevails()), Style.COVER)
        if self._abroad:
            yield Paragraph(gettext("文号、条款号按原文引用；文件本身只有中文。"), Style.COVER)

    def _chapters(self) -> Iterator[Block]:
        for at, chapter in enumerate(self._made.chapters, 1):
            yield Heading(f"{at} {chapter.name}", 1, f"c{at}", new_page=True)
            yield Table(
                head=(gettext("序号"), gettext("名称"), gettext("文号"), gettext("级别"), gettext("申报期")),
                rows=tuple(
                    (
                        (f"{at}.{n}",),
                        (Run(str(one.name), anchor=f"p{at}_{n}"),),
                        one.numbers or (gettext("待核实"),),
                        (str(one.level),),
                        (str(one.window),),
                    )
                    for n, one in enumerate(chapter.articles, 1)
                ),
                widths=(9, 32, 27, 12, 20),
            )
            for n, one in enumerate(chapter.articles, 1):
                yield Heading(f"{at}.{n} {one.name}", 2, f"p{at}_{n}")
                yield from self._article(one)

    def _appendix(self, at: int) -> Iterator[Block]:
        yield Heading(gettext("附录 不在施行中的政策"), 1, f"c{at}", new_page=True)
        yield Paragraph(gettext("以下政策这一天不在施行中，列出以便查对，不再（或尚未）受理。"))
        rows = (
            (((str(one.name),), one.numbers or (gettext("待核实"),), (str(one.state),)))
            for one in self._made.appendix
        )
        heads = (gettext("名称"), gettext("文号"), gettext("状态"))
        yield Table(head=heads, rows=tuple(rows), widths=(36, 28, 36))

    def _article(self, one: Article) -> Iterator[Block]:
        yield Paragraph(str(one.state), Style.LEAD)
        yield Table(rows=tuple(self._rows(one)), widths=(20, 80))
        if one.scope:
            yield Heading(str(HEADS["scope"]), 3)
            yield from _items(one.scope)
        yield Heading(str(HEADS["conditions"]), 3)
        if len(one.clauses) > 1:
            yield Paragraph(str(ALL_OF))
        for clause in one.clauses:
            yield from _items([clause.line], said=_mark(clause.manual, clause.clause))
        if one.scores:
            yield Heading(str(HEADS["scores"]), 3)
            for score in one.scores:
                most = str(say("（满分{most}）", most=score.most))
                yield Item((Run(str(score.label), bold=True), most, Run(f" {score.joins}", muted=True)))
                yield from (Item(str(part), 1) for part in score.parts)
        yield from self._others(one)
        if one.materials:
            yield Heading(str(HEADS["materials"]), 3)
            yield from (Item(str(paper)) for paper in one.materials)
        yield Heading(str(HEADS["way"]), 3)
        yield Paragraph(self._way(one))
        if one.notes:
            yield Paragraph(str(one.notes))

    def _rows(self, one: Article) -> Iterator[tuple[tuple[Written, ...], ...]]:
        yield (gettext("文号"),), tuple(_cited(each) for each in one.documents)
        for fact in (*one.facts, *one.benefit):
            yield _row(fact)
        if one.number:
            yield (gettext("版本"),), (gettext("本平台第%(n)s版") % {"n": one.number},)

    def _others(self, one: Article) -> Iterator[Block]:
        excluded = [*(other.name for other in one.excludes), *one.excludes_outside]
        for head, names in (("excludes", excluded), ("stacks", [other.name for other in one.stacks])):
            if names:
                yield Heading(str(HEADS[head]), 3)
                yield from (Item(str(name)) for name in names)

    def _way(self, one: Article) -> Written:
        if not one.way.path:
            return str(one.way.says)
        address = f"{self._site}{one.way.path}"
        return (f"{one.way.says} ", Run(address, to=address))


def _row(fact: Fact) -> tuple[tuple[Written, ...], ...]:
    return (str(fact.label),), tuple(str(value) for value in fact.values)


def _cited(cited: Cited) -> Written:
    number = cited.number or gettext("文号待核实")
    more = str(cited.says)
    return (Run(number, bold=True), Run(f"  {more}")) if more else Run(number, bold=True)


def _mark(manual: bool, clause: Named | None) -> str:
    """What stands behind a condition: where it is written, and whether a person judges it."""
    marks = [str(place_of(clause))] if clause else []
    return "".join([*marks, gettext("（由主管部门判断）") if manual else ""])


def _items(lines: Iterable[Line], depth: int = 0, said: str = "") -> Iterator[Block]:
    for line in lines:
        behind = (Run(f" {said}", muted=True),) if said else ()
        yield Item((str(line.says), *behind), depth)
        yield from _items(line.below, depth + 1)
