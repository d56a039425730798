import pytest

from core.search import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ちばのＷＡ", "ちばのwa"),
        ("チバノWA", "ちばのＷＡ"),
        ("ﾃﾗｺﾔ", "てらこや"),
        ("な ぎ　さ", "なぎさ"),
        ("ヴィラ", "ゔぃら"),
    ],
)
def test_folds(one, other):
    assert fold(one) == fold(other)


def test_different_words_stay_different():
    assert fold("はこぶね") != fold("はごぶね")


def test_a_nul_finds_what_it_stands_in():
    assert fold("はこ\0ぶね") == fold("はこぶね")
