"""What readers want to be told outside the app, and when they want to be left alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from qitong.kernel.words import Sentence, say
from qitong.kernel.workdays import SHANGHAI


class Group(StrEnum):
    """Sorts of messages as readers choose among them. Legal notices reach the company in any case."""

    LEGAL = "legal"
    TODO = "todo"
    REMINDER = "reminder"
    CONVERSATION = "conversation"
    PROGRESS = "progress"

    @property
    def label(self) -> Sentence:
        return _WORDS[self][0]

    @property
    def hint(self) -> Sentence:
        return _WORDS[self][1]


_WORDS = {
    Group.LEGAL: (say("法定告知"), say("受理、补正、决定、送达、延期，依法必须送到，不能关闭。")),
    Group.TODO: (say("需要我办的"), say("轮到您办理、答复或者决定。")),
    Group.REMINDER: (say("提醒和催办"), say("快到期或者已经超期。")),
    Group.CONVERSATION: (say("来往留言"), say("企业和首问负责人之间的留言。")),
    Group.PROGRESS: (say("办理进展"), say("别人办了什么，您只需知道。")),
}
CHOSEN = tuple(group for group in Group if group is not Group.LEGAL)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Between ``quiet_from`` and ``quiet_until`` (Shanghai) mail and SMS wait; both None: at any time."""

    mail: frozenset[Group] = frozenset({Group.TODO, Group.REMINDER, Group.CONVERSATION})
    sms: frozenset[Group] = frozenset({Group.TODO, Group.REMINDER})
    quiet_from: dt.time | None = dt.time(21, 0)
    quiet_until: dt.time | None = dt.time(8, 0)

    def by_mail(self, group: Group) -> bool:
        return group is Group.LEGAL or group in self.mail

    def by_sms(self, group: Group) -> bool:
        return group is Group.LEGAL or group in self.sms

    def not_before(self, at: dt.datetime) -> dt.datetime:
        """``at``, or when the quiet hours end in which it falls."""
        if self.quiet_from is None or self.quiet_until is None:
            return at
        local = at.astimezone(SHANGHAI)
        over_midnight = self.quiet_from > self.quiet_until
        late, early = local.time() >= self.quiet_from, local.time() < self.quiet_until
        if not ((late or early) if over_midnight else (late and early)):
            return at
        day = local.date() + dt.timedelta(days=1 if over_midnight and late else 0)
        return dt.datetime.combine(day, self.quiet_until, SHANGHAI)


USUAL = Wishes()
