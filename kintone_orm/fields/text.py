"""Text: single line, multi-line and rich text, and links. A blank is ""."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from kintone_orm.exceptions import FieldError, ImproperlyConfigured
from kintone_orm.fields.base import Field
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
        return []

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

        It is 64 if the field is unique, or the maximum of a marshmallow validator if that is less.
        """
        limits = [UPDATE_KEY_CHARACTERS] * self.unique
        if (most := most_characters(self.validators)) is not None:
            limits.append(most)
        return min(limits, default=None)


class SingleLineTextField(_TextField):
    """One line of text, as `str`; "" if blank.

    With an `expression`, which is a formula, kintone calculates the text. Then the text cannot
    be set and is read again after every save. `deploy` gives the formula to the app.
    """

    kintone_type = "SINGLE_LINE_TEXT"
    can_be_unique = True

    def __init__(
        self,
        code: str | None = None,
        *,
        expression: str | None = None,
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, required=required, **options)
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


class LinkField(_TextField):
    """A URL, telephone number or mail address, as `str`; "" if blank.

    `protocol` is "WEB", "CALL" or "MAIL", as in the app's form.
    """

    kintone_type = "LINK"
    can_be_unique = True

    def __init__(
        self,
        code: str | None = None,
        *,
        protocol: Literal["WEB", "CALL", "MAIL"] = "WEB",
        required: bool = False,
        **options: Unpack[FieldOptions],
    ) -> None:
        super().__init__(code, required=required, **options)
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
