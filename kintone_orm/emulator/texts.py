"""What kintone says when it refuses: two tables, one row a text, in Japanese and in English.

FAULTS: what a request can fail with, by error code, with its HTTP status. MESSAGES: what a
validation failure (CB_VA01) says about one parameter. `{blanks}` are filled by errors.py.

kintone publishes neither codes nor texts, so the rows are what people observed. Where they saw
one language only, the other is our plain translation, and where they saw no HTTP status, it is
the likeliest 4xx.
"""

from __future__ import annotations

__all__ = ["FAULTS", "MESSAGES"]

FAULTS: dict[str, tuple[int, str, str]] = {
    # Authentication and permission
    "CB_AU01": (401, "ログインしてください。", "Please login."),
    "CB_WA01": (
        401,
        (
            "ユーザーのパスワード認証に失敗しました。"
            "「X-Cybozu-Authorization」ヘッダーの値が正しくありません。"
        ),
        (
            "Password authentication failed. "
            "The value in http header of X-Cybozu-Authorization is not valid."
        ),
    ),
    "GAIA_IA02": (
        400,
        "指定したAPIトークンは、アプリで生成されたトークンと異なります。",
        "The specified API token does not match the API token generated via an app.",
    ),
    "GAIA_NO01": (
        403,
        "このAPIトークンでは、指定したAPIを実行できません。",
        "Using this API token, you cannot run the specified API.",
    ),
    "GAIA_DA03": (
        400,
        "1つのアプリに対して、複数のAPIトークンが指定されています。",
        "More than one API token of the same app is specified.",
    ),
    "CB_NO02": (403, "権限がありません。", "No privilege to proceed."),
    "GAIA_FU01": (
        403,
        "フィールド「{code}」を編集するには、編集権限が必要です。",
        'Edit permissions are required to edit field "{code}".',
    ),
    "GAIA_BF02": (
        403,
        "「{code}」フィールドの値を指定してレコードを追加するには、アプリの管理権限が必要です。",
        (
            'App permissions are required to add records with specifying a value in the "{code}" '
            "field."
        ),
    ),
    "GAIA_IL23": (
        400,
        (
            "ゲストスペース内のアプリを操作する場合は、"
            "リクエストの送信先を「/k/guest/（ゲストスペースのID）/v1/...」にします。"
        ),
        (
            "When you operate an app in a guest space, "
            "please send the request to '/k/guest/(guest space ID)/v1/...'."
        ),
    ),
    # Not found
    "GAIA_AP01": (
        404,
        "指定したアプリ（id: {id}）が見つかりません。削除されている可能性があります。",
        "The app (ID: {id}) not found. The app may have been deleted.",
    ),
    "GAIA_RE01": (
        404,
        "指定したレコード（id: {id}）が見つかりません。",
        "The specified record (ID: {id}) is not found.",
    ),
    "GAIA_RE02": (
        400,
        "指定したコメントが存在しません。削除された可能性があります。",
        "The specified comment does not exist. The comment may have been deleted.",
    ),
    "GAIA_BL01": (
        404,
        "指定したファイル（id: {key}）が見つかりません。",
        "The specified file (id: {key}) not found.",
    ),
    "GAIA_CN01": (
        404,
        "指定したカーソルは存在しないか、既に有効期限が切れています。",
        "The specified cursor does not exist or has already expired.",
    ),
    "GAIA_RE20": (
        404,
        "「updateKey」フィールドに指定した条件に一致するレコードがありません。",
        'No records match the conditions specified in the "updateKey" field.',
    ),
    "GAIA_FC01": (
        400,
        "指定されたフィールド（code: {code}）が見つかりません。",
        "The field (code: {code}) not found.",
    ),
    "OC_NO01": (
        404,
        "スペース（id: {id}）が見つかりません。削除されている可能性があります。",
        "The space (id: {id}) could not be found, or no longer exists.",
    ),
    "OC_NO02": (
        404,
        "スレッド（id: {id}）が見つかりません。削除されている可能性があります。",
        "The thread (id: {id}) could not be found, or no longer exists.",
    ),
    "GAIA_IL26": (
        400,
        "指定したユーザー（code：{code}）が見つかりません。",
        "The specified user (code：{code}) not found.",
    ),
    # Validation: raised by invalid(), with a message for each parameter
    "CB_VA01": (400, "入力内容が正しくありません。", "Missing or invalid input."),
    # Records and comments
    "GAIA_CO02": (
        409,
        (
            "指定したrevisionは最新ではありません。"
            "ほかのユーザーがレコードを更新した可能性があります。"
        ),
        "The revision is not the latest. Someone may update a record.",
    ),
    "GAIA_UN10": (
        400,
        "フィールドタイプが{type}のフィールドは更新できません。",
        "Cannot update field whose type is {type}.",
    ),
    "GAIA_LO04": (
        400,
        (
            "フィールド「{field}」の値「{value}」が、ルックアップの参照先のフィールドにないか、"
            "またはアプリやフィールドの閲覧権限がありません。"
        ),
        (
            "A value {value} in the field {field} does not exist in the datasource app for lookup, "
            "or you do not have permission to view the app or the field."
        ),
    ),
    "GAIA_IQ27": (
        400,
        (
            "レコードを更新できませんでした。"
            "「updateKey」に指定したフィールド（code: {code}）では、"
            "「値の重複を禁止する」を有効にする必要があります。"
        ),
        (
            'Failed to update record. The field (code: {code}) set as "updateKey" must be set to '
            '"Prohibit duplicate values".'
        ),
    ),
    "GAIA_RE03": (
        403,
        "コメント（id: {id}）を削除できません。ほかのユーザーが投稿したコメントです。",
        "Cannot delete the comment (ID: {id}). The comment was posted by someone other than you.",
    ),
    "GAIA_RE12": (400, "コメント機能が無効化されています。", "Comment feature is disabled."),
    # Queries
    "GAIA_QU01": (
        400,
        "limit には 500 以下の値を指定してください。",
        "limit must be 500 or less.",
    ),
    "GAIA_QU02": (
        400,
        "offset には 10,000 以下の値を指定してください。",
        "offset must be 10,000 or less.",
    ),
    "GAIA_IQ03": (
        400,
        "{code}フィールドのフィールドタイプには演算子{operator}を使用できません。",
        "The operator {operator} cannot be used with the type of the field {code}.",
    ),
    "GAIA_IQ07": (
        400,
        (
            "テーブルに設定している場合、{code}フィールドのフィールドタイプには、"
            "演算子{operator}を使用できません。"
        ),
        "The operator {operator} cannot be used with the type of the field {code} in a table.",
    ),
    "GAIA_IQ10": (
        400,
        "フィールド「{code}」の項目に「{value}」は存在しません。",
        'The field "{code}" has no option "{value}".',
    ),
    "GAIA_IQ11": (
        400,
        "指定されたフィールド（{code}）が見つかりません。",
        "Specified field ({code}) not found.",
    ),
    "GAIA_IQ23": (
        400,
        "指定した日にち（{day}）は無効です。1から31までの整数で指定します。",
        "The specified day ({day}) is not valid. Specify an integer from 1 to 31.",
    ),
    "GAIA_IQ25": (
        400,
        "FROM_TODAY()の第2引数には、「DAYS」「WEEKS」「MONTHS」「YEARS」のいずれかを指定します。",
        'The second argument of FROM_TODAY() must be one of "DAYS", "WEEKS", "MONTHS" and "YEARS".',
    ),
    "GAIA_IL08": (400, "クエリの指定が不正です。", "The query is not valid."),
    "GAIA_IR02": (
        400,
        "フィールド（{code}）は、関連レコード一覧のフィールドではありません。",
        "The field ({code}) is not a field of related records.",
    ),
    "GAIA_IS02": (
        400,
        "「{label}」フィールドはソート条件に使用できません。",
        'The field "{label}" cannot be used to sort.',
    ),
    # Process management
    "GAIA_ST02": (
        400,
        "操作に失敗しました。プロセス管理機能が無効化されています。",
        "Your request failed. The process management feature has been disabled.",
    ),
    "GAIA_IL03": (
        400,
        (
            "ステータスの変更に失敗しました。"
            "ほかのユーザーがステータス、またはステータスの設定を変更した可能性があります。"
        ),
        (
            "Failed to update the status. "
            "The settings or the status itself may have been changed by someone."
        ),
    ),
    "GAIA_NT01": (
        403,
        "ステータスを変更できるのは作業者だけです。",
        "Only Assignee can change the status.",
    ),
    "GAIA_SA01": (400, "作業者を指定してください。", "Assignee is required."),
    "GAIA_SA04": (
        400,
        "ステータスの変更に失敗しました。このアクションでは作業者を指定できません。",
        "Failed to update status. Assignee cannot be specified by the action.",
    ),
    # Limits
    "GAIA_TO04": (
        429,
        "APIの同時リクエスト数が上限を超えています。",
        "The number of concurrent API requests exceeds the limit.",
    ),
    "GAIA_TM12": (
        429,
        (
            "作成できるカーソルの上限に達しているため、カーソルを作成できません。"
            "不要なカーソルを削除するか、しばらく経ってから再実行してください。"
        ),
        (
            "The cursor cannot be created because the limit of cursors is reached. "
            "Delete cursors that are not needed, or try again later."
        ),
    ),
    "GAIA_TO03": (
        400,
        "パラメーターの数が上限を超えています。 - {parameter}",
        "The number of parameters exceeds the limit. - {parameter}",
    ),
    # App settings
    "GAIA_CO03": (
        409,
        (
            "指定したrevisionは最新ではありません。"
            "ほかのユーザーがアプリ（id: {id}）の設定を更新した可能性があります。"
        ),
        "The revision is not the latest. Someone may update the app settings (ID: {id}).",
    ),
    "GAIA_IL01": (
        400,
        "フィールド「{label}」の計算式が正しくありません。(エラーの内容：{reason})",
        'The formula of the field "{label}" is not valid. (Details: {reason})',
    ),
    "GAIA_LO02": (
        400,
        "フィールド（code: {code}）は、ルックアップで使用されているため削除できません。",
        "The field (code: {code}) cannot be deleted. It is used in a lookup.",
    ),
    "GAIA_LO03": (
        400,
        (
            "ルックアップのコピー元のフィールド（アプリ: {app}、code: {code}）では、"
            "「値の重複を禁止する」を有効にする必要があります。"
        ),
        (
            "The key field of a lookup (app: {app}, code: {code}) must be the record number or be "
            'set to "Prohibit duplicate values".'
        ),
    ),
    "GAIA_IN01": (
        400,
        (
            "一覧を更新できませんでした。"
            "一覧のキー「{key}」とnameパラメーターの値「{name}」が異なります。"
        ),
        (
            "Failed to update view. Key {key} does not match the value of {name} in the name "
            "parameter."
        ),
    ),
    # The request itself
    "CB_IJ01": (400, "JSON文字列が不正です。", "Invalid JSON string."),
    "CB_IL02": (400, "不正なリクエストです。", "Illegal request."),
}

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
    "record_twice": (
        "同じレコードが2回指定されています。",
        "The same record is specified twice.",
    ),
    "more_revisions": ("idsより多く指定されています。", "There are more revisions than ids."),
    "not_in_bulk": (
        "bulkRequestでは実行できないAPIです。",
        "The method and API cannot be used in a bulk request here.",
    ),
    "deploying": (
        "アプリの設定を運用環境に反映中です。",
        "The settings are being deployed. Read the deploy status until it is not PROCESSING.",
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
        "The code is not the same as its key in properties.",
    ),
    "code_in_lookup": (
        "フィールド「{code}」はルックアップで使用されています。",
        'The emulator does not rename the field "{code}": a lookup uses it.',
    ),
    "type_fixed": ("フィールドの種類は変更できません。", "The type of a field cannot be changed."),
    "type_not_yet": (
        "このエミュレーターは{type}フィールドにまだ対応していません。",
        "The emulator does not have fields of the type {type} yet.",
    ),
    "not_here": ("このAPIでは変更できません。", "This cannot be changed with this API."),
    "no_calculation": (
        "このエミュレーターは自動計算にまだ対応していません。",
        "The emulator does not calculate yet.",
    ),
    "options": ("選択肢を1つ以上指定してください。", "Specify at least one option."),
    "option_label": (
        "ラベルは選択肢の名前と同じにしてください。",
        "The label must be the same as the option's name: the emulator does not rename options.",
    ),
    "too_many_fields": (
        "フィールドは{limit}個までです。",
        "An app has at most {limit} fields.",
    ),
    "no_related_app": ("アプリ（id: {app}）が見つかりません。", "The app (ID: {app}) not found."),
    "no_related_field": (
        "参照先のアプリに、このフィールドはありません。",
        "The related app has no field with this code.",
    ),
    "no_copy_field": (
        "コピー先に指定できるフィールドではありません。",
        "There is no such field beside the lookup that values can be copied to.",
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
        "Specify a date and time with a time zone: YYYY-MM-DDTHH:MM:SSZ or YYYY-MM-DDTHH:MM:SS+09:00.",
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
