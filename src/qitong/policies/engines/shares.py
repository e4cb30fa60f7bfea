"""Numbers of a plan: a share of two whole ones, and between which shares a number lies."""

from __future__ import annotations

from typing import NamedTuple

from qitong.policies.engines.plan import Do, Term


class Share(NamedTuple):
    number: Term
    base: Term


class Span(NamedTuple):
    """Between which ends a number lies; a missing end is open. The same share twice: that, or missing."""

    low: Share
    high: Share
    sure: bool = False
    """Neither end is ever missing."""
    exact: Share | None = None
    """The number where it is known, when that is simpler than asking whether the ends meet."""

    @property
    def plain(self) -> bool:
        return self.low is self.high


def plain(share: Share, *, sure: bool = False) -> Span:
    return Span(share, share, sure)


def factored(term: Term) -> tuple[int, Term | None]:
    """A constant factor and what it multiplies; None: it is a constant."""
    if term.known:
        return term.data, None
    if term.do is Do.MUL and term.parts[1].known:
        return term.parts[1].data, term.parts[0]
    return 1, term
