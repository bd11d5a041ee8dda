"""kintone's errors by code: the HTTP status and the text in Japanese and in English.

errors.py fills the `{placeholders}`. The texts of validation failures, one for each parameter, are
in validation_texts.py.

kintone publishes neither codes nor texts, so the rows are people's observations. If the text was
observed in one language only, the other text is our plain translation. If no HTTP status was
observed, the row has the likeliest 4xx.
"""

from __future__ import annotations

__all__ = ["FAULTS"]

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
        "1つのアプリに対して、複数のAPIトークンを指定することはできません。",
        "You cannot specify a duplicate API token for the same app.",
    ),
    "GAIA_NO02": (
        403,
        "アプリはメンテナンスモードです。",
        "The app is in maintenance mode.",
    ),
    "CB_OA01": (
        401,
        "保護されたリソースにアクセスできません。",
        "Cannot access protected resource.",
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
        400,
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
    "GAIA_IL27": (
        400,
        "指定したグループ（code：{code}）が見つかりません。",
        "The specified group (code：{code}) not found.",
    ),
    "GAIA_IL28": (
        400,
        "指定した組織（code：{code}）が見つかりません。",
        "The specified organization (code：{code}) not found.",
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
        "{type}型のフィールドに値を設定することはできません。",
        "Cannot update field whose type is {type}.",
    ),
    "GA_UO01": (
        400,
        "APIでは次の操作はできません：カテゴリーの値の編集",
        "The API cannot do this: edit the value of categories.",
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
    "GAIA_IQ28": (
        400,
        "「updateKey」に指定した条件にあてはまるレコードが重複しています。",
        'More than one record matches the conditions specified in the "updateKey" fields.',
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
        (
            "フィールド「{code}」に指定したクエリが正しくありません。"
            "指定したクエリは、関連レコード一覧フィールドでのみ使用できます。"
        ),
        'The query for the field "{code}" is not valid. It is for fields of related records only.',
    ),
    "GAIA_IQ02": (
        400,
        "一覧の絞り込み条件では、「and」と「or」を同時に使用できません。",
        'The condition of a view cannot have both "and" and "or".',
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
    "GAIA_TO02": (
        400,
        "「{state}」に設定できる作業者は1人だけです。",
        'Only one assignee can be set to "{state}".',
    ),
    "GAIA_SA01": (400, "作業者を指定してください。", "Assignee is required."),
    "GAIA_SA04": (
        400,
        "ステータスの変更に失敗しました。このアクションでは作業者を指定できません。",
        "Failed to update status. Assignee cannot be specified by the action.",
    ),
    # Limits
    "GAIA_DA02": (
        400,
        "データベースがロックされているため、操作に失敗しました。時間をおいて再度お試しください。",
        "The operation failed because the database is locked. Try again after a while.",
    ),
    # The emulator's own: kintone does not refuse requests beyond the daily quota.
    "EMULATOR_QUOTA": (
        429,
        (
            "アプリ（id: {app}）の1日のAPIリクエスト数が、指定された{limit}を超えています。"
            "これはエミュレーターに指示された障害で、kintone自体は拒否しません。"
        ),
        (
            "App {app} has used its {limit} API requests of this day, which ends at 00:00 UTC. "
            "This is a fault of the emulator. kintone refuses no request."
        ),
    ),
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
        'The formula in the field "{label}" is invalid. (Reason: {reason})',
    ),
    "GAIA_LO02": (
        400,
        (
            "フィールドを削除できません。「{app}」アプリのルックアップフィールド「{field}」から"
            "参照されています。参照元のルックアップフィールドの設定を変更するか、"
            "または削除してください。"
        ),
        (
            'The field cannot be deleted: the lookup "{field}" of the app "{app}" uses it. Change '
            "the settings of that field, or delete it."
        ),
    ),
    "GAIA_RE07": (
        400,
        (
            "フィールドを削除できません。「{app}」アプリの関連レコード一覧フィールド「{field}」から"
            "参照されています。参照元の関連レコード一覧フィールドの設定を変更するか、"
            "または削除してください。"
        ),
        (
            'The field cannot be deleted: the related records "{field}" of the app "{app}" use it. '
            "Change the settings of that field, or delete it."
        ),
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
    "GAIA_IL44": (
        400,
        "プロセス管理によって作成された一覧「{name}」は削除できません。",
        'The view "{name}" was made by process management and cannot be deleted.',
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
    "CB_IJ01": (400, "不正なJSON文字列です。", "Invalid JSON string."),
    "CB_IL02": (400, "不正なリクエストです。", "Illegal request."),
}
