"""Japanese lines that break where one would pause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phrases import NEVER_FIRST, lines, shortened, width

SENTENCE = "退所を控えた若者が、退所したあとも頼れる大人とつながっている。"


def test_lines_break_between_phrases() -> None:
    assert lines(SENTENCE, 14) == ("退所を控えた若者が、", "退所したあとも頼れる", "大人とつながっている。")


def test_no_line_breaks_within_a_word_of_kanji() -> None:
    assert lines("月1回の情報共有会議がひらかれる。", 16) == ("月1回の情報共有会議が", "ひらかれる。")


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ("地域の人・企業・施設が、若者とともにある地域の担い手として動き続けている。", "担い手"),
        ("企業が若者の事情を知り、働き続けられるくふうをしている。", "くふう"),
        ("「ここに来るとほっとする」と答えた利用者の割合", "ほっとする"),
    ],
)
def test_words_the_model_tears_stay_whole(told: str, word: str) -> None:
    for ems in range(8, 24):
        found = lines(told, ems)
        assert "".join(found) == told
        assert any(word in line for line in found), (ems, found)


def test_what_does_not_fit_is_cut_off_visibly() -> None:
    assert lines(SENTENCE, 14, most=2) == ("退所を控えた若者が、", "退所したあとも頼れる大人と…")
    assert shortened("施設の職員が、担い手の同席をどう受けとめているか", 10) == "施設の職員が、担い…"
    assert shortened("来所", 10) == "来所"


def test_a_word_longer_than_a_line_is_cut_between_letters() -> None:
    word = "コンソーシアムネットワークセンター"
    assert [width(line) for line in lines(word, 6)] == [6, 6, 5]
    assert "".join(lines(word, 6)) == word
    assert "".join(lines("a" * 50, 6)) == "a" * 50


def test_line_breaks_of_the_text_are_kept() -> None:
    assert lines("一つめ\n二つめ", 20) == ("一つめ", "二つめ")


@given(st.text(alphabet="あいう、。（）「」漢字ーァAb1 ①", max_size=60), st.integers(3, 20))
def test_no_letter_is_lost_and_no_line_too_long(text: str, ems: int) -> None:
    found = lines(text, ems)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    for line in found:
        closing = len(line) - len(line.rstrip("".join(NEVER_FIRST)))
        assert width(line) <= ems + closing, "only marks that must not begin a line may hang over"
