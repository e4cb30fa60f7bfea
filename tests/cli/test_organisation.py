from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from qitong.accounts.models import Department
from qitong.cli.organisation import organisation


@pytest.mark.django_db
def test_the_reference_park_is_loaded_once() -> None:
    first = CliRunner().invoke(organisation, ["load", "--json"])
    second = CliRunner().invoke(organisation, ["load", "--json"])
    assert "zs" in json.loads(first.output)["changed"]
    assert json.loads(second.output)["changed"] == []
    assert Department.objects.filter(is_window=True).count() == 1
