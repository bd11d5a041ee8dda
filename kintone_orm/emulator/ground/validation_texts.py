"""The texts of validation failures (CB_VA01) about one parameter, in Japanese and in English.

errors.py fills the `{placeholders}`. The rows about parameters and values quote kintone if people
have observed its text. Where the emulator is stricter, the words are the emulator's own.
"""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, tuple[str, str]] = {
    # Parameters
    "required": ("必須です。", "Required field."),
    "integer": ("整数で入力してください。", "Enter an integer value."),
    "at_least": ("最小でも{limit}以上です。", "must be greater than or equal to {limit}"),
    "at_most": ("最大でも{limit}以下です。", "must be less than or equal to {limit}"),
    "boolean": ("ブール値でなければなりません。", "must be boolean."),
    "enum": ("Enum値のいずれかでなければなりません。", "must be one of the enum value"),
    "size": (
        "サイズは{low}から{high}まででなければなりません。",
        "size must be between {low} and {high}",
    ),
    "add_100": (
        "一度に100件までのレコードを追加できます。",
        "A maximum of 100 records can be added at one time.",
    ),
    "update_100": (
        "一度に100件までのレコードを更新できます。",
        "A maximum of 100 records can be updated at one time.",
    ),
    "delete_100": (
        "一度に1件から100件までのレコードを削除できます。",
        "Between 1 and 100 records can be deleted at one time.",
    ),
    "query": ("クエリ記法が間違っています。", "unsupported query format"),
    "app_duplicated": ("アプリIDが重複しています。", "App ID is duplicated."),
    "app_name": (
        "名前は1文字から64文字まででなければなりません。",
        "Name must be between 1 and 64 characters.",
    ),
    "space_required": (
        "スペースにアプリを作成するには、spaceパラメーターが必要です。",
        "Space parameter is required to create an app in space.",
    ),
    "thread_required": (
        "スペースにアプリを作成するには、threadパラメーターが必要です。",
        "Thread parameter is required to create an app in space.",
    ),
    "unknown_parameter": (
        "「{name}」というパラメーターはありません。",
        "There is no parameter {name}. The emulator refuses what kintone ignores.",
    ),
    "repeated_parameter": ("2回指定されています。", "This parameter is sent twice."),
    "text": ("文字列で指定してください。", "must be a string."),
    "one_file": (
        "ファイルは1つだけ指定してください。",
        'The body must have exactly one part, with the name "file".',
    ),
    "file_size": ("1GBまでのファイルを指定してください。", "A file has at most 1 GB."),
    "nothing": ("値を指定できません。", "cannot hold a value."),
    "array": ("配列で指定してください。", "must be an array."),
    "object": ("オブジェクトで指定してください。", "must be an object."),
    "cursor_paging": (
        "カーソルのクエリにlimitとoffsetは指定できません。",
        "The query of a cursor takes neither limit nor offset; use the parameter size.",
    ),
    "id_and_update_key": (
        "idとupdateKeyは同時に指定できません。",
        "Specify either id or updateKey, not both.",
    ),
    "key_in_record": (
        "「updateKey」に指定したフィールドの値は更新できません。",
        'The value of the field set as "updateKey" cannot be updated.',
    ),
    "record_twice": (
        "同じレコードが2回指定されています。",
        "The same record is specified twice.",
    ),
    "more_revisions": ("idsより多く指定されています。", "There are more revisions than ids."),
    "not_in_bulk": (
        "bulkRequestでは実行できないAPIです。",
        "The method and API cannot be used in a bulk request.",
    ),
    "other_space": (
        "bulkRequestと同じスペースのAPIを指定してください。",
        "All paths in a bulk request must be in the guest space of its own path.",
    ),
    "deploying": (
        "アプリの設定を運用環境に反映中です。",
        "The settings are being deployed. Read the deploy status until it is not PROCESSING.",
    ),
    # Process management
    "state_name": (
        "新しいステータスの名前は、キーと同じにしてください。",
        "The name of a new state must be the same as its key.",
    ),
    "state_name_taken": (
        "ステータスの名前「{name}」が重複しています。",
        'There are two states with the name "{name}".',
    ),
    "first_state_new": (
        "先頭のステータスは追加できません。名前の変更だけができます。",
        "The first state cannot be added anew, only renamed.",
    ),
    "not_secondary": (
        "作業者以外が実行できるアクションにだけ指定できます。",
        "Only an action of the type SECONDARY has executableUser.",
    ),
    "first_state": (
        "先頭のステータスでは、作業者は空、またはレコードの作成者フィールドを指定します",
        "The first state has the type ONE, and at most the creator of the record as assignee.",
    ),
    "no_state": (
        "ステータス「{name}」はありません。",
        'There is no state "{name}".',
    ),
    "no_candidate": (
        "このアクションの作業者として選べるユーザーではありません。",
        "This user cannot be chosen for this action.",
    ),
    # Permissions
    "no_manager": (
        "アプリを管理できるユーザーが必要です。",
        "At least one entity must have the right to manage the app (appEditable).",
    ),
    "needed_right": (
        "{name}を許可する場合は、これも許可してください。",
        "{name} requires this right.",
    ),
    "does_not_fit": (
        "レコードの値が新しい設定に合わないため、運用環境に反映できません。",
        "The settings cannot be deployed: the app's records do not fit them.",
    ),
    # Forms
    "field_code": (
        "フィールドコードに使用できない文字が含まれているか、長すぎます。",
        (
            "A field code has 1 to 128 letters, digits (not first) and underscores; "
            "no spaces and no other signs."
        ),
    ),
    "code_taken": (
        "フィールドコード「{code}」はすでに使用されています。",
        'The field code "{code}" is already used.',
    ),
    "code_differs": (
        "フィールドコードがキーと異なります。",
        "The code must be the same as its key in properties.",
    ),
    "code_in_lookup": (
        "フィールド「{code}」はルックアップまたは関連レコード一覧で使用されています。",
        'The emulator does not rename "{code}", because a lookup or a reference table uses it.',
    ),
    "type_fixed": ("フィールドの種類は変更できません。", "The type of a field cannot be changed."),
    "not_here": ("このAPIでは変更できません。", "This cannot be changed with this API."),
    "calculated_unique": (
        "自動計算を設定したフィールドでは、値の重複を禁止できません。",
        "A calculated field cannot prohibit duplicate values.",
    ),
    "scale": ("0から10までの整数で入力してください。", "Enter an integer between 0 and 10."),
    "options": ("選択肢を1つ以上指定してください。", "Specify at least one option."),
    "option_label": (
        "ラベルは選択肢の名前と同じにしてください。",
        "The label must be the same as the option's name. The emulator does not rename options.",
    ),
    "not_placed": (
        "フィールド「{code}」がレイアウトにありません。",
        'The field "{code}" is missing. A layout must hold every field.',
    ),
    "placed_twice": (
        "フィールド「{code}」が2回指定されています。",
        'The field "{code}" is placed twice.',
    ),
    "view_field": (
        "フィールド「{code}」は一覧のこの項目に指定できません。",
        'The field "{code}" cannot be used here in a view.',
    ),
    "view_name_taken": (
        "一覧の名前「{name}」が重複しています。",
        'There are two views with the name "{name}".',
    ),
    "icon": ("アイコンが見つかりません。", "There is no such icon. Use a key such as APP72."),
    "title_field": (
        "レコードのタイトルに指定できるフィールドではありません。",
        "This field does not exist, or cannot be the title of a record.",
    ),
    "too_many_fields": (
        "フィールドは{limit}個までです。",
        "An app has at most {limit} fields.",
    ),
    "no_related_app": (
        "アプリ（{app}）が見つかりません。",
        "The app ({app}) not found.",
    ),
    "condition_field": (
        "この種類のフィールドは、関連レコードの表示条件に指定できません。",
        "Records cannot be related by this field or its type.",
    ),
    "no_related_field": (
        "参照先のアプリに、このフィールドはありません。",
        "The related app has no field with this code.",
    ),
    "no_copy_field": (
        "コピー先に指定できるフィールドではありません。",
        "The form has no field here to which the lookup can copy this value.",
    ),
    "copy_type": (
        "この種類のフィールドの値は、コピー先のフィールドにコピーできません。",
        "The value of this type of field cannot be copied to that field.",
    ),
    "filled_twice": (
        "コピー先のフィールドは、1つのルックアップだけで使用できます。",
        "A field can be filled by one lookup only.",
    ),
    # Record values
    "required_value": ("必須です。", "Required."),
    "unique": (
        "値がほかのレコードと重複しています。",
        "This value already exists in another record.",
    ),
    "shorter_than": (
        "{limit}文字より短くなければなりません。",
        "Enter less than {limit} characters.",
    ),
    "longer_than": (
        "{limit}文字より長くなければなりません。",
        "Enter more than {limit} characters.",
    ),
    "max_value": ("{limit}以下である必要があります。", "The value must be {limit} or less."),
    "min_value": ("{limit}以上である必要があります。", "The value must be {limit} or more."),
    "number": ("数字でなければなりません。", "Only numbers are allowed."),
    "digits": ("有効桁数を超えています。", "The number of significant digits is exceeded."),
    "option": ('"{value}"は選択肢にありません。', 'The value, "{value}", is not in options.'),
    "link": ("URL の形式が正しくありません。", "The format of the URL is not valid."),
    "date": (
        "日付の形式が正しくありません。",
        "Specify a date: YYYY-MM-DD, YYYY-MM or YYYY.",
    ),
    "time": ("時刻の形式が正しくありません。", "Specify a time: HH:MM."),
    "datetime": (
        "日時の形式が正しくありません。",
        (
            "Specify a date and time with a time zone: YYYY-MM-DDTHH:MM:SSZ or "
            "YYYY-MM-DDTHH:MM:SS+09:00."
        ),
    ),
    "future": ("未来の日時は指定できません。", "A time in the future cannot be specified."),
    "entity": (
        "codeを持つオブジェクトで指定してください。",
        'must be an object with "code".',
    ),
    "entities": (
        "codeを持つオブジェクトの配列で指定してください。",
        'must be an array of objects with "code".',
    ),
    "unknown_entity": (
        "指定した組織またはグループ（code：{code}）が見つかりません。",
        "The specified organization or group (code：{code}) not found.",
    ),
    "files": (
        "fileKeyを持つオブジェクトの配列で指定してください。",
        'must be an array of objects with "fileKey".',
    ),
}
