"""What a deploy does to the records: their cells follow the form.

Records are kept complete, so that reading one needs no form: a field that is new is added to each
record, one that is gone is removed, one with another code is renamed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .problems import Problems
from .record_text import parse, record_text
from .subtable import Subtable
from .values import file_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .apps import App, LiveApp
    from .domain import Domain
    from .fieldset import FieldSet
    from .record_text import Record

__all__ = ["DoesNotFit", "migrate_records"]


class DoesNotFit(Exception):
    """Records of `app` hold what its new form refuses."""

    def __init__(self, app: int) -> None:
        super().__init__(f"the records of app {app} do not fit its new form")
        self.app = app


def migrate_records(domain: Domain, app: App, after: LiveApp) -> None:
    """Bring every record of the app to its new form, and build its index of unique values anew.

    DoesNotFit when a record holds what the new form refuses: a value twice, a text too long, a
    state that is gone.
    """
    store, form, problems = domain.store, after.form, Problems()
    store.forget_unique_values(app["id"])
    for number in store.record_ids(app["id"]):
        before = parse(store.record(app["id"], number) or "{}")
        record = {code: before[code] for code in ("$id", "$revision")}
        for kind, code in form.system.items():
            origin = app["origins"][code]
            if origin in before and (after.process or kind not in ("STATUS", "STATUS_ASSIGNEE")):
                record[code] = {"type": kind, "value": before[origin]["value"]}
        record |= _moved(form.fields, before, app["origins"])
        if after.process:
            for code, cell in after.process.start(record, domain.directory).items():
                record.setdefault(code, cell)
            if not after.process.has_state_of(record):
                raise DoesNotFit(app["id"])
        for field in form.fields.fields.values():
            field.check(record[field.code]["value"], "record", problems)
        for field in form.unique:
            key = field.unique_key(record[field.code]["value"])
            if key and not store.claim(app["id"], field.code, key, number):
                raise DoesNotFit(app["id"])
        if problems:
            raise DoesNotFit(app["id"])
        store.files.forget(file_keys(before) - file_keys(record))
        store.put_record(app["id"], number, record_text(record))


def _moved(fields: FieldSet, before: Record, origins: Mapping[str, str | None]) -> Record:
    """The cells of a record, or of a row, under the codes of the new form; blank where new."""
    cells: Record = {}
    for code, field in fields.fields.items():
        origin = origins[code]
        value: Any = before[origin]["value"] if origin in before else field.empty
        if isinstance(field, Subtable):
            value = [
                {"id": row["id"], "value": _moved(field.columns, row["value"], origins)}
                for row in value
            ]
        cells[code] = {"type": field.type, "value": value}
    return cells
