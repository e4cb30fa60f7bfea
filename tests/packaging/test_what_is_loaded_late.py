from __future__ import annotations

import subprocess
import sys

HEAVY = {"polars", "ibis", "chdb", "pandas", "pyarrow", "numpy"}
"""What only a command or a job loads that computes in bulk: servers keep to 250 MB."""
STARTED = """
import sys
from qitong.cli import use_django
use_django()
import qitong.server.wsgi
import qitong.cli.worker
import qitong.automation.reactions, qitong.automation.schedule
print(*sys.modules)
"""


def test_web_and_worker_start_without_what_computes_in_bulk() -> None:
    said = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, check=True)
    assert HEAVY & {name.partition(".")[0] for name in said.stdout.split()} == set()
