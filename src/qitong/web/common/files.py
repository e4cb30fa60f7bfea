"""A field that takes any number of files, of the kinds the platform keeps."""

from __future__ import annotations

from typing import Any

from django import forms

from qitong.datashare.logic.filetypes import EXTENSIONS

ACCEPT = ",".join(EXTENSIONS)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, none among them."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]
