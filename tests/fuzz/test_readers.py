"""Whatever reads what comes from outside, function by function, reads it or refuses it in words.

The bulk of the inputs is here, where one costs less than a millisecond. A row of the table is all that a new
reader needs.
"""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import signing
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from qitong.accounts import links, origin
from qitong.accounts.logic import allowances, logins, oidc, passwords, totp
from qitong.accounts.logic.oidc import Provider
from qitong.api import paging as api_paging
from qitong.api.parsing import StrictParser
from qitong.casework.logic import finding, ical, intake
from qitong.casework.logic.filters import Filter
from qitong.catalogue.check import check_text
from qitong.catalogue.logic import conditions
from qitong.catalogue.logic.types import FactSpec, FactType
from qitong.datashare.logic import filetypes, wrapping
from qitong.kernel import calendar_file, masking, uscc
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, say
from qitong.ledger.logic import chain
from qitong.notifications.logic.providers import MailServer, SmsGateway
from qitong.web.common import answers, paging
from qitong.web.common.http import number_of
from qitong.web.common.origin import device_in_words
from qitong.web.common.prose import kept
from qitong.web.dashboard import cuts
from tests.datashare.made import docx, jpeg, png
from tests.fuzz.budget import Tried, drawn
from tests.fuzz.nasty import sendable, texts, words
from tests.fuzz.yaml import calendar_texts, catalogue_texts, right

NOON = dt.datetime(2026, 3, 3, 12, tzinfo=dt.UTC)
TODAY = NOON.date()
AREA = Named("面积", "area")
NUMBER = FactSpec(
    code="area",
    name=AREA,
    question=AREA,
    unit=AREA,
    type=FactType.NUMBER,
    choices=(),
    asked_when="",
    otherwise=None,
)
plain_values = st.none() | st.booleans() | st.integers() | st.floats() | texts
json_values = (
    plain_values
    | st.lists(plain_values, max_size=2)
    | st.dictionaries(
        st.sampled_from(["a", "", "\0", "\ud800"]), plain_values | st.lists(plain_values), max_size=2
    )
)
claims = st.dictionaries(
    st.sampled_from(["nonce", "exp", "iat", "aud", "azp", "sub", "amr", "email", "email_verified"]),
    json_values,
    max_size=3,
)
contents = st.builds(
    lambda start, rest, cut: (start + rest)[: max(0, len(start + rest) - cut)],
    st.sampled_from(
        [b"", b"%PDF-1.7\n", png(), jpeg(), docx(), b"PK\3\4", b"BM", b"RIFF", b"\xff\xfe", b"a,b\n"]
    ),
    st.binary(max_size=80),
    st.integers(0, 30),
)
queries = st.dictionaries(
    st.sampled_from(
        ["scope", "state", "light", "item", "due", "unread", "q", "sort", "kind", "what", "since"]
    ),
    sendable,
)


@dataclass(frozen=True, slots=True)
class Reader:
    """``read`` takes what ``given`` draws; it may refuse, in words, or raise what its docstring says."""

    read: Callable[[Any], object]
    given: st.SearchStrategy[Any] = texts
    raises: tuple[type[Exception], ...] = ()


def _identify(pair: tuple[bytes, str]) -> object:
    return filetypes.identify(io.BytesIO(pair[0]), pair[1])


def _filter(given: dict[str, str]) -> None:
    """What an address says is written as one address, and read from it again the same."""
    query = QueryDict(mutable=True)
    query.update(given)
    found = Filter.read(dict(query.lists()))
    assert Filter.parse(found.query()) == found
    assert str(found.sentence())
    assert cuts.read(query)


def _search(text: str) -> None:
    """The words that are looked for are found where they stand, and marked there."""
    asked = finding.ask(text)
    folded = finding.fold(text)
    for word in asked.words:
        assert word in folded
        finding.grams(word)
    pieces = finding.excerpt(text, asked.words)
    assert not asked.words or any(piece.hit for piece in pieces)


def _mask(text: str) -> None:
    assert len(text) < 3 or text not in masking.mask_name(text)
    assert len(text) < 6 or "@" in text or text not in masking.mask_login(text)


def _calendar(text: str) -> None:
    """RFC 5545, 3.1: lines of at most 75 octets."""
    line = ical.fold(f"SUMMARY:{ical.escape(text)}")
    assert all(len(part.encode("utf-8", "surrogatepass")) <= 75 for part in line.split("\r\n"))


def _plain(value: object) -> None:
    """What the ledger takes is written the same once read back."""
    written = chain.canonical(chain.plain(value))
    assert chain.canonical(chain.plain(json.loads(written))) == written


def _cursor(text: str) -> None:
    assert paging._read(text, "id") == (None, None, False)
    assert not text or api_paging.read(text, of="cases") is None


def _body(value: object) -> None:
    """What is let in, PostgreSQL can keep. Whatever the parser raises, ninja answers with 400."""
    request = RequestFactory().post("/", json.dumps(value), content_type="application/json")
    found = StrictParser().parse_body(request)
    assert "\\u0000" not in json.dumps(found, allow_nan=False)
    json.dumps(found, ensure_ascii=False).encode()


def _yaml(text: str) -> None:
    catalogue, problems = check_text(text, "a.yaml")
    assert (catalogue is None) == bool(problems)
    assert all(str(problem) for problem in problems)


def _address(text: str) -> None:
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=text, HTTP_USER_AGENT=text)
    assert origin.address_of(request)
    device_in_words(text)


READERS: dict[str, Reader] = {
    "name of a file": Reader(filetypes.clean_name),
    "content of a file": Reader(
        _identify, st.tuples(contents, st.sampled_from(["a.pdf", "a.docx", "b", "c.csv"]))
    ),
    "login": Reader(lambda text: (logins.normalised(text), logins.is_mail(text), logins.code_of(text))),
    "code of an authenticator": Reader(
        lambda text: totp.matching_step(b"x" * 20, logins.code_of(text), at=NOON, after=0)
    ),
    "password": Reader(lambda text: (passwords.why_not_password(text), passwords.why_not_own(text, [text]))),
    "masked": Reader(_mask),
    "credit code": Reader(lambda text: uscc.why_not(uscc.normalise(text))),
    "allowances": Reader(allowances.parse, texts | texts.map(lambda t: f"login={t}"), (ValueError,)),
    "OpenID provider": Reader(lambda text: Provider.parse(text, "a", "b", "c"), raises=(ValueError,)),
    "claims of a token": Reader(
        lambda found: (
            oidc.why_not_claims(found, client_id="a", nonce="n", at=NOON),
            oidc.is_strong(found),
            oidc.verified_logins(found),
        ),
        claims | claims.map(lambda found: {**found, "nonce": "n", "exp": 9e9, "iat": 0}),
    ),
    "mail server": Reader(MailServer.parse, texts | texts.map(lambda t: f"smtp://{t}"), (ValueError,)),
    "gateway for SMS": Reader(lambda text: SmsGateway.parse(text, "k", "s", text), raises=(ValueError,)),
    "filter of a list": Reader(_filter, queries),
    "words to find": Reader(_search, words.filter(lambda text: len(text) < 400)),
    "a calendar's line": Reader(_calendar, sendable.filter(lambda text: len(text) < 20_000)),
    "condition of an item": Reader(
        conditions.parse, texts | texts.map(lambda t: f"area > {t}") | texts.map(lambda t: f"a == '{t}'")
    ),
    "YAML": Reader(_yaml, words),
    "year of the calendar": Reader(calendar_file.parse, calendar_texts | words),
    "number": Reader(number_of),
    "answer to a question": Reader(lambda text: answers.shown(NUMBER, text)),
    "forged cursor": Reader(
        _cursor, sendable | sendable.map(lambda t: signing.dumps("x", salt=t[:9] or "a"))
    ),
    "link": Reader(lambda text: links.read(text, purpose=next(iter(links.LinkPurpose)), at=NOON)),
    "origin of a request": Reader(_address, sendable.map(lambda text: text.replace("\n", " "))),
    "prose": Reader(kept, words),
    "lines of a letter": Reader(lambda text: wrapping.wrap(text, 80.0, lambda part: 4.0 * len(part)), words),
    "body of the ledger": Reader(_plain, json_values, (chain.NotPlainError,)),
    "JSON of the API": Reader(_body, json_values, (BadRequest, UnicodeEncodeError)),
    "sentence": Reader(lambda text: str(say("“{text}”", text=text))),
    "fingerprint": Reader(lambda text: intake.fingerprint(1, text, text, text), sendable),
    "month": Reader(cuts.month_of),
}


def words_of(refused: Refused) -> None:
    """A refusal says why, to people and to programs."""
    assert str(refused)
    assert refused.code


@pytest.mark.parametrize("what", READERS)
def test_a_reader_reads_or_refuses(tried: Tried, what: str) -> None:
    reader = READERS[what]

    @drawn(tried.test)
    @given(reader.given)
    def reads(given: Any) -> None:
        tried.one()
        try:
            reader.read(given)
        except Refused as refused:
            words_of(refused)
        except reader.raises:
            pass

    reads()


def test_a_spoilt_catalogue_is_refused_line_by_line(tried: Tried) -> None:
    assert check_text(right(), "a.yaml")[1] == []

    @drawn(tried.test)
    @given(catalogue_texts)
    def reads(text: str) -> None:
        tried.one()
        _yaml(text)

    reads()
