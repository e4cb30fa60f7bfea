"""The texts of Qitong and their English: gather, check, compile. Babel does the work; no gettext binaries.

    python -m tools.messages            gather new texts into locale/en (and forget old ones)
    python -m tools.messages --check    exit 1, naming each text that is missing or does not fit
    python -m tools.messages --compile  write the .mo files (the wheel's build hook calls compile_all)

The Chinese text in the source is the key. Gathered are ``say``, ``gettext`` and their kin in
Python and the translation tags of the templates.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "qitong"
LOCALE = SOURCE / "locale"
SINGLE = frozenset({"_", "say", "gettext", "gettext_lazy", "gettext_noop"})
PLURAL = frozenset({"ngettext", "ngettext_lazy"})
CONTEXT = frozenset({"pgettext", "pgettext_lazy"})

# What a reader of English may meet in Chinese all the same: names.
NAMES = ("企通", "简体中文", "中文")
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_BRACES = re.compile(r"\{(\w+)\}")
_PERCENT = re.compile(r"%\((\w+)\)[sd]")

Key = tuple[str, str, str]  # context, text, plural text


def gather(folder: Path) -> set[Key]:
    """Every text shown to people under ``folder``."""
    found: set[Key] = set()
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            found.update(from_python(path.read_text("utf-8"), str(path.relative_to(folder))))
    for path in sorted(
        p for ending in ("html", "txt", "svg") for p in folder.rglob(f"templates/**/*.{ending}")
    ):
        found.update(from_template(path.read_text("utf-8")))
    return found


def from_python(source: str, name: str = "source") -> Iterator[Key]:
    """The texts of one module; ValueError when a call has something else than a text in its place."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        wanted = 1 if called in SINGLE else 2 if called in PLURAL | CONTEXT else 0
        if not wanted or (called == "_" and not node.args):
            continue
        texts = [
            a.value for a in node.args[:wanted] if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if len(texts) < wanted:
            if all(isinstance(a, (ast.Name, ast.Attribute, ast.Subscript)) for a in node.args[:wanted]):
                continue  # a text handed on: it was gathered where it was written
            raise ValueError(f"{name}:{node.lineno}: {called}() needs its text written out here")
        if called in CONTEXT:
            yield texts[0], texts[1], ""
        elif texts[0]:  # the empty text is the header of a catalogue, and nothing to translate
            yield "", texts[0], texts[1] if called in PLURAL else ""


def from_template(source: str) -> Iterator[Key]:
    """The texts of one template, as Django looks them up (trimmed blocks joined, %% as in the tag)."""
    from babel.messages.extract import extract_python
    from django.utils.translation.template import templatize

    # Indentation is HTML's here and would trip the reader of Python.
    lines = "\n".join(line.strip() for line in templatize(source).splitlines())
    calls = extract_python(
        io.BytesIO(lines.encode()), dict.fromkeys([*SINGLE, *PLURAL, *CONTEXT]), (), {"encoding": "utf-8"}
    )
    for _line, called, texts, _comments in calls:
        first, *rest = (texts,) if isinstance(texts, str) else texts
        if called in CONTEXT:
            yield first, rest[0], ""
        else:
            yield "", first, rest[0] if called in PLURAL else ""


def file_of(language: str, locale: Path = LOCALE) -> Path:
    return locale / language / "LC_MESSAGES" / "django.po"


def load(path: Path) -> Catalog:
    """The texts kept in a .po file; an empty English catalogue when there is none yet."""
    if not path.exists():
        return Catalog(locale="en", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="en")


def update(path: Path, keys: set[Key]) -> Catalog:
    """Write exactly ``keys``, keeping the English that is there; return what was written."""
    old = load(path)
    new = Catalog(
        locale="en",
        header_comment="# Qitong's texts in English. Gathered by tools/messages.py: edit only msgstr.",
        project="Qitong",
        version="1",
        charset="utf-8",
        creation_date=old.creation_date,
        revision_date=old.revision_date if path.exists() else None,
        fuzzy=False,
    )
    for context, text, plural in sorted(keys):
        kept = old.get(text, context or None)
        string = kept.string if kept and not kept.fuzzy else ("", "") if plural else ""
        new.add((text, plural) if plural else text, string, context=context or None)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return new


def faults(catalog: Catalog, keys: set[Key]) -> list[str]:
    """What is wrong with the English: one line for each text that is missing or does not fit."""
    found = []
    for context, text, plural in sorted(keys):
        message = catalog.get(text, context or None)
        if message is None or message.fuzzy or not _forms(message) or not all(_forms(message)):
            found.append(f"no English: {text}")
        else:
            found.extend(_misfits(message, text, plural))
    known = {(m.context or "", _key_text(m)) for m in catalog if m.id}
    wanted = {(context, text) for context, text, _ in keys}
    found.extend(f"no longer used: {text}" for _, text in sorted(known - wanted))
    return found


def _misfits(message: Message, text: str, plural: str) -> Iterator[str]:
    for number, english in enumerate(_forms(message)):
        # "One file" may leave the number out; every other form says all that the Chinese says.
        may_omit = {"n", "count"} if plural and number == 0 else set()
        wanted, given = _places(plural or text), _places(english)
        if (set(wanted) ^ set(given)) - may_omit:
            found = f"{sorted(wanted)} ≠ {sorted(given)}"
            yield f"places differ: {text} → {english} ({found})"
        if left := CHINESE.findall(_without_names(english)):
            yield f"Chinese left: {text} → {english} ({''.join(left)})"


def _without_names(text: str) -> str:
    for name in NAMES:
        text = text.replace(name, "")
    return text


def _places(text: str) -> Counter[str]:
    return Counter(_BRACES.findall(text)) + Counter(_PERCENT.findall(text))


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _key_text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def compile_all(locale: Path) -> list[Path]:
    """Write the .mo beside every .po under ``locale`` and return them; needs nothing but Babel."""
    written = []
    for po in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target, draft = po.with_suffix(".mo"), po.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, load(po))
        draft.replace(target)  # whole or not at all: a running server may be reading
        written.append(target)
    return written


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    deed = parser.add_mutually_exclusive_group()
    deed.add_argument("--check", action="store_true")
    deed.add_argument("--compile", action="store_true")
    asked = parser.parse_args(arguments)
    path = file_of("en")
    if asked.compile:
        print(f"compiled {len(compile_all(LOCALE))}")
        return 0
    keys = gather(SOURCE)
    catalog = load(path) if asked.check else update(path, keys)
    wrong = faults(catalog, keys)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(keys)} texts, {len(wrong)} to mend")
    return 1 if asked.check and wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
