from __future__ import annotations

import pytest

from tests.architecture.rules import RULES, Rule, modules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps(rule: Rule) -> None:
    breaches = [f"src/qitong/{m.path}:{line} {why}" for m in modules() for line, why in rule(m)]
    assert not breaches, "\n" + "\n".join(breaches)


def test_the_rules_see_the_whole_product() -> None:
    seen = {module.package for module in modules()}
    assert {"kernel", "ledger", "accounts", "casework", "web", "api", "server", "cli"} <= seen
