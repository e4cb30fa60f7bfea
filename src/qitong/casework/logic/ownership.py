"""First-contact ownership (首问负责): who owns a new case, by a rule that never leaves nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say


class OwnerReason(StrEnum):
    ON_DUTY = "on_duty"
    SUBSTITUTE_OF_DUTY = "substitute_of_duty"
    LEAST_LOADED = "least_loaded"
    ABSENT_BUT_ONLY = "absent_but_only"
    HANDED_OVER = "handed_over"


OWNER_REASON_WORDS: dict[OwnerReason, Sentence] = {
    OwnerReason.ON_DUTY: say("当日值班"),
    OwnerReason.SUBSTITUTE_OF_DUTY: say("代替当日值班人"),
    OwnerReason.LEAST_LOADED: say("在办件最少"),
    OwnerReason.ABSENT_BUT_ONLY: say("窗口仅有的人员"),
    OwnerReason.HANDED_OVER: say("接手移交的工作"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    user_id: int
    reason: OwnerReason


def choose_owner(
    *,
    on_duty: int | None,
    candidates: Sequence[int],
    loads: Mapping[int, int],
    substitutes: Mapping[int, int | None],
) -> Choice:
    """Pick exactly one owner.

    ``on_duty`` is the user on today's rota, ``candidates`` every officer of the window,
    ``loads`` their open cases, ``substitutes`` maps each person absent today to who stands in
    for them (resolved through chains), or to None where nobody does. Raises Refused only when
    the window has no officer at all.
    """
    if on_duty is not None:
        if on_duty not in substitutes:
            return Choice(on_duty, OwnerReason.ON_DUTY)
        stand_in = substitutes[on_duty]
        if stand_in is not None:
            return Choice(stand_in, OwnerReason.SUBSTITUTE_OF_DUTY)
    present = [c for c in candidates if c not in substitutes]
    if present:
        return Choice(_least_loaded(present, loads), OwnerReason.LEAST_LOADED)
    stand_ins = [s for s in substitutes.values() if s is not None]
    if stand_ins:
        return Choice(_least_loaded(stand_ins, loads), OwnerReason.SUBSTITUTE_OF_DUTY)
    everyone = list(candidates) or ([on_duty] if on_duty is not None else [])
    if everyone:
        return Choice(_least_loaded(everyone, loads), OwnerReason.ABSENT_BUT_ONLY)
    raise Refused(
        say("受理窗口还没有工作人员，暂时不能提交。请致电园区服务中心，内容已为您保存。"), code="no_officer"
    )


def share(things: Mapping[int, Sequence[int]], loads: Mapping[int, int]) -> dict[int, int]:
    """Give each thing to one of the users who may have it, the least loaded first, counting as it goes.

    ``things`` maps a thing to who may have it; what nobody may have is left out.
    """
    held = dict(loads)
    given: dict[int, int] = {}
    for thing, users in things.items():
        if users:
            given[thing] = user = _least_loaded(users, held)
            held[user] = held.get(user, 0) + 1
    return given


def _least_loaded(users: Sequence[int], loads: Mapping[int, int]) -> int:
    return min(users, key=lambda u: (loads.get(u, 0), u))
