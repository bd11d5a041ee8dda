from __future__ import annotations

import base64
import pickle
import zlib
from functools import reduce
from operator import and_, or_

import pytest

from kintone_orm import Q, Raw
from kintone_orm.exceptions import NotSupportedError
from kintone_orm.functions import FromToday, Today

A, B, C = Q(a=1), Q(b=2), Q(c=3)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Q(a=1, b=2), Q(b=2, a=1)),
        (A & B, Q(a=1, b=2)),
        ((A & B) & C, A & (B & C)),
        ((A | B) | C, A | (B | C)),
        (A | B, Q(a=1, b=2, _connector=Q.OR)),
        (~~A, A),
        (~A, Q(a=1, _negated=True)),
        (Q() & A, A),
        (A | Q(), A),
        (Q() | Q(), Q()),
        (Q(Q(), A), Q(A)),
        (Q(~Q()), Q()),
        (reduce(or_, [A, B, C]), A | B | C),
        (reduce(and_, [A, B, C], Q()), A & B & C),
        (Q(a=[1]), Q(a=[1])),
    ],
)
def test_equal(left, right):
    assert left == right
    assert hash(left) == hash(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (A, B),
        (A, Q(a=2)),
        (A, ~A),
        (A & B, A | B),
        (~(A & B), ~A & ~B),
        (A & (B | C), (A & B) | C),
        (A, ("a", 1)),
    ],
)
def test_unequal(left, right):
    assert left != right


@pytest.mark.parametrize(
    ("q", "shown"),
    [
        (Q(), "<Q: >"),
        (A, "<Q: a=1>"),
        (Q(name="x", n__lt=3), "<Q: n__lt=3 & name='x'>"),
        (A | B, "<Q: a=1 | b=2>"),
        (~(A & B), "<~Q: a=1 & b=2>"),
        ((A & B) | C, "<Q: <Q: a=1 & b=2> | c=3>"),
        (A & ~B, "<Q: a=1 & <~Q: b=2>>"),
        (~(A | B) & C, "<Q: <~Q: a=1 | b=2> & c=3>"),
    ],
)
def test_the_repr_shows_what_is_asked(q, shown):
    assert repr(q) == shown


@pytest.mark.parametrize("q", [Q(), ~Q(), Q(Q()), Q(~Q()), Q() & Q()])
def test_a_q_without_conditions_is_false(q):
    assert not q


@pytest.mark.parametrize("q", [A, ~A, Q(a=None), Q(a=[])])
def test_a_q_with_conditions_is_true(q):
    assert q


def test_joining_and_negating_change_nothing_in_place():
    before = repr(A), repr(B)
    _ = A & B, A | B, ~A
    assert (repr(A), repr(B)) == before


@pytest.mark.parametrize("q", [Q(), A, ~(A | B) & C])
def test_a_pickle_is_equal(q):
    assert pickle.loads(pickle.dumps(q)) == q


def test_exclusive_or_is_refused_with_the_way_out():
    with pytest.raises(NotSupportedError) as refused:
        A ^ B
    assert str(refused.value) == (
        "^ is not supported: kintone has no exclusive or. Write (a & ~b) | (~a & b)."
    )


def test_another_connector_is_refused():
    with pytest.raises(NotSupportedError, match=r"conditions by Q\.AND or Q\.OR, not by 'NAND'"):
        Q(a=1, b=2, _connector="NAND")


@pytest.mark.parametrize("other", [{"a": 1}, ("a", 1), None, True])
def test_what_is_no_q_is_refused(other):
    with pytest.raises(TypeError, match=r"Q\(\) takes Qs and name=value conditions, not "):
        Q(other)
    with pytest.raises(TypeError):
        A & other
    with pytest.raises(TypeError):
        A | other


def test_values_that_an_iterator_gives_are_kept():
    q = Q(a__in=(n for n in [1, 2]))
    assert q == Q(a__in=[1, 2])
    assert q.children == (("a__in", [1, 2]),)


# Made before the modules of the query language had their present names.
OLD_PICKLE = (
    "c-noCOHTqZ6om%{1je_3?+3mIO-TF$CK%$v1x9pH7lzEEQUY{xhE9})i7p)VC%eKs)g^J&w5Q*>U;CQ&dR?gk$=g"
    "9Vs3GFvs0QoCf>C`#s`-Mn&GLp}c%s|)LoQ*8B*{>cwS~!Yl=%^FxBCiH6S^KF>8WlYht^%-J0lA@qVq%-Sb<O{>"
    "_h`D)eu&77-QOvF~c$xgpTZC_5pJ?OVPHDdA(j>fyY>kv7~V?kdk{U2vKBaa;@1wNjpj2aTNDa{)%EOyIOjM#;zv"
    "P=C3r?{uRCqgTbHlI?)?MZwl+`dpsU%#YX-97F#j4NqmRIEAQA9MNtyvPnx;sPW;)H^JHP4>JF&xQ1>YQtZ>A#iF"
    "M_?a)x6nwA~L>MUkcH^ty!;p&xSU)_wrBoP|m"
)


def test_a_q_in_an_old_pickle_loads():
    condition = Q(due__lt=Today(), rank=["A", "B"]) | ~Q(due=FromToday(-7, "DAYS")) | Raw("n > 1")
    assert pickle.loads(zlib.decompress(base64.b85decode(OLD_PICKLE))) == condition
