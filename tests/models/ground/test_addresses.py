"""Pickled records: their content, the connections that may save them, and older pickles."""

from __future__ import annotations

import base64
import copy
import io
import pickle
from contextlib import closing

import pytest
from support.models.paperwork import Line, Order, names, text

from kintone_orm import connect
from kintone_orm.connection import connections
from kintone_orm.emulator import Emulator
from kintone_orm.models.record.state import SLOTS, State
from kintone_orm.testing import EmulatedConnection, assert_requests, emulate

# Made by the version before the table of slots, of records on a connection called "old".
OLD = {
    "as it was read": (
        "fCQB_0ssI20001t32<R>Wpa0Ka%+@~1y6EhWpb30lqrFfPJNUpj00b3WRyz*j0s<IWp-"
        "(EX>V?nO96}qUvqR}bY+x`7;9;6bZ>5DUvF}4E^TjQWo&aUb97;JWt5BwUvg!0bZ>HHWR#PXD2a>%Z){"
        "|gj2>%gZgg*MWnXV{Z7ywZWMyn~E@owPV`yJ(Z)9b2l#B^RWpra`O>bmnl#`T<1yDsrQd5+Llv0#VPEJ"
        "lvPEK@`Qk0AdUuIu!b!}p0a+Hh#F_er6UuIu$VQ^(~bCg|_j2vreZgg*MWnXV{Z7ybMY-MvUVRUq1V`y"
        "z<ZgiB43PE&qVPj}*Wo~qolawielwFi4j3i?-I5%T7G&L<XWiT-<G&D3ZEjct}VJ$N?H)T0EIW;h0W-"
        "^qF0b!Jk7-4X5Y-"
        "wX*bZKvHFK=UXWppibbaG{3ZInv^j2>%gZgg*MWnXV{Z7ywZWMyn~E@5<ZVPj}*Wo~qHl#C5hWn*u0WK"
        "(o+a$#p>l#`Tb0%!|{lv0#sVquI4UvFP<VQ^(~bChTsg_Mj5UuIu$Xm50HbCg|_j0s<FUvOw|bZ>K%DU"
        "1kTW?yV+Ze??nU6d$j0E`4oX>Mhdlawielumt=D2xYRW?yM^Wo?v<0eF;*2w!GjVrgt_bCg|_Xa!3Fb%"
        "vB;Xe}v$lumt=C}=Q@0eO^YGF_Bt1xo^ThLmDuj0j(EUu<b^Wpk8E0cbHPhm=bKXg4W`l!labhLmD1"
    ),
    "edited": (
        "fCQCZ0ssI20001t32<R>Wpa0Ka%+@~1y6EhWpb30lqrFfPJNUpj00b3WRyz*j0s<IWp-"
        "(EX>V?nO96}qUvqR}bY+x`7;9;6bZ>5DUvF}4E^TjQWo&aUb97;JWt5BwUvg!0bZ>HHWR#PXD2a>%Z){"
        "|gj2>%gZgg*MWnXV{Z7ywZWMyn~E@owPV`yJ(Z)9b2l#B^RWpra`O>bmnl#`T<1yDsrQd5+Llv0#^l#B"
        "*$b!}p0a+Hh#F_d#oPEJlvPIQz~l#B^qW?yb~ZDM6|l#Br~l#B^qW?yh&aAk6HlwFjJ9BXNAbZ>5DUvF"
        "}4E@o+LWpgfJbaY{3Xl-R~bd-"
        "z=L3DIsV`yz<ZgiBBlqrFfU6d${Bx5r;H)Aw3H7zw|FflDOG&C_SIW%KoEi*MYWjQ!GH85djGL(z~VU&"
        "y*VQ_G4X=7n@X>V>XZ)0?2bS-mqa%Ev{luH4O9&2fCbZ>5DUvF}4E^TjQWo&aUVRUq1V`yz<Zgg{$j15"
        "v{V{dX~Q*>`~VP|EOlay!zXbXmvQj}$4VT=i1Z(nd>aAk6HlxQA>l#B^qW?yh<Z**^SlwFjJ314qtaA<"
        "FIZ*!C>j0j(5Uu<b^Wpk8WlqhHbj08++Ze^5{lqrFfPJNUpj0az4Uukq@ZIp}wc$AC?UuIuoX>4qBlwF"
        "i)1xo>ShLmDxFe!nQPJNUpXfuofdX#82U6g1AO9FL<lwxQwDS?zueUvC@GmHanWp|Wl1x|H_lwxI!2w!"
        "hsY-w&~bCgQ~Xf!E@luH7P0eO@uhm?ktb%vB;E&"
    ),
    "saved, with rows that are new": (
        "fCQCr0ssI20001t32<R>Wpa0Ka%+@~1y6EhWpb30lqrFfPJNUpj00b3WRyz*j0s<IWp-"
        "(EX>V?nO96}qUvqR}bY+x`7;9;6bZ>5DUvF}4E^TjQWo&aUb97;JWt5BwUvg!0bZ>HHWR#PXD2a>%Z){"
        "|gj2>%gZgg*MWnXV{Z7ywZWMyn~E@owPV`yJ(Z)9b2l#B^RWpra`O>bmnl#`T<1yDsrQd5+Llv0#^luk"
        "~4lqie_aA9y|a&wf77i(#5bZ>5DUvF}4E^TjQWo&aUXk~0<l#B#OWo%@Wlawielumt=D2xSmVQh6}lwF"
        "jJ6>Dj3bZ>5DUvF}4E@o+LWpgfWWp|W}3s7ZlWNB_^Mrmwil#`Tb9E=H5VRmI?Mrmwil#`T<0b!Jk7-"
        "4X5Y-"
        "wX*bZKvHFK=UXWppibbaG{3ZIp(TQj~?1Qj}qg1aoC>bd+c&g_Mj4a%FaDb7^mGluH41hLmEA1#D?<Wp"
        "k8h7b$_1PJNUpXc}FVC};qT1WajeWt5YYDS?zueUvDS2VZ7iX>?_6l#Bs*lxPJ`j0azGWn*u0WRz$Fj0"
        "#_MZgOQ|WM64+lxQn;hLmDxFe!nQPJNUpXfuofd6Z}cPG~h~186pAD|LpHVr6J2XfbFwhLmV2O96F;lw"
        "x&GD2xVhXm50HbCi*kPIQz~l#B^qW?yb~ZDM6|l#Br}l#B^qZ(nd>aAk6HlxQY}l#B>pZ(nR_Ze??nPG"
        "~fY7i(#5bZ>5DUvF}4E@o+EY-DpTVqtS-l#B&cZgXXHl#`T<1yxQ{MO2i9lv0$3lul?mXiSHchLm-"
        "NlwvL"
    ),
    "read in part": (
        "fCQDu000000001t32<R>Wpa0Ka%+@~1y6EhWpb30lqrFfPJNUpj00b3WRyz*j0s<IWp-"
        "(EX>V?nO96}qUvqR}bY+x`7;9;6bZ>5DUvF}4E^TjQWo&aUb97;JWt5BwUvg!0bZ>HHWR#PXD2a>%Z){"
        "|gj2>%gZgg*MWnXV{Z7ywZWMyn~E@owPV`yJ(Z)9b2l#B^RWpra`O>bmnl#`T<1yDsrQd5+Llv0#VPEJ"
        "lvPEK@`Qk0AdUuIu!b!}p0a+Hh#F_d+NlwvL"
    ),
    "new": (
        "fCQCD0RR910001t32<R>Wpa0Ka%+@~1y6EhWpb30lqrFfPJNUpj00b3WRy;f314z$c4>2IZ*G)Mj0RtG"
        "bYXO5l#Cc_X>N3HZe?F@a&0bcZ)9a`b1rjqVRU7bj0s<IWpi|Ia%E(clawfkPK+LFX>N3HZe?F@a&0bc"
        "Z)9a`b1r6ObYo~=ZEs{{bCiq;MrCwkXiaZqWt5YYj0I3dMN(6gg_Kg1eUvDS25xn2Vr6oaj2CNZZgg*M"
        "WnXV{Z7ybMWo%?~E@EMGWt5BsRc>=-bd-"
        "~nj0IIrQ$<vig_Kg1j0J3IZe??nXc%=)PEJlvPIQz~l#B^qW?yb~ZDM6|l#Bs0l#B>pW?yV+Ze??nU6g"
        "15j08++Ze^5{lqrFfPJNUpj0az4Uukq@ZIp}wZj@*RPK*a%a%E$0a%7Zf19gU!VqtZLlwvL"
    ),
    "deleted": (
        "fCQDF0RR910001t32<R>Wpa0Ka%+@~1y6EhWpb30lqrFfPJNUpj00b3WRy;f314z$c4>2IZ*G)Mj0RtG"
        "bYXO5l#Cc_X>N3HZe?F@a&0bcZ)9a`b1rjqVRU7bj0s<IWpi|Ia%E(clawfkj010MWR#2^YiVwDZ*FB@"
        "Z*pxeZEs{{Y;!JVWpra`Uu|z>Wpk8_2}WgfV`xopWM!0-"
        "l#B&XMMY9ml!cU1lzo&aj0SFXZDM6|l#CZ^X>N3HZe?F@a&0bVX=Q9=b1q_Gb7ho_1yycyWptF2l#B&c"
        "PE$oxl!cU1l#B*&VQ^(~bChTqj0SLMZ**^SlxP`@1#D?<Wpk8h8FfxhPAE$Qk(5qObd*w*j0s<6Uv716"
        "Vr6oai~%&1j0s<6UvOb?WpZ<rU6hOoUuIu$Xm50HbCg|_j0j(5Uu<b^Wpk8WlxP5q1WajeWt5YYDS?zu"
        "eUvDS2VZ7iX>?_6l#Bsnl#B>pW?y1yY;1FsU6g1AO9PAtUvgz*Z*pXmXakH2Uv+MBWnpArX>OEGb%vB;"
        "VReR-VlD"
    ),
}


def under(alias, connection):
    """The connection is registered under another alias."""
    del connections._by_alias[connection.alias]
    connection.alias = alias
    connections.add(connection)
    return connection


@pytest.fixture
def kintone():
    with emulate(Order) as connection:
        yield connection


@pytest.fixture
def as_it_was(kintone):
    """The kintone in which the records of the old pickles live."""
    lines = [{"item": "x"}, {"item": "y"}]
    under("old", kintone)
    return Order.objects.create(number="1", papers=[text("a")], lines=lines)


@pytest.fixture
def elsewhere(kintone):
    """Another kintone under the alias of the first one, as in the process that loads the pickle."""
    with closing(Emulator()) as emulator:
        another = EmulatedConnection(emulator, adapter=emulator.adapter())
        another.alias = kintone.alias
        another.apps.update(kintone.apps)

        def arrive(record):
            pickled = pickle.dumps(record)
            connections.add(another)
            return pickle.loads(pickled)

        yield arrive
        connections.add(kintone)


class OldUnpickler(pickle.Unpickler):
    """The module of the models had another name when the pickles were made."""

    def find_class(self, module, name):
        return super().find_class(Order.__module__ if module == "paperwork" else module, name)


def old(what):
    return OldUnpickler(io.BytesIO(base64.b85decode("".join(OLD[what])))).load()


@pytest.mark.parametrize("what", OLD)
def test_an_old_pickle_loads(what):
    order = old(what)
    assert isinstance(order, Order)
    assert all(hasattr(order._state, slot) for slot in SLOTS)


def test_an_old_pickle_of_a_read_record_is_saved_where_its_alias_leads(as_it_was):
    order = old("as it was read")
    assert ([line.item for line in order.lines], names(order.papers)) == (["x", "y"], ["a"])
    order.number = "7"
    with assert_requests(1):
        order.save()
    assert Order.objects.get().number == "7"


def test_the_changes_in_an_old_pickle_are_still_to_be_sent(as_it_was):
    order = old("edited")
    assert order.changed_fields().keys() == {"number", "lines"}
    order.save()
    again = Order.objects.get()
    assert (again.number, [line.item for line in again.lines]) == ("2", ["x", "z", "new"])


def test_an_old_pickle_of_a_saved_record_learns_its_rows(as_it_was):
    order = old("saved, with rows that are new")
    with assert_requests(1):
        assert [line.id for line in order.lines] == [1, 2]


def test_an_old_pickle_fetches_what_it_lacks(as_it_was):
    assert [line.item for line in old("read in part").lines] == ["x", "y"]


def test_an_old_pickle_of_a_new_record_can_be_saved(kintone):
    order = old("new")
    order.save()
    assert [line.item for line in Order.objects.get(number="3").lines] == ["n"]


def test_an_old_pickle_of_a_deleted_record_can_be_saved_again(as_it_was):
    order = old("deleted")
    order.save()
    assert [line.item for line in Order.objects.get(number="4").lines] == ["d"]


def test_a_record_of_another_kintone_is_not_saved(kintone, elsewhere):
    order = elsewhere(Order.objects.create(number="1"))
    order.number = "2"
    with (
        assert_requests(0),
        pytest.raises(ValueError, match=r"was pickled on .* of the emulator .* another record's"),
    ):
        order.save()


@pytest.mark.parametrize(
    "fetch",
    [
        lambda order: order.photos,
        lambda order: order.refresh_from_db(),
        lambda order: order.delete(),
        lambda order: Order.objects.bulk_update([order], ["number"]),
    ],
)
def test_a_record_of_another_kintone_is_neither_fetched_nor_deleted(kintone, elsewhere, fetch):
    Order.objects.create(number="1")
    order = elsewhere(Order.objects.only("number").get())
    with assert_requests(0), pytest.raises(ValueError, match="was pickled on"):
        fetch(order)


def test_a_file_of_another_kintone_is_not_fetched(kintone, elsewhere):
    Order.objects.create(number="1", papers=[text("a")])
    (paper,) = elsewhere(Order.objects.get().papers)
    with assert_requests(0), pytest.raises(ValueError, match=r"Order: 'a' was pickled on"):
        paper.read()


def test_a_new_record_is_saved_wherever_it_arrives(kintone, elsewhere):
    order = elsewhere(Order(number="1"))
    connections.add(kintone)
    order.save()
    assert order.pk == 1


def test_a_record_comes_back_to_its_own_kintone(kintone):
    order = pickle.loads(pickle.dumps(Order.objects.create(number="1")))
    order.number = "2"
    order.save()
    assert Order.objects.get().number == "2"


def test_the_copy_of_an_emulator_is_another_kintone(kintone):
    first = kintone.emulator
    with closing(first.copy()) as twin:
        assert first.adapter().emulation == first.adapter().emulation
        assert twin.adapter().emulation != first.adapter().emulation


def test_an_emulators_file_stays_the_same_kintone(tmp_path):
    def identity():
        with closing(Emulator(data=tmp_path / "kept.db")) as emulator:
            return emulator.adapter().emulation

    assert identity() == identity()


@pytest.mark.parametrize(
    "base_url", ["https://x.cybozu.com", "https://x.s.cybozu.com", "https://X.cybozu.com"]
)
def test_a_host_for_client_certificates_is_the_same_kintone(base_url):
    connection = connect(base_url, alias="pickled", api_token="a")
    assert connection.place == ("x.cybozu.com", None, None)
    del connections["pickled"]


@pytest.mark.parametrize("slot", SLOTS)
def test_every_slot_begins_as_the_table_says(slot):
    assert getattr(State(), slot) == SLOTS[slot].new


@pytest.mark.parametrize("again", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
@pytest.mark.parametrize("slot", [n for n in SLOTS if n not in ("home", "fetch_mode", "peers")])
def test_every_slot_is_copied_and_pickled(slot, again):
    known = {"anything": 1}
    state = again(State(**{slot: known}))
    assert getattr(state, slot) == known
    assert getattr(state, slot) is not known


def test_a_record_that_was_read_has_every_slot(kintone):
    Order.objects.create(number="1", lines=[Line(item="x")])
    order = Order.objects.get()
    assert {slot: getattr(order._state, slot) for slot in SLOTS} == {
        slot: getattr(State.of_read(kintone), slot) for slot in SLOTS
    } | {"peers": []}
