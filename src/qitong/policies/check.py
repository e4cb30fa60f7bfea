"""Check policy files before they are used: syntax, shape, rules, references and worked examples.

Files in; a :class:`~qitong.policies.library.Library` or a list of problems with file, line and column out.
Nothing is half loaded. Needs neither Django nor a database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from qitong.kernel.shapes import in_order, read_file, shaped
from qitong.kernel.words import say
from qitong.kernel.yamlmarks import Document, Problem
from qitong.policies import boundaries, computing, crossrefs, idle, size_boundaries, sizing
from qitong.policies.compiling import compiled, validity
from qitong.policies.crossrefs import Read
from qitong.policies.examples import run
from qitong.policies.library import PACKAGED, Entry, Library, Sizes
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.schema import Policy

_NEEDED = ("documents", "basis", "valid")
SIZE_FILE = "rows"
"""The section by which a size table is told from a policy."""


def check_paths(
    paths: Sequence[Path], *, examples: bool = True, on: dt.date | None = None
) -> tuple[Library | None, list[Problem]]:
    """Check files and folders as one library; a library exactly when there are no problems.

    A policy may refer to one of the packaged library without that being among ``paths``. ``examples``: run
    them, and ask for those that would hold what none does. ``on``: the day on which what is said to have
    expired must have; None: not asked.
    """
    documents = [read_file(file) for file in _files(paths)]
    lost = [Problem(str(path), 1, 1, say("文件夹中没有yaml文件。")) for path in paths if not _files([path])]
    lost += [
        Problem(str(file), 1, 1, say("文件名应以.yaml结尾，否则不会读取。")) for file in _misnamed(paths)
    ]
    read: list[Read] = []
    tables: list[tuple[Document, Sizes]] = []
    for document in documents:
        if SIZE_FILE in document.data:
            tables += [(document, table) for table in sizing.read(document)]
        else:
            read += _policy(document)
    sizes = _one_table(tables)
    whole = not any(document.problems for document in documents)
    others = _others(paths, read)
    crossrefs.find(read, known=others, sizes=_size_facts(sizes), on=on)
    if examples:
        _named([file for path in paths if path.is_dir() for file in _files([path])], read)
    if whole and examples:
        for each in read:
            _sense(each)
            run(each)
            if not each.document.problems:
                boundaries.complain(each)
        for document, table in tables:
            size_boundaries.complain(document, table)
    problems = in_order([*lost, *(problem for document in documents for problem in document.problems)])
    return (None if problems else _library(read, sizes, others)), problems


@cache
def packaged() -> Library:
    """The library that comes with the program; it is checked by the tests, so it has no problems."""
    library, problems = check_paths([PACKAGED], examples=False)
    if library is None:
        raise ValueError("\n".join(str(problem) for problem in problems))
    return library


def check_document(document: Document, others: Sequence[Policy], *, on: dt.date | None = None) -> Read | None:
    """One policy against the rest of its library, examples and all; None when ``document`` has problems."""
    found = _policy(document)
    crossrefs.find(found, known=others, sizes=_size_facts([]), on=on)
    if not document.problems:
        for each in found:
            _sense(each)
            run(each)
    document.problems[:] = in_order(document.problems)
    return found[0] if found and not document.problems else None


def read(document: Document) -> Read | None:
    """One policy by itself, its examples not run; None when it has problems."""
    found = _policy(document)
    return found[0] if found and not document.problems else None


def _files(paths: Iterable[Path]) -> list[Path]:
    found = (sorted(path.glob("*.yaml")) if path.is_dir() else [path] for path in paths)
    return [file for files in found for file in files]


def _misnamed(paths: Iterable[Path]) -> Iterator[Path]:
    """Files of a folder that their author took for policies, and that nobody would read."""
    for path in paths:
        if path.is_dir():
            named = (file for file in sorted(path.iterdir()) if file.suffix.lower() in (".yml", ".yaml"))
            yield from (file for file in named if file.suffix != ".yaml")


def _one_table(tables: Sequence[tuple[Document, Sizes]]) -> list[Sizes]:
    """The size table, if any; a second one has no place."""
    for document, _ in tables[1:]:
        told = say("划型表已在{file}中写过。", file=tables[0][0].mark(()).file)
        document.complain((SIZE_FILE,), told, key=True)
    return [table for _, table in tables[:1]]


def _named(files: Collection[Path], read: Iterable[Read]) -> None:
    """In a folder a policy is found by its code."""
    names = {str(file): file.stem for file in files}
    for each in read:
        name = names.get(each.document.mark(()).file)
        if name is not None and name != each.policy.id:
            told = {"file": f"{name}.yaml", "id": each.policy.id}
            each.document.complain(("id",), say("代码是{id}，文件名{file}应为{id}.yaml。", **told))


def _policy(document: Document) -> list[Read]:
    readable = not document.problems
    policy = shaped(document, Policy)
    if policy is None:
        for key in _NEEDED:
            if readable and not document.data.get(key):
                plain = str(say("缺少{key}。", key=key))  # said again below, with the reason
                document.problems[:] = [p for p in document.problems if str(p.message) != plain]
                document.complain((key,), say("缺少{key}：没有文号、依据或有效期的政策不能发布。", key=key))
        return []
    rule = compiled(policy, document)
    return [Read(policy, rule, document)] if rule else []


def _sense(each: Read) -> None:
    """A rule that reads can also be computed, and every number in it decides something."""
    computing.complain(each)
    idle.complain(each)


def _others(paths: Sequence[Path], read: Sequence[Read]) -> list[Policy]:
    """The packaged policies that are not being checked, when it is not they that are."""
    own = {each.policy.id for each in read}
    if any(path.resolve() == PACKAGED for path in paths):
        return []
    return [policy for policy in _packaged() if policy.id not in own]


@cache
def _packaged() -> list[Policy]:
    found = (shaped(read_file(file), Policy) for file in _files([PACKAGED]))
    return [policy for policy in found if policy is not None]


def _size_facts(read: Sequence[Sizes]) -> Mapping[str, FieldSpec]:
    """The facts of the size table: of the one that is being checked, else of the packaged one."""
    return (read or _packaged_sizes())[0].fields


@cache
def _packaged_sizes() -> list[Sizes]:
    documents = (read_file(file) for file in _files([PACKAGED]))
    return next(sizing.read(document) for document in documents if SIZE_FILE in document.data)


def _library(read: Sequence[Read], sizes: Sequence[Sizes], others: Sequence[Policy]) -> Library:
    by_id = {policy.id: policy for policy in (*others, *(each.policy for each in read))}
    entries = {
        each.policy.id: Entry(
            each.policy,
            each.rule,
            Matcher(each.rule),
            validity(each.policy, by_id.get(each.policy.superseded_by or "")),
        )
        for each in sorted(read, key=lambda each: each.policy.id)
    }
    return Library(entries, sizes[0] if sizes else None)
