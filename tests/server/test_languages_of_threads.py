"""Each request is a thread of its own, and speaks its own language."""

from __future__ import annotations

from threading import Barrier, Thread

from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext


def test_two_threads_speak_two_languages_at_once() -> None:
    both, heard = Barrier(2), dict[str, str]()

    def speak(language: str) -> None:
        with translation.override(language):
            both.wait()
            heard[language] = gettext("办件")
            both.wait()

    threads = [Thread(target=speak, args=(language,)) for language in ("zh-hans", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard["zh-hans"] == "办件"
    assert heard["en"] != "办件"


def test_a_text_that_was_safe_once_makes_no_other_safe() -> None:
    assert isinstance(gettext(SafeString("<b>不在目录里</b>")), SafeString)
    assert not isinstance(gettext("<b>不在目录里</b>"), SafeString)
