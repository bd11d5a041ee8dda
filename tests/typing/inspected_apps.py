# Written by kintone-orm inspect.
# kintone_orm.apps.inspect(101, 102, 103, 104, 105, 106, 107, 108, 109, 110)
# The next run with --output replaces this file. Delete the first line to keep your changes. Names
# are kept if you edit them in a file: --names names.toml. Settings that only change how a form
# looks are left out, such as the size of a picture.
"""Models of apps of kintone."""

import datetime as dt

from kintone_orm import Model, Row, fields
from kintone_orm.fields.number import NumberPrecision
from kintone_orm.functions import LoginUser, Now, PrimaryOrganization, Today
from kintone_orm.models import QuerySet  # noqa: F401 - named in quotes


class Customer(Model):
    """取引先の会社と担当者です。

    「顧客コード」は一度だけ付けます。
    """

    顧客コード = fields.SingleLineTextField(required=True, unique=True, min_length=4, max_length=10)
    会社名 = fields.SingleLineTextField(required=True, max_length=100)
    顧客ランク = fields.RadioButtonField(choices=["A", "B", "C"], default="B")
    業種 = fields.DropDownField(choices=["製造", "小売・流通", "IT／通信", "その他"])
    部署名 = fields.SingleLineTextField()
    担当者名 = fields.SingleLineTextField()
    郵便番号 = fields.SingleLineTextField(max_length=8)
    住所 = fields.SingleLineTextField()
    tel = fields.LinkField("TEL", protocol="CALL")
    fax = fields.LinkField("FAX", protocol="CALL")
    メールアドレス = fields.LinkField(protocol="MAIL", unique=True)
    Webサイト = fields.LinkField(verbose_name="ウェブサイト")
    営業担当 = fields.UserSelectField(default=LoginUser())
    備考 = fields.MultiLineTextField()
    名刺 = fields.FileField()
    案件一覧 = fields.ReferenceTableField["QuerySet[Deal]"](
        "Deal",
        key="顧客コード",
        related="顧客コード",
        display=["案件番号", "案件名", "見込金額"],
        filter_cond='確度 not in ("失注")',
        sort="受注予定日 desc",
        size=10,
    )
    レコード番号 = fields.RecordNumberField()
    作成者 = fields.CreatorField()
    作成日時 = fields.CreatedTimeField()
    更新者 = fields.ModifierField()
    更新日時 = fields.UpdatedTimeField()

    class Meta:
        app = 101
        verbose_name = "顧客管理"


class 商品Row(Row):
    """A row of 商品."""

    商品コード = fields.LookupField(
        "Item",
        key="商品コード",
        copies={"商品名": "商品名", "単価": "単価"},
        display=["商品名"],
        sort="商品コード asc",
    )
    商品名 = fields.SingleLineTextField()
    単価 = fields.NumberField()
    数量 = fields.NumberField(required=True, min_value=1, default=1)
    小計 = fields.CalcField(format="NUMBER_DIGIT", expression="単価*数量")


class Deal(Model):
    """A record of 案件管理."""

    案件番号 = fields.SingleLineTextField(required=True, unique=True)
    案件名 = fields.SingleLineTextField(required=True)
    顧客コード = fields.LookupField(
        "Customer",
        key="顧客コード",
        copies={"会社名": "会社名", "先方担当者": "担当者名"},
        display=["会社名", "担当者名"],
        filter_cond='顧客ランク in ("A", "B")',
        sort="会社名 asc",
        required=True,
    )
    顧客 = fields.RelatedRecord["Customer"]("顧客コード")
    会社名 = fields.SingleLineTextField()
    先方担当者 = fields.SingleLineTextField(verbose_name="先方の担当者")
    確度 = fields.DropDownField(choices=["A", "B", "C", "失注"], required=True, default="C")
    受注予定日 = fields.DateField()
    見込金額 = fields.NumberField(
        min_value=0, max_value=999999999, unit="円", unit_position="AFTER"
    )
    値引率 = fields.NumberField(
        min_value=0, max_value=100, unit="%", unit_position="AFTER", default=0
    )
    値引後 = fields.CalcField(
        format="NUMBER_DIGIT",
        expression="見込金額*(100-値引率)/100",
        unit="円",
        unit_position="AFTER",
    )
    商品 = fields.SubtableField(商品Row)
    合計 = fields.CalcField(
        format="NUMBER_DIGIT", expression="SUM(小計)", unit="円", unit_position="AFTER"
    )
    # The form offers only sales to choose from; kintone does not check it.
    自社担当 = fields.UserSelectField(required=True)
    関係者 = fields.UserSelectField(default=(fields.User("sato"),))
    活動履歴 = fields.ReferenceTableField["QuerySet[営業日報]"](
        "営業日報", key="案件番号", related="案件", display=["日付", "内容"], sort="日付 desc"
    )
    レコード番号 = fields.RecordNumberField()
    ステータス = fields.StatusField()
    作業者 = fields.StatusAssigneeField()
    作成者 = fields.CreatorField()
    作成日時 = fields.CreatedTimeField()
    更新者 = fields.ModifierField()
    更新日時 = fields.UpdatedTimeField()

    class Meta:
        app = 102
        verbose_name = "案件管理"
        number_precision = NumberPrecision(digits=16, decimal_places=4)


class 明細Row(Row):
    """A row of 明細."""

    利用日 = fields.DateField(required=True)
    科目 = fields.DropDownField(choices=["交通費", "宿泊費", "会議費"], required=True)
    摘要 = fields.SingleLineTextField()
    金額_税込 = fields.NumberField(required=True, min_value=1, unit="¥")
    領収書 = fields.FileField()


class 経費精算(Model):
    """A record of 経費精算."""

    申請番号 = fields.SingleLineTextField(
        expression='申請者名&"-"&DATE_FORMAT(申請日, "YYYYMM", "Asia/Tokyo")'
    )
    申請者名 = fields.SingleLineTextField(required=True)
    申請者 = fields.UserSelectField(required=True, default=LoginUser())
    所属 = fields.OrganizationSelectField(default=PrimaryOrganization())
    申請日 = fields.DateField(required=True, default=Today())
    明細 = fields.SubtableField(明細Row)
    合計金額 = fields.CalcField(format="NUMBER_DIGIT", expression="SUM(金額_税込)", unit="¥")
    仮払金 = fields.NumberField(default=0)
    精算額 = fields.CalcField(expression="合計金額-仮払金")
    振込先 = fields.RadioButtonField(choices=["給与口座", "その他"])
    経理メモ = fields.MultiLineTextField(verbose_name="経理メモ（社外秘）")
    レコード番号 = fields.RecordNumberField()
    ステータス = fields.StatusField()
    作業者 = fields.StatusAssigneeField()
    作成者 = fields.CreatorField()
    作成日時 = fields.CreatedTimeField()
    更新者 = fields.ModifierField()
    更新日時 = fields.UpdatedTimeField()

    class Meta:
        app = 103
        verbose_name = "経費精算"
        number_precision = NumberPrecision(digits=16, decimal_places=4)


class 休暇申請(Model):
    """A record of 休暇申請."""

    種別 = fields.RadioButtonField(choices=["有給休暇", "午前半休", "午後半休", "特別休暇"])
    開始日 = fields.DateField(required=True, default=Today())
    終了日 = fields.DateField(required=True)
    日数 = fields.CalcField(expression="(終了日-開始日)/86400+1", unit="日", unit_position="AFTER")
    連絡先 = fields.LinkField(protocol="CALL", min_length=10, max_length=13)
    理由 = fields.MultiLineTextField(required=True, default="私用のため")
    # The form offers only suzuki, managers to choose from; kintone does not check it.
    引き継ぎ先 = fields.UserSelectField()
    承認グループ = fields.GroupSelectField(default=(fields.Group("managers"),))
    時刻 = fields.TimeField(default=dt.time(13, 0), verbose_name="出社時刻（半休のとき）")
    レコード番号 = fields.RecordNumberField()
    ステータス = fields.StatusField()
    作業者 = fields.StatusAssigneeField()
    作成者 = fields.CreatorField()
    作成日時 = fields.CreatedTimeField()
    更新者 = fields.ModifierField()
    更新日時 = fields.UpdatedTimeField()

    class Meta:
        app = 104
        verbose_name = "休暇申請"
        number_precision = NumberPrecision(digits=16, decimal_places=4)


class 入出庫履歴Row(Row):
    """A row of 入出庫履歴."""

    入出庫日 = fields.DateField(default=Today())
    区分 = fields.RadioButtonField(choices=["入庫", "出庫"])
    個数 = fields.NumberField(required=True)
    担当 = fields.UserSelectField(default=LoginUser())
    備考欄 = fields.MultiLineTextField()


class Item(Model):
    """A record of 商品・在庫管理."""

    商品コード = fields.SingleLineTextField(required=True, unique=True, max_length=20)
    商品名 = fields.SingleLineTextField(required=True)
    JANコード = fields.NumberField(unique=True)
    単価 = fields.NumberField(required=True, min_value=0, unit="¥")
    原価 = fields.NumberField()
    利益率 = fields.CalcField(expression="(単価-原価)/単価*100", unit="%", unit_position="AFTER")
    在庫数 = fields.NumberField(default=0)
    発注点_下限 = fields.NumberField("発注点・下限", min_value=0)
    分類 = fields.CheckBoxField(choices=["通常", "季節", "廃番"], default=("通常",))
    保管場所 = fields.MultiSelectField(choices=["東京倉庫", "大阪倉庫"], required=True)
    商品説明 = fields.RichTextField(default="<div>未記入</div>")
    商品画像 = fields.FileField(required=True)
    入出庫履歴 = fields.SubtableField(入出庫履歴Row)
    レコード番号 = fields.RecordNumberField()
    作成者 = fields.CreatorField()
    作成日時 = fields.CreatedTimeField()
    更新者 = fields.ModifierField()
    更新日時 = fields.UpdatedTimeField()

    class Meta:
        app = 105
        verbose_name = "商品・在庫管理"
        number_precision = NumberPrecision(digits=20, decimal_places=2)


class 営業日報(Model):
    """A record of 営業日報."""

    日付 = fields.DateField(required=True, default=Today())
    報告者 = fields.UserSelectField(default=LoginUser())
    訪問先 = fields.LookupField[int | None](
        "Customer",
        key="レコード番号",
        copies={"訪問先名": "会社名"},
        display=["会社名"],
        sort="レコード番号 desc",
        verbose_name="訪問先（顧客のレコード番号）",
    )
    訪問先_record = fields.RelatedRecord["Customer"]("訪問先")
    訪問先名 = fields.SingleLineTextField()
    案件 = fields.LookupField(
        "Deal", key="案件番号", copies={"案件名": "案件名"}, sort="レコード番号 desc"
    )
    案件_record = fields.RelatedRecord["Deal"]("案件")
    案件名 = fields.SingleLineTextField()
    開始時刻 = fields.TimeField(default=Now())
    終了時刻 = fields.TimeField()
    内容 = fields.RichTextField(required=True)
    次回アクション = fields.DropDownField(
        choices=["電話", "訪問", "メール", "なし"], default="なし"
    )
    次回予定 = fields.DateTimeField()
    上司コメント = fields.MultiLineTextField()
    レコード番号 = fields.RecordNumberField()
    作成者 = fields.CreatorField()
    作成日時 = fields.CreatedTimeField()
    更新者 = fields.ModifierField()
    更新日時 = fields.UpdatedTimeField()

    class Meta:
        app = 106
        verbose_name = "営業日報"
        number_precision = NumberPrecision(digits=16, decimal_places=4)


class 勤務表Row(Row):
    """A row of 勤務表."""

    勤務日 = fields.DateField(required=True)
    出勤 = fields.TimeField(required=True, default=dt.time(9, 0))
    退勤 = fields.TimeField(default=dt.time(18, 0))
    休憩 = fields.NumberField(
        unit="分", unit_position="AFTER", default=60, verbose_name="休憩（分）"
    )
    実働 = fields.CalcField(format="HOUR_MINUTE", expression="退勤-出勤-休憩*60")
    作業 = fields.MultiSelectField(choices=["開発", "会議"])


class TimeSheet(Model):
    """A record of タイムシート."""

    社員番号 = fields.NumberField(required=True, min_value=1000, max_value=9999)
    対象月 = fields.DateField(required=True, unique=True)
    勤務表 = fields.SubtableField(勤務表Row)
    実働合計 = fields.CalcField(format="DAY_HOUR_MINUTE", expression="SUM(実働)")
    締め日時 = fields.DateTimeField(default=Now())
    翌日 = fields.CalcField(format="DATE", expression="対象月+86400")
    締め = fields.CalcField(format="DATETIME", expression="締め日時+3600")
    # The form offers only managers to choose from; kintone does not check it.
    承認者 = fields.GroupSelectField(required=True)
    レコード番号 = fields.RecordNumberField()
    作成者 = fields.CreatorField()
    作成日時 = fields.CreatedTimeField()
    更新者 = fields.ModifierField()
    更新日時 = fields.UpdatedTimeField()

    class Meta:
        app = 107
        verbose_name = "タイムシート"
        number_precision = NumberPrecision(digits=16, decimal_places=4)


class Faq(Model):
    """A record of FAQ."""

    文字列_1行 = fields.SingleLineTextField("文字列__1行_", required=True, verbose_name="質問")
    リッチエディター = fields.RichTextField(verbose_name="回答")
    チェックボックス = fields.CheckBoxField(
        choices=["お客様", "社内"], default=("社内",), verbose_name="対象"
    )
    ラジオボタン = fields.RadioButtonField(
        choices=["公開する", "公開しない"], default="公開しない", verbose_name="公開"
    )
    リンク = fields.LinkField(verbose_name="参考ページ")
    添付ファイル = fields.FileField(verbose_name="資料")
    数値 = fields.NumberField(default=100, verbose_name="表示順")
    日時 = fields.DateTimeField(default=Now(), verbose_name="公開日時")
    文字列_1行_0 = fields.SingleLineTextField("文字列__1行__0", verbose_name="キーワード")
    メモ_2 = fields.SingleLineTextField("ﾒﾓ", verbose_name="メモ（半角）")
    メモ = fields.SingleLineTextField(verbose_name="メモ（全角）")
    レコード番号 = fields.RecordNumberField()
    更新日時 = fields.UpdatedTimeField()

    class Meta:
        app = 108
        verbose_name = "FAQ"
        number_precision = NumberPrecision(digits=16, decimal_places=4)


class ToDo(Model):
    """A record of ToDo."""

    class_field = fields.SingleLineTextField("class", verbose_name="分類")
    title = fields.SingleLineTextField(required=True, max_length=50, verbose_name="件名")
    due_date = fields.DateField("dueDate", verbose_name="期限")
    優先度 = fields.DropDownField(choices=["高", "中", "低"], default="中")
    save_field = fields.CheckBoxField(
        "save", choices=["サーバー", "クラウド"], verbose_name="保存先"
    )
    parent = fields.LookupField[int | None](
        "ToDo",
        key="レコード番号",
        copies={"parent_title": "title"},
        display=["title", "due_date"],
        sort="レコード番号 desc",
        verbose_name="親タスク",
    )
    parent_record = fields.RelatedRecord["ToDo"]("parent")
    parent_title = fields.SingleLineTextField("parentTitle", verbose_name="親タスクの件名")
    進捗 = fields.NumberField(
        min_value=0, max_value=100, unit="%", unit_position="AFTER", default=0
    )
    fields_field = fields.MultiLineTextField("fields", verbose_name="詳細")
    assigned_to = fields.UserSelectField("Assigned_to", required=True, verbose_name="担当者")
    子タスク = fields.ReferenceTableField["QuerySet[ToDo]"](
        "ToDo",
        key="レコード番号",
        related="parent",
        display=["title", "due_date"],
        sort="dueDate asc",
        size=20,
    )
    レコード番号 = fields.RecordNumberField()
    ステータス = fields.StatusField()
    作業者 = fields.StatusAssigneeField()
    作成者 = fields.CreatorField()
    作成日時 = fields.CreatedTimeField()
    更新者 = fields.ModifierField()
    更新日時 = fields.UpdatedTimeField()

    class Meta:
        app = 109
        verbose_name = "ToDo"
        number_precision = NumberPrecision(digits=16, decimal_places=4)


class 見積明細Row(Row):
    """A row of 見積明細."""

    型番 = fields.LookupField(
        "Item",
        key="商品コード",
        copies={"品名": "商品名", "見積単価": "単価"},
        display=["商品名", "単価"],
        filter_cond='在庫数 > "0"',
        sort="商品コード asc",
    )
    品名 = fields.SingleLineTextField()
    見積単価 = fields.NumberField()
    数量 = fields.NumberField(required=True, min_value=1, default=1)
    金額 = fields.CalcField(format="NUMBER_DIGIT", expression="見積単価*数量")
    軽減税率 = fields.CheckBoxField(choices=["対象"])


class Quote(Model):
    """A record of 見積書."""

    見積番号 = fields.SingleLineTextField(required=True, unique=True, min_length=3, max_length=12)
    見積日 = fields.DateField(required=True, default=Today())
    有効期限 = fields.DateField()
    案件番号 = fields.LookupField(
        "Deal",
        key="案件番号",
        copies={"件名": "案件名", "宛先": "会社名"},
        display=["案件名", "会社名"],
        filter_cond='確度 in ("A", "B")',
        sort="案件番号 desc",
    )
    案件 = fields.RelatedRecord["Deal"]("案件番号")
    件名 = fields.SingleLineTextField()
    宛先 = fields.SingleLineTextField()
    敬称 = fields.DropDownField(choices=["御中", "様"], default="御中")
    見積明細 = fields.SubtableField(見積明細Row)
    小計 = fields.CalcField(format="NUMBER_DIGIT", expression="SUM(金額)", unit="¥")
    消費税率 = fields.NumberField(
        min_value=0, max_value=100, unit="%", unit_position="AFTER", default=10
    )
    消費税 = fields.CalcField(
        format="NUMBER_DIGIT", expression="ROUNDDOWN(小計*消費税率/100, 0)", unit="¥"
    )
    総計 = fields.CalcField(format="NUMBER_DIGIT", expression="小計+消費税", unit="¥")
    見積書PDF = fields.FileField()
    発行部署 = fields.OrganizationSelectField(
        required=True, default=(fields.Organization("sales"),)
    )
    レコード番号 = fields.RecordNumberField()
    作成者 = fields.CreatorField()
    作成日時 = fields.CreatedTimeField()
    更新者 = fields.ModifierField()
    更新日時 = fields.UpdatedTimeField()

    class Meta:
        app = 110
        verbose_name = "見積書"
        number_precision = NumberPrecision(digits=16, decimal_places=0, rounding_mode="DOWN")
