"""People, numbers and places below are invented; numbers are of the kind kept free for stories where there is one."""

import re
import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import doubt_names, doubts
from core.doubts import Kind, doubts_in

FOUND = [
    # surnames and given names in kanji
    ("昨日、山田さんから電話があった。", "person", "山田さん"),
    ("佐々木さんが退所した", "person", "佐々木さん"),
    ("林さんの面談", "person", "林さん"),
    ("山田 花子さんに会った", "person", "花子さん"),
    ("担当の田中健太くんが来所", "person", "田中健太くん"),
    ("美咲ちゃんとごはんを食べた", "person", "美咲ちゃん"),
    ("翔くんの就職が決まった", "person", "翔くん"),
    ("高橋君は元気", "person", "高橋君"),
    ("鈴木様よりご寄付", "person", "鈴木様"),
    ("山田　様", "person", "山田　様"),
    ("岩瀬氏に相談", "person", "岩瀬氏"),
    ("大野さまへお礼", "person", "大野さま"),
    ("渡会さんが会計を受け持つ", "person", "渡会さん"),
    ("小野寺さんの引っ越し", "person", "小野寺さん"),
    ("土屋さんの家", "person", "土屋さん"),
    ("前園さん", "person", "前園さん"),
    ("田中園長さんと話す", "person", "田中園長さん"),
    ("佐藤先生さんに", "person", "佐藤先生さん"),
    ("髙𠮷さんが見学", "person", "髙𠮷さん"),
    ("関ヶ原さん", "person", "関ヶ原さん"),
    ("なお林さんは欠席", "person", "林さん"),
    ("蓮くんが働くんだと言った", "person", "蓮くん"),
    ("直人さんと健士くん", "person", "健士くん"),
    ("弥生さんの作品", "person", "弥生さん"),
    ("阿部さんと長谷部さん", "person", "長谷部さん"),
    # in kana
    ("やまださんが来た", "person", "やまださん"),
    ("今日はやまださんが来た", "person", "やまださん"),
    ("さとうさんの部屋", "person", "さとうさん"),
    ("居場所にゆいちゃんが来た", "person", "ゆいちゃん"),
    ("若者のけんたくんと面接の練習", "person", "けんたくん"),
    ("いっしょにはるとくんと料理", "person", "はるとくん"),
    ("みきちゃんと話した", "person", "みきちゃん"),
    ("みなちゃんの誕生日", "person", "みなちゃん"),
    ("ゆーくんが泊まった", "person", "ゆーくん"),
    ("田中みきさん", "person", "みきさん"),
    ("まきのはらさんの家", "person", "はらさん"),
    ("「ちいちゃん」と呼ばれている", "person", "ちいちゃん"),
    ("ユイちゃんの相談", "person", "ユイちゃん"),
    ("タナカさんへ連絡", "person", "タナカさん"),
    ("グエンさんの在留資格", "person", "グエンさん"),
    ("マリア・サントスさん", "person", "マリア・サントスさん"),
    ("ﾀﾅｶさんから電話", "person", "ﾀﾅｶさん"),
    ("Mikeさんが初めて来た", "person", "Mikeさん"),
    ("annaちゃんは欠席", "person", "annaちゃん"),
    # telephone numbers
    ("連絡先は090-1234-5678です", "phone", "090-1234-5678"),
    ("０９０－１２３４－５６７８", "phone", "０９０－１２３４－５６７８"),
    ("０９０ー１２３４ー５６７８まで", "phone", "０９０ー１２３４ー５６７８"),
    ("09012345678に電話", "phone", "09012345678"),
    ("0474-12-3456", "phone", "0474-12-3456"),
    ("047-412-3456か090-1234-5678", "phone", "047-412-3456"),
    ("(047)412-3456", "phone", "(047)412-3456"),
    ("047（412）3456", "phone", "047（412）3456"),
    ("03 1234 5678", "phone", "03 1234 5678"),
    ("0474123456", "phone", "0474123456"),
    ("0120-123-456", "phone", "0120-123-456"),
    ("+81-90-1234-5678", "phone", "+81-90-1234-5678"),
    ("電話：412-3456", "phone", "電話：412-3456"),
    # mail addresses
    ("yamada.hanako@example.jpに送る", "mail", "yamada.hanako@example.jp"),
    ("メールはyuki_0401＠example．comまで", "mail", "yuki_0401＠example．com"),
    ("返信→k-m+a@mail.example.co.jp。", "mail", "k-m+a@mail.example.co.jp"),
    # postal codes and addresses
    ("〒273-0005", "postcode", "〒273-0005"),
    ("〒２７３－０００５", "postcode", "〒２７３－０００５"),
    ("〒2730005", "postcode", "〒2730005"),
    ("住所は273-0005 船橋市", "postcode", "273-0005"),
    ("千葉県船橋市本町1-2-3に引っ越した", "address", "千葉県船橋市本町1-2-3"),
    ("船橋市本町１丁目２番３号", "address", "船橋市本町１丁目２番３号"),
    ("住まいは船橋市本町一丁目二番三号", "address", "船橋市本町一丁目二番三号"),
    ("松戸市新松戸3丁目", "address", "松戸市新松戸3丁目"),
    ("西船4丁目12番3号", "address", "西船4丁目12番3号"),
    ("いすみ市大原100番地", "address", "いすみ市大原100番地"),
    ("東京都千代田区丸の内1-1", "address", "東京都千代田区丸の内1-1"),
    ("印旛郡酒々井町中央台4-11", "address", "印旛郡酒々井町中央台4-11"),
    ("ひまわり荘203号室に入居", "address", "荘203号"),
    # an age together with a facility's name
    ("若葉学園の17歳が見学に来た", "age", "若葉学園の17歳"),
    ("１７歳（ひまわり園）", "age", "１７歳（ひまわり園"),
    ("19歳で、あけぼの寮を出た", "age", "19歳で、あけぼの寮"),
    ("つばさ寮に住む十八歳", "age", "つばさ寮に住む十八歳"),
    ("16才、あおぞらホームから通う", "age", "16才、あおぞらホーム"),
    ("児童養護施設「みどりの風」の15歳", "age", "児童養護施設「みどりの風」の15歳"),
    ("児童養護施設ひまわりを出た19歳", "age", "児童養護施設ひまわりを出た19歳"),
    ("自立援助ホームアザミの18歳の方", "age", "自立援助ホームアザミの18歳"),
]

EVERYDAY_WORDS = """
皆さんに配った みなさんの声 みんなさんで お母さんと話す おかあさんの味 お父さん おとうさん 兄さんの家 お姉ちゃんと弟
職員さんの声かけ 施設の職員さんから 看護師さんと 保育士さん 弁護士さんの講座 大家さんに 家主さん 農家さんの畑
担い手さんが 若者さんに 子どもさんの居場所 お子さん お客さん お客様 ご家族様 神様 業者さん 保護者さん
実習生さん 学生さんが3人 高校生さん 商店会の会長さん 町会長さん 民生委員さん 店長さん 所長さん 園長さん 理事さん
社協さん 児相さん 市役所さん 企業さん 財団さん 施設さん 団体さん いっぽの会さん 八百屋さん 工務店さん 福祉課さん
ボランティアさん スタッフさん ワーカーさん コーディネーターさん パートさん ママさん フードバンクさん ベストサポートさん
NPOさん Aさん Ｂさん Bくん KさんとMさん ○○さん 〇〇ちゃん ◯さん Zoomさん
赤ちゃん おばあちゃん おじちゃん 坊ちゃん ワンちゃん 末っ子ちゃん 薬をちゃんと飲む 家でちゃんと話す 今日ちゃんと来た
働くんです 聞くんだ 行くんだと言う はたらくんだ とりくんでいる しくんだ くんれん 職業くんれん
回覧板にはさんで はさんだ たくさんの人 おさんぽ みんなでさんかした お疲れさま おかげさまで
多様な人 同様に 様子を見る 模様 仕様 様々な様式 この様に 皆様 氏名は書かない 両氏 彼氏 氏神 君津市 諸君 君たち
お隣さん ご近所さん お嫁さん お寺さん お巡りさん お孫さん 孫ちゃん 板前さん 通訳さん 調整役さん 世間様 皆々様 青年部さん 大工さん 奥さん 息子さん 娘さん 友人さん ご主人さん 花子さん（仮名）
2023-10-12 2021-04〜2024-01 1-2回 10-12月 2022年10月 14,564,172円 0.5 12/20 10:30-12:00 100-2000円 0120 第1回
①-1 3か月 No.0474 1〜2人 各市町村1-2名 3番窓口 2丁目の公園 町会1-2回 市内3か所 船橋市2022-23年度 @ a@b 12@
"""
EVERYDAY = [
    *EVERYDAY_WORDS.split(),
    "17歳の相談が増えた",
    "児童養護施設では18歳で退所する",
    "児童養護施設の職員17歳以上",
    "ひまわり園は18歳以上が対象",
    "若葉学園の15〜29歳",
    "近くの公園で17歳の誕生日",
    "保育園に5歳まで通う",
    "自立援助ホームに18歳で入居",
    "グループホームの17歳",
    "若葉学園の行事。\n17歳の相談が増えた",
    "若葉学園の行事を見て、担い手の皆さんとふりかえりをして、それから居場所に戻ると、17歳の人が待っていた",
]


@pytest.mark.parametrize(("text", "kind", "piece"), FOUND)
def test_finds(text: str, kind: str, piece: str) -> None:
    assert (kind, piece) in [(doubt.kind, doubt.text) for doubt in doubts_in(text)]


@pytest.mark.parametrize("text", EVERYDAY)
def test_leaves_everyday_words_alone(text: str) -> None:
    assert doubts_in(text) == []


def test_says_where_in_the_order_of_the_text() -> None:
    text = "連絡は０９０－１２３４－５６７８、やまださんか、ゆいちゃんへ"
    found = doubts_in(text)
    assert [doubt.kind for doubt in found] == [Kind.PHONE, Kind.PERSON, Kind.PERSON]
    assert all(text[doubt.start :].startswith(doubt.text) for doubt in found)


def test_the_name_of_an_organisation_is_no_person() -> None:
    assert doubts_in("はこぶねさんの居場所で")
    assert doubts_in("はこぶねさんの居場所で", known=["はこぶね", ""]) == []
    assert doubts_in("はこぶねさんとやまださん", known=["はこぶね"])[0].text == "やまださん"


def test_a_number_is_told_once() -> None:
    kinds = [doubt.kind for doubt in doubts_in("電話 412-3456、(047)412-3456")]
    assert kinds == [Kind.PHONE, Kind.PHONE]


LETTERS = "やまだ山田タナカ花さんちゃんくん様氏君0９1-ー－（） 　\n〒@＠.aｚ丁目番地号市区町村園寮ホーム歳十七児童養護施設はの、。「」𠮷ﾀ"


@given(st.one_of(st.text(), st.text(alphabet=LETTERS, max_size=200)))
def test_never_raises(text: str) -> None:
    for doubt in doubts_in(text):
        assert doubt.text
        assert text[doubt.start :].startswith(doubt.text)


# --- linear, by construction -----------------------------------------------------------------------------------


def _walk(parsed: Any) -> Any:
    """Every operation of a parsed pattern, with its argument."""
    for op, argument in parsed:
        yield str(op), argument
        if str(op) == "BRANCH":
            for branch in argument[1]:
                yield from _walk(branch)
        elif str(op).endswith("REPEAT"):
            yield from _walk(argument[2])
        elif str(op) in ("SUBPATTERN", "ATOMIC_GROUP", "ASSERT", "ASSERT_NOT"):
            yield from _walk(argument[-1] if isinstance(argument, tuple) else argument)


@pytest.mark.parametrize(
    "pattern", [*doubts.PATTERNS, doubt_names.HONORIFIC], ids=lambda pattern: pattern.pattern[:20]
)
def test_no_pattern_repeats_without_bound_or_goes_back(pattern: re.Pattern[str]) -> None:
    """So one attempt takes a fixed number of steps at most, and a search one attempt a letter."""
    parsed = re._parser.parse(pattern.pattern)  # type: ignore[attr-defined]
    assert parsed.getwidth()[1] <= 400
    for op, argument in _walk(parsed):
        if op == "POSSESSIVE_REPEAT":
            assert argument[1] <= 64
        elif op.endswith("REPEAT"):
            assert argument[1] <= 1 or argument[0] == argument[1], "a repeat that may give letters back"


HARD = ("さん", "山", "やさん", "ん", "ア", "a", "@", "a@", "a.", "0", "0-", "1-", "(", "一", "丁目", "市1-", "17歳", "園", "若葉園", "児童養護施設", "歳園")  # fmt: skip


def _lines_run(text: str) -> int:
    """How many lines of our code it takes: the same on every machine."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        if "doubt" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        doubts_in(text)
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("unit", HARD)
def test_twice_the_text_is_twice_the_work(unit: str) -> None:
    short, long = unit * (2_000 // len(unit)), unit * (4_000 // len(unit))
    assert _lines_run(long) <= 2.1 * _lines_run(short) + 50


@pytest.mark.parametrize("unit", HARD)
def test_reads_twenty_thousand_letters(unit: str) -> None:
    doubts_in(unit * (20_000 // len(unit)))
