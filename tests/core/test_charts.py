from decimal import Decimal

from core.charts import month_columns, progress_bar, progress_bar_pdf


def test_page_bar_as_in_the_look():
    bar = progress_bar(Decimal("54.2"), Decimal(19) / 34 * 100)
    assert (bar.track, bar.fill, bar.target, bar.wedge) == ("90.9%", "49.3%", "90.9%", "50.8%")
    assert not bar.is_over


def test_pdf_bar_as_in_the_look():
    bar = progress_bar_pdf(Decimal("90.9"), Decimal("55.9"))
    assert (bar.track, bar.fill, bar.target, bar.wedge) == ("94.5", "85.9", "93.5", "52.9")


def test_far_over_the_target_is_cut_and_says_so():
    bar = progress_bar(Decimal(250))
    assert bar.fill == "100.0%"
    assert bar.is_over


def test_below_the_baseline_and_nothing_entered_draw_no_fill():
    assert progress_bar(Decimal(-20)).fill == "0.0%"
    assert progress_bar(None).fill == "0.0%"
    assert progress_bar(None).wedge is None


def test_columns_are_as_high_as_their_share_of_the_highest():
    columns = month_columns([Decimal(2), None, Decimal(6), Decimal(3)])
    assert [(c.left, c.top, c.height) for c in columns] == [
        ("1", "16.3", "7.7"),
        ("9", None, None),
        ("17", "1.0", "23.0"),
        ("25", "12.5", "11.5"),
    ]
    assert [c.is_now for c in columns] == [False, False, False, True]


def test_zero_is_a_line_and_blank_is_a_frame():
    zero, blank, less = month_columns([Decimal(0), None, Decimal(-3)])
    assert (zero.height, less.height) == ("1.0", "1.0")
    assert blank.height is None
    assert blank.frame_left == "9.5"


def test_one_beside_a_thousand_is_still_seen():
    assert month_columns([Decimal(1), Decimal(1000)])[0].height == "1.5"
