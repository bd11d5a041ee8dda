"""kintone's errors, as the emulator returns them.

The codes and texts are tables in error_texts.py and validation_texts.py. A handler raises an error,
and the proxy turns the error into an answer::

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
    """An error answer of kintone.

    `errors` holds the messages of a validation failure by parameter path ("record.name.value"),
    each as (Japanese, English). It is empty for all other errors.

    The other attributes are not in the answer. `reason` is a detail for the log ("Character 7:
    expected ..."). `values` fill the placeholders of the text. `choices` are the values allowed at
    a path. `unshown` has the form of `errors`, with messages that kintone does not send.
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
        """Return the JSON of the answer: {"code", "id", "message"} and, if there are any, "errors".

        The texts are Japanese for the language "ja", otherwise English.
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
    """Return the error with this code. `values` fill the placeholders of the error's text."""
    status, ja, en = FAULTS[code]
    return KintoneError(status, code, ja=ja.format(**values), en=en.format(**values), values=values)


def misshapen(path: str, expected: str) -> KintoneError:
    """Return a CB_IJ01 error for a value of the wrong JSON type.

    `path` is the place of the value, and `expected` a key of MESSAGES. kintone sends neither. Both
    are for the emulator's log, and for the author of a domain file.
    """
    status, ja, en = FAULTS["CB_IJ01"]
    expectation = message(expected)
    reason, unshown = f"{path} {expectation[1]}", {path: [expectation]}
    return KintoneError(status, "CB_IJ01", ja=ja, en=en, reason=reason, unshown=unshown)


def message(key: str, /, **values: object) -> tuple[str, str]:
    """Return a validation message as (Japanese, English), with `values` in its placeholders."""
    ja, en = MESSAGES[key]
    return ja.format(**values), en.format(**values)


def invalid(
    errors: Mapping[str, Sequence[str | tuple[str, str]]],
    *,
    reason: str = "",
    choices: Mapping[str, Sequence[str]] | None = None,
) -> KintoneError:
    """Return a CB_VA01 error with messages by parameter path.

    A message is a key of MESSAGES or, if its text has placeholders, a result of `message()`.
    """
    status, ja, en = FAULTS["CB_VA01"]
    texts = {
        path: [entry if isinstance(entry, tuple) else message(entry) for entry in entries]
        for path, entries in errors.items()
    }
    return KintoneError(
        status, "CB_VA01", ja=ja, en=en, errors=texts, reason=reason, choices=choices
    )
