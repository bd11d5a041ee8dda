"""What a deploy does to the records: their cells follow the form.

Records are kept complete, so that reading one needs no form: a field that is new is added to each
record, one that is gone is removed, one with another code is renamed.

A record's text has one field a line (record_text.py), and most fields of a form are as they were.
So only the lines of fields whose definition changed are cut out and parsed; what becomes of them
stands at the end, in the order of the new form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ..forms.subtable import Subtable
from ..ground.problems import Problems
from ..store.record_text import cell_in, cell_text, cut, extend, parse, record_text
from ..values import file_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..forms.fieldset import FieldSet
    from ..forms.form import Form
    from ..store.people import Directory
    from ..store.record_text import Record
    from ..values import Field
    from .apps import App, LiveApp
    from .domain import Domain

__all__ = ["DoesNotFit", "migrate_records"]

# The line of a field in the new form, from its line in the old one (None: it has none there).
# None where the record has no such field.
Step: TypeAlias = "Callable[[str | None], str | None]"

_NEW = ""  # the code of a field that there was not
_WORKFLOW = ("STATUS", "STATUS_ASSIGNEE")


class DoesNotFit(Exception):
    """Records of `app` hold what its new form refuses."""

    def __init__(self, app: int) -> None:
        super().__init__(f"the records of app {app} do not fit its new form")
        self.app = app


def migrate_records(domain: Domain, app: App, after: LiveApp) -> None:
    """Bring every record of the app to its new form, and its index of unique values with them.

    DoesNotFit when a record holds what the new form refuses: a value twice, a text too long, a
    state that is gone.
    """
    store, migration = domain.store, _Migration(app, after, domain.directory)
    store.rewrite_records(app["id"], migration.rewritten)
    store.files.delete(migration.files)
    indexed = {field.code for field in after.form.unique if field.code in migration.untouched}
    store.delete_unique_values(app["id"], but=indexed)
    for code, key, number in migration.unique:
        if not store.claim(app["id"], code, key, number):
            raise DoesNotFit(app["id"])


class _Migration:
    """How one record's text becomes that of the new form, and what it changes elsewhere.

    `untouched` are the codes of the fields whose cells, and what is asked of them, stay. `files`
    and `unique` are gathered from the records that were rewritten: the keys of files that no
    record holds any more, and unique values as (code, value, record).
    """

    def __init__(self, app: App, after: LiveApp, directory: Directory) -> None:
        live = app["live"]
        self._app = app["id"]
        self._before: Mapping[str, Any] = live["properties"] if live else {}
        self._origins = app["origins"]
        self._directory = directory
        self._process = after.process
        origins = app.get("state_origins", {})
        self._new_states = {live: name for name, live in origins.items()}
        self._same_process = live is not None and live["process"] == app["preview"]["process"]
        form = after.form
        self.untouched = frozenset(code for code in form.properties if self._stays(code, form))
        self.files: set[str] = set()
        self.unique: list[tuple[str, str, int]] = []
        self._number = 0
        # All lines that change leave before one comes: a code may be another field's by now.
        self._leaving = [code for code in self._before if code not in self.untouched]
        self._steps = self._steps_to(form)

    def rewritten(self, number: int, text: str) -> str:
        """The record's text in the new form."""
        self._number = number
        lines: dict[str, str | None] = {}
        for code in self._leaving:
            text, lines[code] = cut(text, code)
        found = [step(lines.get(code)) for code, step in self._steps]
        made = extend(text, [line for line in found if line is not None])
        if self._process is None or self._same_process:
            return made
        record = parse(made)
        self._process.rename(record, self._new_states)
        for code, cell in self._process.start(record, self._directory).items():
            record.setdefault(code, cell)
        if not self._process.has_state_of(record):
            raise DoesNotFit(self._app)
        return record_text(record)

    def _stays(self, code: str, form: Form) -> bool:
        """Whether a field, and each column of a table, is the one that it was, defined alike."""
        definition = form.properties[code]
        if code not in self._before:
            return False
        if code in form.fields.fields:
            own = (code, *definition.get("fields", ()))
            return bool(
                self._before[code] == definition
                and all(self._origins[each] == each for each in own)
            )
        return self._origins[code] == code and self._is_in_records(definition["type"])

    def _is_in_records(self, kind: str) -> bool:
        """Whether the server fills a cell of this type."""
        return self._process is not None or kind not in _WORKFLOW

    def _steps_to(self, form: Form) -> list[tuple[str, Step]]:
        """The codes that the changed fields have had, with their steps, in the new form's order."""
        steps: list[tuple[str, Step]] = []
        for code, definition in form.properties.items():
            origin = self._origins[code] or _NEW
            if code in self.untouched:
                continue
            if code in form.fields.fields:
                steps.append((origin, self._changed(form.fields.fields[code])))
            elif self._is_in_records(definition["type"]):
                steps.append((origin, _renamed(code)))
        gone = set(self._leaving).difference(self._origins.values())
        steps += [(code, self._dropped) for code in gone if _has_files(self._before[code])]
        return steps

    def _changed(self, field: Field) -> Step:
        """The step of a field that is new, or not what it was."""
        blank = cell_text(field.code, {"type": field.type, "value": field.empty})

        def step(line: str | None) -> str:
            if line is None:
                value, made = field.empty, blank
            else:
                before = cell_in(line)
                value = _moved(field, before["value"], self._origins)
                cell = {"type": field.type, "value": value}
                made = cell_text(field.code, cell)
                self.files |= file_keys({"": before}) - file_keys({"": cell})
            problems = Problems()
            field.check(value, "record", problems)
            if problems:
                raise DoesNotFit(self._app)
            if field.unique and (key := field.unique_key(value)):
                self.unique.append((field.code, key, self._number))
            return made

        return step

    def _dropped(self, line: str | None) -> None:
        """The step of a field that is gone, and held files."""
        if line is not None:
            self.files |= file_keys({"": cell_in(line)})


def _renamed(code: str) -> Step:
    """The same cell under this code."""
    return lambda line: None if line is None else f'"{code}"{line[line.index(":") :]}'


def _has_files(definition: Mapping[str, Any]) -> bool:
    columns = definition.get("fields", {}).values()
    return definition["type"] == "FILE" or any(map(_has_files, columns))


def _moved(field: Field, value: Any, origins: Mapping[str, str | None]) -> Any:
    """A value in the new form: the rows of a table get its columns."""
    if not isinstance(field, Subtable):
        return value
    rows = [(row["id"], _cells(field.columns, row["value"], origins)) for row in value]
    return [{"id": number, "value": cells} for number, cells in rows]


def _cells(columns: FieldSet, before: Record, origins: Mapping[str, str | None]) -> Record:
    """The cells of a row under the codes of the new form; blank where new."""
    cells: Record = {}
    for code, field in columns.fields.items():
        origin = origins[code]
        value: Any = before[origin]["value"] if origin in before else field.empty
        cells[code] = {"type": field.type, "value": value}
    return cells
