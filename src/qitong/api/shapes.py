"""Shapes that several resources share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from qitong.accounts.models import Department
from qitong.casework.logic import light
from qitong.kernel.words import Named, Sentence

Text = Annotated[str, StringConstraints(max_length=5000)]
Line = Annotated[str, StringConstraints(max_length=200)]
Key = Annotated[str, StringConstraints(max_length=60)]
Keys = Annotated[list[Key], Field(max_length=100)]


class In(BaseModel):
    """A request body; a misspelt name is refused rather than ignored."""

    model_config = ConfigDict(extra="forbid")


class Why(In):
    reason: Text


class Note(In):
    note: Text = ""


class Name(BaseModel):
    """A name in both languages."""

    zh: str
    en: str

    @classmethod
    def of(cls, named: Named) -> Name:
        return cls(zh=named.zh, en=named.en)


class Coded(BaseModel):
    """A stable code, and its word in the language of Accept-Language."""

    code: str
    word: str

    @classmethod
    def of(cls, code: StrEnum | str, word: object) -> Coded:
        return cls(code=str(code), word=shown(word))


class DepartmentOut(BaseModel):
    code: str
    name: Name

    @classmethod
    def of(cls, department: Department) -> DepartmentOut:
        return cls(code=department.code, name=Name.of(department.label))


class LightOut(BaseModel):
    """The promise at a glance: colour, its word, and the sentence why."""

    colour: light.Colour
    word: str
    sentence: str

    @classmethod
    def of(cls, lit: light.Light) -> LightOut:
        return cls(colour=lit.colour, word=str(lit.word), sentence=str(lit.sentence))


class AllowedDeed(BaseModel):
    """Whether the token may do a deed now; ``why_not`` is the sentence when it may not."""

    deed: str
    name: str
    allowed: bool
    why_not: str


def shown(value: object) -> str:
    """Whatever a sentence can hold (a name, several names, a date) in the reader's language."""
    return str(Sentence("{value}", {"value": value}))
