from decimal import Decimal

from core.charts import progress_bar, progress_bar_pdf


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
