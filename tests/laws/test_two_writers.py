"""Law: a few rules predict the result of everything that two writers do to the same records.

The rules are those of `Writer` below: plain dictionaries, no request, and none of our own code.
After every step the records in kintone and all that both instances know must be as predicted.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.examples import examples

from kintone_orm import Model, fields
from kintone_orm.api.records import get_records
from kintone_orm.fields.base import UNSET
from kintone_orm.testing import capture_requests, emulate


class Memo(Model):
    text = fields.SingleLineTextField()
    number = fields.IntegerField()
    tags = fields.CheckBoxField(choices=["a"])


BLANK: dict[str, Any] = {"text": "", "number": None, "tags": []}

VALUES = {
    "text": st.sampled_from(["", "x"]),
    "number": st.sampled_from([None, 1]),
    "tags": st.sampled_from([[], ["a"]]),
}
NAMES = st.sampled_from(sorted(BLANK))
NEW_VALUES = NAMES.flatmap(lambda name: st.tuples(st.just(name), VALUES[name]))
WHO = st.sampled_from([0, 1])


@cache
def empty_kintone() -> Any:
    with emulate(Memo) as connection:
        return connection.snapshot()


class Kintone:
    """The stored records by id, each with its revision and values."""

    def __init__(self) -> None:
        self.records: dict[int, tuple[int, dict[str, Any]]] = {}
        self.changed: dict[tuple[int, str], int] = {}
        self.last_id = 0

    def add(self, values: dict[str, Any]) -> int:
        self.last_id += 1
        self.records[self.last_id] = 1, BLANK | values
        return self.last_id

    def write(self, id_: int, values: dict[str, Any]) -> None:
        revision, held = self.records[id_]
        self.records[id_] = revision + 1, held | values
        self.changed |= {(id_, n): revision + 1 for n, v in values.items() if held[n] != v}


class Writer:
    """What an instance knows: `base` is what kintone held, `mine` what it holds itself.

    A name that is in neither is deferred; one that is in `mine` alone was assigned unread.
    `seen` is the revision that a value of `mine` goes back to: where it was read, or the one that
    the instance was at when it was assigned unread. A new record's `glanced` is the list that was
    merely read, `left_out` is what kintone filled in when it was added, and `lost` what nobody had
    read when it was deleted. `mixed` was filled from a newer revision than the instance's, and
    `hidden` are tags that are deferred but still a program's, with the revision that had them.
    """

    def __init__(self, kintone: Kintone) -> None:
        self.kintone = kintone
        self.id: int | None = None
        self.revision: int | None = None
        self.base: dict[str, Any] = {}
        self.mine: dict[str, Any] = {}
        self.seen: dict[str, int] = {}
        self.glanced: set[str] = set()
        self.mixed: set[str] = set()
        self.hidden: tuple[list[str], int] | None = None
        self.left_out: set[str] = set()
        self.lost: set[str] = set()

    @property
    def changed(self) -> set[str]:
        given = {n for n, v in self.mine.items() if v or n not in self.glanced}
        return {n for n in given if n not in self.base or self.base[n] != self.mine[n]}

    @property
    def truth(self) -> tuple[int, dict[str, Any]]:
        """The record's revision and values; an error if there is no such record."""
        if self.id is None:
            raise ValueError
        if self.id not in self.kintone.records:
            raise Memo.DoesNotExist
        return self.kintone.records[self.id]

    def load(self, names: Any, *, with_revision: bool) -> None:
        revision, values = self.truth
        for name in names:
            self.base[name] = self.mine[name] = values[name]
            self.seen[name] = revision
            self.hidden = None if name == "tags" else self.hidden
        if with_revision:
            self.revision, self.mixed = revision, set()

    def refresh(self, names: list[str] | None) -> None:
        self.load(names or BLANK, with_revision=names is None)
        if names is not None and self.truth[0] != self.revision:
            self.mixed |= set(names)

    def read(self, name: str) -> Any:
        if self.id is None:
            if name in self.lost - set(self.mine):
                raise Memo.DoesNotExist
            if name == "tags" and name not in self.mine:
                self.mine[name] = []  # it may be changed in place
                self.glanced = {name}
            return self.mine.get(name, BLANK[name])
        if name not in self.mine:
            revision, values = self.truth
            missing = set(BLANK) - set(self.mine)
            good_as_read = self.holds(values)
            self.load(missing, with_revision=False)
            if revision != self.revision and good_as_read:
                self.revision, self.mixed = revision, set()
            elif revision != self.revision:
                self.mixed |= missing
        return self.mine[name]

    def holds(self, values: dict[str, Any]) -> bool:
        """True if all values of the instance, read or sent, are the stored ones."""
        if self.hidden is not None and "tags" not in self.mine:
            tags, revision = self.hidden
            if revision == self.revision and tags != values["tags"]:
                return False
        return all(n in self.base and self.base[n] == values[n] for n in self.mine)

    def save(self, names: list[str] | None, *, check: bool) -> None:
        if names == []:
            return
        if self.id is None:
            self.insert(names)
            return
        for name in names or ():
            self.read(name)  # what is deferred may bring a newer revision of them all
        values = {name: self.read(name) for name in self.changed if names is None}
        values |= {name: self.read(name) for name in names or ()}
        if not values:
            return
        revision, _ = self.truth
        if check and revision != self.revision:
            raise Memo.Conflict("")
        if check:
            for name in values:
                unseen_value = self.kintone.changed.get((self.id, name), 0) > self.seen[name]
                assert not unseen_value, "a checked save replaces a value that nobody here has seen"
        self.kintone.write(self.id, values)
        self.left_out -= set(values)
        self.base |= values
        self.seen |= dict.fromkeys(values, revision + 1)
        if "tags" in values:
            self.hidden = None
        if revision != self.revision:
            self.forget(set(BLANK) - set(values) - self.changed)
            if self.changed:
                self.mixed &= self.changed
                return  # unsaved changes go back to the revision that was read
        elif self.hidden is not None and self.hidden[1] == revision:
            self.hidden = self.hidden[0], revision + 1
        self.revision, self.mixed = revision + 1, set()

    def insert(self, names: list[str] | None) -> None:
        if names is not None:
            raise ValueError
        if self.lost - set(self.mine):
            raise Memo.DoesNotExist
        self.hidden = ([], 1) if "tags" in set(self.mine) - self.changed else None
        self.mine = {name: self.mine[name] for name in self.changed}
        self.id, self.revision = self.kintone.add(self.mine), 1
        self.base = dict(self.mine)
        self.glanced, self.lost, self.mixed = set(), set(), set()
        self.left_out = set(BLANK) - set(self.mine)
        self.seen = dict.fromkeys(self.mine, 1)

    def delete(self, *, check: bool) -> None:
        revision, _ = self.truth
        if check and revision != self.revision:
            raise Memo.Conflict("")
        del self.kintone.records[self.id or 0]
        if self.hidden is not None and "tags" not in self.mine and self.hidden[1] == self.revision:
            self.mine["tags"] = list(self.hidden[0])
            if "tags" in self.left_out and not self.mine["tags"]:
                self.glanced = {"tags"}
        self.id = self.revision = self.hidden = None
        self.mixed = set()
        self.base = {}
        self.lost = set(BLANK) - set(self.mine) - self.left_out

    def forget(self, names: set[str]) -> None:
        for name in names:
            if name == "tags" and "tags" in self.mine:
                self.hidden = list(self.mine["tags"]), self.revision or 0
            self.base.pop(name, None)
            self.seen.pop(name, None)
            self.left_out.discard(name)
            self.mine.pop(name, None)

    def assign(self, name: str, value: Any) -> None:
        self.seen.setdefault(name, self.revision or 0)
        self.mine[name] = value
        self.glanced.discard(name)


class TwoWriters(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.emulation = emulate(like=empty_kintone())
        self.connection = self.emulation.__enter__()
        self.kintone = Kintone()
        self.writers = [Writer(self.kintone), Writer(self.kintone)]
        self.instances = [Memo(), Memo()]

    def teardown(self) -> None:
        self.emulation.__exit__(None, None, None)

    def both(self, who: int, predict: Any, act: Any) -> Any:
        """Apply the step to the instance, which must succeed or fail as the rules predict."""
        try:
            expected = predict(self.writers[who])
        except (ValueError, Memo.DoesNotExist, Memo.Conflict) as error:
            with pytest.raises(type(error)) as caught:
                act(self.instances[who])
            return caught.value
        found = act(self.instances[who])
        assert found == expected
        return None

    @initialize(values=st.fixed_dictionaries(VALUES))
    def begin_with_a_record_that_both_have_read(self, values: dict[str, Any]) -> None:
        Memo.objects.create(**values)
        self.kintone.add(values)
        for who in (0, 1):
            self.fetch(who, 1)

    @rule(who=WHO, number=st.sampled_from([1, 2]))
    def fetch(self, who: int, number: int) -> None:
        if number not in self.kintone.records:
            with pytest.raises(Memo.DoesNotExist):
                Memo.objects.get(pk=number)
            return
        self.instances[who] = Memo.objects.get(pk=number)
        self.writers[who] = Writer(self.kintone)
        self.writers[who].id = number
        self.writers[who].load(BLANK, with_revision=True)

    @rule(who=WHO, change=NEW_VALUES)
    def assign(self, who: int, change: tuple[str, Any]) -> None:
        name, value = change
        setattr(self.instances[who], name, value)
        self.writers[who].assign(name, value)

    @rule(who=WHO)
    def change_in_place(self, who: int) -> None:
        def toggle(tags: list[str]) -> list[str]:
            return [] if tags else ["a"]

        def predict(writer: Writer) -> None:
            writer.mine["tags"] = toggle(writer.read("tags"))

        def act(memo: Memo) -> None:
            memo.tags[:] = toggle(memo.tags)

        self.both(who, predict, act)

    @rule(who=WHO, name=NAMES)
    def read(self, who: int, name: str) -> None:
        self.both(who, lambda writer: writer.read(name), lambda memo: getattr(memo, name))

    @rule(who=WHO, names=st.none() | st.lists(NAMES, unique=True), check=st.booleans())
    def save(self, who: int, names: list[str] | None, check: bool) -> None:
        writer = self.writers[who]
        unread = set(names or ()) - set(writer.mine)
        # A record that was deleted half read is refused before a request.
        lost = writer.id is None and writer.lost - set(writer.mine)
        unchanged = writer.id is not None and names is None and not writer.changed
        silent = names == [] or lost or unchanged
        with capture_requests(self.connection) as requests:
            error = self.both(
                who,
                lambda writer: writer.save(names, check=check),
                lambda memo: memo.save(update_fields=names, check_revision=check),
            )
        if silent:
            assert requests == []
        elif not unread and not isinstance(error, ValueError):
            assert len(requests) == 1
        if isinstance(error, Memo.Conflict):
            self.compare_conflict(error, writer)

    @rule(who=WHO, change=NEW_VALUES, check=st.booleans())
    def assign_and_save(self, who: int, change: tuple[str, Any], check: bool) -> None:
        self.assign(who, change)
        self.save(who, None, check)

    def compare_conflict(self, error: Any, writer: Writer) -> None:
        _, held = writer.truth
        before = writer.base
        theirs = {
            name: value
            for name, value in held.items()
            if (name in writer.changed if name not in before else before[name] != value)
            or name in writer.mixed
        }
        assert {name: new for name, (_, new) in error.yours.items()} == {
            name: writer.mine[name] for name in writer.changed
        }
        assert {name: new for name, (_, new) in error.theirs.items()} == theirs
        assert error.both == set(theirs) & writer.changed

    @rule(who=WHO, names=st.none() | st.lists(NAMES, unique=True, min_size=1))
    def refresh(self, who: int, names: list[str] | None) -> None:
        self.both(
            who,
            lambda writer: writer.refresh(names),
            lambda memo: memo.refresh_from_db(fields=names),
        )

    @precondition(lambda self: self.kintone.records)
    @rule(who=WHO, check=st.booleans())
    def delete(self, who: int, check: bool) -> None:
        self.both(
            who,
            lambda writer: writer.delete(check=check),
            lambda memo: memo.delete(check_revision=check) and None,
        )

    @invariant()
    def kintone_holds_what_the_rules_say(self) -> None:
        app = self.connection.apps["memo"]
        answer = get_records(self.connection, app=app, query="order by $id asc")
        held = [(int(r["$id"]["value"]), int(r["$revision"]["value"])) for r in answer["records"]]
        assert held == [(id_, revision) for id_, (revision, _) in self.kintone.records.items()]
        for sent, (_, values) in zip(answer["records"], self.kintone.records.values(), strict=True):
            number = sent["number"]["value"]
            assert values == {
                "text": sent["text"]["value"],
                "number": int(number) if number else None,
                "tags": sent["tags"]["value"],
            }

    @invariant()
    def instances_know_what_the_rules_say(self) -> None:
        for writer, memo in zip(self.writers, self.instances, strict=True):
            assert (memo.pk, memo.revision) == (writer.id, writer.revision)
            held = {name: field.peek(memo) for name, field in Memo._meta.fields.items()}
            assert {name: v for name, v in held.items() if v is not UNSET} == writer.mine
            assert set(memo.changed_fields()) == writer.changed
            deferred = set() if writer.id is None else set(BLANK) - set(writer.mine)
            assert memo.get_deferred_fields() == deferred


TestTwoWriters = TwoWriters.TestCase
TestTwoWriters.settings = examples(100, stateful_step_count=15)
