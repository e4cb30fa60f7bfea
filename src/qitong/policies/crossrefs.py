"""What a single policy cannot say about itself: references to others, windows, supersession, shared facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from qitong.catalogue.check import PACKAGED as CATALOGUE
from qitong.catalogue.check import check_path
from qitong.catalogue.schema import Catalogue, Item
from qitong.kernel.words import say
from qitong.kernel.yamlmarks import Document, Loc
from qitong.policies.compiling import field_spec
from qitong.policies.logic.rule import FieldSpec, Rule
from qitong.policies.logic.standing import Status
from qitong.policies.schema import Policy

SIZE_TABLE = "sme_size"
"""The size table, where it is named beside policies."""


@dataclass(frozen=True, slots=True)
class Read:
    """A policy that reads, with the document to complain to."""

    policy: Policy
    rule: Rule
    document: Document


def find(
    read: Sequence[Read],
    *,
    known: Sequence[Policy],
    sizes: Mapping[str, FieldSpec],
    on: dt.date | None = None,
) -> None:
    """Complain about everything in ``read`` that refers to nothing or contradicts itself or another.

    ``known``: further policies that may be referred to. ``sizes``: the facts of the size table. ``on``: the
    day on which what is said to have expired must have; None: not asked.
    """
    policies = [*known, *(each.policy for each in read)]
    others = {name: (field_spec(name, given), p.id) for p in known for name, given in p.inputs.items()}
    _once(read)
    _agree(read, {**others, **{name: (spec, SIZE_TABLE) for name, spec in sizes.items()}})
    _alike(read, {name: spec for name, (spec, _) in others.items()})
    for each in read:
        ids = {policy.id for policy in policies} - {each.policy.id}
        _references(each, ids)
        _conditions(each)
        _windows(each)
        _item(each)
        _department(each)
        _expired(each, on)
        _superseded(each, policies)


def _once(read: Iterable[Read]) -> None:
    seen: dict[str, str] = {}
    for each in read:
        file = each.document.mark(()).file
        if each.policy.id in seen:
            sentence = say("政策{id}已在{file}中写过。", id=each.policy.id, file=seen[each.policy.id])
            each.document.complain(("id",), sentence)
        seen.setdefault(each.policy.id, file)


def _references(each: Read, ids: Collection[str]) -> None:
    policy, complain = each.policy, each.document.complain
    for name in ("exclusive_with", "stackable_with"):
        for index, other in enumerate(getattr(policy, name)):
            if other not in ids:
                complain((name, index), say("没有代码为{id}的政策。", id=other))
    for index, other in enumerate(policy.stackable_with):
        if other in policy.exclusive_with:
            complain(("stackable_with", index), say("{id}不能既互斥又可叠加。", id=other))
    if policy.superseded_by not in {None, policy.id, *ids}:
        complain(("superseded_by",), say("没有代码为{id}的政策。", id=policy.superseded_by))


def _conditions(each: Read) -> None:
    seen: set[str] = set()
    for index, condition in enumerate(each.policy.conditions):
        if condition.id in seen:
            each.document.complain(("conditions", index, "id"), say("{key}重复。", key=condition.id))
        seen.add(condition.id)
    names = [score.name for score in each.policy.scores]
    for index, name in enumerate(names):
        if name in names[:index] or name == "total":
            each.document.complain(("scores", index, "name"), say("{key}重复。", key=name))


def _windows(each: Read) -> None:
    """Windows lie within the validity and apart from each other: on no day may two answers be true."""
    policy, complain = each.policy, each.document.complain
    for index, window in enumerate(policy.windows):
        loc: Loc = ("windows", index)
        if window.open < policy.valid.from_ or (policy.valid.to and window.close > policy.valid.to):
            complain(loc, say("申报窗口不在有效期之内。"))
        for other in policy.windows[:index]:
            if window.open <= other.close and other.open <= window.close:
                complain(loc, say("申报窗口与{open}起的窗口重叠。", open=other.open.isoformat()))


def _department(each: Read) -> None:
    found = catalogue()
    known = found.departments if found else {}
    if each.policy.department not in known:
        told = {"code": each.policy.department, "known": ", ".join(known)}
        each.document.complain(("department",), say("没有代码为{code}的部门；可用：{known}。", **told))


def _expired(each: Read, on: dt.date | None) -> None:
    """What has expired has a last day, and that day is over."""
    to = each.policy.valid.to
    if each.policy.status is not Status.EXPIRED or (to is not None and (on is None or to < on)):
        return
    sentence = say("status写明已失效（expired），而有效期尚未结束；请改 valid 或 status。")
    each.document.complain(("status",), sentence)


def _superseded(each: Read, policies: Sequence[Policy]) -> None:
    after = {policy.id: policy.superseded_by for policy in policies}
    path = [each.policy.id]
    while following := after.get(path[-1]):
        if following in path:
            sentence = say("取代关系成了环：{path}。", path=" → ".join([*path, following]))
            each.document.complain(("superseded_by",), sentence)
            return
        path.append(following)
    successor = next((p for p in policies if p.id == each.policy.superseded_by), None)
    if successor and successor.valid.from_ < each.policy.valid.from_:
        each.document.complain(("superseded_by",), say("{id}比本政策更早生效，不能取代它。", id=successor.id))


def _agree(read: Sequence[Read], others: Mapping[str, tuple[FieldSpec, str]]) -> None:
    """A fact is asked once for all policies, so its name means the same everywhere.

    ``others``: facts of further policies, and by whom they are declared.
    """
    first = dict(others)
    for each in read:
        file = each.document.mark(()).file
        for name, spec in each.rule.fields.items():
            known, where = first.setdefault(name, (spec, file))
            if _nature(known) != _nature(spec):
                sentence = say("{name}的单位、选项或范围与{file}中的不同。", name=name, file=where)
                each.document.complain(("inputs", name), sentence, key=True)


def _alike(read: Sequence[Read], others: Mapping[str, FieldSpec]) -> None:
    """A fact that is another is measured alike, and that one is itself no other."""
    specs = {name: spec for each in read for name, spec in each.rule.fields.items()}
    for each in read:
        for name, spec in each.rule.fields.items():
            main = specs.get(spec.same_as) or others.get(spec.same_as)
            loc: Loc = ("inputs", name)
            if not spec.same_as:
                continue
            if main is None or main.same_as:
                each.document.complain(loc, say("{name}不是已声明的数。", name=spec.same_as), key=True)
            elif (_nature(main), main.period) != (_nature(spec), spec.period):
                sentence = say(
                    "{name}与{main}的单位、范围或时期不同，不是同一个事实。", name=name, main=main.name
                )
                each.document.complain(loc, sentence, key=True)


def _nature(spec: FieldSpec) -> object:
    return (spec.unit, spec.least, spec.most, spec.places, sorted(code for code, _ in spec.codes))


@cache
def catalogue() -> Catalogue | None:
    return check_path(CATALOGUE)[0]


@cache
def _items() -> dict[str, Item]:
    found = catalogue()
    return {item.code: item for item in found.items} if found else {}


def _item(each: Read) -> None:
    """The item exists in the packaged catalogue, and materials with a key are among its own."""
    policy, complain = each.policy, each.document.complain
    keyed = [(index, m.key) for index, m in enumerate(policy.materials) if m.key is not None]
    if policy.item is None:
        for index, _ in keyed:
            complain(("materials", index, "key"), say("没有item，材料不写key。"))
        return
    item = _items().get(policy.item)
    if item is None:
        complain(("item",), say("没有代码为{code}的事项或里程碑。", code=policy.item))
        return
    known = {material.id for material in item.materials}
    for index, key in keyed:
        if key not in known:
            complain(("materials", index, "key"), say("事项{item}没有材料{key}。", item=policy.item, key=key))
