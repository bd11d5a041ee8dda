"""Types of the attributes of errors."""

from __future__ import annotations

import marshmallow
from typing_extensions import assert_type

from kintone_orm.exceptions import APIError, ConflictError, KintoneORMError, ValidationError


def the_same_refusal_is_caught_by_either_name(error: ValidationError) -> None:
    as_ours: KintoneORMError = error
    as_marshmallow: marshmallow.ValidationError = error
    assert_type(error.errors, dict[str, list[str]])
    print(as_ours, as_marshmallow)


def a_conflict_is_an_answer_of_kintone(error: ConflictError) -> None:
    answer: APIError = error
    assert_type(answer.status, int)
    assert_type(answer.index, int | None)


def a_misspelled_attribute_is_an_error(error: APIError) -> None:
    print(error.statuss)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
