"""kintone's reasons for refusing a formula, each as a Japanese and an English text.

The Japanese texts were observed. Of the English texts, those for the unknown field, the full-width
symbol and the mistyped operator are kintone's; the others are our translation.
"""

from __future__ import annotations

from ..ground.error_texts import FAULTS
from ..ground.errors import KintoneError

__all__ = ["REASONS", "TYPE_NAMES", "WrongFormula", "refusal", "unusable_type", "wrong_formula"]

REASONS: dict[str, tuple[str, str]] = {
    "full_width": (
        "全角記号「{typed}」が入力されています。半角記号「{meant}」を入力してください。",
        (
            'You have entered a full-width symbol "{typed}". '
            'Use a half-width symbol "{meant}" or check that the entered value is correct.'
        ),
    ),
    "mistyped_comparison": (
        "「{typed}」が入力されています。「{meant}」を判定するには「{meant}」を入力してください。",
        (
            '"{typed}" needs correction. '
            'If the "{meant}" operator is what you want to use, enter "{meant}" instead.'
        ),
    ),
    "mistyped_arithmetic": (
        "「{typed}」が入力されています。「{meant}」を計算するには「{meant}」を入力してください。",
        (
            '"{typed}" needs correction. '
            'If the "{meant}" operator is what you want to use, enter "{meant}" instead.'
        ),
    ),
    "syntax": ("計算式の文法が正しくありません。", "The syntax of the formula is not valid."),
    "unknown_function": (
        "{function}関数は使用できません。",
        "The {function} function cannot be used.",
    ),
    "arguments_exactly": (
        "{function}関数には{low}個の引数が必要です。",
        "Number of arguments that the {function} function needs: {low}.",
    ),
    "arguments_one_or_two": (
        "{function}関数には1個または2個の引数が必要です。",
        "Number of arguments that the {function} function needs: 1 or 2.",
    ),
    "arguments_at_least": (
        "{function}関数には{low}個以上の引数が必要です。",
        "Number of arguments that the {function} function needs: {low} or more.",
    ),
    "arguments_at_most": (
        "{function}関数に指定できる引数は{high}個までです。",
        "Number of arguments that the {function} function can have: up to {high}.",
    ),
    "unknown_field": (
        "計算式に含まれるフィールドコード（{code}）が存在しません。",
        "The field code ({code}) in the formula does not exist.",
    ),
    "field_type": (
        "計算式で利用できないフィールドタイプ({type})が指定されています。",
        "A field of a type that formulas cannot use ({type}) is specified.",
    ),
    "array": (
        "配列型の値に対して適切な関数が利用されていません。",
        "No suitable function is used for a value of an array type.",
    ),
    "operator_types": (
        "演算子「{name}」とデータ型の組み合わせが正しくありません。",
        'The operator "{name}" does not fit the data types.',
    ),
    "function_types": (
        "{name}関数と引数のデータ型の組み合わせが正しくありません。",
        "The {name} function does not fit the data types of its arguments.",
    ),
    "cycle": (
        "フィールドの参照が循環しています。",
        "The references between the fields are circular.",
    ),
}

# The field types that no formula can use, and their names on kintone's settings screen.
TYPE_NAMES: dict[str, tuple[str, str]] = {
    "RECORD_NUMBER": ("レコード番号", "Record number"),
    "STATUS": ("ステータス", "Status"),
    "STATUS_ASSIGNEE": ("作業者", "Assignee"),
    "CATEGORY": ("カテゴリー", "Categories"),
    "MULTI_LINE_TEXT": ("文字列（複数行）", "Text area"),
    "RICH_TEXT": ("リッチエディター", "Rich text"),
    "LINK": ("リンク", "Link"),
    "FILE": ("添付ファイル", "Attachment"),
    "USER_SELECT": ("ユーザー選択", "User selection"),
    "ORGANIZATION_SELECT": ("組織選択", "Department selection"),
    "GROUP_SELECT": ("グループ選択", "Group selection"),
    "REFERENCE_TABLE": ("関連レコード一覧", "Related records"),
    "GROUP": ("グループ", "Field group"),
}


class WrongFormula(Exception):
    """A reason for refusing a formula, in both languages; `detail` is for the emulator's log."""

    def __init__(self, ja: str, en: str, detail: str = "") -> None:
        super().__init__(f"{en} {detail}".strip())
        self.ja = ja
        self.en = en
        self.detail = detail


def wrong_formula(key: str, /, *, detail: str = "", **values: object) -> WrongFormula:
    """Return the error for a key of REASONS. `values` fill the placeholders of the texts."""
    ja, en = REASONS[key]
    return WrongFormula(ja.format(**values), en.format(**values), detail)


def unusable_type(field_type: str, *, code: str) -> WrongFormula:
    """Return the error for a field whose type formulas cannot use."""
    ja, en = REASONS["field_type"]
    name_ja, name_en = TYPE_NAMES.get(field_type, (field_type, field_type))
    return WrongFormula(ja.format(type=name_ja), en.format(type=name_en), code)


def refusal(reason: WrongFormula, *, label: str) -> KintoneError:
    """Return the GAIA_IL01 for a deploy. Its message names the field by the field's label."""
    status, ja, en = FAULTS["GAIA_IL01"]
    return KintoneError(
        status,
        "GAIA_IL01",
        ja=ja.format(label=label, reason=reason.ja),
        en=en.format(label=label, reason=reason.en),
        reason=reason.detail,
    )
