"""The foundation, its programs and its master lists.

What the foundation says about itself is public (its own talk on its practice). The second program, the second
foundation and everything marked 架空 are invented.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FoundationSpec:
    key: str
    name: str
    short_name: str
    kana: str
    fields: dict[str, Any]
    history: tuple[tuple[int, int | None, str], ...] = ()


@dataclass(frozen=True)
class ProgramSpec:
    key: str
    fund: str
    name: str
    short_name: str
    theme: str
    issue: str
    target_group: str
    total_yen: int
    starts: str
    ends: str
    approaches: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


CHIBANOWA = FoundationSpec(
    "chibanowa",
    "公益財団法人ちばのWA地域づくり基金",
    "ちばのWA",
    "こうえきざいだんほうじんちばのわちいきづくりききん",
    {
        "prefecture": "千葉県",
        "profile": (
            "助成事業（テーマ・地域型基金、冠基金、事業指定助成、資源仲介）、寄付促進事業（寄付付き商品、遺贈寄付、"
            "チャリティイベント）、連携・協働促進事業（地域円卓会議、課題解決ワークショップ、企業の社会貢献活動の支援、"
            "情報共有の場づくり）、市民公益活動団体の組織基盤強化に取り組んでいます。"
        ),
        "vision": (
            "あらゆる人たちが主体的に地域の未来を担い合う社会を構築し、"
            "だれもが安心して暮らせる地域社会の実現を目指します。"
        ),
        "mission": (
            "多様な主体とともに「志金と社会資源の流れをつくる」\n"
            "千葉県内の地域課題とその解決に取り組む市民公益活動を可視化し、多様な形で寄付を呼びかけることで"
            "多くの人々が地域づくりの取り組みに参加が可能となる環境をつくり出すことを目指し助成を行います。"
        ),
        # The days of founding and certification are not public in our source; the history tells the months.
        "councillors": 6,
        "directors": 6,
        "auditors": 2,
        "advisers": 1,
        "full_time_staff": 3,
        "part_time_staff": 1,
        "granted_total_yen": 246_902_751,
        "granted_count": 139,
        "granted_as_of": "2023-03-31",
    },
    (
        (
            2000,
            None,
            "2011年まで、NPO中間支援団体にて市民活動支援基金を運営（のべ72団体、総額1,780万円の助成）",
        ),
        (
            2012,
            5,
            "一般財団法人として設立。設立原資300万円は、個人171名・25法人からの寄付",
        ),
        (2013, 4, "公益財団法人化（千葉県認定）"),
        (2016, None, "「いぞう寄付の窓口」開設"),
        (2020, None, "休眠預金等活用法に基づく資金分配団体に採択される（緊急枠・通常枠）"),
    ),
)

MINATO = FoundationSpec(
    "minato",
    "みなと子ども財団（架空）",
    "みなと",
    "みなとこどもざいだん",
    {
        "prefecture": "千葉県",
        "profile": "架空の財団です。ひとつの設備に複数の財団が入ったときの見え方を確かめるために置いています。",
        "vision": "港町のどの子にも、帰ってこられる場所がある。",
        "mission": "小さな助成と、顔の見える関わりで、子どもの居場所を支えます。",
        "councillors": 4,
        "directors": 3,
        "auditors": 1,
        "full_time_staff": 1,
        "part_time_staff": 1,
        "granted_total_yen": 8_400_000,
        "granted_count": 12,
        "granted_as_of": "2023-03-31",
    },
    ((2019, 4, "一般財団法人として設立（架空）"),),
)

FOUNDATIONS = (CHIBANOWA, MINATO)

PROGRAMS = (
    ProgramSpec(
        "young",
        "dormant",
        "社会的養護下にある若者の社会的孤立を防ぐための多機関連携による地域連携包摂システム構築事業",
        "若者の孤立を防ぐ地域連携包摂システム構築事業",
        "若者の孤立を防ぐための、地域が連携したシステムの構築\n―すべての若者が、誰かの力になれる社会へ―",
        (
            "20歳前後において適切な保護者の関与がない若者は、本人の最善の利益に即したキャリア形成や職業選択がされず、"
            "制度の枠組みから離れるとつながりが途絶えてしまう。"
            "民間支援団体の活動は、資金や人材の不足により継続性や質量の拡充が課題となっている。"
        ),
        "適切な保護者の関与がなく、強制的に自立を迫られる15歳〜30歳未満の基盤の弱い若者",
        80_000_000,
        "2021-04-01",
        "2024-01-31",
        (
            "退所前の支援（キャリア教育、生活支援等）",
            "退所後の支援（就労支援、住居支援、人材育成等）",
            "地域資源（第一次産業、地域産業、空き家、都市と農村等）を活用した居場所・仕事の創出",
            "多様な主体（施設、事業者、NPO、学校等）の連携促進",
        ),
    ),
    ProgramSpec(
        "ibasho",
        "place",
        "居場所づくり助成（架空）",
        "居場所づくり助成（架空）",
        "だれもがふらりと立ち寄れる場所を、町の人の手でつくる",
        "居場所を開いた人に仕事が集まり、続けることが難しくなっている。",
        "子どもと若者、そして居場所に関わるすべての人",
        6_000_000,
        "2022-04-01",
        "2024-03-31",
        ("居場所をひらく", "関わる人をふやす", "会のなかで役割を分け合う"),
    ),
    ProgramSpec(
        "meal",
        "minato",
        "港町の食卓助成（架空）",
        "港町の食卓助成（架空）",
        "子どもと大人がいっしょに食べる夕方",
        "夕方を一人で過ごす子どもがいる。",
        "小学生から高校生とその家族",
        2_000_000,
        "2023-07-01",
        "2024-06-30",
        ("食卓をひらく",),
    ),
)

# What is on the menu, under the three pillars: key, pillar, category, name, description.
MENU = (
    (
        "exchange",
        "learning",
        "研修・学び合い",
        "研修会・事業計画共有会",
        "取り組みを知り合い、現状を共有します。",
    ),
    ("case", "learning", "研修・学び合い", "先駆事例に学ぶ会", "シェルターや居場所の先行事例を学びます。"),
    (
        "lookback",
        "learning",
        "研修・学び合い",
        "ふりかえりと意見交換の会",
        "運営のくふうと苦労を分かち合います。",
    ),
    (
        "final",
        "learning",
        "事業設計・評価",
        "事後評価 学び合いの会",
        "成果の見つけ方と伝え方をいっしょに学びます。",
    ),
    (
        "empathy",
        "capacity",
        "組織運営・人材・チームづくり",
        "「地域の共感」を成果につなげる組織力強化ワークショップ",
        "団体の存在意義を言葉にし、事業の価値を伝えられるようになることを目指します。",
    ),
    (
        "roles",
        "capacity",
        "組織運営・人材・チームづくり",
        "役割の洗い出しと分担",
        "仕事を書き出し、分け合います。",
    ),
    ("rules", "capacity", "ガバナンス・規程", "規程づくりの相談", "必要な規程を、身の丈に合わせて整えます。"),
    ("account", "menu", "会計・精算", "会計・精算のサポート", "証ひょうの整理、収支管理簿、精算の準備。"),
    (
        "report",
        "menu",
        "報告書作成",
        "報告書づくりのサポート",
        "進捗報告書や事後評価報告書の下書きを読みます。",
    ),
    (
        "team",
        "menu",
        "組織運営・人材・チームづくり",
        "チームビルディングワークショップ",
        "話し合える関係をつくります。",
    ),
    (
        "fundraise",
        "menu",
        "資金調達",
        "ファンドレイジング計画づくり",
        "会員・寄付・自主事業の道すじを描きます。",
    ),
    (
        "logic",
        "menu",
        "事業設計・評価",
        "事業設計図（ロジックモデル）の見直し",
        "アウトカムとのつながりを確かめます。",
    ),
    ("publicity", "menu", "広報・発信", "チラシ・発信の相談", "だれに何を伝えるかから考えます。"),
    ("matching", "menu", "連携・マッチング", "地域の人・企業・団体の紹介", "選択肢を示し、人をつなぎます。"),
    ("progress", "menu", "事業遂行・進捗管理", "進め方の相談", "予定の組みかえや、困りごとの整理。"),
    ("expert", "menu", "専門家派遣", "専門家の派遣", "労務、法律、建築など。"),
    ("continue", "menu", "事業継続", "費用の見直しと継続の計画", "助成が終わったあとの形を考えます。"),
    ("bond", "menu", "関係づくり", "訪問と雑談", "何気ない会話から、つぶやきを拾います。"),
)

# Beside the units every new foundation starts with.
MORE_UNITS = ("市町村", "軒", "泊")
