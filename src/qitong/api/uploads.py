"""An uploaded file as the domain reads it."""

from __future__ import annotations

from typing import BinaryIO, cast

from ninja.files import UploadedFile


def opened(file: UploadedFile) -> BinaryIO:
    """Django's upload reads like a binary file, but is not typed as one."""
    return cast(BinaryIO, file)
