"""What a template asks of its context, by a shorter way; what is out of the ordinary goes Django's own.

A page looks up some four hundred names. Most are in the context or an attribute of what is; Django tries
each as a key first, and finds that out from an exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from django.template import Context, Node
from django.template.base import FilterExpression, NodeList, Variable, VariableNode, render_value_in_context
from django.template.defaulttags import CsrfTokenNode, TemplateLiteral, URLNode
from django.template.smartif import TokenBase
from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from qitong.kernel.words import Named, Sentence
from qitong.web.common.addresses import address

_UNUSUAL = object()


class Looked(Variable):
    """A name and what follows its dots. Whatever is called, missing or fails is looked up by Django, anew."""

    __slots__ = ()

    def resolve(self, context: Any) -> Any:
        if self.lookups is not None:
            try:
                found = _looked(context, self.lookups)
            except Exception:  # says what it has to say below, as ever
                found = _UNUSUAL
            if found is not _UNUSUAL:
                return found
        return super().resolve(context)


def _looked(context: Any, lookups: Sequence[str]) -> Any:
    found: Any = _UNUSUAL
    for names in reversed(context.dicts):
        if lookups[0] in names:
            found = names[lookups[0]]
            break
    for bit in lookups[1:]:
        if callable(found):
            return _UNUSUAL
        if type(found) is dict:
            found = found[bit]
        elif hasattr(type(found), "__getitem__"):
            return _UNUSUAL
        else:
            found = getattr(found, bit)
    return _UNUSUAL if callable(found) else found


class Said(VariableNode):
    """``{{ … }}``: a text is no number and no moment, and need not be asked."""

    def render(self, context: Context) -> str:
        value = self.filter_expression.resolve(context)
        kind = type(value)
        if kind is SafeString:
            return str(value)
        if kind is Sentence or kind is Named or isinstance(value, Promise):
            value = str(value)
            kind = type(value)
        if kind is str:
            return escape(value) if context.autoescape else str(value)
        return render_value_in_context(value, context)

    render_annotated = render


class Token(CsrfTokenNode):
    """``{% csrf_token %}``: in every form of a page, and the same in all."""

    def render(self, context: Context) -> str:
        token = str(context.get("csrf_token") or "")
        if token in ("", "NOTPROVIDED"):
            return super().render(context)
        return f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">'

    render_annotated = render


class Linked(URLNode):
    """``{% url … %}`` with what goes into its places."""

    def render(self, context: Context) -> str:
        if self.kwargs or self.asvar:
            return super().render(context)
        try:
            found = address(self.view_name.resolve(context), *(arg.resolve(context) for arg in self.args))
        except NoReverseMatch:
            return super().render(context)
        return escape(found) if context.autoescape else found

    render_annotated = render


def quickened(node: Node) -> Node:
    """A node that says the same; those within it are not its own."""
    if type(node) is CsrfTokenNode:
        return Token()
    for asked in _asked(vars(node).values()):
        if type(asked.var) is Variable:
            asked.var = Looked(asked.var.var)
    if type(node) is URLNode:
        return Linked(node.view_name, node.args, node.kwargs, node.asvar)
    return Said(node.filter_expression) if type(node) is VariableNode else node


def _asked(within: Iterable[Any]) -> Iterator[FilterExpression]:
    """Wherever nodes keep what they ask for: as it is, in lists and tables, in conditions."""
    for one in within:
        if isinstance(one, FilterExpression):
            yield one
        elif isinstance(one, TemplateLiteral):
            yield from _asked([one.value])
        elif isinstance(one, TokenBase):
            yield from _asked([one.first, one.second])
        elif isinstance(one, dict):
            yield from _asked(one.values())
        elif isinstance(one, (list, tuple)) and not isinstance(one, NodeList):
            yield from _asked(one)
