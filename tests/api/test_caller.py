from __future__ import annotations

import pytest

from kintone_orm.api import caller
from kintone_orm.api.caller import drop_none, settings_endpoint


def test_parameters_that_are_none_are_left_out():
    assert drop_none(app=1, query=None, fields=[], total=False) == {
        "app": 1,
        "fields": [],
        "total": False,
    }


def test_the_old_name_of_drop_none_still_works():
    with pytest.warns(DeprecationWarning, match=r"caller\.given is deprecated .*drop_none"):
        assert caller.given is drop_none


@pytest.mark.parametrize(("preview", "path"), [(False, "app/views"), (True, "preview/app/views")])
def test_settings_that_are_not_deployed_have_a_path_of_their_own(preview, path):
    assert settings_endpoint("views", preview=preview) == path
