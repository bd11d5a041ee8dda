from __future__ import annotations

import pickle

import marshmallow
import pytest

from kintone_orm import exceptions
from kintone_orm.exceptions import APIError, BulkWriteError, ConflictError, ValidationError
from kintone_orm.outcomes import CarriedOut

ERRORS = [getattr(exceptions, name) for name in exceptions.__all__]


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_a_kintone_orm_error(error: type[Exception]) -> None:
    assert issubclass(error, exceptions.KintoneORMError)


@pytest.mark.parametrize("error", ERRORS)
def test_the_tree_in_the_docstring_has_every_error(error: type[Exception]) -> None:
    assert f" {error.__name__} " in f"{exceptions.__doc__}".replace("\n", " ")


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (exceptions.NotSupportedError, NotImplementedError),
        (exceptions.FieldError, TypeError),
        (exceptions.ObjectDoesNotExist, LookupError),
        (exceptions.NotFound, LookupError),
        (exceptions.DecodeError, ValueError),
        (exceptions.ValidationError, marshmallow.ValidationError),
    ],
)
def test_an_error_is_also_the_one_that_a_caller_would_guess(
    error: type[Exception], builtin: type[Exception]
) -> None:
    assert issubclass(error, builtin)


def test_an_api_error_says_what_where_and_why() -> None:
    error = APIError(
        "Missing or invalid input.",
        status=400,
        code="CB_VA01",
        id="aBc8",
        errors={"record.name.value": ["Required."]},
        method="POST",
        path="/k/v1/record.json",
    )
    assert str(error) == (
        "Missing or invalid input. [400 CB_VA01] (POST /k/v1/record.json); "
        "record.name.value: Required. id=aBc8"
    )


def test_an_api_error_without_an_answer_has_no_status() -> None:
    error = exceptions.TransportError("No answer", method="GET", path="/k/v1/app.json")
    assert str(error) == "No answer (GET /k/v1/app.json)"


def test_an_api_error_within_a_bulk_request_says_which_request() -> None:
    error = APIError("Stale.", status=409, method="POST", path="/k/v1/bulkRequest.json", index=3)
    assert str(error) == (
        "Stale. [409] (POST /k/v1/bulkRequest.json, request 3 of the bulkRequest)"
    )


def test_a_validation_error_has_its_messages_as_a_schema_gives_them() -> None:
    error = ValidationError(
        {
            "rank": ["No."],
            "lines": ["Too few."],
            "lines[2]": ["Wrong."],
            "lines[2].qty": ["Required."],
            "": "Both or none.",
        }
    )
    assert error.normalized_messages() == {
        "rank": ["No."],
        "lines": {"_schema": ["Too few."], "2": {"_schema": ["Wrong."], "qty": ["Required."]}},
        "_schema": ["Both or none."],
    }


def test_a_validation_error_lists_names_and_messages() -> None:
    error = ValidationError({"lines[2].qty": ["Required."]}, where="Order 7")
    assert str(error) == "Order 7: lines[2].qty: Required."
    assert error.messages == {"lines[2].qty": ["Required."]}


@pytest.mark.parametrize(
    "error",
    [
        ValidationError({"qty": ["Required."]}, where="Order 7"),
        ConflictError("Stale.", status=409, code="GAIA_CO02", errors={"a": ["b"]}, index=0),
        BulkWriteError("Half way", done=[1], failed=[2], pending=[3], errors={(1, "qty"): ["x"]}),
    ],
)
def test_an_error_survives_pickling(error: Exception) -> None:
    copied = pickle.loads(pickle.dumps(error))
    assert (type(copied), str(copied), vars(copied)) == (type(error), str(error), vars(error))


def test_a_refused_bulk_write_that_an_earlier_version_pickled_loads() -> None:
    refusal = exceptions.WorkflowError("No such action.")
    error = BulkWriteError.like(refusal, "Refused.", failed=[2], pending=[3], errors={})
    vars(error)["state"] = "Draft"
    with pytest.warns(DeprecationWarning, match="state is deprecated"):
        loaded = pickle.loads(pickle.dumps(error, 0).replace(b"_combine", b"_of_both"))
    assert isinstance(loaded, BulkWriteError)
    assert isinstance(loaded, exceptions.WorkflowError)
    assert (loaded.failed, loaded.pending, loaded.record_status) == ([2], [3], "Draft")


def test_the_old_name_of_a_records_status_still_works() -> None:
    error = exceptions.WorkflowError("Refused.")
    error.record_status = "Draft"
    with pytest.warns(DeprecationWarning, match=r"state is deprecated .*record_status"):
        assert error.state == "Draft"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (exceptions.TransportError("Lost.", method="GET"), CarriedOut.NO),
        (exceptions.TransportError("Lost.", method="PUT"), CarriedOut.UNKNOWN),
        (exceptions.ServerBusy("Locked.", method="PUT", code="GAIA_DA02"), CarriedOut.NO),
    ],
)
def test_an_error_that_an_earlier_version_pickled_knows_if_it_was_carried_out(
    error: exceptions.APIError, expected: CarriedOut
) -> None:
    del vars(error)["carried_out"]
    assert pickle.loads(pickle.dumps(error)).carried_out is expected


@pytest.mark.parametrize("carried_out", list(CarriedOut))
def test_a_pickle_keeps_if_the_write_was_carried_out(carried_out: CarriedOut) -> None:
    error = exceptions.TransportError("Lost.", method="PUT", carried_out=carried_out)
    assert pickle.loads(pickle.dumps(error)).carried_out is carried_out
