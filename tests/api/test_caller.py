from __future__ import annotations

import pytest

from kintone_orm.api.caller import given, settings_endpoint


def test_parameters_that_are_none_are_left_out():
    assert given(app=1, query=None, fields=[], total=False) == {
        "app": 1,
        "fields": [],
        "total": False,
    }


@pytest.mark.parametrize(("preview", "path"), [(False, "app/views"), (True, "preview/app/views")])
def test_settings_that_are_not_deployed_have_a_path_of_their_own(preview, path):
    assert settings_endpoint("views", preview=preview) == path
