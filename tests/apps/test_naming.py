from __future__ import annotations

import pytest

from kintone_orm import Model
from kintone_orm.apps.naming import app_name, extend_text, labels, naming_models
from kintone_orm.exceptions import DeployError, InvalidInput


class Small(Model):
    class Meta:
        verbose_name = "Small things"


class Tiny(Small):
    class Meta:
        proxy = True
        verbose_name = "Tiny things"


def test_an_app_has_the_name_of_its_first_model():
    assert app_name([Small, Tiny]) == "Small things"


def test_the_app_of_a_proxy_has_the_name_of_its_model():
    assert app_name([Tiny, Small]) == "Small things"


def test_labels_name_each_model_once():
    assert labels([Small, Tiny, Small]) == "Small, Tiny"


@pytest.mark.parametrize("error", [DeployError("No."), InvalidInput("No.")])
def test_an_error_names_the_models_and_the_app(error):
    with (
        pytest.raises(type(error), match=r"^Small, Tiny \(app 5\): No\."),
        naming_models({5: [Small, Tiny]}),
    ):
        raise error


def test_an_error_of_models_without_an_app_names_the_models():
    with pytest.raises(DeployError, match=r"^Small: No\."), naming_models({}, [Small]):
        raise DeployError("No.")


@pytest.mark.parametrize("error", [DeployError("No."), InvalidInput("No.", status=400, code="X")])
def test_texts_are_added_to_the_message(error):
    extend_text(error, before="Before. ", after=" After.")

    assert str(error).startswith("Before. No. After.")
