"""What is made of an audit: a finding fails a build unless it is let pass, for a reason and not for ever."""

from __future__ import annotations

import datetime as dt

import pytest
from tools.audit import ALLOWED, LONGEST_REASON, Allowed, Verdict, judge, read_allowed

TODAY = dt.date(2026, 3, 3)
REPORT = {
    "dependencies": [
        {"name": "click", "version": "8.5.1", "vulns": []},
        {
            "name": "pillow",
            "version": "13.0.0",
            "vulns": [
                {
                    "id": "GHSA-aaaa-bbbb-cccc",
                    "aliases": ["CVE-2026-0001"],
                    "fix_versions": ["13.0.1"],
                    "description": "x",
                }
            ],
        },
        {"name": "segno", "skip_reason": "not found"},
    ],
    "fixes": [],
}


def let_pass(days: int, *, by: str = "CVE-2026-0001") -> Verdict:
    entry = Allowed(by, "Pillow", "Pictures are never drawn.", TODAY + dt.timedelta(days=days))
    return judge(REPORT, [entry], TODAY)


def test_a_finding_names_the_package_the_weakness_and_what_mends_it() -> None:
    verdict = judge(REPORT, [], TODAY)
    assert verdict.open == ["pillow 13.0.0: GHSA-aaaa-bbbb-cccc = CVE-2026-0001, mended in 13.0.1"]
    assert (verdict.audited, verdict.unknown) == (2, ["segno"])


@pytest.mark.parametrize("by", ["GHSA-aaaa-bbbb-cccc", "CVE-2026-0001"])
def test_it_may_be_let_pass_by_any_of_its_names_with_the_reason_said(by: str) -> None:
    verdict = let_pass(LONGEST_REASON, by=by)
    assert verdict.open == []
    assert verdict.passed[0].endswith("Pictures are never drawn.")
    assert let_pass(0, by=by).open == []


@pytest.mark.parametrize("days", [-1, LONGEST_REASON + 1])
def test_not_for_ever_and_not_for_longer_than_somebody_looks(days: int) -> None:
    assert len(let_pass(days).open) == 1


def test_what_is_let_pass_and_no_longer_found_is_said() -> None:
    verdict = let_pass(1, by="CVE-2026-9999")
    assert (len(verdict.open), verdict.idle) == (1, ["Pillow: CVE-2026-9999"])


@pytest.mark.parametrize(
    "entry",
    ['reason = " "\nuntil = 2026-03-04', 'reason = "x"\nuntil = "2026-03-04"', 'reason = "x"'],
)
def test_without_a_reason_and_a_date_nothing_is_let_pass(entry: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        read_allowed(f'[[allowed]]\nid = "a"\npackage = "b"\n{entry}')


def test_the_list_that_is_kept_can_be_read() -> None:
    assert isinstance(read_allowed(ALLOWED.read_text()), list)
