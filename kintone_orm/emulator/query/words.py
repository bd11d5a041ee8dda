"""The word search behind `like`: whether the words of a keyword are in a text.

Latin letters and digits are found as whole words. Japanese is not split into words, so any two
characters that follow each other are found, and one alone only where it stands alone. The width
of kana does not matter; signs do not count.

Source: kintone REST API, "Query String": notes on `like`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from .. import choices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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
# What is not before a word, and not after one, by whether it is Japanese; what is between words.
_BEGINS = {True: rf"(?<![{_JAPANESE}])", False: rf"(?<![^\W{_JAPANESE}])"}
_ENDS = {True: rf"(?![{_JAPANESE}])", False: rf"(?![^\W{_JAPANESE}])"}
_SIGNS = rf"[^\w{_JAPANESE}]*"
_TAG = re.compile(r"<[^>]*>")


def finder(keyword: str, *, field_type: str) -> Callable[[Any], bool]:
    """A test whether the keyword is in what a record holds under "value" (Any: JSON).

    Several words are found where they follow each other. A keyword without a word is nowhere.
    """
    words = _WORD.findall(_normalized(keyword))
    if not words:
        return lambda _: False
    first, *others = words
    find = re.compile(_pattern(words)).search
    texts = _TEXTS.get(field_type)

    folds = choices.LIKE_IGNORES_CASE

    def holds(text: str | None) -> bool:
        if not text:
            return False
        # As `_normalized`, without its frame: this is asked of every record.
        text = text if text.isascii() else _full_width(text)
        text = text.casefold() if folds else text
        # Most texts lack one of the words, which is told sooner than where words begin and end.
        start = text.find(first)
        if start < 0:
            return False
        for word in others:
            if word not in text:
                return False
        return find(text, start) is not None

    return holds if texts is None else lambda value: any(map(holds, texts(value)))


def _pattern(words: Sequence[str]) -> str:
    """These words, whole, one after the other; the first and the last may be parts of longer ones.

    Only where nothing but signs is between two words does one follow the other.
    """
    parts = [_whole(word) for word in words]
    if _may_be_a_part(words[0]):
        parts[0] = parts[0].removeprefix(_BEGINS[True])
    if _may_be_a_part(words[-1]):
        parts[-1] = parts[-1].removesuffix(_ENDS[True])
    return _SIGNS.join(parts)


def _whole(word: str) -> str:
    japanese = _JAPANESE_WORD.fullmatch(word) is not None
    return _BEGINS[japanese] + re.escape(word) + _ENDS[japanese]


def _normalized(text: str) -> str:
    text = _full_width(text)
    return text.casefold() if choices.LIKE_IGNORES_CASE else text


def _full_width(text: str) -> str:
    """The text without kana of half a width; it is searched for one first, which takes less."""
    if _HALF_WIDTH.search(text) is None:
        return text
    return _HALF_WIDTH_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana[0]), text)


def _may_be_a_part(word: str) -> bool:
    return len(word) > 1 and _JAPANESE_WORD.fullmatch(word) is not None


def _text_of_html(value: Any) -> Iterable[str]:
    return (html.unescape(_TAG.sub(" ", value)),) if value else ()


def _file_names(value: Any) -> Iterable[str]:
    return [file["name"] for file in value or ()]


# What of a value is searched, where it is not the value itself.
_TEXTS: dict[str, Callable[[Any], Iterable[str]]] = {
    "RICH_TEXT": _text_of_html,
    "FILE": _file_names,
}
