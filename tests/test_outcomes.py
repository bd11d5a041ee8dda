import copy
import pickle

import pytest

from kintone_orm.outcomes import CarriedOut


@pytest.mark.parametrize("value", CarriedOut)
def test_three_values_are_neither_true_nor_false(value):
    with pytest.raises(TypeError, match="Compare it"):
        bool(value)


@pytest.mark.parametrize("value", CarriedOut)
def test_a_value_stays_the_same_object(value):
    assert pickle.loads(pickle.dumps(value)) is value
    assert copy.deepcopy(value) is value


def test_a_value_equals_its_text():
    assert CarriedOut.UNKNOWN == "unknown"
