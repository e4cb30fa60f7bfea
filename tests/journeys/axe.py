"""The accessibility rules of axe-core in a page (in ``vendor/``, unchanged), and what they find in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("vendor") / "axe-4.12.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}


def violations(page: Page) -> list[str]:
    """Each violation of WCAG 2.2 A and AA with the elements that show it; empty when there are none."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found = page.evaluate("options => axe.run(options)", _OPTIONS)
    return [_told(each) for each in found["violations"]]


def _told(violation: dict[str, Any]) -> str:
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}, {violation['helpUrl']}"]
    for node in violation["nodes"]:
        lines.append(f"  {' '.join(map(str, node['target']))}: {node['html']}")
        lines += [f"    {check['message']}" for kind in ("all", "any", "none") for check in node[kind]]
    return "\n".join(lines)
