"""Gentle hints about wording: an outcome is a change in somebody, not something that one does.

A hint never blocks. Where the text is a change already (…ようになる, …できている) there is none.
"""

import re

from django.utils.translation import gettext

ACTIVITY = re.compile(
    r"(?:を(?:する|行う|おこなう|実施する|開催する|開く|ひらく|提供する|つくる|作る|作成する|設置する|運営する|支援する|配布する|"
    r"発行する|育成する|整備する|構築する|推進する|強化する)|の(?:実施|開催|提供|運営|支援|作成|設置|整備|構築|推進|強化|育成|配布|発行)"
    r"|(?:実施|開催|提供|運営|支援|作成|設置|整備|構築|推進|強化|育成|配布|発行)(?:する|します)?)[。．]?$"
)
CHANGE = re.compile(
    r"(?:になっている|になる|ようになる|ようになっている|できている|できるようになる|ている|ていく|がふえる|がふえている|が増える|"
    r"が増えている|が減る|が減っている|がへる|が高まる|が広がる|が広がっている|感じている|持っている)[。．]?$"
)
SUBJECT = re.compile(r"(?:が|は|も)、?")


def outcome_hint(text: str) -> str:
    """An empty text when there is nothing to say."""
    sentence = text.strip()
    if not sentence:
        return ""
    if ACTIVITY.search(sentence) and not CHANGE.search(sentence):
        return gettext(
            "することを書いているように読めます。それによって、だれが、どう変わっているかを書くと、面談で確かめやすくなります。"
        )
    if not SUBJECT.search(sentence):
        return gettext("だれの変化かが分かるように、「〜が」からはじめてみてください。")
    return ""


def indicator_hints(*, name: str, target: str, due: str, verification: str) -> list[str]:
    """What of who, what, how much, by when and by what it will be known is still missing."""
    missing = []
    if name.strip() and len(name.strip()) < 4:
        missing.append(gettext("何を数えるのか（だれの、何の数か）を書いてみてください。"))
    if not target.strip():
        missing.append(gettext("どのくらいになればよいか（目標値か、めざす状態）がまだです。"))
    if not due.strip():
        missing.append(gettext("いつまでに、がまだです。"))
    if not verification.strip():
        missing.append(gettext("何を見て確かめるか（名簿、アンケート、聞き取りなど）がまだです。"))
    return missing
