"""docs/endpoints.md has every endpoint, and is generated from its table."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from generators import endpoints_page as table

import kintone_orm.api
from kintone_orm.fields import Attachment
from kintone_orm.models import Model, QuerySet
from kintone_orm.models.around.comments import Comment, Comments

ROWS = [*table.RECORD_ROWS, *table.APP_ROWS]

# "kintone REST API": the seventeen endpoints of records, files, and the bulk request.
RECORD_API = """
GET record.json, POST record.json, PUT record.json,
GET records.json, POST records.json, PUT records.json, DELETE records.json,
POST records/cursor.json, GET records/cursor.json, DELETE records/cursor.json,
GET record/comments.json, POST record/comment.json, DELETE record/comment.json,
PUT record/status.json, PUT records/status.json, PUT record/assignees.json,
GET records/acl/evaluate.json,
POST file.json, GET file.json, POST bulkRequest.json
"""


def functions_of_the_api():
    names = [module.name for module in pkgutil.iter_modules(kintone_orm.api.__path__)]
    modules = [importlib.import_module(f"kintone_orm.api.{name}") for name in names]
    functions = {getattr(module, name) for module in modules for name in module.__all__}
    return {
        function
        for function in functions
        if callable(function)
        and getattr(function, "__code__", None)
        and "caller" in function.__code__.co_varnames[:1]
    }


def test_every_function_of_the_api_is_in_the_table():
    assert {row.function for row in ROWS} == functions_of_the_api()
    assert len(ROWS) == len(functions_of_the_api())


def test_every_endpoint_of_the_record_api_is_in_the_table():
    documented = {endpoint.strip() for endpoint in RECORD_API.replace("\n", "").split(",")}
    assert {table.endpoint_of(row) for row in table.RECORD_ROWS} == documented
    assert len(documented) == 17 + 3


def test_the_page_is_what_the_table_makes():
    assert table.PAGE.read_text("utf-8") == table.page()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.function.__name__)
def test_what_a_model_is_said_to_have_is_there(row):
    methods = re.findall(r"(\w+)\(\)", row.model)
    homes = (Model, QuerySet, Comments, Comment, Attachment)
    assert [
        name for name in methods if name != "deploy" and not any(hasattr(h, name) for h in homes)
    ] == []
