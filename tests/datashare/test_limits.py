"""Empty and oversized files are refused before anything is kept."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from qitong.kernel.errors import Refused
from tests.datashare.conftest import PDF, Keep

pytestmark = pytest.mark.django_db


def test_an_empty_file_is_refused(keep: Keep) -> None:
    with pytest.raises(Refused, match="空的") as refusal:
        keep(b"")
    assert refusal.value.field == "file"


def test_a_file_of_exactly_the_limit_is_accepted(keep: Keep, settings: Settings) -> None:
    settings.FILES_MAX_BYTES = len(PDF)
    assert keep().size == len(PDF)


def test_one_byte_more_is_refused_with_the_limit(keep: Keep, settings: Settings) -> None:
    settings.FILES_MAX_BYTES = 1024 * 1024
    with pytest.raises(Refused) as refusal:
        keep(PDF + b" " * 1024 * 1024)
    assert refusal.value.code == "file_too_large"
    assert "1 MB" in str(refusal.value)
