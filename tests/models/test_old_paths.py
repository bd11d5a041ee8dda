"""Pickles of an earlier version, in which every module of the models had another name."""

from __future__ import annotations

import base64
import importlib
import pickle
import pickletools
import subprocess
import sys
import zlib

import pytest
from support.models import paperwork, shop
from support.models.paperwork import names, text

from kintone_orm.connection import connections
from kintone_orm.models import FETCH_ONE, QuerySet
from kintone_orm.models.old_paths import OLD_PATHS
from kintone_orm.testing import assert_requests, emulate

# Of orders of `paperwork` and customers of `shop`, on a connection called "old".
PICKLES = {
    "a record with files and rows": (
        "c-noEKX24P5XIx;E&(J&P=ugBKtaJ3HnGp=_&^jXs15}w)W}+U*4fqBUTb$9k^%{ey9jAJmaoTWVf-f~#R(T"
        "Hjo$3c@4fZ+@$WyQo$fP_R8!YNYOf|Wm0yKiSu^=0flB+!PJh^wZ}zphlW?$0$J|RKJ?Dyxs;zbtrHQ82JYD"
        "fhi;5;fmR>1<7Rno>`$<#PJX;kMa9%rWmjLkU%>FcECQ591vgLNK>>UG0s#H(%r3DcMSo3hW;qmI66o__W_5"
        "*-;7R9qH2LdsGy|OfI*7npQb)HmBnW81*_<h~ERXEc;yS+Z=1yvr=nq;h`l|}={H^o1USN>ui9K|GZ13$~%("
        "9eB0ZI8o680J2%pNBCnBbW`T>w;%QV`y(grm1$7mXwrjg3q^Dzge!Vd2mWIA>p$YlAKWlU?aBQL$HG_Ik3mA"
        "?G3u7DM6#++9-Ru9*i@gMQ6NI`)X?LqEzsTs&4d-8Gpp$)*rBkI@h#BQx~@DPI*zZ-R#A6C=o>AQ80_#h|GO"
        "AggkQ>Bs_Ej5~d3XXE8+hcuxBNP?(G8Y_fEkjZIlJ0I-E|E-ib9`zFg#D^a8n12f)w%igc?&6gwgVR~gZwr%"
        "nL0`lP*X#"
    ),
    "a record that was edited": (
        "c-noE&ui2`6vvzGZmWV=5vd1J4<6h@Vw26L3F4s#Pb(|bvxG@z(it|H2{V&c3xXbYi!e9G|J9=}KWd9C<`8)"
        "KzIpHa`DVV2fBhcqbdPzcnz|NJdo`+wyby9_&E$i`MB1Nr`rR(S+E->bW!Nqpb2pXboGB)FTkWMvBTcM%vSM"
        "5dPEsK&uM(J)${VD6X~S!luS$YpUOQ_KVa)iM{b9ybRM2v`<#ey?pI|JBQoWN;tr1aTYaR?IJjTya3D%b8Ai"
        "y}DMe!^zFv2m$_R5m1S=&<!u8Wj6RR&1L@%y@?RWQ>$y}iC*B~c#I8s)SiTm!(#P4U;pOFx+h$1#fBz|RXe^"
        "b6n3+SgGMhJ_F7=V1)X5M+bux@0-h5ZY^zYocAHB|%l2;Il30H_MeZ_fJVKB>t#{L}vsH&=Ec8P0&YMa-fe}"
        "><v(p3<0RP2Bk0712`30bl{!ZS5tEbq>^!>y3spk{2q#1H((!hrbz`*m$vK9SXs8+^!art5st#+U>3O%n)_~"
        "ui`-36c;p5s%n}^VVjRKGbF%-3LS3*<Ckv<9*o;Pl0h$=+i=}U1-()fRSK8&|0)%Dzoq#(rut3DlXG`C%;Wj"
        "Kr^xgEzZfx7+{Q**TBbf"
    ),
    "a record with deferred values": (
        "c-n1HJ4*vW5cWunB#l~WWv$IZ49Hc2g*M^^(#x`UvuBpO+g<h%D?tktVY-a}*IN@vlPLy<?=j!Z`|$TRJNPd"
        "=_0d}60<*$O_i9{2csO?;9j)o=gNir0!~s`8j~R}+lPl$w(P<iSA4HIZ=Z(_AXvvN1SZ6@Co^7ECkJ_rLX(j"
        "Z2$!jD4lzyQf94<}QQ_l9NH^|W)fRo;Dl02s%rUk;|t%51N5^W!?z>{l$e0G!1su~330Q60=#7QkfwdBc_@M"
        "6!R9qtLo4{3Tz<Tc@7Ufk0sEhwhe-(GVayRv@_W>bn^RI)$A;(%%"
    ),
    "a record saved with new rows": (
        "c-n1IJ5R$f5T>++mIavLC$vk3R-iJ%gw(1??8r)c*T$-2N48TYBp3=p@`5=2FXtpk49((v{vP-6Yv<?g@Sys"
        "_xhsppSf3PWf%e(h4TbK51+?@{!#A40&>*yh1ezX(zOcBJP8v<qRyY#QryeO>Zlv}`qcAp4as#Mb(oiR&)P-"
        "Db6awePtfLe_>NS0aPG)kJT<mez%<(ONMd#{Ho?;_L0fp1Xkx0Ew6}L7IXCr{g_<Ay4t{{a80DTZHLf=@qmO"
        "53AYjZ)2_Pqrwrhm`JOgiuW4S$T<TZwhTnte3*qVk;<p{H==g(-a;tH_Kuj`$}o(h+NR^vIcFC3KlDc%h*+s"
        "&ONEipcz-VNKOBe^iZzp~sYx8Y45v4nk+f;D3|MOOH9%&{U}xQmLrUy3;n(7MI2XW$o%ofDvF^TtpUA5K_}T"
        "PL*9Xnb{<?a<*5u$eE_;VA{@Zh99)6mXQ1cJvZni"
    ),
    "a record that was deleted": (
        "c-n1HJx{|h5Cxi~gaw#jVlGRDRzh7FkdRsxiI1_0lKR?Mb?nG?%7g?1uy{cn|Cfssq$1UW{hprh-n)AZexid"
        "tf8435t4e8`R9OZ3S?M*p@J=((_>GruID5f?>!qCG%*CmO4L4j#B2j8=W&z##noFxBq)L}bsTc^8bkb2;%Ze"
        "}70vL5`It7I)NjTe4(<=RI#xxkyy3ZSPB^bKnt|H-blL;T^WXRZfbTu9=mMmjq#_$s%cd^oZ#bqXpcZ_6R<}"
        "}TJ&m{-JOp<4YJi{kxz>*`O*~85vzT-W*$Zy18aY3+9R(Ti-E}=m+%>qrbowIl)zNKf%jWt`l?1QwLLle#gE"
        "2_i6r1ypO2j;c+jnifNmwA8K@-E7}V{IB@hs4@Ib1e2;FeSY0MKZTgQX|=Z&bbi&b2#ZWmRWNpzeOz2`T"
    ),
    "records": (
        "c-oCr-*3|}5MI|GTU)UWA$|;|J)k`-NGWTZWvxI$12zc-2HT!d<iyS#HHm}cYzzqr9=b8fF9`Gha!%WILKUJ"
        "9jZf#h`@XyT{H^l)Np-IH$wz}Q5iB7t<8doym_%9YQ%?AKMud`!hx&L7$6w0$uD+^G*>q9n#wbB2gsUsra6R"
        "M?&Jf2LST)y2J|*fST)ds-Y09{0r6?u*jPZez)%P4jSdr{NXDhoQR!&LQT~1EJEM$qcYHlWwAWA-%fo|+-xO"
        "tL>{vaY4^66YPgmIXh0E`M{F<iMnBYNan*u|KWEE^%wXv-|ZN-mEhT48dEB7k-vS2`H?x^}PY2N>ZV#_CcLF"
        "CVHS1*iiz$zu;F$x?e{7i=@gDc5e655kCKEhGf=CngE>wy`@ku3>Dn``ewJ9<t3&+Yd~u9kfkP|84axD`-Rc"
        "ZL0^x5cCG6X%zZMK+~QwUl3ttf)f<$4zACjJ}sUpdFzPyjN@a$I7|`%&?a3SfuL(M`ast;?F(Q{JOo79geWz"
        "JW8#zvRuC_|Bg>GB;EKY8WJT(_th@!|#s(~aKNKVeQlC|E+Y6&e-=>?Brr6lFb~;_#w9$6kv~b{?ePnH!9b|"
        "cZY;}9shT)aGe>a8N0G%#5rTjv9^u-teeJM-lioS+=OU}G@5kSGlm?7#F-5<itoq2j-T&fFIL^mhVOHP?C!>"
        "tv1N1J!A=)M2wW3fK;u`G2I-GItF2JOS=nL(e!=O(md0<EI!B6{dlXaG2dY6P|6`Yger=KI&i6)J9Bdtv6~-"
        "6)!@nt?o!GDQg{*k!qZO|L<iR;PS8D@~lj27`04kg!9}r%PKKYv77_unSE$<s={i-T@5r*UAnE=R}LC?q(z+"
        "Fc$3rl~dRuC0A#uT)O~s{Y?UbPkb`f>gG@NW9EVvMO|&^z<q7K0|NqO^~2uY(Xkp9`#XAHxKPfVtiq9{1^Yb"
        "HuZKQ;VS4t4tQLtu8oAf{1L}AHKL"
    ),
    "records in part": (
        "c-n1KO-~y!5G9ZV0_xYPrA3^2AeFLwBu&GS1C^?@w1qRWyz2>GWp}-`y-+GuY7c=T`BHWIe>>g;f~wuqj-LJ"
        "e=FOWQ^}mDqLixED<2bV_1EzEuq)I?yf-eQ=O9K|&%4h$3Lcf2o{S&|AmRn=ou#{)~3^d-jRTlDSe8IIaR5e"
        "+|BMEql?ujY#TxlERJO_QD^cY>^qZV|l<T~<XODq;RthpA`a2}gjWxi@MW4Q%%&nm>tpjB36c^r)s5X9%Xnp"
        "}uDJ0lf!sZu)fwBq&@Sw0X#gE3Pjr(TFk1iDAF8$q0%^Ms@wxyO4#47&Y6HyQ~p214L9LRd`j7)kYrWkniNO"
        "Rly%t#hfYGTwj|Q@2&ytq_#N8F*w%wp{%^759u-COo!~646&IPls`mlsp^v+Ze?On1EYLHm8u$h*l5g#a%lu"
        "`=Z}_v)Ao+`uz27rzb{HXP@_WI(xhq?u%Y`Ao|pAEhLY5o+oj{Et$WqA`7--tOlO?No-bFIDg!rdvFYq(&EG"
        "_O@SZ*a!syJMaYc`Kjo&k?~2@mkjsa|T5*M;d^NK{c3kZe<@PBOwCEuqFVxJrVNC|IH=zLx7v*958n4hF;gp"
        "3)Wg_++{AX90<lqh^!Al28a_du@hZJYYGXa9B!qT{#bj?T9J+GokbF!bnl`_XexSTuQoCV<q!U+;<u3-e0c0"
        "theeY{7YHTXoen1KYyXpd0TCG7{g^{S|Qh%~p}Wt93Xf_Y%+!E&z*{>ERGV=7-~zVHlhef5C~VsMR5hlj@}I"
        "4P$v-8OA;xZoP}tMcgz7RE1=cjTM$?zdf|WTpuhVek(lEULl"
    ),
    "dicts": (
        "c-n1{%}N6?6op%Chgw%I{ds`tW<cM-b)h1HyAm>!YiH<867xf;P|$^o!rgg&8z0U)5q}oV>Kx9^`EK$u`uH3"
        "U(!q;$ql3{PjO&WdC}@506v1sh1j5N(FYj5t)9jUYl;eqzUUX8+6*$`CRFtw>Z=_S6T_!47)j&(icZ8XaUCC"
        "28yduA&dWyqq^1yd0qg4|cqX{qnFObN^Z|Vt;Zrb)6zNDEf8DC4SKnW8AEf{E=>JjIMYC7AreK@)8hvu;TY0"
        "B&A9?Cc3I_uyO0xzv-hR33J&aqjr@z6pQQj!T@OACZ&2R<xCylnO$+sNXN!ibS-sz6Zo6+yZ{^8t=o8k_cyz"
        "R|0sp1IXCYMfdLPkpr3xKLPbcN^o@gyZxQ2E?-X0t1?~ga"
    ),
    "single values": (
        "c-n1{O-chn5QPmUL)4W!{|=CB2J{B50}&D2g{Eh^k{Qy|-S!V5f}jf*LhURs;t8#3iMU9w-s2VTtLoR`*Z1H"
        "cKfGMGCRzi+`mXG(0v*by1b!PJ5{~bC`M~m%rf>8@6Fd<zh)x>00#6@!EGk*AH`1%Xt`N1X8=wUb4z39YHv~"
        "LVTcg_8T0?mCpO-=9Um6GxZ?*nqEodq$rZv(iP{O82bMCiZF&8iP)pV}aeK@}Bhi0(dHBGQEsjK>hp?W87bs"
        "m-wc~wPIJQBV0p3R(101b7_Ng+Zb9T1-H`KBE4&c&nDiNy}qoH1g!)G`uOeMOW$((C|7EUn9Dq|lmGR?plT7"
        "&XeRgr^}nXMHRkxBHFtYr;`Jhykf8e*oH?u%7"
    ),
    "named tuples": (
        "c-n1{&q@O^5XM_{m)6>YNB=xPds)yo@LZ^<;H`x0X6!Dzo5cK~R1ox_P{_^ctNA?6MlBwiL-;;s=9h2sdbs`"
        "S_u>iXbtRpWz?5mTRtacq_T<5=EjSE=+fLq-{KV-SzThN`7`LqDk}tvFCLFPx7xju8VacVe;6(|zpvKcZWLt"
        "6#7HP^$T@`f$g2*A2zRd~uj-h`^_Xpl#IV#7YfA#BtMhYcG<timHT>NLpxY@2s_=D@F`ANLMDbFc$$)y0nly"
        "^9%l*$NtE}ZSdw7P1#;^3xhn!);yG%1fakW<DH(*_>F(WU~YVaPgX44F9@3k?)5R#Fxh#&Q_a2i|yEea9MyM"
        "Dmu}An*DdHx6gLkdRb5hV-_Q%c!0yqa|JvzY)WU^;#?AGEH=|Ql`d`#JI%wdG-xNu)l="
    ),
    "rows out of a queryset": (
        "c-m`VnHs|Y0kKmwdL*+m^GfpbQseWBa`kfaQ&Mw^^@=kR3sQ@x^l-(O<`rZnXXm7*Oqo2Thb^x(Hz~DfN)J;"
        "(_LR0MJ&cA^ycyeote`0w%o%Jwj7C$unIZgCJpe?WCFK"
    ),
    "records with related ones": (
        "c-pO0T~8B16s0X)T2N_X{6GmI8V$UxG=2nPd_aQ6R0_7wIL_`&xtnfx*O^@mMiYGiB$*e(@PECtyFiQkWNot"
        "P+`adnbLZ^L`7wF+$(l%i>VDq~;xOPO6a#w@GVV+JbHc@e<gr$@4`$iL<*8o&slV$bHAAQ*0~*jhF7%0-CJu"
        "G`U#MUbBa67y1+I6o@S04bC={_RA&j)DZVQGTDNfq}RfxxQtEB2g@O@8uVPGPQ$e6}ltGfk*<*8|s1d-?Vea"
        ";ZiU|EzgFWAEgCLtVP$(@4kEHkyvnBY=olbAs(q0h9M%{y!_*rz^@)>e(DtIyV&z2~gA+I+FvTU*n|nmcMra"
        "3AMj$gFB^B4flAT9w@u4Rux9IDd1oRk+bA!7M%vxM{*$CvY3)GIp3RV1@-l1dB*u3BG5fQDu?BTb(Q(7d$!C"
        "9TbD~h>PlE@M#!Oqf)hvUk-F~q@5!z|0;GziYpt77~jA+8#b$gCnMc;Q=SYQ6s9$iHVYc`wJNP^)iB7pY<cs"
        ";(U-$S*D(>%gY!}~k&X#7mx7f4QEhmDTWe}~^dF#XloX+w<3Xj`!OINmm8y2b<jQA(jcn#kqYnPRh2BW|J#u"
        "cT(rXRdunRkRRR_9PMXQV>8lKI^LzHFMf;JK!XM`(-gp*@_rH?~|6(szIglAWG$k8p_FkoJs-lF+oUr2q<zQ"
        "{^EVC%krZVb!RL9+uIFwO|dj)q`in=vtUuLx!kdA>>3Qm1S2gG-CC@{@nUokNYNk>EWZqf;`yoEl({3&D-&)"
        "QRLica6QM#>Mf^FP6q;G)SNk9{af>gET4JNBv!ZUKzOj(&m<a>tAZ2peG%Kn7}l?G0~Q}SEuL#JDZ!Gt~MH@"
        "@1@o(Vsm|~xI|MoiX_q)uUUOXV2S&wrob9z636}niV|?6"
    ),
    "customers with chosen orders": (
        "c-pm8-%ry}6dr?h3=l|+KTtx*NC<nGTLc7sA_NmNoCt|;q-lHacA9l<?QJngi2A^E@g~M_{43N4U;XvBd2YK"
        "gBz?lTq}e$=_k8EO=k$E9M?SsMGVxE|ZrN_=xm@>xcDd~_?uhd9hzEy)hbTv%Dszv_Q!Kr~V_cHsx*_zo;Tl"
        "aIU{{XmreU>S7y%RHX}V=tz;T}rPKe0&y&x<L@O*;Wj6~?QDJh1kE39GNW>_1N1wG&gwy-@{d73UlBjhM=rf"
        "}<p#`MVbZL8&QMtBNKGZ?eoCXpBcDuePyN_G;-Z!i{cArdBv>#*lAlvBNovh5xi4pFPi>AP#o>(#~zYphjQ*"
        "Ba~V_!hY-^8t5=2a79@m|Re=vQ|Z5K|$u81nm4hVX`&^Q}j&3Rpnmm!gZKQO2ceQS(sB*VE&leX7$?^7l4Tl"
        "is%G)k($=f-KcF+sFsm=@&dzcp&Z&kIZa+aQMc&s2$jEIx`yh+@aB94<rNC}#$o@c%wW_(6BY;bhc8JV?p$C"
        "E%e5@5z$)B>Em%wH!+m(53i1w7iGn6~Lz)?NP#`R*8jJtl$220D9+77kiTv-Ivy_`h$xzi8lX)$~_W3bQsuA"
        "-hZAouV*`Sh4YJ9*qdr7`aP$a@tI@v+kh9mW#aDp}*fvY%F5qv6Ijf-;HLCbTQ9jdjJv*))h7Lf8;RL~7J9H"
        "+l-CBq~Y0mEgS>0T7lnrX?vQQk^}Y5TULf}`<X)%f9HaYy1#bh&wggy{#o!9x-tTIMui>&FRdr*EDKo91|4D"
        "<Y-RdLN%0JrhF6CWj!`1+5GDeS{O}$O54-+fs@&V3cfO)~2T9mWmt264vX~<M(xt@S%4|>n(0f9IzBCV1ow)"
        "N8Kpsf;-$&`chJA2!>D7o=H<f6(XjEM=lAYYw>}mEq%myaxNt&zP7F$mH1G3k5v;-iSN$V*6tpvsguaXIvj*"
        "bU2<fSh^s+GLaD5>UJ|e%hPfCRVKE|M3_aZl!vLWenXpaY(&svSDZy9x2H$Dpe$?S-9e$PIH;hMS`45rVfwl"
    ),
    "orders of a customer": (
        "c-oy)-D?v;5O11~CXH<a;zzNRQlYdjA*CvbTC|i38jQ7lmSuCh$s9@c&fU98g@Qg<E$oYQ{C}O@OZp*sG7#9"
        "gnfc9cW`6Un@JAG8{Lelbger-YWRV`#N0E?2Q~#VweQIQaw*1jOkLh`dTi@{vH*J-1!$w^3zSMYO=UJBrgD+"
        "eQLsp3eJOGKGDDaL+<2ceu-9QwhEq>5~GCWSl0p(dJu${9NrsYX!!bmx*#7x2yiT2?XVq@1lOH~{OgP|0J=d"
        "em#h*0&3K>?x>g*=#&oq6W=gwWEMjEN(fkA?#6(m10YsuMmWY8_kKX+CLf_nwMgbNgAd*J|NUlwCWg<&by?s"
        "%*<aY7)ZLXlH{4LdBN%Ctt2wg~fIbmgrxDyUx6K0rz1!s}3tuD#NNPl>WdY;>&t0pa!x6-c;N*lHXq=dy#A{"
        "`!u~tlx|>pj@@%K89>Elq@yk|YR~w5&D8*HZVzqEfsgrS`SAGm$D6el$Px3?NvNIig`j%fX8u3ggtaq-^=y0"
        "_6V}jb&%$$f0WaYl>}K`h6})x@B?%yiln4{28M|_G)n2;wE3cvU5499w;DmFv@rBzx+uSbN!g|nH$4-Y9TxG"
        "zOkb*^NLNX{3vXgFy9I=)?nUKT<Zh7VQq$d1-Sd0aid7Un8`DhY(eE<~}DpIrxXzClbzy|UZp<#>TnU{Q3<7"
        "Z5<Mh<0=__}l>z+(zoo^~V7<@$a*2ESJN=5PFESEuComY6eK;u~kZcZ0d4vpqaGI66kR6Pk>_PMtU*73oQL?"
        "Z%TD*CVaC#J&=;A&Nzhj8ILx^}k`(w($"
    ),
    "an app": (
        "c-m`VnX1Of00uqM*_nAI`FW}F`9-;Ux%nxnImLRJDXDoSnI)A|de|Kc3Ow`D@~2FmqS-hlc8Z2Ka}UFm9#;R"
        "Nl+>ar8LWPOJsc^CC8;Huxv5i-n3JbCbFshTmJ<*c0$MU9gT03XBwhuy2q*{Sa)P)(%SsY~d~XI2Y@ZS|r4@"
        "+VfVf8z*;#3ssW~addN4<^gcbuWhq<VS*D)nGGcU8aq$sf@zi0|NKQ$?X6V)+7AR98oiPfH(qz3@ATyR?"
    ),
    "an explanation": (
        "c-l=+u};G<6r`f61Qjb1OixvZMyk?w-~$*c1_Y`QE2>_Sm)0b<i=R``4F)E>Vg8g4z%D_mC*Qk!=R3c3zdt)"
        "i`{OPvp{!Q4)JCRK7gTdfubUc$@~%IRH-%Pc<-dIL?w|a~o!`tKVNy-Dvx%Wxn}XA44gxnas45T&MuY1?0)Z"
        "g|*$#%H0OTBMA%%sj=`@%ehoN^TLql7^(cbk`BQrAIb)$`UXL-X`OESwm#5%+ZWx%H!-2Ic*yNkmjFAbSp8n"
        "dhD*jwOAs8y)o`b<={q5Ow`@NQw()MgdjGGky3g!vjaxFTSS#xh`OgDA>tWD9@gL6`eccp5S)wF%LZ*%(k2F"
        "asHIySKM1o4Sra&@Qu2?tVJANB5MazjgGJxB"
    ),
}


def old(what):
    return pickle.loads(zlib.decompress(base64.b85decode("".join(PICKLES[what]))))


@pytest.fixture(autouse=True)
def old_names(monkeypatch):
    """The modules of the models had other names when the pickles were made."""
    monkeypatch.setitem(sys.modules, "support.paperwork", paperwork)
    monkeypatch.setitem(sys.modules, "support.shop", shop)


@pytest.fixture
def orders(monkeypatch):
    with emulate(paperwork.Order) as connection:
        under_old(connection)
        place = old("a record with files and rows")._state.home.place
        monkeypatch.setattr(type(connection), "place", place)
        lines = [paperwork.Line(item="x", bills=[text("b")]), paperwork.Line(item="y")]
        paperwork.Order.objects.create(number="1", papers=[text("a")], lines=lines)
        paperwork.Order.objects.create(number="2", lines=[paperwork.Line(item="n")])
        yield connection


@pytest.fixture
def customers():
    with emulate(shop.Region, shop.Customer, shop.Order) as connection:
        under_old(connection)
        shop.shop(customers=2, orders=4)
        yield connection


def under_old(connection):
    del connections._by_alias[connection.alias]
    connection.alias = "old"
    connections.add(connection)


@pytest.mark.parametrize("what", PICKLES)
def test_a_pickle_loads(what):
    assert old(what) is not None


@pytest.mark.parametrize("path", OLD_PATHS)
def test_a_module_is_found_by_its_old_name(path):
    assert importlib.import_module(path) is OLD_PATHS[path]


@pytest.mark.parametrize("old", ["workflow.WorkflowOfMany", "permissions.PermittedOfMany"])
def test_a_part_of_the_queryset_that_had_a_class_is_the_queryset(old):
    module, _, name = old.partition(".")
    with pytest.warns(DeprecationWarning, match="Use kintone_orm.models.queryset.QuerySet"):
        found = getattr(importlib.import_module(f"kintone_orm.models.{module}"), name)
    assert found is QuerySet


def test_an_old_name_is_the_first_thing_that_a_program_asks_for():
    program = "from kintone_orm.models.comments import Comment"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_record_has_its_rows_and_files():
    order = old("a record with files and rows")
    assert (order.pk, order.number, names(order.papers)) == (1, "1", ["a"])
    assert [(line.id, line.item, names(line.bills)) for line in order.lines] == [
        (1, "x", ["b"]),
        (2, "y", []),
    ]


def test_a_record_that_was_edited_still_has_its_changes():
    order = old("a record that was edited")
    before, after = order.changed_fields()["lines"]
    assert [line.item for line in before] == ["x", "y"]
    assert [line.item for line in after] == ["z", "y", "new"]


def test_a_record_fetches_what_is_deferred(orders):
    order = old("a record with deferred values")
    with assert_requests(1):
        assert [line.item for line in order.lines] == ["x", "y"]


def test_a_record_keeps_its_fetch_mode():
    assert old("a record with deferred values")._state.fetch_mode is FETCH_ONE


def test_a_record_that_was_saved_learns_the_ids_of_its_rows(orders):
    order = old("a record saved with new rows")
    order.lines[0].item = "changed"
    assert [line.item for line in order.lines] == ["changed", "m"]
    assert order.changed_fields().keys() == {"lines"}


def test_a_record_that_was_deleted_is_new():
    order = old("a record that was deleted")
    assert (order.pk, order._state.adding) == (None, True)
    assert [line.item for line in order.lines] == ["n"]


def test_a_queryset_has_its_rows():
    with assert_requests(0):
        assert [order.number for order in old("records")] == ["1", "2"]
        assert list(old("dicts")) == [{"number": "1"}, {"number": "2"}]
        assert list(old("single values")) == ["1", "2"]
        assert [row.number for row in old("named tuples")] == ["1", "2"]


def test_a_queryset_can_be_read_again(orders):
    assert [order.number for order in old("records").filter(number="2")] == ["2"]
    assert old("records in part").all()[0].get_deferred_fields() == {"papers"}
    assert list(old("single values").all()) == ["1", "2"]


def test_rows_are_named_tuples():
    assert [(row.number, row.pk) for row in old("rows out of a queryset")] == [("1", 1), ("2", 3)]


def test_records_have_their_related_ones():
    with assert_requests(0):
        found = old("records with related ones")
        assert [order.customer.region.name for order in found[:2]] == ["North", "South"]


def test_records_have_what_was_chosen_for_them():
    with assert_requests(0):
        first, second = old("customers with chosen orders")
        assert [[order.number for order in each.best] for each in (first, second)] == [[0, 2], []]


def test_a_relation_leads_to_its_record(customers):
    orders = old("orders of a customer")
    assert [order.number for order in orders] == [0, 2]
    assert orders.create(number=7).customer_code == "c0"


def test_what_kintone_tells_of_an_app():
    assert old("an app").name == "Order"


def test_an_explanation():
    assert "rank" in str(old("an explanation"))


# -- pickles that are made now --------------------------------------------------------------------

STAY = {"kintone_orm.models", "kintone_orm.models.pickles", "kintone_orm.models.queryset"}


def modules_of(pickled):
    """The modules of the models that the pickle names."""
    texts = {text for _, text, _ in pickletools.genops(pickled) if isinstance(text, str)}
    return {text for text in texts if text.startswith("kintone_orm.models")}


@pytest.mark.parametrize("what", PICKLES)
def test_a_pickle_of_today_names_modules_that_stay(what, orders):
    modules = modules_of(pickle.dumps(old(what), protocol=4))
    assert modules
    assert modules <= STAY
