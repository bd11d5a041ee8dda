"""Random apps with every type of field and every setting, as domain files for the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from support.moved_apps import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

__all__ = ["domains"]

# kintone's own codes, codes that are one name after NFKC, keywords, public names of Model, names
# that a module imports, letters that no old table of Unicode has, and very long ones.
ODD_CODES = (
    ("文字列__1行_", "文字列__1行__0", "数値_0", "ﾃｽﾄ", "テスト", "ﾀﾞ", "ダ", "Ａ", "A", "a", "ａ")
    + (
        "ﬁ",
        "①",
        "名・前",
        "･",
        "_",
        "__",
        "＿x",
        "￥",
        "a_",
        "a__b",
        "dueDate",
        "URL一覧",
        "eメール",
    )
    + ("class", "None", "match", "type", "_type", "self", "Meta", "l", "defaults", "print", "str")
    + ("objects", "save", "pk", "id", "revision", "status", "assignees", "comments", "delete")
    + ("fields", "Model", "Row", "dt", "enum", "Decimal", "Today", "QuerySet", "models", "mro")
    + ("顧客コード", "顧客", "顧客番号", "顧客_record", "customer_id", "customer", "A_field", "A_2")
    + ("eメール", "Straße", "ǆ", "é", "가", "x" * 128, "長" * 128, "い" * 127 + "ろ", "Ʂ")
)
ODD_TEXTS = (
    ("ラベル", 'He said "yes"', "it's", "both ' and \"", "a\nb", "a\r\nb", '"""', "'''", "\\")
    + ("# noqa", "{x}", "%s", "\u200bz", "a\u2028b", "tab\there", "　全角　", "😀", "長い名前" * 32)
    + ("long words " * 11, "\u202e", "\x7f", "\\n")
)
ODD_OPTIONS = (
    (
        "A",
        "B",
        "a",
        "はい",
        "いいえ",
        "はい・いいえ",
        "はい/いいえ",
        "a b",
        '"',
        "'",
        "\\",
        "1",
        "-",
    )
    + ("-", "name", "value", "mro", "None", "class", "_x_", "__a__", "ﾃｽﾄ", "テスト", "😀", "{x}")
    + ("長い選択肢" * 20,)
)
UNITS = ("円", "%", "¥", "kg", '"', "\\")

texts = st.sampled_from(ODD_TEXTS)
booleans = st.booleans()
codes = st.sampled_from(ODD_CODES) | st.text(
    st.sampled_from("abcXYZ019_ー・コードﾃﾞあ漢字"), min_size=1, max_size=12
).filter(lambda code: not code[0].isdigit())


def _visual(draw: Draw) -> dict[str, Any]:
    return {"noLabel": True} if draw(booleans) else {}


def _text(draw: Draw) -> dict[str, Any]:
    least, most = sorted((draw(st.integers(0, 30)), draw(st.integers(0, 30))))
    settings: dict[str, Any] = {"required": draw(booleans)}
    if draw(booleans):
        settings |= {"minLength": str(least), "maxLength": str(max(most, 1))}
    if draw(booleans):
        settings["defaultValue"] = "既定値'\"\\"[: max(most, 1)].ljust(least, "x")
    return settings


def _single_line(draw: Draw) -> dict[str, Any]:
    if draw(st.integers(0, 5)) == 0:
        return {"expression": '"a" & "b"', "hideExpression": draw(booleans)}
    return {"unique": draw(booleans), **_text(draw)}


def _link(draw: Draw) -> dict[str, Any]:
    protocol = draw(st.sampled_from(["WEB", "CALL", "MAIL"]))
    return {"unique": draw(booleans), "protocol": protocol, "required": draw(booleans)}


def _long_text(draw: Draw) -> dict[str, Any]:
    default = draw(st.sampled_from(["", "一行\n二行", '<b>"x"</b>', "\\'"]))
    return {"required": draw(booleans), "defaultValue": default}


def _number(draw: Draw) -> dict[str, Any]:
    least, default, most = sorted(draw(st.integers(-(10**6), 10**12)) for _ in range(3))
    settings: dict[str, Any] = {"required": draw(booleans), "unique": draw(booleans)}
    settings |= {"digit": draw(booleans), "displayScale": draw(st.sampled_from(["", "2"]))}
    chosen = {"minValue": f"{least}.5", "maxValue": f"{most}.25", "defaultValue": f"{default}"}
    if least < default < most:
        settings |= {name: value for name, value in chosen.items() if draw(booleans)}
    return settings | _unit(draw)


def _unit(draw: Draw) -> dict[str, Any]:
    position = draw(st.sampled_from(["BEFORE", "AFTER"]))
    return {"unit": draw(st.sampled_from(["", *UNITS])), "unitPosition": position}


def _calc(draw: Draw) -> dict[str, Any]:
    formats = ("NUMBER", "NUMBER_DIGIT", "DATE", "TIME", "DATETIME", "HOUR_MINUTE")
    format_ = draw(st.sampled_from([*formats, "DAY_HOUR_MINUTE"]))
    return {"expression": draw(st.sampled_from(["1+1", "2 * 3"])), "format": format_, **_unit(draw)}


def _options(draw: Draw) -> list[str]:
    return draw(st.lists(st.sampled_from(ODD_OPTIONS), min_size=1, max_size=5, unique=True))


def _choice(draw: Draw) -> dict[str, Any]:
    names = _options(draw)
    options = {name: {"label": name, "index": str(index)} for index, name in enumerate(names)}
    settings = {"options": options, "required": draw(booleans)}
    return settings | ({"defaultValue": draw(st.sampled_from(names))} if draw(booleans) else {})


def _choices(draw: Draw) -> dict[str, Any]:
    settings = _choice(draw)
    names = [*settings["options"]]
    settings["defaultValue"] = draw(st.lists(st.sampled_from(names), unique=True))
    return settings


def _moment(*constants: str) -> Callable[[Draw], dict[str, Any]]:
    def settings(draw: Draw) -> dict[str, Any]:
        default = draw(st.sampled_from([None, "now", *constants]))
        chosen: dict[str, Any] = {"required": draw(booleans)}
        if default is not None:
            is_now = default == "now"
            chosen |= {"defaultNowValue": True} if is_now else {"defaultValue": default}
        return chosen

    return settings


def _people(kind: str, code: str, function: str | None) -> Callable[[Draw], dict[str, Any]]:
    defaults: list[list[dict[str, str]]] = [[], [{"type": kind, "code": code}]]
    if function:
        defaults.append([{"type": "FUNCTION", "code": function}])

    def settings(draw: Draw) -> dict[str, Any]:
        entities = [{"type": kind, "code": code}] if draw(booleans) else []
        chosen = {"required": draw(booleans), "defaultValue": draw(st.sampled_from(defaults))}
        return chosen | {"entities": entities}

    return settings


TYPES: dict[str, Callable[[Draw], dict[str, Any]]] = {
    "SINGLE_LINE_TEXT": _single_line,
    "MULTI_LINE_TEXT": _long_text,
    "RICH_TEXT": _long_text,
    "LINK": _link,
    "NUMBER": _number,
    "CALC": _calc,
    "CHECK_BOX": _choices,
    "MULTI_SELECT": _choices,
    "RADIO_BUTTON": _choice,
    "DROP_DOWN": _choice,
    "DATE": _moment("2024-02-29"),
    "TIME": _moment("00:00", "23:59"),
    "DATETIME": _moment("2026-01-02T03:04:00Z"),
    "FILE": lambda draw: {"required": draw(booleans), "thumbnailSize": "150"},
    "USER_SELECT": _people("USER", "sato", "LOGINUSER()"),
    "ORGANIZATION_SELECT": _people("ORGANIZATION", "sales", "PRIMARY_ORGANIZATION()"),
    "GROUP_SELECT": _people("GROUP", "managers", None),
}
BUILT_IN = ("RECORD_NUMBER", "CREATOR", "CREATED_TIME", "MODIFIER", "UPDATED_TIME")


class _Form:
    """A form under construction: its fields, and the codes that it has taken."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.fields: dict[str, dict[str, Any]] = {}
        self.tables: list[dict[str, dict[str, Any]]] = []
        self._codes = {"レコード番号", "作成者", "作成日時", "更新者", "更新日時"}
        self._codes |= {"ステータス", "作業者", "カテゴリー"}
        self.record_number = "レコード番号"

    def code(self) -> str:
        code: str = self.draw(codes.filter(lambda code: code not in self._codes))
        self._codes.add(code)
        return code

    def add(self, beside: dict[str, dict[str, Any]], kind: str) -> None:
        settings = TYPES[kind](self.draw)
        if beside is not self.fields:
            settings.pop("unique", None)
            settings.pop("entities", None)
        label = {"label": self.draw(texts)} if self.draw(booleans) else {}
        beside[self.code()] = {"type": kind, **label, **_visual(self.draw), **settings}

    def add_table(self) -> None:
        columns: dict[str, dict[str, Any]] = {}
        for kind in self.draw(st.lists(st.sampled_from([*TYPES]), min_size=1, max_size=5)):
            self.add(columns, kind)
        self.tables.append(columns)
        self.fields[self.code()] = {"type": "SUBTABLE", "fields": columns}

    def add_built_in(self) -> None:
        """Keep all built-in fields, or the record number and some others under other codes."""
        if not self.draw(booleans):
            return
        kept = self.draw(st.lists(st.sampled_from(BUILT_IN[1:]), unique=True))
        built_in = {kind: self.code() for kind in (BUILT_IN[0], *kept)}
        self.fields |= {
            code: {"type": kind, "label": self.draw(texts)} for kind, code in built_in.items()
        }
        self.record_number = built_in["RECORD_NUMBER"]


def _keys(form: _Form) -> dict[str, str]:
    """The codes of fields that a lookup can take as its key, with the type of the lookup."""
    keys = {
        code: field["type"]
        for code, field in form.fields.items()
        if field.get("unique") and field["type"] in ("SINGLE_LINE_TEXT", "NUMBER", "LINK")
    }
    return keys | {form.record_number: "NUMBER"}


def _plain_codes(fields: dict[str, dict[str, Any]], *kinds: str) -> list[str]:
    return [
        code
        for code, field in fields.items()
        if field["type"] in (kinds or TYPES) and not {"lookup", "expression"} & field.keys()
    ]


def _add_lookup(
    draw: Draw, own: _Form, beside: dict[str, dict[str, Any]], name: str, other: _Form
) -> None:
    keys = _keys(other)
    key = draw(st.sampled_from([*keys]))
    filled = {
        pair["field"]
        for field in beside.values()
        for pair in (field.get("lookup") or {}).get("fieldMappings", ())
    }
    pairs = []
    for kind in ("SINGLE_LINE_TEXT", "NUMBER", "DATE"):
        sources = _plain_codes(other.fields, kind)
        targets = [
            code
            for code in _plain_codes(beside, kind)
            if code not in filled and not beside[code].get("unique")
        ]
        if sources and targets and draw(booleans):
            source, target = draw(st.sampled_from(sources)), draw(st.sampled_from(targets))
            pairs.append({"field": target, "relatedField": source})
            for setting in ("defaultValue", "defaultNowValue"):  # a model cannot say both
                beside[target].pop(setting, None)
    beside[own.code()] = {
        "type": keys[key],
        "required": draw(booleans),
        "lookup": {"relatedKeyField": key, "fieldMappings": pairs, **_list(draw, name, other)}
        | {"lookupPickerFields": _shown(draw, other)},
    }


def _add_reference(draw: Draw, own: _Form, name: str, other: _Form) -> None:
    for kind in ("SINGLE_LINE_TEXT", "NUMBER"):
        ours, theirs = _plain_codes(own.fields, kind), _plain_codes(other.fields, kind)
        if not ours or not theirs:
            continue
        condition = {"field": draw(st.sampled_from(ours)), "relatedField": ""}
        condition["relatedField"] = draw(st.sampled_from(theirs))
        table = {"condition": condition, "size": draw(st.sampled_from(["1", "5", "50"]))}
        shown = _shown(draw, other) or [condition["relatedField"]]
        table |= {**_list(draw, name, other), "displayFields": shown}
        own.fields[own.code()] = {"type": "REFERENCE_TABLE", "referenceTable": table}
        return


def _shown(draw: Draw, other: _Form) -> list[str]:
    plain = _plain_codes(other.fields)
    return draw(st.lists(st.sampled_from(plain), unique=True, max_size=3)) if plain else []


def _list(draw: Draw, name: str, other: _Form) -> dict[str, Any]:
    sort = f"{other.record_number} desc"
    settings: dict[str, Any] = {"relatedApp": {"app": name}, "filterCond": "", "sort": sort}
    if texts := _plain_codes(other.fields, "SINGLE_LINE_TEXT"):
        code = draw(st.sampled_from(texts))
        settings["sort"] = draw(st.sampled_from([f"{code} desc", f"{code} asc"]))
        settings["filterCond"] = draw(st.sampled_from(["", f'{code} = "a\\"b"']))
    return settings


APP_NAMES = ("顧客管理", "Model", "class", "商品・在庫管理", "ToDo", "1番", "fields", "😀") + (
    'He "x"',
    "Row",
)
PROCESS = {
    "enable": True,
    "states": {
        "開始": {"index": 0, "assignee": {"type": "ONE", "entities": []}},
        "終了": {"index": 1, "assignee": {"type": "ONE", "entities": []}},
    },
    "actions": [{"name": "進む", "from": "開始", "to": "終了"}],
}
DESCRIPTIONS = ("", '"""', "<div>一行</div><div>二行\\</div>", "end\\", 'quote"') + (
    "<b>長い説明</b>" * 60,
)


@st.composite
def domains(draw: Draw) -> dict[str, Any]:
    """A domain of one to three apps, whose lookups and reference tables link them."""
    names = draw(st.lists(st.sampled_from(APP_NAMES), min_size=1, max_size=3, unique=True))
    forms = {f"app_{index}": _Form(draw) for index in range(len(names))}
    for form in forms.values():
        form.add_built_in()
        for kind in draw(st.lists(st.sampled_from([*TYPES]), max_size=10)):
            form.add(form.fields, kind)
        for _ in range(draw(st.integers(0, 2))):
            form.add_table()
    for form in forms.values():
        for name in draw(st.lists(st.sampled_from([*forms]), max_size=3)):
            beside = draw(st.sampled_from([form.fields, *form.tables]))
            _add_lookup(draw, form, beside, name, forms[name])
        for name in draw(st.lists(st.sampled_from([*forms]), max_size=2)):
            _add_reference(draw, form, name, forms[name])
    apps: dict[str, dict[str, Any]] = {}
    for (key, form), name in zip(forms.items(), names, strict=True):
        apps[key] = {"name": name, "form": {"properties": form.fields}}
        apps[key]["settings"] = {"description": draw(st.sampled_from(DESCRIPTIONS))}
        if draw(booleans):
            apps[key]["process"] = PROCESS
    return {**PEOPLE, "apps": apps}
