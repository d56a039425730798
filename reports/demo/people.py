"""The people of the demonstration. All of them are invented, and so are their addresses."""

from dataclasses import dataclass

PASSWORD = "banso-demo-2024"


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    kana: str
    email: str


@dataclass(frozen=True)
class StaffHat:
    person: str
    foundation: str
    role: str
    title: str
    since: str


@dataclass(frozen=True)
class MemberHat:
    person: str
    grant: str
    role: str
    title: str
    since: str


PEOPLE = (
    # ちばのWA
    Person("morishita", "森下 佳代", "もりした かよ", "morishita@chibanowa.example"),
    Person("tanabe", "田辺 修", "たなべ おさむ", "tanabe@chibanowa.example"),
    Person("mizuno", "水野 彰子", "みずの あきこ", "mizuno@chibanowa.example"),
    Person("otsuka", "大塚 実", "おおつか みのる", "otsuka@chibanowa.example"),
    Person("kawashima", "川島 和彦", "かわしま かずひこ", "kawashima@chibanowa.example"),
    Person("shiraishi", "白石 遥", "しらいし はるか", "shiraishi@chibanowa.example"),
    # 実行団体
    Person("hayakawa", "早川 ゆり", "はやかわ ゆり", "hayakawa@hakobune.example"),
    Person("hasebe", "長谷部 健", "はせべ けん", "hasebe@hakobune.example"),
    Person("miura", "三浦 直人", "みうら なおと", "miura@bestsupport.example"),
    Person("koike", "小池 あおい", "こいけ あおい", "koike@bestsupport.example"),
    Person("ono", "大野 真理子", "おおの まりこ", "ono@ippo.example"),
    Person("sakamoto", "坂本 周平", "さかもと しゅうへい", "sakamoto@ippo.example"),
    Person("iwase", "岩瀬 千尋", "いわせ ちひろ", "iwase@aftercare.example"),
    Person("kitami", "北見 亮", "きたみ りょう", "kitami@aftercare.example"),
    Person("hamaguchi", "浜口 しおり", "はまぐち しおり", "hamaguchi@nagisa.example"),
    Person("watarai", "渡会 進", "わたらい すすむ", "watarai@nagisa.example"),
    # みなと子ども財団（架空）
    Person("segawa", "瀬川 光", "せがわ ひかる", "segawa@minato.example"),
    Person("kido", "城戸 めぐみ", "きど めぐみ", "kido@minato.example"),
    Person("fujinami", "藤波 由紀", "ふじなみ ゆき", "fujinami@shiokaze.example"),
)

STAFF_HATS = (
    StaffHat("mizuno", "chibanowa", "admin", "事務局長", "2012-05-01"),
    StaffHat("morishita", "chibanowa", "officer", "プログラム・オフィサー", "2018-04-01"),
    StaffHat("tanabe", "chibanowa", "officer", "プログラム・オフィサー", "2020-04-01"),
    StaffHat("otsuka", "chibanowa", "accountant", "会計担当", "2020-04-01"),
    StaffHat("kawashima", "chibanowa", "board", "理事", "2019-06-01"),
    StaffHat("shiraishi", "chibanowa", "adviser", "評価アドバイザー", "2021-04-01"),
    StaffHat("segawa", "minato", "admin", "事務局長", "2019-04-01"),
    StaffHat("kido", "minato", "officer", "プログラム・オフィサー", "2021-04-01"),
    # One person, two hats: an officer here sits on the board there.
    StaffHat("tanabe", "minato", "board", "評議員", "2022-06-01"),
)

MEMBER_HATS = (
    MemberHat("hayakawa", "hakobune", "representative", "代表", "2021-04-01"),
    MemberHat("hasebe", "hakobune", "member", "事務局", "2021-04-01"),
    MemberHat("miura", "bestsupport", "representative", "事業責任者", "2021-04-01"),
    MemberHat("koike", "bestsupport", "member", "就労支援員", "2021-04-01"),
    MemberHat("ono", "ippo", "representative", "代表", "2021-04-01"),
    MemberHat("sakamoto", "ippo", "member", "生活支援員", "2021-04-01"),
    MemberHat("iwase", "consortium", "representative", "代表", "2021-04-01"),
    MemberHat("kitami", "consortium", "member", "事務局", "2021-04-01"),
    MemberHat("hamaguchi", "nagisa", "representative", "代表", "2022-04-01"),
    MemberHat("watarai", "nagisa", "member", "会計・連絡", "2022-10-01"),
    MemberHat("fujinami", "shiokaze", "representative", "代表", "2023-07-01"),
)

# Who was let into which grants (grants.GrantReader).
READERS = {
    "otsuka": ("hakobune", "bestsupport", "ippo", "consortium"),
    "shiraishi": ("hakobune", "consortium"),
}

# One account per role, as the command prints them.
ACCOUNTS = (
    ("mizuno", "管理者"),
    ("morishita", "プログラム・オフィサー"),
    ("tanabe", "プログラム・オフィサー（別の財団の役員も兼ねる）"),
    ("kawashima", "役員・選考委員"),
    ("otsuka", "経理"),
    ("shiraishi", "評価アドバイザー"),
    ("hayakawa", "実行団体の代表（はこぶね）"),
    ("hasebe", "実行団体の担当（はこぶね）"),
    ("hamaguchi", "実行団体の代表（なぎさの会・架空）"),
    ("kido", "別の財団のプログラム・オフィサー（架空）"),
)


def person(key: str) -> Person:
    return BY_KEY[key]


BY_KEY = {one.key: one for one in PEOPLE}
