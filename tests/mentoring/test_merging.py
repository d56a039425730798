"""Three texts of one field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentoring.merging import Seen, merge

ABOUT = "sheet-1"


def outcome(seen: str, typed: str, stored: str, *, asked: bool = False, choice: str = "") -> str:
    merged = merge(
        seen=Seen({"a": seen}, frozenset("a") if asked else frozenset()),
        typed={"a": typed},
        stored={"a": stored},
        chosen={"a": choice} if choice else {},
    )
    if merged.clashes:
        return f"ask {merged.clashes['a'].theirs}"
    return "write" if merged.written else "keep"


@pytest.mark.parametrize(
    ("seen", "typed", "stored", "expected"),
    [
        ("前", "前", "前", "keep"),  # nobody wrote
        ("前", "私", "前", "write"),  # only this writer did
        ("前", "前", "相手", "keep"),  # only the other did: theirs stands
        ("前", "同じ", "同じ", "keep"),  # both wrote the same
        ("前", "私", "相手", "ask 相手"),
        ("前", "", "相手", "ask 相手"),  # emptying is writing too
        ("前", "私", "", "ask "),
        ("", "私", "相手", "ask 相手"),  # an unreadable page counts as seen blank
    ],
)
def test_three_texts(seen: str, typed: str, stored: str, expected: str) -> None:
    assert outcome(seen, typed, stored) == expected


@pytest.mark.parametrize(
    ("choice", "stored", "expected"),
    [
        ("", "相手", "ask 相手"),  # not chosen yet
        ("mine", "相手", "write"),
        ("theirs", "相手", "keep"),
        ("mine", "第三", "ask 第三"),  # somebody wrote again: the choice was about another text
        ("theirs", "第三", "ask 第三"),
    ],
)
def test_the_writer_chooses(choice: str, stored: str, expected: str) -> None:
    assert outcome("相手", "私", stored, asked=True, choice=choice) == expected


def test_a_choice_nobody_asked_for_is_no_choice() -> None:
    assert outcome("前", "私", "相手", choice="mine") == "ask 相手"


@given(st.sampled_from("xyz"), st.sampled_from("xyz"), st.sampled_from("xyz"))
def test_what_the_other_wrote_is_never_overwritten_unasked(seen: str, typed: str, stored: str) -> None:
    if stored != seen and stored != typed:
        assert outcome(seen, typed, stored) != "write"


def test_travels_signed_and_leaves_blanks_out() -> None:
    seen = Seen({"a": "前", "b": ""}, frozenset({"a"}))
    assert Seen.read(ABOUT, seen.sign(ABOUT)) == Seen({"a": "前"}, frozenset({"a"}))


@pytest.mark.parametrize("signed", ["", "nonsense", Seen({"a": "前"}).sign("sheet-2")])
def test_what_is_not_ours_counts_as_seen_blank(signed: str) -> None:
    assert Seen.read(ABOUT, signed) == Seen()
