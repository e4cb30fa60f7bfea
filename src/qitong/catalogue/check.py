"""Check catalogue YAML before it is published: syntax, shape and references, with file and line.

Text in; a :class:`~qitong.catalogue.schema.Catalogue` or a list of problems out. Needs neither
Django nor a database, so an editor or a CI job can run it anywhere.
"""

from __future__ import annotations

from pathlib import Path

from qitong.catalogue import crossrefs
from qitong.catalogue.schema import Catalogue
from qitong.kernel.shapes import in_order, read_file, shaped
from qitong.kernel.words import say
from qitong.kernel.yamlmarks import Document, Problem, merge, read

PACKAGED = Path(__file__).with_name("data")
"""The catalogue that comes with the program."""


def check_text(text: str, name: str) -> tuple[Catalogue | None, list[Problem]]:
    """Check one YAML text, called ``name`` in problems; a catalogue exactly when there are none."""
    return _check(read(text, name))


def check_path(path: Path) -> tuple[Catalogue | None, list[Problem]]:
    """Check a file, or all ``*.yaml`` files of a folder as one catalogue."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        return None, [Problem(str(path), 1, 1, say("文件夹中没有yaml文件。"))]
    return _check(merge([read_file(file) for file in files]))


def _check(document: Document) -> tuple[Catalogue | None, list[Problem]]:
    catalogue = shaped(document, Catalogue)
    if catalogue is not None:
        crossrefs.find(catalogue, document.complain)
    return (None if document.problems else catalogue), in_order(document.problems)
