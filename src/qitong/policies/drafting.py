"""Drafts of new versions: begun from the newest one, written whole or not at all, by one author."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import day_of
from qitong.casework.move import person
from qitong.kernel import yamlmarks
from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.kernel.yamlmarks import Document, Problem
from qitong.ledger.record import record
from qitong.policies import boundaries, editions, following
from qitong.policies.check import check_document
from qitong.policies.crossrefs import Read
from qitong.policies.editing import PolicyDeed, demand
from qitong.policies.following import Moved
from qitong.policies.logic import dials
from qitong.policies.logic.terms import Sort, Stage
from qitong.policies.models import PolicyVersion, Unfinished
from qitong.policies.publish import STREAM, one_at_a_time

LONGEST = 200_000
"""Characters of a policy's text; the longest packaged one has a quarter of that."""


class NotWhole(Refused):
    """A text or a sheet that is no policy: every problem with its place. Nothing was kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        if not first.file:
            sentence = say("有{n}处要改：{message}", n=len(problems), message=first.message)
            super().__init__(sentence, code="policy")
            self.problems = tuple(problems)
            return
        sentence = say(
            "有{n}处要改，第一处在第{line}行第{column}列：{message}",
            n=len(problems),
            line=first.line,
            column=first.column,
            message=first.message,
        )
        super().__init__(sentence, code="policy", field="text")
        self.problems = tuple(problems)


class ExamplesMove(Refused):
    """By these numbers examples come out otherwise, or new ones are needed at the new edges.

    Nothing was kept; ``accepted`` says that it is meant.
    """

    def __init__(self, moves: Sequence[Moved]) -> None:
        more = sum(move.before is None for move in moves)
        told = {"n": len(moves) - more, "more": more}
        sentence = say("按新的数值，{n}个例子的结果会变。请核对，确认是要的结果后再保存。", **told)
        if more == len(moves):
            sentence = say("按新的数值，界限处要加{more}个例子。请核对，确认是要的结果后再保存。", **told)
        elif more:
            sentence = say(
                "按新的数值，{n}个例子的结果会变，界限处要加{more}个例子。请核对，确认是要的结果后再保存。",
                **told,
            )
        super().__init__(sentence, code="examples")
        self.moves = tuple(moves)
        self.digest = following.digest(moves)


@transaction.atomic
def begin(*, code: str, by: Actor, at: dt.datetime) -> PolicyVersion:
    """A draft with the content of the newest published version; one at a time for each policy."""
    demand(by, PolicyDeed.BEGIN)
    one_at_a_time()
    base = newest(code)
    if base is None or base.sort != Sort.POLICY:
        raise Refused(say("没有代码为{id}的政策。", id=code), code="not_found", field="code")
    fresh = PolicyVersion(code=code, base=base, data=base.data, content_hash=base.content_hash)
    return _drafted(fresh, by=by, at=at)


@transaction.atomic
def begin_new(*, text: str, by: Actor, at: dt.datetime) -> PolicyVersion:
    """A draft of a policy that there is not yet, from its YAML text; :class:`NotWhole` if it is none."""
    demand(by, PolicyDeed.BEGIN)
    one_at_a_time()
    policy = read(text, None, day_of(at)).policy
    refuse_known(policy.id)
    data, digest = policy.canonical(), policy.content_hash
    return _drafted(PolicyVersion(code=policy.id, data=data, content_hash=digest), by=by, at=at)


@transaction.atomic
def begin_filled(*, data: dict[str, Any], accepted: str = "", by: Actor, at: dt.datetime) -> PolicyVersion:
    """The same from its data, as a sheet was filled in; refused like :func:`begin_new` and :func:`fill`."""
    demand(by, PolicyDeed.BEGIN)
    one_at_a_time()
    code = str(data.get("id", ""))
    refuse_known(code)
    policy = _settled(data, code, accepted, day_of(at)).policy
    Unfinished.objects.filter(author_id=by.user_id, code=code, fresh=True).delete()
    fresh = PolicyVersion(code=policy.id, data=policy.canonical(), content_hash=policy.content_hash)
    return _drafted(fresh, by=by, at=at)


def refuse_known(code: str) -> None:
    """A code that a published policy has is no code of a new one."""
    if newest(code) is not None:
        sentence = say("已有代码为{id}的政策，请从它的现行版本起草。", id=code)
        raise Refused(sentence, code="exists", field="text")


def fill(
    *, draft_id: int, data: dict[str, Any], seen: str, accepted: str = "", by: Actor, at: dt.datetime
) -> PolicyVersion:
    """Keep data, as a sheet was filled in, as the draft's whole content.

    Refused like :func:`write`; where examples come out otherwise than they say, like :func:`turn`.
    """

    def whole(draft: PolicyVersion) -> Read:
        found = _settled(data, draft.code, accepted, day_of(at))
        Unfinished.objects.filter(author_id=by.user_id, code=draft.code, fresh=False).delete()
        return found

    return _write(draft_id, whole, seen, by=by, at=at)


def _settled(data: dict[str, Any], code: str, accepted: str, on: dt.date) -> Read:
    """The data as a whole policy, its examples as they come where that was accepted."""
    moves = following.moved(data)
    if moves and following.digest(moves) != accepted:
        raise ExamplesMove(moves)
    return checked(following.followed(data, moves), code, on)


def write(*, draft_id: int, text: str, seen: str, by: Actor, at: dt.datetime) -> PolicyVersion:
    """Keep the text as the draft's content. ``seen``: the hash of what the author had before them.

    Refused: ``forbidden``, ``stale`` (somebody, or another window, wrote meanwhile), :class:`NotWhole`.
    """
    return _write(draft_id, lambda draft: read(text, draft.code, day_of(at)), seen, by=by, at=at)


def turn(
    *,
    draft_id: int,
    numbers: Mapping[str, str],
    days: Mapping[str, str],
    seen: str,
    accepted: str = "",
    by: Actor,
    at: dt.datetime,
) -> PolicyVersion:
    """Turn numbers of the rule (by the key of their dial) and days of the validity and the windows.

    ``days``: ``valid.from``, ``valid.to`` (empty: until further notice), ``windows.0.open`` and so on.
    Where examples come out otherwise, or none holds a new number, it is refused with :class:`ExamplesMove`;
    given the digest of that as ``accepted``, they are written as they come and the new ones are added.
    """

    def changed(draft: PolicyVersion) -> Read:
        data = with_days(dials.turned(draft.data, numbers), days)
        moves = following.moved(data)
        data = following.followed(data, moves)
        more = following.further(data) if numbers else ()
        seen_moves = [*moves, *map(following.new, more)]
        if seen_moves and following.digest(seen_moves) != accepted:
            raise ExamplesMove(seen_moves)
        return checked(boundaries.added(data, more), draft.code, day_of(at))

    return _write(draft_id, changed, seen, by=by, at=at)


def add_examples(*, draft_id: int, accepted: str, seen: str, by: Actor, at: dt.datetime) -> PolicyVersion:
    """Add the examples that the draft needs at its edges; ``accepted``: the digest of what its author saw.

    Refused: ``forbidden``, ``stale``, and ``unseen`` where the author has not said that these are right.
    """

    def changed(draft: PolicyVersion) -> Read:
        more = following.further(draft.data)
        if following.digest([following.new(each) for each in more]) != accepted:
            raise Refused(say("请逐一核对这些例子，打勾确认后再加入。"), code="unseen")
        return checked(boundaries.added(draft.data, more), draft.code, day_of(at))

    return _write(draft_id, changed, seen, by=by, at=at)


@transaction.atomic
def discard(*, draft_id: int, by: Actor, at: dt.datetime) -> None:
    """Throw a draft away: its author, or another editor who wants to begin anew."""
    demand(by, PolicyDeed.BEGIN)
    draft = locked(draft_id)
    body = {
        "policy": draft.code,
        "number": draft.number,
        "hash": draft.content_hash,
        "author": draft.authored_by,
    }
    draft.delete()
    Unfinished.objects.filter(code=draft.code, fresh=False).delete()
    record(STREAM, "policy.draft_discarded", by=by.ref, at=at, body=body)


def newest(code: str) -> PolicyVersion | None:
    rows = PolicyVersion.objects.filter(code=code, stage=Stage.PUBLISHED)
    return rows.order_by("-effective_on", "-number").first()


def locked(draft_id: int) -> PolicyVersion:
    draft = PolicyVersion.objects.select_for_update().filter(pk=draft_id, stage=Stage.DRAFT).first()
    if draft is None:
        raise Refused(say("这份草稿已经发布或作废。"), code="not_found")
    return draft


def read(text: str, code: str | None, on: dt.date) -> Read:
    """The text as a whole policy of this code (None: any), held against the library of the day."""
    if len(text) > LONGEST:
        raise Refused(say("文字过长，最多{n}字。", n=LONGEST), code="too_long", field="text")
    document = yamlmarks.read(text.replace("\r\n", "\n"), "policy.yaml")
    return _whole(document, code, on)


def checked(data: dict[str, Any], code: str, on: dt.date) -> Read:
    """The same for data; problems have no lines then."""
    return _whole(Document(data=data), code, on)


def _whole(document: Document, code: str | None, on: dt.date) -> Read:
    library = editions.on_day(on).library
    own = document.data.get("id")
    others = [entry.policy for name, entry in library.entries.items() if name != own]
    found = check_document(document, others, on=on)
    if found is None:
        raise NotWhole(document.problems)
    if code is not None and found.policy.id != code:
        document.complain(("id",), say("代码是{code}，不能改名。", code=code))
        raise NotWhole(document.problems)
    return found


def with_days(data: dict[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """``data`` with days put into its validity and windows; Refused for what is no day."""
    for path, text in fields.items():
        steps = path.split(".")
        if steps[0] not in ("valid", "windows"):
            raise Refused(say("规则已被修改，请重新打开本页。"), code="stale", field=path)
        try:
            day = dt.date.fromisoformat(text).isoformat() if text else None
            place: Any = data
            for step in steps[:-1]:
                place = place[int(step) if step.isdecimal() else step]
            place[steps[-1]] = day
        except ValueError:
            raise Refused(say("请填写日期，如 2026-01-31。"), code="date", field=path) from None
        except (LookupError, TypeError):
            raise Refused(say("规则已被修改，请重新打开本页。"), code="stale", field=path) from None
    return data


def _drafted(draft: PolicyVersion, *, by: Actor, at: dt.datetime) -> PolicyVersion:
    """Number and keep a fresh draft; Refused (``drafted``) while there is another."""
    known = PolicyVersion.objects.filter(code=draft.code)
    there = known.filter(stage=Stage.DRAFT).select_related("author").first()
    if there is not None:
        name = there.author.name if there.author else there.authored_by
        raise Refused(say("{name}正在起草这项政策的新版本，一次只有一份草稿。", name=name), code="drafted")
    draft.number = 1 + (known.aggregate(last=Max("number"))["last"] or 0)
    draft.author_id, draft.authored_by, draft.authored_at = person(by), by.ref, at
    draft.save()
    base = draft.base.number if draft.base else None
    body = {"policy": draft.code, "number": draft.number, "base": base, "hash": draft.content_hash}
    record(STREAM, "policy.draft_begun", by=by.ref, at=at, body=body)
    return draft


Content = Callable[[PolicyVersion], Read]


@transaction.atomic
def _write(draft_id: int, content: Content, seen: str, *, by: Actor, at: dt.datetime) -> PolicyVersion:
    draft = locked(draft_id)
    demand(by, PolicyDeed.WRITE, draft.author_id)
    if draft.content_hash != seen:
        sentence = say("草稿在您打开之后已被修改，没有保存。请对照新的内容再改。")
        raise Refused(sentence, code="stale")
    policy = content(draft).policy
    if policy.content_hash == draft.content_hash:
        return draft
    before, examples = draft.content_hash, _changed_examples(draft.data, policy.canonical())
    draft.data, draft.content_hash, draft.authored_at = policy.canonical(), policy.content_hash, at
    draft.save(update_fields=["data", "content_hash", "authored_at"])
    body = {"policy": draft.code, "number": draft.number, "was": before, "hash": draft.content_hash}
    body |= {"examples": examples} if examples else {}
    record(STREAM, "policy.draft_written", by=by.ref, at=at, body=body)
    return draft


def _changed_examples(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of those that came, went, or say something else."""
    was, now = ({each["name"]: each for each in data["examples"]} for data in (before, after))
    return sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))


__all__ = [
    "ExamplesMove",
    "NotWhole",
    "add_examples",
    "begin",
    "begin_filled",
    "begin_new",
    "checked",
    "discard",
    "fill",
    "newest",
    "read",
    "refuse_known",
    "turn",
    "write",
]
