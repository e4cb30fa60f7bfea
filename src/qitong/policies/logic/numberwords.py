"""What a number in a rule is there for, in words: what it multiplies, bounds or is chosen for.

研发费用 × 的比例 · 获得的称号为小巨人时的上限 · 员工人数不低于. Found from where it stands in its tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from qitong.kernel.words import Named, Sentence, say
from qitong.policies.logic import wording
from qitong.policies.logic.asked import phrase
from qitong.policies.logic.formulas import formula
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.tree import (
    Arith,
    AtLeast,
    Choose,
    Compare,
    Day,
    Is,
    Least,
    Most,
    Node,
    Not,
    Num,
    Place,
    Sum,
    Tree,
    Value,
    children,
    names,
)

Text = Sentence | Named
Step = tuple[Tree, int]
"""A part of a tree, and which of its children leads on."""


def purpose(
    tree: Tree, at: Place, rule: Rule, whole: Text | None, *, fully: bool = False
) -> tuple[Text, Compare | None] | None:
    """What the number (or day, or count) at a place is for, and the comparison it bounds by itself.

    ``whole``: what the tree as a whole is, where it is a number. ``fully``: with what tells it from others
    that are there for the same. None: there is nothing to say of it.
    """
    path = _path(tree, at)
    if path is None:
        return None
    *above, (found, _) = path
    if isinstance(found, AtLeast):
        return _in_case(say("至少符合的项数"), above, rule), None
    role, bounds = _nearest(above, found, rule)
    if role is None and not any(isinstance(part, Compare) for part, _ in above):
        role = whole
    if fully and role is not None:
        role = _apart(role, path, rule)
    return (_in_case(role, above, rule), bounds) if role is not None else None


def _path(tree: Tree, at: Place) -> list[Step] | None:
    """The way from the top to what stands at a place, which comes last."""
    if isinstance(tree, Num | Day | AtLeast) and tree.at == at:
        return [(tree, 0)]
    for step, part in enumerate(children(tree)):
        rest = _path(part, at)
        if rest is not None:
            return [(tree, step), *rest]
    return None


def _nearest(above: Sequence[Step], found: Tree, rule: Rule) -> tuple[Text | None, Compare | None]:
    """What it does in the nearest part that does something with it; choices only hand it on."""
    below = found
    for parent, step in reversed(above):
        if not isinstance(parent, Choose) or step == 0:
            return _role(parent, step, found, below, rule), parent if isinstance(parent, Compare) else None
        below = parent
    return None, None


def _role(parent: Tree, step: int, found: Tree, below: Tree, rule: Rule) -> Text | None:
    match parent:
        case Compare(op, left, right):
            other = right if step == 0 else left
            return say("{what}{relation}", what=wording.words(other, rule), relation=wording.RELATIONS[op])
        case Least(parts) | Most(parts):
            others = [_said(part, rule) for part in parts if part is not below and names(part)]
            if len(others) != 1:
                return say("上限") if isinstance(parent, Least) else say("下限")
            text = say("{what}的上限") if isinstance(parent, Least) else say("{what}的下限")
            return Sentence(text.text, {"what": others[0]})
        case Arith(op, left, right):
            return _reckoned(op, right if step == 0 else left, step, found, rule)
    return None


def _apart(role: Text, path: Sequence[Step], rule: Rule) -> Text:
    """The role, with what follows from the case it decides on, or the part of a difference it stands in."""
    *above, (inner, _) = path
    for place in reversed(range(len(above))):
        parent, step = above[place]
        nearest = place == len(above) - 1
        match parent:
            case Choose(_, then, _) if step == 0:
                role = _deciding(role, then, above[:place], rule)
            case Arith(Sum.SUB) if not nearest:
                text = say("减去的部分：{what}") if step else say("减去之前：{what}")
                role = Sentence(text.text, {"what": role})
            case Arith(Sum.MUL, left, right) if nearest and inner is right and _has_factor(left):
                role = say("再乘：{what}", what=role)
    return role


def _deciding(role: Text, then: Tree, above: Sequence[Step], rule: Rule) -> Text:
    """Of what a case depends on: what is asked in this case, or which case of several it is."""
    bounding = next((part for part, _ in reversed(above) if isinstance(part, Compare)), None)
    if isinstance(then, Num) and bounding is not None:
        return say("{what}，符合时为{then}", what=role, then=formula(then, rule, bounding.kind))
    n = sum(1 for part, way in above if isinstance(part, Choose) and way == 2) + 1
    return say("第{n}种情形：{what}", n=n, what=role)


def _has_factor(node: Value) -> bool:
    """Whether it is a product with a fixed number in it."""
    return (
        isinstance(node, Arith)
        and node.op is Sum.MUL
        and any(isinstance(part, Num) or _has_factor(part) for part in (node.left, node.right))
    )


def _reckoned(op: Sum, other: Value, step: int, found: Tree, rule: Rule) -> Text:
    told = {"what": _said(_without_numbers(other), rule)}
    if op is Sum.MUL:
        share = isinstance(found, Num) and (isinstance(found.value, Fraction) or found.value == 1)
        return say("{what} × 的比例", **told) if share else say("{what} × 的数", **told)
    if op is Sum.DIV:
        return say("{what} ÷ 的数", **told) if step else say("÷ {what} 的数", **told)
    if op is Sum.SUB:
        return say("从{what}中减去的数", **told) if step else say("减去{what}之前的数", **told)
    return say("加在{what}上的数", **told)


def _said(node: Value, rule: Rule) -> Text:
    """In brackets where what follows would be read as belonging to its last part."""
    told = formula(node, rule, rule.kind_of(node))
    loose = isinstance(node, Arith) and node.op in (Sum.ADD, Sum.SUB)
    zeroed = isinstance(node, Most) and Num(0) in node.parts
    return say("（{inner}）", inner=told) if loose or zeroed or isinstance(node, Choose) else told


def _without_numbers(node: Value) -> Value:
    """A product without its fixed factors."""
    while isinstance(node, Arith) and node.op is Sum.MUL:
        if not isinstance(node.left, Num) and not isinstance(node.right, Num):
            break
        node = node.right if isinstance(node.left, Num) else node.left
    return node


def _in_case(role: Text, above: Sequence[Step], rule: Rule) -> Text:
    """The role, with the cases in which it is taken.

    In a chain of cases each tells its own test only, and the last what it is not; of choices, those left.
    """
    taken = [(part, step) for part, step in above if isinstance(part, Choose)]
    tests: list[Node] = []
    for n, (part, step) in enumerate(taken):
        if step == 1:
            tests.append(part.test)
        elif step == 2 and n == len(taken) - 1:
            tests.append(_left([it.test for it, way in taken if way == 2], rule) or Not(part.test))
    for test in reversed(tests):
        role = say("{when}时的{what}", when=phrase(test, rule), what=role)
    return role


def _left(tests: Sequence[Node], rule: Rule) -> Node | None:
    """The choices of a fact that are left after these tests, the last of which is of it."""
    last = tests[-1]
    if not isinstance(last, Is):
        return None
    gone = {code for test in tests if isinstance(test, Is) and test.name == last.name for code in test.codes}
    left = tuple(code for code, _ in rule.fields[last.name].codes if code not in gone)
    return Is(last.name, left) if left else None


__all__ = ["purpose"]
