"""kintone's errors, as the emulator answers them.

The codes and texts are tables, in texts.py and validation_texts.py.

A handler raises, and the edge renders::

    raise fault("GAIA_RE01", id=12)
    raise invalid({"query": ["query"], "size": [message("at_most", limit=500)]})
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .error_texts import FAULTS
from .validation_texts import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["KintoneError", "fault", "invalid", "message", "misshapen"]


class KintoneError(Exception):
    """What kintone answers instead of a result.

    `errors` holds the messages of a validation failure by parameter path
    ("record.name.value"), each as (Japanese, English); it is empty for every other fault.
    `reason` is what the emulator knows beyond kintone's texts ("character 7: expected ..."), and so
    are `values`, which fill the blanks of the text, `choices`, what could stand at a path, and
    `unshown`, messages like `errors` that kintone does not give.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        ja: str,
        en: str,
        errors: dict[str, list[tuple[str, str]]] | None = None,
        reason: str = "",
        values: Mapping[str, object] | None = None,
        choices: Mapping[str, Sequence[str]] | None = None,
        unshown: Mapping[str, list[tuple[str, str]]] | None = None,
    ) -> None:
        super().__init__(" ".join([f"{code}: {en}", str(errors or ""), reason]).strip())
        self.status = status
        self.code = code
        self.ja = ja
        self.en = en
        self.errors = errors or {}
        self.reason = reason
        self.values = values or {}
        self.choices = choices or {}
        self.unshown = unshown or {}

    def body(self, language: str, error_id: str) -> dict[str, Any]:
        """The JSON envelope: {"code", "id", "message"} and, when there are any, "errors".

        Japanese for the language "ja", English for every other.
        """
        chosen = 0 if language == "ja" else 1
        body: dict[str, Any] = {
            "code": self.code,
            "id": error_id,
            "message": (self.ja, self.en)[chosen],
        }
        if self.errors:
            body["errors"] = {
                path: {"messages": [texts[chosen] for texts in messages]}
                for path, messages in self.errors.items()
            }
        return body


def fault(code: str, /, **values: object) -> KintoneError:
    """The error with this code; `values` fill the blanks of its texts. For `raise`."""
    status, ja, en = FAULTS[code]
    return KintoneError(status, code, ja=ja.format(**values), en=en.format(**values), values=values)


def misshapen(path: str, wanted: str) -> KintoneError:
    """A CB_IJ01 for a value of the wrong JSON shape; for `raise`.

    `path` is where it stands, `wanted` a key of MESSAGES: both are for the emulator's log, and for
    who wrote a domain file.
    """
    status, ja, en = FAULTS["CB_IJ01"]
    wrong = message(wanted)
    reason, unshown = f"{path} {wrong[1]}", {path: [wrong]}
    return KintoneError(status, "CB_IJ01", ja=ja, en=en, reason=reason, unshown=unshown)


def message(key: str, /, **values: object) -> tuple[str, str]:
    """One validation message, (Japanese, English), with `values` in its blanks."""
    ja, en = MESSAGES[key]
    return ja.format(**values), en.format(**values)


def invalid(
    errors: Mapping[str, Sequence[str | tuple[str, str]]],
    *,
    reason: str = "",
    choices: Mapping[str, Sequence[str]] | None = None,
) -> KintoneError:
    """A CB_VA01 with messages by parameter path; for `raise`.

    A message is a key of MESSAGES, or what `message()` gave when its text has blanks.
    """
    status, ja, en = FAULTS["CB_VA01"]
    texts = {
        path: [entry if isinstance(entry, tuple) else message(entry) for entry in entries]
        for path, entries in errors.items()
    }
    return KintoneError(
        status, "CB_VA01", ja=ja, en=en, errors=texts, reason=reason, choices=choices
    )
