"""Templates as they are rendered: what is the same on every page in one language is put together once.

A page is made of a thousand small pieces, and half of them are texts looked up in the catalogue, addresses
of pages without a number in them, and what stands between those. When a template is read, neighbouring
pieces of that kind become one, which keeps its text for each language; an included template with a name
that is written out is found once. What is written in templates stays Django's language, and says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.template import Context, Node, NodeList, Template
from django.template.base import FilterExpression, TextNode, Variable
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.loader_tags import IncludeNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from qitong.web.common.addresses import site
from qitong.web.common.quick import quickened


class _Folds(base.Loader):
    def get_template(self, template_name: str, skip: Any = None) -> Template:
        found = super().get_template(template_name, skip)
        found.nodelist[:] = folded(found.nodelist)
        return found


class Loader(cached.Loader, _Folds):
    """Named in the settings: what another loader finds is folded first, then kept for every thread."""


def folded(nodes: Iterable[Node]) -> list[Node]:
    """The same nodes, fewer: each run of constant ones is one, within others too."""
    kept = [_inlined(node) for node in nodes if not isinstance(node, (LoadNode, CommentNode))]
    made: list[Node] = []
    for constant, run in groupby(kept, _is_constant):
        together = list(run)
        made += _joined(together) if constant else together
    return made


def _inlined(node: Node) -> Node:
    for within in _within(node):
        within[:] = folded(within)
    node = quickened(node)
    if isinstance(node, IncludeNode) and not node.isolated_context and (name := _text(node.template)):
        return Included(name, node)
    return node


def _within(node: Node) -> Iterator[NodeList]:
    """The lists of nodes a node has; those of ``if`` are no attribute."""
    if isinstance(node, IfNode):
        yield from (within for _, within in node.conditions_nodelists)
    else:
        found = (vars(node).get(name) for name in node.child_nodelists)
        yield from (within for within in found if isinstance(within, NodeList))


def _joined(run: list[Node]) -> list[Node]:
    if all(isinstance(node, TextNode) for node in run):
        return [TextNode("".join(node.s for node in run if isinstance(node, TextNode)))]
    return [Constant(run)]


def _is_constant(node: Node) -> bool:
    """Whether it says the same on every page of one language."""
    if isinstance(node, TranslateNode):
        known = node.message_context is None or _text(node.message_context) is not None
        return known and not node.asvar and not node.filter_expression.filters and _is_literal(node)
    if isinstance(node, BlockTranslateNode):
        plain = not (node.extra_context or node.plural or node.asvar or node.message_context)
        return plain and all(token.token_type.name == "TEXT" for token in node.singular)
    if isinstance(node, URLNode):
        return not (node.args or node.kwargs or node.asvar) and _text(node.view_name) is not None
    return isinstance(node, TextNode)


def _is_literal(node: TranslateNode) -> bool:
    said = node.filter_expression.var
    return isinstance(said, Variable) and said.lookups is None and isinstance(said.literal, str)


def _text(given: FilterExpression) -> str | None:
    """A text that is written out, without filters."""
    return given.var if isinstance(given.var, str) and not given.filters else None


class Constant(Node):
    """Pieces that say the same on every page of one language, and where the site stands.

    What is written out in a template is never escaped, wherever it stands, so whether escaping is on
    makes no difference here. Threads may make the same text twice; it is the same text.
    """

    child_nodelists = ()

    def __init__(self, pieces: list[Node]) -> None:
        self.pieces = pieces
        self.addressed = any(isinstance(piece, URLNode) for piece in pieces)
        self.kept: dict[object, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key: object = get_language()
        if self.addressed:
            key = key, site()
        try:
            return self.kept[key]
        except KeyError:
            said = SafeString("".join(str(piece.render_annotated(context)) for piece in self.pieces))
            self.kept[key] = said
            return said

    render_annotated = render


class Included(Node):
    """``{% include "…" %}``: the template is looked for when it is first needed, as it may include itself."""

    child_nodelists = ()

    def __init__(self, name: str, node: IncludeNode) -> None:
        self.name, self.node = name, node
        self.template: Template | None = None

    def render(self, context: Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.node.extra_context.items()}
        with context.push(**values):
            return self._found(context).render(context)

    def _found(self, context: Context) -> Template:
        if self.template is None:
            if context.template is None:
                raise TypeError("an included template is found through the one that includes it")
            self.template = context.template.engine.get_template(self.name)
        return self.template
