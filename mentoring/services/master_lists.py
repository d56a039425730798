"""What a new foundation begins with, so that nobody starts from empty lists. Every row can be changed later."""

from django.db import transaction

from foundations.models import Foundation
from grantees.models import LegalForm
from grants.models import IndicatorUnit
from mentoring.models import SupportCategory, SupportMenuItem

BEFORE, NONE = LegalForm.Placement.BEFORE, LegalForm.Placement.NONE
LEGAL_FORMS = (
    ("一般社団法人", BEFORE),
    ("特定非営利活動法人", BEFORE),
    ("認定特定非営利活動法人", BEFORE),
    ("公益社団法人", BEFORE),
    ("一般財団法人", BEFORE),
    ("公益財団法人", BEFORE),
    ("社会福祉法人", BEFORE),
    ("株式会社", BEFORE),
    ("合同会社", BEFORE),
    ("労働者協同組合", BEFORE),
    ("学校法人", BEFORE),
    ("任意団体", NONE),
)
UNITS = ("人", "回", "件", "か所", "団体", "円", "%", "日", "名", "社", "時間", "世帯", "校")
CATEGORIES = (
    "事業遂行・進捗管理",
    "事業設計・評価",
    "会計・精算",
    "報告書作成",
    "資金調達",
    "広報・発信",
    "組織運営・人材・チームづくり",
    "ガバナンス・規程",
    "連携・マッチング",
    "研修・学び合い",
    "専門家派遣",
    "事業継続",
    "関係づくり",
    "その他",
)
LEARNING, CAPACITY, MENU = (
    SupportMenuItem.Pillar.LEARNING,
    SupportMenuItem.Pillar.CAPACITY,
    SupportMenuItem.Pillar.MENU,
)
MENU_ITEMS = (
    (MENU, "事業遂行・進捗管理", "月次面談での相談", "毎月の動きを一緒に振り返り、次の一歩を考えます。"),
    (MENU, "会計・精算", "会計・精算の相談", "帳簿の付け方、証拠書類のそろえ方、精算のしかたを一緒に確かめます。"),
    (MENU, "報告書作成", "報告書づくりの相談", "何を、どの順で伝えるかを一緒に整理します。"),
    (MENU, "連携・マッチング", "地域の人・場所とのつなぎ", "力を貸してくれる人、企業、場所をご紹介し、同行します。"),
    (MENU, "専門家派遣", "専門家の派遣", "労務、法務、ITなどの専門家に来ていただきます。"),
    (MENU, "広報・発信", "広報・発信の相談", "ちらし、ウェブサイト、SNSでの伝え方を一緒に考えます。"),
    (CAPACITY, "組織運営・人材・チームづくり", "チームづくりの研修", "役割の分け方や話し合いの進め方を、団体のみなさんと考えます。"),
    (CAPACITY, "資金調達", "資金調達計画づくり", "会費、寄付、助成、事業収入の組み合わせを一緒に描きます。"),
    (CAPACITY, "ガバナンス・規程", "規程づくりの相談", "必要な規程を、団体の大きさに合った形で整えます。"),
    (CAPACITY, "事業継続", "助成のあとを考える会", "助成が終わったあとも続けるための道を一緒に考えます。"),
    (LEARNING, "研修・学び合い", "実行団体の学び合いの会", "団体どうしで工夫や悩みを持ち寄ります。"),
    (LEARNING, "事業設計・評価", "評価の勉強会", "事業設計図と指標を、評価アドバイザーと見直します。"),
)  # fmt: skip


@transaction.atomic
def add_default_master_lists(foundation: Foundation) -> None:
    """Adds what is missing and leaves what is there as it is: safe to call again."""
    for position, (name, placement) in enumerate(LEGAL_FORMS, start=1):
        LegalForm.objects.get_or_create(
            foundation=foundation, name=name, defaults={"placement": placement, "position": position}
        )
    for position, name in enumerate(UNITS, start=1):
        IndicatorUnit.objects.get_or_create(foundation=foundation, name=name, defaults={"position": position})
    categories = {}
    for position, name in enumerate(CATEGORIES, start=1):
        categories[name], _created = SupportCategory.objects.get_or_create(
            foundation=foundation, name=name, defaults={"position": position}
        )
    for position, (pillar, category, name, description) in enumerate(MENU_ITEMS, start=1):
        SupportMenuItem.objects.get_or_create(
            foundation=foundation,
            name=name,
            defaults={
                "pillar": pillar,
                "category": categories[category],
                "description": description,
                "position": position,
            },
        )
