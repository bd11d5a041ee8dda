from __future__ import annotations

import pytest

from kintone_orm import exceptions
from kintone_orm.http.codes import TABLE, Meaning, code_of, meaning_of


@pytest.mark.parametrize("reads", [True, False])
def test_a_code_that_applies_everywhere_is_found_for_reads_and_writes(reads):
    row = code_of("GAIA_CO02", reads=reads)
    assert row is not None
    assert row.becomes is exceptions.ConflictError


def test_a_code_may_become_another_error_in_a_write():
    found = [code_of("GAIA_IL26", reads=reads) for reads in (True, False)]
    assert [row.becomes for row in found] == [exceptions.QueryError, exceptions.InvalidInput]


def test_a_family_stands_for_all_codes_that_begin_like_it():
    row = code_of("GAIA_IQ99", reads=True)
    assert row is not None
    assert row.code == "GAIA_IQ*"


def test_a_code_of_its_own_goes_before_its_family():
    row = code_of("GAIA_IQ27", reads=False)
    assert row is not None
    assert row.becomes is exceptions.InvalidInput


@pytest.mark.parametrize("code", ["", "GAIA_ZZ99", "GAIA_CO0", "gaia_co02"])
def test_an_unknown_code_has_no_row(code):
    assert code_of(code, reads=True) is None


def test_no_code_is_listed_twice_for_the_same_requests():
    listed = [(row.code, row.on) for row in TABLE]
    assert len(listed) == len(set(listed))
    everywhere = {row.code for row in TABLE if row.on == "any"}
    assert not everywhere & {row.code for row in TABLE if row.on != "any"}


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("GAIA_RE01", Meaning.RECORD_GONE),
        ("GAIA_NO01", Meaning.NO_RIGHT),
        ("GAIA_RE20", None),
        ("GAIA_ZZ99", None),
        (None, None),
    ],
)
def test_the_meaning_of_an_error_is_its_code_s(code, meaning):
    error = exceptions.NotFound("gone")
    error.code = code
    assert meaning_of(error) is meaning


def test_an_error_that_kintone_did_not_send_has_no_meaning():
    assert meaning_of(ValueError()) is None
