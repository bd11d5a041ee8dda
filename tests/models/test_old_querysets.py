"""Pickles of querysets that an earlier version made, when a queryset was six classes.

Each was made on a kintone whose time zone was Asia/Tokyo, with the models below in the module
`pickled_models`; the state of that queryset had a name for every part of its query.
"""

from __future__ import annotations

import base64
import pickle
import sys
import zlib
from types import SimpleNamespace

import pytest

from kintone_orm import Model, Q, Row, fields
from kintone_orm.exceptions import FieldError
from kintone_orm.models import QuerySet
from kintone_orm.testing import assert_requests, emulate

# zlib, in base 85.
PICKLES = {
    "manager": (
        "c-p0uO>fjN5Qe*-rHk4E0#U?=gpg1d=xW=v&}$_MLJJF&GYXD9TSrZt#j%S(LV^Q@O1_{Dzk|QXILVehY){Q"
        ";?D6Y)#+o<ZT7UjF=ZeoQjbnb0fC$q}K$4?de60oOw-)s0cVO@YyWjCEuDXjM%fpl@whtPQT_=nfKlsG7$Z6"
        "FMIpY%WJ+8_**D9_kr9-c6gt5Ru%`Jo)4&yw|lwY;O+%N;^Rt{oiG6i9#(_YEZt5TiNs)~^A^LMqG5V6{)qD"
        "`5lbmaOBb(xvp5kf<rmn6jIE<<V)W-`4dp7i->bF_hOxzhJyb;uF|9lGU+Z*K)b0R3QliwAxDi4fTzxQEojC"
        "{#9$s6SU9_R9^HW>y(0D1gT)ODK9;MJMQLeJrGHIw>sB{g)`>HaA46Lr%zaC_;CEwv$*vPOS8d&6gBUz2ZEj"
        "V*@F=#uyaJ#X-#;VZ=z6Rk}e<ZXQuJzb`wLkPg=65~Y^q6~DZCEU(Fx@<rs$8U4%Kr~S&i)a5$Ld-A@kua}L"
        ";2SfSL)fmb(;_OeV1gBW_0!u!ovV&PPjdRg#R5Tk?H1g3|ER6|ELw=aW(mWSSP_YElEYHtkX--(0(oR@_Mx1"
        "9##KybA-I^ZekKTm6(=3^@v6Cc|Y3{O!OevWX<lf90nyWU+yz_>X7;6}TAyW$M7RDQa*5IdmA<Q8GZi)<<P_"
        "i)%;Eh=(^eHO4@IsLv6^H*;TK$c`+?^SkqG<6q@xo_*^~z5;8KL!NcX#hy@lp_#_SXgn^uwSq8y5}O+?(4+U"
        "ot<@UDqluM%l4Z?;mFP%l!"
    ),
    "reversed slice": (
        "c-n1KO-~d-5M_7S1=av+G~#C>CI&QY_5+lQCMIHHMpuNh>GX8h(j8`c)}9#*CMJ3SCFzTy{H6W@t7nFl!_KL"
        "ut6tTss#o8efBrURiq9>LwK$AGvN(|trRWwvSPAxH4)%B-GCariANUQ|+!e-C7IVW7z~Y%}vyh9!FWkx$f4L"
        "SDTqwX#xTa=Yvq(`whaTHtT4K;}3(UfiPIY21s1Yd5cn0WJ4z<Y=11zy|r{vM8Ty2({iXr9mxmsLGZ4QXStV"
        "&`Exitk{dgfk9X(3HZCdAEMgE)_Pme>vXyemeVqdvOj3g6M@h(|<p=$1pVy)_sNpgY*!5`!-OL<sW}+(T+%#"
        "7rKC)Ss&l`{e_VliXxfP=e4gkH~smS?3hi?_z;%QK-y;3S1>i<Y`7UEfd5UT`fd6PtTDykP=y%<Lo=KFO6}I"
        "+&Y68U1JOe)nd@dPch_#ODbH@P@AVz&A+R51*E{bS_*1vSzY(PH_p^ewNj2m-JLQ3b$`;ZdPr^dP(4zQUA<Q"
        "}qMi)ZQ&;1tHi&2UqRL=Gt6tDj&!}v0!3JoTA~8~De*Ny=<*j}8YU@nAq{4+=3sMWOfywe(7h|r!e1UFuwbx"
        "z6;SfTSrs77DhLb#_;kGEJ*PpvHtwuc7k$27)A`Rg9Qh{o*XAqtsWgS}>K}NckxL#;?1eRz~i3OHI1R^Uuq+"
        "`X$w8GodbnIQep|^%4Z3O&R<Jxb!oCi}dMbY9QJ@AeHd+#+uT59g@?Ck9qTcE~^3$mF%rY4!m*dJMo<*7dqK"
        "Zvi17sa}37MW4C^RV*|0O5>S"
    ),
    "nothing": (
        "c-n1{K}!QM5QXbu3$^H75YM}p{SO{0h}dd-E+LytyJ2^eHOV3s1U(2UxrpQcb&`sBFsFIE%=>2MDf@aq7^N4"
        "EdnK9{B<qZX)?qkWSPAxa0J~d($4@Mt@e%VdW!$ljYrX}GZ{d(tTr~IGN=ItU1Q#{n8p#kwOXZc(7)~3dz0t"
        "so?aI5DS^m1j%Fgv}vDq`$Sn!G{HP@2HF@wiB<(fDRRa4em*nlUB#3D>sRMwK1lW@?2@W~l7SMwe)ocv|)w="
        "0uH;K`+So@+t%4?NF5@HL$M)03d-JhAa2s%sL|7_yt$Y`MZ0Tq0DF?78)LH3}J(rcVnDPU&r`9w^w+gjov4n"
        "!cr5Q_@hC-*7RXx&"
    ),
    "or, raw": (
        "c-n1KO>fgc5N$q7f<oa0NC=gjngdZvT2Tr05Q!jF0k^bVD{H+wuC3VXu-+{#5)vE;AohYf{9k76q~s8v#{1^"
        "Y%)WX1wek0NZKL??y;;ns2?#&U1SC1y&ao1p-WyQYXQ1&0d*AR2?%2CN%l(u|b^!{1*|r}rKK;a$$my@?bH*"
        "dUbBs1@qo`0aJx8tivA{{ywtNMbaUN$9Cl%u4nrT4$Xc|kMN$@k3_RBH)3#jcIxfqb@xmryoL@Y0;XFbYNN_"
        "n`3T_T$!Ar$0!ImtPZA3$mnrZe?iyd3awFMNS^Yr*fw@{%PqsAsnVey~3r4q-4n*yqCm{y+%KcRWS9Lg-7A2"
        "6R7L^>)hxmS#q3YAArmDN87Ny@+loZFhhLw@InO05!Nz5jVM}F_q70X0#QC_6{8<v4p(TvHq6g6&W`Pjy0rc"
        "Ycr4-btY9a$AA$pTks~;Xm3v4%JVkWmLk?paQkFcr;l#E{acjQUK=IJQmE*aZH(mgakz5OI#D2E?zVC(XLG4"
        "U<q&PX>+N>Y^B{=EOMD?rbY!dD5}P9ns9OC4T<K*Y+bQd8KRev+UUezMWs%_`CIvY&GnzDO(%{Zk9sx52A!s"
        "t3z+U015EP9^Sj*2L0j>*#92T(|iTik+!yH5xZyiZ8o8<7{Cp&-er+vDHQ#37JiX*;pfA8G(Xv>Y0@%Z$tST"
        "qEsx0S{Ty#@-iS#bfAJLkISbLO_yvyGxKMr{-H{{h;`XHE"
    ),
    "deferred": (
        "c-p0tO>Yx15Qdv%lain|fIt-SAyIK?S`p==6}^CjL=h+uN_z#Zy!NDCW!D?L-Xf5Y;6S00FQ~)+WxSh&9Kwk"
        "`jXj>%&v@VYTK&D_t>m9wpM-oIf$-x*K$N0gd!q&Dw;AY9$6)XRTi@^tZrRH|OZ}KBb^;pDZNm>3AAe+8q_n"
        "E}oN)>G9=GI*t>zL%>Cn|y{7~SaZ0o*;(=ZJag@Y0mrG^<myD<)xNfh{rj@t!CdzxzanVJ%kp3|x^AwqRRmw"
        "GaZ>B!9`)kS9YsSp~{v>+iidllj=VkXfK#iI@%?T&hAo74Jss7_f#phMdX`2JqM--k|re~<S&_yZxxzT**63"
        "nQP!Nu~_x3*ceQB8r|(qYJd<ZU^(DH99IXAiXOT@hmk&rF~9_XiE(3CEAWc1u3!7vw5#5UU;=tN{0qww3P`c"
        "lxu@>c7_3?x@1~6D9hd%-RAaXV_HZDD{_5Ml1+KdEw7);8*-y~0eO2#zw++9KY3q1u;pISf!rF(mMsM+cL=a"
        "Olkd)XDmjnbrTbni!|?tOqrZS5xBms<%^*DaZUzBl9G)l<8s{~8XVD@boVDBYELpyOs6m9>8E)>B+UzHnpFB"
        "qEZFW1GI2=Mib0C=#G%!hK=-1Xr)0urpiHU|07@7ltt=#J)(4<Vcx}QP>+~gVZy<`*ez^!GzcPYp8Qqc$~4u"
        "9QCP%4W9y6hMJwD*=2=eOsR>=d56)obTAa%J`K;Na*ue@|*6A3bewK*LI5GRZs1Qa4yG`kXj-wQMyPM%l=M_"
        "8+u!oUs"
    ),
    "instant": (
        "c-n1JO-lnY5Y?8dTTui-5Ja%2da$+?FQNwz3L@6elOQ3x8M~p|q-L{-f}n?rLN4O?f1PAeJh<fWX5P-cH<LW"
        "qzB-kO@VWVsOa>VUHq-*L9NpZh5n#>>Fb|ht@e|iy@Clo4mhqeox#E2=`0nZ~=E>lm8<A5q#S)&RfHz1)qLq"
        "+VYK3lPAeGe$m^Q=Ko$uNDWl5{LpJk=O4W@M$of!}^;TC?9O;;5Kpqt!9x76siyW1O`?#5Q<s<XY*ZqvDLV6"
        "O*px={X}F1pIv9=b}S%)cU!$$83^pb>Rpu}5CDpODZj8yUC-OU?zZyNLP7kO$%-mO}=K4a^kFQ$8Xe%YWx7H"
        "`WRi4HF%y+;Wu={&C;@z&E%0PfZXFEBA$mK02X*3SI5&;NapC$9RDddu7Xw#p4NABdAAVfFhTwAJ8K;rWP}C"
        "Au}uePN(}|xwXdkn(?$$x0>KJ!6OeTAF)D}_l~cm<Ldjl<eOJ|@SyQ{(x=8`BzVP?l*5yt!Xj>c16$PHg#"
    ),
    "attribute": (
        "c-n1JO>Yx15N$q7!bji)NQgsE&4DOkDfGeti6WuEQrdH6dF@Hp%B~%}b`eNOaG-$X3+nKH8SjRcL-w*`kKdb"
        "_H}7ljPtw_{zi?}%#IgX%N+Y4DFx-4+CD`{K?5AUJc!A?@_yu=ER~rWyx~0<eyUuvUO0M}SSo{@+EaPJNky}"
        "~Osm}x#Ip7KATcKC;H9Tn~>M$j7-VOt1;Y?M^Xq>kQQ#l?B+*>N`j0R?GIcb`jtW!hg^}1c+i(Gv!rP8NVvz"
        "wcep4{DlZZg|1q_j{~O(!P=z5}H%xHI;Vd^Qz}CyU1zMr-^;=`&tXqiGmrVt+455|}3Ydm@?Q4}{Er$0MW>7"
        "EJpxqxnKRoi!J{G+sL@C_$)_7Zkl*M;G*LHpLp-r>D{b6}U~2@Rg%BEfdr;h8D+gjjjt4yJ~dozKOzL$+%5v"
        "<)FmSS%JoUG;jNJ%sAo98aHp}PtU1Zb3Y_*EtQLchX?=b^dT;La+xI)3=S<wC8Fw=a`pdB+Imhl*hyzQn5K}"
        "C6>_d6ImmcN)AWflE<B~g%EAI1SwZ5s-uD755mRo!Dkwm>Izzk9`HIHAziIa|6<d0($p%`$)dqKe<InJL1Ew"
        "xoJ30bi#naoUE9u`mJUBQyu2(?4*RHb;=j2lg&8i;2SJ6{3`fQ?(<It;#F~8xn$zQxhMC<"
    ),
    "relation, filtered": (
        "c-n1K-)j>=5N^`snncp7C|3OO5D?l2Lt-q}2Oo-7kkqrL;9FVtZYSL%cYAT~u2P|(4@L|7A|3x<XYVd)l^h)"
        "G&dfLS&CIvo>VIC=R`SoRPXm7vf?!cBAWYD-KWG8^V+Q){2vWSn?eBPwTjmDi35&SmC!q1dw3x^J$rr9gLN|"
        "x`+?RmIC|689&rl#;3teS_z+u%inTFFK31WrA3Sp9zr+{X25~ws*z+xSB3mV<h)nb_{2~s|r%i%%<>V#_6WE"
        "@e*y(Q?vv$iLMh9oJN9258!L|MqwSU(jndj9zN_!*jw65kEfDG!OLYc@Q8cV{pdKyR?S;}3fH6TvfU8VE~7&"
        "e1gdEJ>+|MpNOo=f>-~VbQj14=Zw={tbECUhiDUyK=K&A|EWND<9c9*$*5McQ$4|HG{H~&Cr`+QrMehS6SrQ"
        "%2l^t7<d$CDkYErKZtlpr#I#4lEV5u%&`uIiVUd1n>Kq%cwWXd$QT9+l46Us13F(@qGc4M5TRL}f<o%9YMF7"
        "u#U*Z7mHRWQRoGjUS&1OE>oyOsZ|SoYS9jqh(XH-<;e1W<z%&mvh`_fJSnRI-FJV)8MX(O<pzDGsM`e^#4o7"
        "}6wT{~_yffq;=~r?kNa%5v(g+-4VpZyrW2#{cDd|_>b}rH}Xd>_*>rz{V*GkYdM)Sz4F*RABNW99YnLaT!Hi"
        "0uc+&WX-YSPK8Ci#dcHh~cQG_Om~LGmeu++X$_tc&K<d{-vF67|+^{AC_5!Q?IF&)Ndt+S_|OIg&*EaDRVvl"
        "&gY-oj*jK;*g#$9ph;}o-DCFl29G?HMZN`HuXF+%2wue{{moMt1b"
    ),
    "filtered (2)": (
        "c-nQ8{d?3z5XZ0ALLs0n;=3qPRB{OCwMV7CfL17o2ce{j@g>G&v)7GHHuud-vDH40{&1E4*UavwfIjC>*`3M"
        "Ed}d~6{%W&P!nRT#2U#BTw6yLQF)tp}yx7^`m4#O4Z%pl>ZF?tLtyU10K^DqzlNXpi@GK>YLbmlNEaDO~2i{"
        "R7VIdP7M|>Q$CwjLqOJ0vTdpK@;)5;==VGU-y<LX@S?W9a{i4%h<<FBm3isK~PN@SHw9^^&VHU7F<Wd*ft;#"
        "hcL4=>u<E{x+uZes4ho1vS?GmiO5K9t5<jpKrsrG-<3_L7g&ws(rGcvh!jl^2)et35WnGF-yT-W<srH{C>Th"
        "bhs&;%ITiR+jtyKJWEcmRY}tSO39lJgUcd-NhRwy<s5hETa0o>9y(Z^zqiABFyqyRyf0A&XO!lt((mkZ|i@_"
        ";X7lTb@8sL%P@#*j&qJTZ*HtEE6Sw^7$t@UZ%P#b=e=V_ohFi(c+bcC|Lw|M(pdO_GQU7gv2AbGSR@tC(9ta"
        "#afyq9npE%O!zeU9^Ty|;!Hl@LkIQ3pN&QhIRDXNqYSAW>X+fP7Ck1t8$rf`5VqT~s_kCQk#pH4>JAz90u`b"
        "<J7b~JE))GDuXN0N7QV*Yw@tKRy#W_cqY$IF~l;Cxta`}P)zO=<N{#6A-fL}$SxI|d1`?xX2O_Hn`<XdEMTO"
        "qffA%FcG@*N-F{2%f_Bj44?_gpxK$cwoD6nU|S^)Vi}a5b_xuV6Pc?6(y9yXRpaDhxvVUc<J<!+m&T{6LZ)B"
        "W@;-<uXnxH7Y;->s>=lZ}+LTwAKqACrnKWex_Kyk6)S*F)uFAbl0!pS3N2Vi@gPej>97}^dgioJ(j$#5IN@Q"
        "<!X+>CWg&MNlHVmM}5F|EW{L(`xu&-&GX-U%%d@ci7+bokXN)dVkDizH8A7_apO0~2uhxER*_(<)2sy%jyTe"
        "ZYeA_>>yD)TAQ_#I5rg!R+bjs8I!UWU27xs!@?9=Vwdh7ZFh=2`d_2jc#?$jsTDR2s9vv-I-Vs7sUt4oGK#k"
        "va@rbH+xV4H3zYkja7rN#n>@?-8OSPGHo7--#hUkxu{!z!npJKL-x=#RS@V+G"
    ),
}


class OrderQuerySet(QuerySet["Order"]):
    label = "late"

    def large(self):
        return self.filter(amount__gte=10)


class Line(Row):
    item = fields.SingleLineTextField()


class Customer(Model):
    code = fields.SingleLineTextField(unique=True)
    orders = fields.ReferenceTableField("Order", key="code", related="customer_code")


class Order(Model):
    objects = OrderQuerySet.as_manager()

    number = fields.SingleLineTextField()
    amount = fields.NumberField()
    due = fields.DateTimeField()
    customer_code = fields.LookupField(Customer, key="code")
    customer = fields.RelatedRecord("customer_code")
    lines = fields.SubtableField(Line)


@pytest.fixture
def load(monkeypatch):
    there = SimpleNamespace(OrderQuerySet=OrderQuerySet, Line=Line, Customer=Customer, Order=Order)
    monkeypatch.setitem(sys.modules, "pickled_models", there)
    with emulate(Customer, Order), assert_requests(0):
        yield lambda name: pickle.loads(zlib.decompress(base64.b85decode(PICKLES[name])))


def numbers(queryset):
    return [order.number for order in queryset]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("manager", ["N0", "N1", "N2", "N3"]),
        ("filtered (2)", ["N3", "N2", "N1"]),
        ("reversed slice", ["N2", "N1"]),
        ("nothing", []),
        ("or, raw", ["N1"]),
        ("relation, filtered", ["N1"]),
        ("attribute", ["N1"]),
    ],
)
def test_it_has_its_rows(load, name, rows):
    assert numbers(load(name)) == rows


def test_it_has_its_class_with_methods_and_attributes(load):
    queryset = load("attribute")

    assert type(queryset) is OrderQuerySet
    assert (queryset.label, queryset.note) == ("late", "mine")
    assert queryset.large().query == 'number = "N1" and amount >= "10" order by $id asc'


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("manager", lambda: Order.objects.all()),
        ("filtered (2)", lambda: Order.objects.large().order_by("-number")),
        ("reversed slice", lambda: Order.objects.large().order_by("number").reverse()[1:3]),
        ("nothing", lambda: Order.objects.none()),
        (
            "or, raw",
            lambda: Order.objects.filter(Q(number="N1") | Q(amount__isnull=True)).raw(
                'number != "x"'
            ),
        ),
        ("deferred", lambda: Order.objects.large().defer("number")),
    ],
)
def test_it_asks_for_the_same_as_one_of_today(load, name, same):
    assert load(name)._query == same()._query


def test_it_knows_the_time_zone_that_it_was_made_for(load):
    queryset = load("instant")

    assert list(queryset) == []
    with pytest.raises(FieldError, match="zone Asia/Tokyo, but the time zone of .* is UTC"):
        queryset.all().count()


def test_records_of_a_relation_still_refer_to_its_record(load):
    assert load("relation, filtered")[0].customer == Customer.from_record(
        {"$id": {"value": "1"}, "$revision": {"value": "1"}}
    )
