"""The errors of values that must not be saved. They are also errors of marshmallow."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import marshmallow

from kintone_orm.exceptions.root import KintoneORMError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["UniqueViolation", "ValidationError"]


class ValidationError(KintoneORMError, marshmallow.ValidationError):
    """Values that must not be saved. Correct them and save again.

    `errors` maps attribute names to lists of messages: ``{"lines[2].qty": ["Required."]}``. A
    message about the whole record is under ``""``. `messages` is the same mapping, under
    marshmallow's name. `where` names the record, if it is known.

    A model's `clean()` may raise a ValidationError with one text, or with a mapping of names to one
    text or several.
    """

    __module__ = "kintone_orm.exceptions"  # the public name, also in pickles

    def __init__(self, errors: str | Mapping[str, str | Sequence[str]], *, where: str = "") -> None:
        by_name = {"": errors} if isinstance(errors, str) else errors
        self.errors: dict[str, list[str]] = {
            name: [texts] if isinstance(texts, str) else list(texts)
            for name, texts in by_name.items()
        }
        self.where = where
        marshmallow.ValidationError.__init__(self, dict(self.errors))

    def normalized_messages(self) -> dict[str, Any]:
        """Return the messages in the shape of a schema's JSON.

        An example is ``{"lines": {"2": {"qty": [...]}}}``.

        A message about the whole record is under ``"_schema"``.
        """
        tree: dict[str, Any] = {}
        for name, texts in cast("dict[str, list[str]]", self.messages).items():
            node = tree
            for step in _STEPS.findall(name):
                node = node.setdefault(step, {})
            node["_schema"] = list(texts)
        return _collapse(tree)

    def __str__(self) -> str:
        listed = "; ".join(
            f"{name}: {' '.join(texts)}" if name else " ".join(texts)
            for name, texts in self.errors.items()
        )
        return f"{self.where}: {listed}" if self.where else listed

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_validation_error, (type(self), self.errors, self.where))


_STEPS = re.compile(r"[^.\[\]]+")  # splits "lines[2].qty" into lines, 2, qty


def _collapse(tree: dict[str, Any]) -> dict[str, Any]:
    """Replace each node that holds only ``"_schema"`` with the messages themselves."""
    return {
        step: node
        if isinstance(node, list)
        else node["_schema"]
        if list(node) == ["_schema"]
        else _collapse(node)
        for step, node in tree.items()
    }


def _rebuild_validation_error(
    cls: type[ValidationError], errors: dict[str, list[str]], where: str
) -> ValidationError:
    return cls(errors, where=where)


_rebuild_validation_error.__module__ = "kintone_orm.exceptions"


class UniqueViolation(ValidationError):
    """Another record already has this value in a field that prohibits duplicates.

    kintone reports a duplicate only by a text in the user's language. kintone_orm therefore
    searches for the value: `taken_by` maps attribute names to the records that have the value, as
    instances of the model. A pickled error loses `taken_by`. Change the record that was found, or
    save another value. Two objects of one bulk write with the same value are found before the
    request: `taken_by` then has the earlier object.
    """

    __module__ = "kintone_orm.exceptions"

    taken_by: Mapping[str, Any] = MappingProxyType({})
