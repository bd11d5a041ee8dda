"""Law: a spoilt domain file is loaded, or refused with sentences and their lines."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.domain_files import everything

from kintone_orm.emulator import DomainFileError, Emulator
from kintone_orm.emulator.domain_file.json_lines import read_json

# Values that are put in the place of others.
ODD = [
    *(None, True, 5, -1, 1.5, 10**30, "", "x", "orders", "\ud800"),
    *([], {}, [None], [{}], [[]], {"a": None}, {"value": 1}, {"type": "NUMBER"}),
]


def paths(value, path=()):
    """The path of every value in a file."""
    if path:
        yield path
    members = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        members = enumerate(value)
    for key, inner in members:
        yield from paths(inner, (*path, key))


PATHS = list(paths(everything()))


@st.composite
def spoilt(draw):
    """The file with one or two values replaced, left out or misspelt."""
    file = json.loads(json.dumps(everything()))
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=2)):
        holder = file
        with suppress(KeyError, TypeError, IndexError):
            for key in path[:-1]:
                holder = holder[key]
            change = draw(st.sampled_from(["put", "put", "drop", "misspell"]))
            if change == "put":
                holder[path[-1]] = json.loads(json.dumps(draw(st.sampled_from(ODD))))
            elif change == "drop":
                del holder[path[-1]]
            else:
                holder[f"{path[-1]}x"] = holder.pop(path[-1])
    return file


def problems(file):
    """The problems of a file. No other exception may be raised."""
    try:
        Emulator.from_domain(file).close()
    except DomainFileError as refusal:
        return refusal.problems
    return []


def test_the_whole_file_is_good():
    assert problems(everything()) == []


@given(spoilt())
def test_a_spoilt_file_is_loaded_or_refused_in_sentences(file):
    for problem in problems(file):
        assert problem.startswith("The domain: ")
        assert "the-secret" not in problem
        assert problem.encode()


@pytest.mark.parametrize("path", [path for path in PATHS if isinstance(path[-1], str)], ids=str)
def test_a_key_that_is_misspelt_is_refused(path):
    """Each key of the file in turn, except those that are names of one's own."""
    named = {"users", "guests", "groups", "organizations", "spaces", "apps", "tokens"}
    named |= {"properties", "fields", "options", "views", "states"}
    if path[-2:-1] and path[-2] in named:
        return
    file = holder = json.loads(json.dumps(everything()))
    for key in path[:-1]:
        holder = holder[key]
    holder[f"{path[-1]}x"] = holder.pop(path[-1])
    assert problems(file)


scalars = st.none() | st.booleans() | st.integers() | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(values, st.integers(0, 3))
def test_json_is_read_as_python_reads_it_with_the_line_of_each_key(value, indent):
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    found, lines = read_json(text, "x")
    assert found == value
    for path in paths(value):
        # One value on each line. Only the line feed separates lines, whatever else texts contain.
        line = text.split("\n")[lines[path] - 1]
        key = path[-1]
        assert not isinstance(key, str) or line.lstrip().startswith(
            json.dumps(key, ensure_ascii=False)
        )
