"""Marks that begin an item, marks that are only spoken of, and the numbers of a plan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.plan_text.numbering import (
    number_in_text,
    number_label,
    read_number,
    references,
    split_numbered,
    trailing_references,
)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("①30万円/100名", ["30万円/100名"]),
        ("①０施設 ②０回", ["０施設", "０回"]),
        ("①30万円②100名", ["30万円", "100名"]),
        ("①施設数\n②のべ人数", ["施設数", "のべ人数"]),
        ("①1年目:10人 2年目:20人\n②3回", ["1年目:10人 2年目:20人", "3回"]),
        ("②のべ400人", ["のべ400人"]),  # a row of its own for the second indicator
        ("(1)施設数 (2)回数", ["施設数", "回数"]),
        ("（１）施設数\n（２）回数", ["施設数", "回数"]),
        ("1)施設数\n2)回数", ["施設数", "回数"]),
        ("1．施設数\n2．回数", ["施設数", "回数"]),
        ("・施設数\n・回数", ["施設数", "回数"]),
        ("❶施設数 ❷回数", ["施設数", "回数"]),
    ],
)
def test_lists_are_split(text: str, items: list[str]) -> None:
    assert [item.text for item in split_numbered(text).items] == items


@pytest.mark.parametrize(
    "text",
    [
        "①-1と①-2のつながり",  # numbers of outputs
        "①－1 施設を訪ねる",
        "アウトカム①に向けて、②も進める",
        "①と②の両方につながる",
        "①②",  # which outcomes, and no list
        "①に向けて",
        "1.5倍",
        "2.5人の増員",
        "・ひとつだけ",
        "施設①を訪ねる",
        "①",
    ],
)
def test_marks_that_are_spoken_of_stay_in_the_text(text: str) -> None:
    split = split_numbered(text)
    assert [item.text for item in split.items] == [text]
    assert not split.is_list


def test_words_before_a_list_are_kept_apart() -> None:
    split = split_numbered("3年間で\n①30人\n②20回")
    assert (split.preamble, [item.text for item in split.items]) == ("3年間で", ["30人", "20回"])


@given(st.text("①②③④(1)２2.、。・-－ のべを名回\n\u3000abcあ", max_size=60))
def test_splitting_loses_no_sign(text: str) -> None:
    split = split_numbered(text)
    kept = split.preamble + "".join(item.mark + item.text for item in split.items)
    assert squeezed(kept) == squeezed(text)


@pytest.mark.parametrize(
    ("text", "path", "also"),
    [
        ("①", (1,), ()),
        ("１", (1,), ()),
        ("(2)", (2,), ()),
        ("アウトカム3", (3,), ()),
        ("No.4", (4,), ()),
        ("①-1", (1, 1), ()),
        ("①－１", (1, 1), ()),
        ("1-2", (1, 2), ()),
        ("1.2", (1, 2), ()),
        ("①-1-2", (1, 1, 2), ()),
        ("①-1（②③）", (1, 1), ((2,), (3,))),
        ("①-1、②", (1, 1), ((2,),)),
        ("①②-1", (1, 1), ((2,),)),  # one output under two outcomes
        ("1（①-1、②-1）", (1,), ((1, 1), (2, 1))),
        ("①（①②）", (1,), ((1,), (2,))),  # a short-term outcome that leads to long-term ones
        ("①〜③", (1,), ((2,), (3,))),
        ("－2", (0, 2), ()),  # under no outcome
        ("(21)-1", (21, 1), ()),
    ],
)
def test_numbers_of_a_plan(text: str, path: tuple[int, ...], also: tuple[tuple[int, ...], ...]) -> None:
    number = read_number(text)
    assert (number.path, number.also, number.is_readable) == (path, also, True)


@pytest.mark.parametrize(
    "text", ["1月2日", "2024-01-02", "2024-01-02 00:00:00", "2024/1/2", "Jan-02", "2-Jan"]
)
def test_a_spreadsheet_takes_1_2_for_a_date(text: str) -> None:
    number = read_number(text)
    assert (number.path, number.was_date) == ((1, 2), True)


def test_nothing_besides_can_be_said() -> None:
    assert read_number("①（－）").says_also
    assert read_number("①（－）").also == ()
    assert not read_number("①").says_also


@pytest.mark.parametrize("text", ["あ", "追加", "A-1"])
def test_other_words_are_no_number(text: str) -> None:
    assert not read_number(text).is_readable


@given(st.tuples(st.integers(0, 40), st.integers(1, 40)))
def test_a_label_reads_back(path: tuple[int, int]) -> None:
    assert read_number(number_label(path)).path == path


def test_links_in_a_column_of_their_own_and_behind_the_words() -> None:
    assert references("①②") == ((1,), (2,))
    assert references("①-1、②-1") == ((1, 1), (2, 1))
    assert references("①の活動") == ()
    assert trailing_references("居場所をひらく（①②）") == ((1,), (2,))
    assert trailing_references("居場所をひらく（週2回）") == ()
    assert number_in_text("①-1 施設を訪ねる") == ("①-1", "施設を訪ねる")
    assert number_in_text("①施設を訪ねる") == ("①", "施設を訪ねる")
    assert number_in_text("施設を訪ねる") == ("", "施設を訪ねる")
