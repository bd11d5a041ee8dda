"""Comparing long texts exactly, where kintone compares only their beginnings.

kintone compares 64 characters of a text (`kintone_orm.query.long_texts`), so it may find too many
records. When records are read one after the other, their texts are compared here once more. When
kintone itself counts or changes the records, no record can be left out here, so the comparison is
refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kintone_orm.exceptions import NotSupportedError
from kintone_orm.models.ground.answer_checks import impossible_answer
from kintone_orm.models.ground.app_forms import read_form
from kintone_orm.models.reading.page_request import ReadPage
from kintone_orm.models.reading.pages import read
from kintone_orm.query.compiler import OrderKey
from kintone_orm.query.conditions import settled
from kintone_orm.query.long_texts import (
    equal_texts,
    exact_where_short,
    has_texts,
    not_exact,
    to_compare_again,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from kintone_orm.connection import Connection
    from kintone_orm.models.reading.page_request import Source
    from kintone_orm.models.reading.selection import Domain, Selection
    from kintone_orm.query.conditions import Condition, Texts

__all__ = ["compared_again", "read_exactly", "require_exact", "require_possible"]

_IN_A_SLICE = "in a slice, or by earliest() and latest()"


def require_possible(condition: Condition, may_be_short: Callable[[str], bool]) -> None:
    """Raise NotSupportedError for a text that cannot be compared exactly; nothing is sent.

    `may_be_short` takes a field's code, and returns True if the field may be limited to 64
    characters. kintone compares such a field exactly.
    """
    if has_texts(condition):
        to_compare_again(exact_where_short(condition, may_be_short))


def require_exact(connection: Connection, app: int, condition: Condition, where: str) -> Condition:
    """Return the condition with the values of its inner querysets, which are read now.

    NotSupportedError for a text so long that kintone may also find other texts with the same
    beginning; `where` names the method in the error.
    """
    condition, _ = _compared(connection, app, condition, nowhere=where)
    return condition


def read_exactly(
    source: Source, *, most: int | None, in_any_order: bool
) -> Generator[ReadPage, None, None]:
    """Read the pages of a selection, without records whose long texts match only at the start.

    With `most`, reading ends after that many records; with `in_any_order`, they may be any of the
    records. NotSupportedError for a slice, and for `most` in an order other than by id, because
    kintone would count records that are left out here.
    """
    connection, selection = source.connection, source.selection
    nowhere, in_order_of_id = "", selection.order[0].code == "$id"
    if selection.start or selection.stop is not None:
        nowhere = _IN_A_SLICE
    elif most is not None and not (in_order_of_id or in_any_order):
        nowhere = "by first() in an order of its own"
    app = selection.app
    condition, compared = _compared(connection, app, selection.condition, nowhere=nowhere)
    if not compared:
        stop = selection.stop
        if most is not None:
            end = selection.start + most
            stop = end if stop is None else min(end, stop)
        if condition is not selection.condition or stop != selection.stop:
            selection = replace(selection, condition=condition, stop=stop)
            source = replace(source, selection=selection)
        yield from read(source)
        return
    any_order = most is not None and not in_order_of_id
    selection = replace(
        selection,
        condition=condition,
        order=(OrderKey("$id"),) if any_order else selection.order,
        fields=list(dict.fromkeys([*selection.fields, *(code for code, _ in compared)])),
    )
    is_equal, left = equal_texts(compared), most
    for page in read(replace(source, selection=selection, reader=None)):
        try:
            records = [record for record in page.records if is_equal(record)][:left]
        except (LookupError, TypeError, AttributeError) as error:
            texts = ", ".join(code for code, _ in compared)
            raise impossible_answer(connection, f"a record has no text in {texts}") from error
        if records:
            yield ReadPage([record["$id"]["value"] for record in records], records)
        if left is not None:
            left -= len(records)
            if not left:
                return


def compared_again(domain: Domain, selection: Selection) -> list[str]:
    """Return the codes of the texts that are compared again here; nothing is sent.

    A field whose length in the app is unknown counts as long. NotSupportedError for a slice.
    """
    short = domain.short_texts.get(selection.app, frozenset())
    compared = to_compare_again(exact_where_short(selection.condition, short.__contains__))
    if compared and (selection.start or selection.stop is not None):
        raise not_exact(compared[0][1], _IN_A_SLICE)
    return list(dict.fromkeys(code for code, _ in compared))


def _compared(
    connection: Connection, app: int, condition: Condition, *, nowhere: str
) -> tuple[Condition, list[tuple[str, Texts]]]:
    """Return the condition with the values of its inner querysets, and the texts to compare again.

    If texts cannot be compared again, `nowhere` names the place for the error; otherwise it is "".
    Before a text is refused, the app's form is read once: if the field turns out to be short,
    kintone compares the whole text.
    """
    condition = settled(condition, using=connection, zone=lambda: connection.timezone)
    while has_texts(condition):
        short = connection.short_texts.get(app, frozenset())
        condition = exact_where_short(condition, short.__contains__)
        try:
            compared = to_compare_again(condition)
            if compared and nowhere:
                raise not_exact(compared[0][1], nowhere)
        except NotSupportedError:
            if app in connection.short_texts:
                raise
            read_form(connection, app)
        else:
            return condition, compared
    return condition, []
