"""When one may apply, in a few words: the same at the desk, on a company's page, in the compendium."""

from __future__ import annotations

from qitong.kernel.words import Sentence, say
from qitong.policies.logic.standing import Standing, WindowState


def window_words(now: Standing) -> Sentence:
    """Until when, or from when until when, applications are taken; that they were; or that no time is set."""
    if now.window is None:
        return say("没有固定的申报期")
    opens, last = now.window.opens, now.window.last
    match now.window_state:
        case WindowState.OPEN:
            return say("正在申报，{day}截止", day=last)
        case WindowState.COMING:
            return say("{opens}开始申报，{last}截止", opens=opens, last=last)
    return say("本轮申报已于{day}截止", day=last)
