"""Are weaknesses known of what the locks name? pip-audit asks; this says what to make of the answer.

    python tools/audit.py               exit 1 for every finding that ``audit.toml`` does not let pass
    python tools/audit.py --required    and for what could not be looked up, too

pip-audit lives in an environment of its own, gone afterwards. Without a network nothing can be known: that is
said loudly and is no failure, or nobody could build on a train. Nothing here waits longer than a few minutes.
``QITONG_AUDIT_URL`` names a service of one's own that answers as OSV does. The standard library is enough.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-dev.lock"
"""Holds everything: what runs is locked to what is checked."""
ALLOWED = ROOT / "audit.toml"
PIP_AUDIT = "pip-audit==2.10.1"
SECONDS = 10
"""Patience with one answer of a service."""
LONGEST = 240
"""Seconds for all of them."""
LONGEST_REASON = 90
"""Days for which something may be let pass before somebody looks again."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A weakness that does not concern us: which, why, and until when that is believed."""

    id: str
    package: str
    reason: str
    until: dt.date


@dataclass(slots=True)
class Verdict:
    """Lines to print. ``open`` fail a build; ``unknown`` packages could not be looked up."""

    audited: int = 0
    open: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)


def read_allowed(text: str) -> list[Allowed]:
    """From ``audit.toml``. ValueError for an entry without a reason or a date."""
    found = [Allowed(**entry) for entry in tomllib.loads(text).get("allowed", [])]
    for entry in found:
        if not entry.reason.strip() or type(entry.until) is not dt.date:
            raise ValueError(f"{entry.id}: a reason and a date are needed")
    return found


def judge(report: Mapping[str, Any], allowed: Iterable[Allowed], today: dt.date) -> Verdict:
    """What to make of pip-audit's JSON on a day."""
    verdict, used = Verdict(), set[Allowed]()
    known = {(entry.package.lower(), entry.id): entry for entry in allowed}
    for package in report["dependencies"]:
        name = str(package["name"])
        if "skip_reason" in package:
            verdict.unknown.append(name)
            continue
        verdict.audited += 1
        for weakness in package["vulns"]:
            names = [weakness["id"], *weakness.get("aliases", ())]
            entry = next((known[name.lower(), n] for n in names if (name.lower(), n) in known), None)
            mended = ", ".join(weakness.get("fix_versions", ())) or "no version yet"
            line = f"{name} {package['version']}: {' = '.join(names)}, mended in {mended}"
            if entry is not None:
                used.add(entry)
            _sort(verdict, line, entry, today)
    verdict.idle = [f"{entry.package}: {entry.id}" for entry in known.values() if entry not in used]
    return verdict


def _sort(verdict: Verdict, line: str, entry: Allowed | None, today: dt.date) -> None:
    if entry is None:
        verdict.open.append(line)
    elif not today <= entry.until <= today + dt.timedelta(days=LONGEST_REASON):
        again = f"look again, for {LONGEST_REASON} days at most"
        verdict.open.append(f"{line}; let pass until {entry.until}: {again}")
    else:
        verdict.passed.append(f"{line}; let pass until {entry.until}: {entry.reason}")


def ask() -> tuple[Mapping[str, Any] | None, str]:
    """pip-audit's report on the lock, or None and why there is none. Exits when the lock cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        home, out = Path(folder), Path(folder, "report.json")
        venv.create(home / "venv", with_pip=True)
        pip = [home / "venv/bin/python", "-m", "pip", "--disable-pip-version-check", "--retries", "1"]
        if failed := _run([*pip, "--timeout", SECONDS, "install", "--quiet", PIP_AUDIT]):
            return None, f"{PIP_AUDIT} could not be installed: {failed}"
        audit = [home / "venv/bin/pip-audit", "--requirement", LOCK, "--require-hashes", "--disable-pip"]
        audit += ["--progress-spinner", "off", "--cache-dir", home / "cache"]
        if failed := _run([*audit, "--dry-run"]):
            sys.exit(f"*** {LOCK.name} cannot be audited: {failed} ***")
        url = os.environ.get("QITONG_AUDIT_URL")
        service = ["--vulnerability-service", "osv", *(["--osv-url", url] if url else [])]
        failed = _run([*audit, *service, "--timeout", SECONDS, "--format", "json", "--output", out])
        if not out.exists():
            return None, f"the service of advisories does not answer: {failed}"
        return json.loads(out.read_text()), ""


def _run(command: list[Any]) -> str:
    """The last line of what went wrong; empty when nothing did. pip-audit fails for findings as well."""
    words = [str(part) for part in command]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer within {LONGEST} s"
    lines = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
    return lines[-1][:200] if done.returncode else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--required", action="store_true", help="fail when something could not be looked up")
    required = parser.parse_args().required
    allowed = read_allowed(ALLOWED.read_text())
    report, why = ask()
    if report is None:
        print(f"*** DEPENDENCIES NOT AUDITED: {why} ***")
        return int(required)
    verdict = judge(report, allowed, dt.datetime.now(dt.UTC).date())
    for line in verdict.passed:
        print(line)
    for line in verdict.idle:
        print(f"audit.toml lets pass what is no longer found: {line}")
    for line in verdict.open:
        print(f"*** {line} ***")
    if verdict.unknown:
        print(f"*** NOT AUDITED: {', '.join(verdict.unknown)} ***")
    print(f"{verdict.audited} packages audited, {len(verdict.open)} with a known weakness.")
    return int(bool(verdict.open) or (required and bool(verdict.unknown)))


if __name__ == "__main__":
    sys.exit(main())
