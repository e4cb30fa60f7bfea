"""What companies are told of policies: who newly meets the conditions, which one, and until when to apply."""

from __future__ import annotations

from qitong.kernel.words import say
from qitong.notifications import audience as to
from qitong.notifications.lines import Tell, todo

POLICY_TELLS: dict[str, tuple[Tell, ...]] = {
    "policy.gained": (
        todo(
            to.company_but_giver,
            text=say("{cause}，{enterprise}现在符合“{title}”的条件{judged}{because}{way_on}。"),
        ),
    ),
}
