from __future__ import annotations

import os
import subprocess
import sys


def test_shanghai_is_known_without_a_time_zone_database_on_the_machine() -> None:
    asked = (
        "from zoneinfo import ZoneInfo; from datetime import datetime;"
        "print(datetime(2026, 1, 1, tzinfo=ZoneInfo('Asia/Shanghai')).utcoffset())"
    )
    said = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONTZPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "8:00:00"
