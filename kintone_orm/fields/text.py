"""Text: single line, multi-line and rich text, and links. A blank is ""."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.fields.base import Field
from kintone_orm.fields.declaring.bounds import Lengths, lengths_of
from kintone_orm.fields.declaring.validators import most_characters
from kintone_orm.fields.wire_values import text_or_none
from kintone_orm.limits import UPDATE_KEY_CHARACTERS
from kintone_orm.query.literals import with_line_feeds
from kintone_orm.query.long_texts import as_compared, is_blanks_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import tzinfo

    from typing_extensions import Unpack

    from kintone_orm.fields.base import FieldOptions
    from kintone_orm.query.comparable import Zone

__all__ = ["LinkField", "MultiLineTextField", "RichTextField", "SingleLineTextField"]

_PROTOCOLS = ("WEB", "CALL", "MAIL")


def formula_problems(field: Field, formula: str, definition: Mapping[str, Any]) -> Iterator[str]:
    """Yield a problem if the formulas differ in more than spaces; "" means no formula."""
    app_formula = definition.get("expression") or ""
    if "".join(formula.split()) != "".join(app_formula.split()):
        declared = f"the formula {formula!r}" if formula else "no formula"
        stored = f"the formula {app_formula!r}" if app_formula else "none"
        yield f"has {declared}, but the app's field {field.code!r} has {stored}"


class _TextField(Field[str, "str | None"]):
    empty = ""
    decode_expression = "{v} or ''"

    def to_python(self, raw: object, zone: tzinfo | None = None) -> str:
        del zone
        return text_or_none(raw) or ""

    def to_api(self, value: str) -> str:
        return value

    def problems(self, value: str) -> list[str]:
        try:
            value.encode()
        except UnicodeEncodeError:
            return [f"{value!r:.80} has half of a surrogate pair, which cannot be sent."]
        return [] if self.bounds is None else self.bounds.problems(value)

    def coerce(self, value: object, zone: Zone) -> str:
        del zone
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._wrong_type(value, "text")
        return with_line_feeds(value)

    def operand(self, lookup: str, value: object, zone: Zone) -> str:
        if lookup in ("contains", "like") and isinstance(value, str) and not value.strip():
            raise FieldError(f"{self}__{lookup} needs a word to search for.")
        if lookup not in ("exact", "in"):
            return super().operand(lookup, value, zone)
        if is_blanks_alone(value):
            raise FieldError(
                f"{self} cannot be compared with {value!r:.80}: kintone ignores blanks at the end "
                f"of a text, so this is an empty text. Write Q({self._path()}=None)."
            )
        return super().operand(lookup, as_compared(value), zone)

    @property
    def most_characters(self) -> int | None:
        """The maximum length of the text; None for any length.

        It is 64 if the field is unique, or `max_length` or the maximum of a marshmallow validator
        if that is less.
        """
        limits = [UPDATE_KEY_CHARACTERS] * self.unique
        if (most := most_characters(self.validators)) is not None:
            limits.append(most)
        if isinstance(self.bounds, Lengths) and self.bounds.most is not None:
            limits.append(self.bounds.most)
        return min(limits, default=None)


class _SizedTextField(_TextField):
    """A text whose length the app's form can limit, and that can be unique."""

    can_be_unique = True

    def __init__(
        self,
        code: str | None = None,
        *,
        min_length: int | None = None,
        max_length: int | None = None,
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, required=required, **options)
        label = type(self).__name__
        self.bounds = lengths_of(label, min_length, max_length, unique=self.unique)
        self.min_length = min_length
        self.max_length = max_length
        self.needs_value = required or bool(min_length)

    def blank_problems(self) -> list[str]:
        if self.required or self.bounds is None:
            return super().blank_problems()
        return self.bounds.problems("")

    def definition(self) -> dict[str, Any]:
        lengths = {"minLength": self.min_length, "maxLength": self.max_length}
        declared = {name: str(length) for name, length in lengths.items() if length is not None}
        return super().definition() | declared


class SingleLineTextField(_SizedTextField):
    """One line of text, as `str`; "" if blank.

    A save refuses a text shorter than `min_length` or longer than `max_length`. Both count UTF-16
    units, as kintone does, so most emoji are two. `min_length` refuses a blank as well, and a new
    record without the field. kintone allows at most 64 in a unique field.

    With an `expression`, which is a formula, kintone calculates the text. Then the text cannot
    be set and is read again after every save. `deploy` gives the formula to the app.
    """

    kintone_type = "SINGLE_LINE_TEXT"

    def __init__(
        self,
        code: str | None = None,
        *,
        expression: str | None = None,
        min_length: int | None = None,
        max_length: int | None = None,
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(
            code, min_length=min_length, max_length=max_length, required=required, **options
        )
        self.formula = expression
        self.read_only = self.changes_by_itself = expression is not None
        if expression is not None and self.unique:
            raise ImproperlyConfigured(
                "A SingleLineTextField with an expression cannot be unique: kintone does not "
                "prohibit duplicates of calculated values."
            )

    def form_problems(self, definition: Mapping[str, object]) -> Iterable[str]:
        yield from super().form_problems(definition)
        yield from formula_problems(self, self.formula or "", definition)

    def definition(self) -> dict[str, Any]:
        definition = super().definition()
        return definition if self.formula is None else definition | {"expression": self.formula}


class MultiLineTextField(_TextField):
    r"""Lines of text joined by ``\n``, as `str`; "" if blank. ``\r\n`` becomes ``\n``.

    In a filter, kintone also treats a text of only spaces, tabs and line feeds as a blank.
    """

    kintone_type = "MULTI_LINE_TEXT"


class RichTextField(_TextField):
    """HTML, as `str`; "" if blank. kintone may clean the HTML."""

    kintone_type = "RICH_TEXT"

    def kept_as_sent(self, value: str, loaded: object) -> bool:
        del value, loaded
        return False


class LinkField(_SizedTextField):
    """A URL, telephone number or mail address, as `str`; "" if blank.

    `protocol` is "WEB", "CALL" or "MAIL", as in the app's form. `min_length` and `max_length` are
    as in `SingleLineTextField`.
    """

    kintone_type = "LINK"

    def __init__(
        self,
        code: str | None = None,
        *,
        protocol: Literal["WEB", "CALL", "MAIL"] = "WEB",
        min_length: int | None = None,
        max_length: int | None = None,
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(
            code, min_length=min_length, max_length=max_length, required=required, **options
        )
        if protocol not in _PROTOCOLS:
            raise ImproperlyConfigured(
                f"LinkField: the protocol must be one of {', '.join(_PROTOCOLS)}, not {protocol!r}."
            )
        self.protocol = protocol

    def form_problems(self, definition: Mapping[str, object]) -> Iterable[str]:
        yield from super().form_problems(definition)
        # The app's field has no setting "protocol" if it is a lookup.
        protocol = definition.get("protocol", self.protocol)
        if protocol != self.protocol:
            yield (
                f"has the protocol {self.protocol}, but the app's field {self.code!r} has "
                f"{protocol}"
            )

    def definition(self) -> dict[str, Any]:
        return super().definition() | {"protocol": self.protocol}
