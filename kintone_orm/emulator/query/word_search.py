"""The word search of `like`: finding the words of a keyword in a text.

Latin letters and digits match as whole words. Japanese is not split into words: two or more
characters in a row match anywhere, a single character only where it is alone. The width of kana
does not matter. Signs are ignored.

Source: kintone REST API, "Query String": notes on `like`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from ..ground import choices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["finder"]

# Hiragana, katakana and Chinese characters, with their marks for repetition and long vowels.
_JAPANESE = (
    r"\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_JAPANESE}]+|[^\W{_JAPANESE}]+")
_JAPANESE_WORD = re.compile(rf"[{_JAPANESE}]+")
_HALF_WIDTH = re.compile("[\uff66-\uff9f]")
_HALF_WIDTH_KANA = re.compile("[\uff66-\uff9f]+")
# _BEGINS and _ENDS are the patterns of the boundaries before and after a word. Their keys are True
# for a Japanese word. _SIGNS is the pattern of the signs between words.
_BEGINS = {True: rf"(?<![{_JAPANESE}])", False: rf"(?<![^\W{_JAPANESE}])"}
_ENDS = {True: rf"(?![{_JAPANESE}])", False: rf"(?![^\W{_JAPANESE}])"}
_SIGNS = rf"[^\w{_JAPANESE}]*"
_TAG = re.compile(r"<[^>]*>")


def finder(keyword: str, *, field_type: str) -> Callable[[Any], bool]:
    """Return a test for the keyword in a cell's "value" (Any: JSON).

    Several words match only where they follow each other in the text. A keyword of signs alone
    matches no value.
    """
    words = _WORD.findall(_normalize(keyword))
    if not words:
        return lambda _: False
    first, *others = words
    find = re.compile(_pattern(words)).search
    texts = _TEXTS.get(field_type)

    ignores_case = choices.LIKE_IGNORES_CASE

    def contains(text: str | None) -> bool:
        if not text:
            return False
        # The next two lines do the same as _normalize(). A call for every record would be slower.
        text = text if text.isascii() else _full_width(text)
        text = text.casefold() if ignores_case else text
        # Most texts lack one of the words. A plain search finds this faster than the pattern.
        start = text.find(first)
        if start < 0:
            return False
        for word in others:
            if word not in text:
                return False
        return find(text, start) is not None

    return contains if texts is None else lambda value: any(map(contains, texts(value)))


def _pattern(words: Sequence[str]) -> str:
    """Return a pattern for these words in a row, with only signs between them.

    Each word matches a whole word of the text. But a Japanese word of two or more characters may
    match a part of a longer word: the end of it if it is the first of `words`, the beginning if it
    is the last.
    """
    patterns = [_whole_word(word) for word in words]
    if _matches_inside(words[0]):
        patterns[0] = patterns[0].removeprefix(_BEGINS[True])
    if _matches_inside(words[-1]):
        patterns[-1] = patterns[-1].removesuffix(_ENDS[True])
    return _SIGNS.join(patterns)


def _whole_word(word: str) -> str:
    japanese = _JAPANESE_WORD.fullmatch(word) is not None
    return _BEGINS[japanese] + re.escape(word) + _ENDS[japanese]


def _normalize(text: str) -> str:
    text = _full_width(text)
    return text.casefold() if choices.LIKE_IGNORES_CASE else text


def _full_width(text: str) -> str:
    """Return the text with half-width kana made full-width."""
    # Most texts have no half-width kana, and search() finds this faster than sub().
    if _HALF_WIDTH.search(text) is None:
        return text
    return _HALF_WIDTH_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana[0]), text)


def _matches_inside(word: str) -> bool:
    """Return True for a word that also matches inside a longer run of Japanese characters."""
    return len(word) > 1 and _JAPANESE_WORD.fullmatch(word) is not None


def _text_of_html(value: str | None) -> Iterable[str]:
    return (html.unescape(_TAG.sub(" ", value)),) if value else ()


def _file_names(files: Iterable[Mapping[str, str]] | None) -> Iterable[str]:
    return [file["name"] for file in files or ()]


# The functions that return the texts to search in a value, for types without a plain text.
_TEXTS: dict[str, Callable[[Any], Iterable[str]]] = {
    "RICH_TEXT": _text_of_html,
    "FILE": _file_names,
}
