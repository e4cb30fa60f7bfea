"""Whether the engines can compute a rule: their exact whole numbers have an end.

Found out only when all companies are judged, one policy would stand in the way of all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from qitong.kernel.errors import Refused
from qitong.kernel.yamlmarks import Loc
from qitong.policies.crossrefs import Read
from qitong.policies.engines.lowering import Lowering, plan
from qitong.policies.engines.plan import Builder


def complain(each: Read) -> None:
    """Complain about each text whose numbers grow too large; at the top, where only the whole does."""
    before = len(each.document.problems)
    for loc, lower in _parts(each):
        try:
            lower()
        except Refused as refused:
            each.document.complain(loc, refused.sentence)
    if len(each.document.problems) == before:
        try:
            plan(each.rule, each.rule.fields, Builder(), each.policy.valid.from_)
        except Refused as refused:
            each.document.complain((), refused.sentence)


def _parts(each: Read) -> Iterator[tuple[Loc, Callable[[], object]]]:
    """Where each text of the rule stands, and what lowers it."""
    rule = each.rule
    lowering = Lowering(rule, rule.fields, Builder(), each.policy.valid.from_)
    yield ("applies_when",), partial(lowering.truth, rule.scope)
    for index, score in enumerate(rule.scores):
        yield ("scores", index), partial(lowering.value, score.node)
    for index, condition in enumerate(rule.conditions):
        yield ("conditions", index, "rule"), partial(lowering.truth, condition.node)
    yield ("benefit", "amount"), partial(lowering.value, rule.benefit.node)
    for figure in rule.figures:
        yield ("figures", figure.name, "amount"), partial(lowering.value, figure.node)
