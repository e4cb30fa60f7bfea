"""The keys of the officers' pages, in one table: what the script does is what the list says.

Single keys never act while something is typed, and a reader can switch them off (WCAG 2.1.4); whatever they
do can be done without them. ``go`` is a URL name: the key leads there. Everything else is known to
``static/palette.js`` by ``does``, and is offered only on pages that have what ``needs`` selects.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qitong.web.common.parts import Text

ROWS = "main tbody tr a"
TICKS = "main tbody tr input[type=checkbox]"


@dataclass(frozen=True, slots=True)
class Key:
    """``keys`` as they are pressed one after another, ``also`` another way to do the same."""

    keys: tuple[str, ...]
    label: Text
    does: str = ""
    go: str = ""
    needs: str = ""
    also: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        return reverse(self.go) if self.go else ""


KEYS: tuple[Key, ...] = (
    Key(("/",), _("打开命令与查找"), does="palette", also=("Ctrl", "K")),
    Key(("?",), _("看这一页的快捷键"), does="keys"),
    Key(("g", "i"), _("去办件列表"), go="workbench:inbox"),
    Key(("g", "t"), _("去任务"), go="workbench:tasks"),
    Key(("g", "s"), _("去查找"), go="workbench:search"),
    Key(("g", "m"), _("去消息"), go="messages"),
    Key(("g", "a"), _("去请假与代班"), go="workbench:absences"),
    Key(("g", "l"), _("去换照更正"), go="workbench:licence_find"),
    Key(("j",), _("下一行"), does="next", needs=ROWS),
    Key(("k",), _("上一行"), does="previous", needs=ROWS),
    Key(("o",), _("打开这一行"), does="open", needs=ROWS, also=("Enter",)),
    Key(("x",), _("勾选这一行"), does="tick", needs=TICKS),
    Key(("n",), _("下一份材料"), does="onwards", needs=".review-head a[rel=next]"),
    Key(("p",), _("上一份材料"), does="back", needs=".review-head a[rel=prev]"),
    Key(("d",), _("到可以办理的事"), does="deeds", needs="#deeds"),
)
