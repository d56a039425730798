"""The words of the sheet 使い方: what to do, and what each kind of row asks for."""

from django.utils.translation import gettext

from grants.models import Indicator

Method = Indicator.Method


def how_to_lines() -> list[tuple[str, str]]:
    return [(gettext("このExcelの使い方"), ""), *_steps(), ("", ""), *_kinds()]


def _steps() -> list[tuple[str, str]]:
    return [
        (gettext("1. 書く"), gettext("黄色のところだけに入れます。ほかのところは、前の月までの記録です。")),
        (gettext("2. 保存する"), gettext("Excelブック（.xlsx）のまま保存します。LibreOfficeでも使えます。")),
        (
            gettext("3. 取り込む"),
            gettext(
                "伴走の「Excelで入力」のページでこのファイルを選びます。どこが変わるかを見てから取り込みます。"
            ),
        ),
        (
            gettext("ほかの人も書いたら"),
            gettext(
                "同じところを書いた人がいれば、両方を並べてお見せします。だまって消えることはありません。"
            ),
        ),
        (
            gettext("してほしくないこと"),
            gettext(
                "行や列を消すこと、セルの結合、計算式。若者の名前や、本人と分かることも書かないでください。"
            ),
        ),
    ]


def _kinds() -> list[tuple[str, str]]:
    return [
        (
            gettext("0 と空"),
            gettext("数えて0だったら 0 を入れます。空は「まだ入れていない」という意味です。"),
        ),
        (
            str(Method.SUM.label),
            gettext("この月の数を入れます（回、件、のべ人数、円）。累計は伴走が足します。"),
        ),
        (str(Method.NEW_UNIQUE.label), gettext("この月にはじめての人だけを数えます。")),
        (str(Method.LATEST.label), gettext("月末の数を入れます（会員数など）。")),
        (
            str(Method.RATIO.label),
            gettext("月の列にあてはまる数、となりの列に全体の数を入れます。両方がいります。"),
        ),
        (str(Method.STATE.label), gettext("進み具合を一覧から選び、次の行に状態を文で書きます。")),
        (str(Method.PRESENCE.label), gettext("一覧から選びます。")),
        (gettext("予算"), gettext("この月の支出を円で入れ、ようすを一覧から選びます。相談は備考の列へ。")),
        (gettext("宿題"), gettext("済んだものに「済」を選びます。")),
    ]
