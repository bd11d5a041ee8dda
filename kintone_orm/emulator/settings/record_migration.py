"""Migrating the records of an app when a new form is deployed.

A stored record has all fields of its form, so that reading it does not need the form. A deploy adds
new fields to each record, removes deleted fields, and renames fields whose code has changed.

A stored record has one field on each line (record_text.py), and a deploy changes few fields. So
only the lines of changed fields are cut out of the text and parsed. The new lines are added at the
end, in the order of the new form.
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

# A step makes the new line of a field from its line in the old record. The old line is None if the
# old record lacks the field. The new line is None if the new record gets no such field.
Step: TypeAlias = "Callable[[str | None], str | None]"

_NEW = ""  # The old code of a new field, which had no code before.
_WORKFLOW = ("STATUS", "STATUS_ASSIGNEE")


class DoesNotFit(Exception):
    """The deploy failed: a record of `app` has a value that the new form refuses."""

    def __init__(self, app: int) -> None:
        super().__init__(f"The records of app {app} do not fit its new form.")
        self.app = app


def migrate_records(domain: Domain, app: App, after: LiveApp) -> None:
    """Migrate every record of the app, and the index of unique values, to the new form.

    Raises DoesNotFit if the new form refuses a value: a duplicate, a text that is too long, or a
    status that no longer exists.
    """
    store, migration = domain.store, _Migration(app, after, domain.directory)
    store.rewrite_records(app["id"], migration.rewrite)
    store.files.delete(migration.files)
    indexed = {field.code for field in after.form.unique if field.code in migration.untouched}
    store.delete_unique_values(app["id"], but=indexed)
    for code, key, number in migration.unique:
        if not store.claim(app["id"], code, key, number):
            raise DoesNotFit(app["id"])


class _Migration:
    """The steps that convert the text of a record to the new form.

    `untouched` are the codes of the fields whose cells and rules stay the same. `rewrite` collects
    `files`, the keys of files that no record holds any longer, and `unique`, the unique values of
    changed fields as (code, value, record).
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
        # All changed lines are cut before new lines are added, because a code may have moved from
        # one field to another.
        self._leaving = [code for code in self._before if code not in self.untouched]
        self._steps = self._steps_to(form)

    def rewrite(self, number: int, text: str) -> str:
        """Return the text of a record in the new form."""
        self._number = number
        lines: dict[str, str | None] = {}
        for code in self._leaving:
            text, lines[code] = cut(text, code)
        new_lines = [step(lines.get(code)) for code, step in self._steps]
        migrated = extend(text, [line for line in new_lines if line is not None])
        if self._process is None or self._same_process:
            return migrated
        record = parse(migrated)
        self._process.rename(record, self._new_states)
        for code, cell in self._process.start(record, self._directory).items():
            record.setdefault(code, cell)
        if not self._process.has_state_of(record):
            raise DoesNotFit(self._app)
        return record_text(record)

    def _stays(self, code: str, form: Form) -> bool:
        """Return True if a field, with all its columns, existed before with the same definition."""
        definition = form.properties[code]
        if code not in self._before:
            return False
        if code in form.fields.fields:
            own = (code, *definition.get("fields", ()))
            return bool(
                self._before[code] == definition
                and all(self._origins[name] == name for name in own)
            )
        return self._origins[code] == code and self._is_in_records(definition["type"])

    def _is_in_records(self, kind: str) -> bool:
        """Return True if records have a cell of this type, one that the server fills.

        Without an enabled process, records have neither a status nor assignees.
        """
        return self._process is not None or kind not in _WORKFLOW

    def _steps_to(self, form: Form) -> list[tuple[str, Step]]:
        """Return (old code, step) for each changed field, in the new form's order."""
        steps: list[tuple[str, Step]] = []
        for code, definition in form.properties.items():
            origin = self._origins[code] or _NEW
            if code in self.untouched:
                continue
            if code in form.fields.fields:
                steps.append((origin, self._step_of(form.fields.fields[code])))
            elif self._is_in_records(definition["type"]):
                steps.append((origin, _renaming_step(code)))
        deleted = set(self._leaving).difference(self._origins.values())
        steps += [(code, self._drop) for code in deleted if _has_files(self._before[code])]
        return steps

    def _step_of(self, field: Field) -> Step:
        """Return the step for a field that is new or changed."""
        blank = cell_text(field.code, {"type": field.type, "value": field.empty})

        def step(line: str | None) -> str:
            if line is None:
                value, new_line = field.empty, blank
            else:
                before = cell_in(line)
                value = _migrated_value(field, before["value"], self._origins)
                cell = {"type": field.type, "value": value}
                new_line = cell_text(field.code, cell)
                self.files |= file_keys({"": before}) - file_keys({"": cell})
            problems = Problems()
            field.check(value, "record", problems)
            if problems:
                raise DoesNotFit(self._app)
            if field.unique and (key := field.unique_key(value)):
                self.unique.append((field.code, key, self._number))
            return new_line

        return step

    def _drop(self, line: str | None) -> None:
        """Collect the files of a deleted field. This is a `Step` that makes no new line."""
        if line is not None:
            self.files |= file_keys({"": cell_in(line)})


def _renaming_step(code: str) -> Step:
    """Return the step that keeps the cell and stores it under this code."""
    return lambda line: None if line is None else f'"{code}"{line[line.index(":") :]}'


def _has_files(definition: Mapping[str, Any]) -> bool:
    columns = definition.get("fields", {}).values()
    return definition["type"] == "FILE" or any(map(_has_files, columns))


def _migrated_value(field: Field, value: Any, origins: Mapping[str, str | None]) -> Any:
    """Return the value in the new form. The rows of a subtable get its new columns."""
    if not isinstance(field, Subtable):
        return value
    rows = [(row["id"], _cells(field.columns, row["value"], origins)) for row in value]
    return [{"id": number, "value": cells} for number, cells in rows]


def _cells(columns: FieldSet, before: Record, origins: Mapping[str, str | None]) -> Record:
    """Return the cells of a row under the codes of the new form. New cells are blank."""
    cells: Record = {}
    for code, field in columns.fields.items():
        origin = origins[code]
        value: Any = before[origin]["value"] if origin in before else field.empty
        cells[code] = {"type": field.type, "value": value}
    return cells
