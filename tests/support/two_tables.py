"""A model of two writers of a record with a table: plain rules, no request.

The table has a lookup, a file and a calculated column. Both writers save what changed, or fields
that they name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any


class Refused(Exception):
    """The save meets the Conflict."""


class Lost(Exception):
    """A file would be written that stood in kintone once: it is gone, or nobody knows its key."""


@dataclass(eq=False)
class Line:
    """A row in a program's list: `saved` once a save has written it; without an id until read."""

    name: str
    product: str
    qty: int
    papers: tuple[str, ...] = ()
    id: int | None = None
    price: int | None = None
    saved: bool = False

    @property
    def cells(self) -> tuple[Any, ...]:
        return self.name, self.product, self.qty, self.papers


@dataclass(frozen=True)
class Kept:
    """A row as kintone holds it, or as a program knows that it does: None is not known."""

    id: int | None
    cells: tuple[Any, ...]
    price: int | None


@dataclass
class Kintone:
    """One record, the prices that the lookup copies, and all files that it ever had, by name."""

    revision: int = 1
    note: str = ""
    rows: list[Kept] = field(default_factory=list)
    prices: dict[str, int] = field(default_factory=lambda: {"a": 1, "b": 2})
    last_id: int = 0
    papers: set[str] = field(default_factory=set)

    def new_row(self, cells: tuple[Any, ...]) -> Kept:
        self.last_id += 1
        return Kept(self.last_id, cells, self.prices[cells[1]])


class Writer:
    """What an instance knows: its list and note, and the base of both.

    `unread` is the revision of a list that is to be read again, None if it is not; `blank` whether
    anything is to be read. `mixed` was filled from a newer revision than the record's. `keyless`
    are the files in the list that were uploaded, and not read since.
    """

    def __init__(self, kintone: Kintone) -> None:
        self.kintone = kintone
        self.rows: list[Line] = []
        self.read_whole()

    def read_whole(self) -> None:
        kintone = self.kintone
        self.revision = kintone.revision
        self.note: str | None = kintone.note
        self.base_note: str | None = kintone.note
        self.take_rows()
        self.unread: int | None = None
        self.blank = False
        self.mixed: set[str] = set()

    def take_rows(self) -> None:
        """The list is what kintone has; a row that stays is the same one."""
        known = {line.id: line for line in self.rows if line.id is not None}
        rows = []
        for kept in self.kintone.rows:
            line = known.get(kept.id) or Line("", "", 0)
            line.name, line.product, line.qty, line.papers = kept.cells
            line.id, line.price, line.saved = kept.id, kept.price, True
            rows.append(line)
        self.rows = rows
        self.base = list(self.kintone.rows)
        self.keyless: set[str] = set()

    @property
    def lines_changed(self) -> bool:
        return [(r.id, r.cells) for r in self.rows] != [(r.id, r.cells) for r in self.base]

    @property
    def changed(self) -> set[str]:
        changed = {"lines"} if self.lines_changed else set()
        return changed | ({"note"} if self.note != self.base_note else set())

    def holds(self) -> bool:
        """True if the stored rows are those of the base, as far as these are known."""
        rows = self.kintone.rows
        return len(rows) == len(self.base) and all(
            known.id in (None, row.id)
            and known.cells == row.cells
            and known.price in (None, row.price)
            for known, row in zip(self.base, rows, strict=True)
        )

    def read(self) -> int:
        """Read a deferred value, and with it all others. Return the number of requests."""
        if not self.blank:
            return 0
        kintone, overtaken = self.kintone, False
        outdated = self.unread is not None and self.unread != self.revision
        good = self.note in (None, self.note) and self.base_note in (None, kintone.note)
        good = good and (outdated or self.holds())
        filled = {"note"} if self.note is None else set()
        if self.unread is not None:
            filled.add("lines")
            overtaken = self.learn(self.unread)
        if self.note is None:
            self.note = self.base_note = kintone.note
        if good and not overtaken:
            self.revision, self.mixed = kintone.revision, set()
        elif self.revision != kintone.revision:
            self.mixed |= filled
        self.blank = False
        return 1

    def learn(self, held: int) -> bool:
        """True if others changed the base of an edit of the list. The edit stays."""
        kintone = self.kintone
        self.unread = None
        if held != kintone.revision and not self.holds():
            if not self.lines_changed:
                self.take_rows()
                return False
            self.revision = min(held, self.revision)
            return True
        for line, base, row in zip(self.sent, self.base, kintone.rows, strict=True):
            cells = zip(line.cells, base.cells, row.cells, strict=True)
            merged = tuple(new if mine == old else mine for mine, old, new in cells)
            line.name, line.product, line.qty, line.papers = merged
            line.id, line.price = row.id, row.price
        self.base = list(kintone.rows)
        self.keyless = set()
        return False

    def save(self, names: set[str] | None = None, *, check: bool) -> int:
        """Save and return the number of requests without uploads; `names` are always sent."""
        requests = 0
        if "lines" in (self.changed if names is None else names) and self.unread is not None:
            new = any(line.id is None and line.saved for line in self.rows)
            if new or self.sends_keyless() or self.unread != self.revision:
                requests += self.read()
        if names is not None and "note" in names and self.note is None:
            requests += self.read()
        kintone, values = self.kintone, self.changed if names is None else names
        if not values:
            return requests
        by_id = "lines" in values and self.ids_kept(self.base)
        stale = self.revision != kintone.revision
        if stale and check:
            raise Refused
        if "lines" in values and self.sends_keyless():
            raise Lost
        base = self.base
        if stale and by_id:
            there = {row.id for row in kintone.rows}
            base = [row for row in base if row.id in there]
            requests += 2
        self.write(values, base)
        return requests + 1

    def sends_keyless(self) -> bool:
        """True if a cell is sent with a file whose key must be read from kintone first."""
        known = {row.id: row.cells[3] for row in self.base if row.id is not None}
        return any(
            line.papers != known[line.id] and self.keyless.intersection(line.papers)
            for line in self.rows
            if line.id in known
        )

    def ids_kept(self, base: list[Kept]) -> bool:
        known = {row.id for row in base if row.id is not None}
        return any(line.id in known for line in self.rows)

    def write(self, values: set[str], base: list[Kept]) -> None:
        kintone, known = self.kintone, {row.id: row for row in base if row.id is not None}
        there = {row.id: row for row in kintone.rows}
        rows, alone = [], self.revision == kintone.revision
        if "lines" in values:
            self.write_papers(known)
            for line in self.rows:
                if line.id not in known:
                    rows.append(kintone.new_row(line.cells))
                    line.id = None
                    continue
                row, old = there[line.id], known[line.id].cells
                cells = zip(line.cells, old, row.cells, strict=True)
                merged = tuple(now if mine == was else mine for mine, was, now in cells)
                again = line.product != old[1]
                price = kintone.prices[line.product] if again else row.price
                rows.append(replace(row, cells=merged, price=price))
            kintone.rows = rows
        if "note" in values:
            kintone.note = self.note or ""
        kintone.revision += 1
        self.wrote(values, alone=alone)

    def write_papers(self, known: dict[int | None, Kept]) -> None:
        """Upload the new files of the cells that are sent. The old files must still be stored."""
        ever, there = self.kintone.papers, {row.id: row.cells[3] for row in self.kintone.rows}
        sent = [r for r in self.rows if r.id not in known or r.papers != known[r.id].cells[3]]
        for line in sent:
            kept = there[line.id] if line.id in known else ()
            if ever.intersection(line.papers).difference(kept):
                raise Lost
        new = {name for line in sent for name in line.papers} - ever
        self.keyless |= new
        ever |= new

    def wrote(self, values: set[str], *, alone: bool) -> None:
        new, known, unsaved = self.kintone.revision, self.revision, self.changed - values
        if "note" in values:
            self.base_note = self.note
        elif not alone and "note" not in unsaved:
            self.note = self.base_note = None
        if "lines" in values or (self.unread is None and "lines" not in unsaved):
            self.unread = new if alone or "lines" in values else known
            self.forget_made()
        elif alone and self.unread == known:
            self.unread = new
        self.blank = True
        if unsaved and not alone:
            self.mixed &= unsaved  # unsaved changes go back to the revision that was read
        else:
            self.revision, self.mixed = new, set()

    def forget_made(self) -> None:
        """Mark the rows to be read again."""
        self.sent = list(self.rows)
        for line in self.rows:
            line.price, line.saved = None, True
        self.base = [Kept(line.id, line.cells, None) for line in self.rows]
