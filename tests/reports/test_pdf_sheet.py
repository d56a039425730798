"""The paper's words are read back: what a board member can read, select and hear."""

import datetime as dt
import logging
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from accounts.models import User
from foundations.models import Foundation
from grants.models import Grant, Purpose
from mentoring.models import CostReview, FieldNote, Figure, Meeting, ProgressSheet
from mentoring.picture import periods_of, read_picture
from reports.pdf.model import render_model_pdf
from reports.pdf.sheet import render_sheet_html, render_sheet_pdf, sheet_filename
from tests.factories import (
    BudgetLineFactory,
    FieldNoteFactory,
    IndicatorFactory,
    IndicatorVersionFactory,
    MeetingFactory,
    PlanRows,
    SheetEventFactory,
    SheetFactory,
    moment,
)
from tests.reports.papers import Method, add_indicators, fill_month, full_month, named, pages_of, words_of


@pytest.fixture
def sheet(plan: PlanRows, officer: User, representative: User) -> ProgressSheet:
    return full_month(plan, officer, representative)


@pytest.fixture
def words(sheet: ProgressSheet) -> str:
    return words_of(render_sheet_pdf(named(sheet)))


def test_parts_stand_in_the_order_of_the_foundations_own_sheet(words: str) -> None:
    parts = ["あおぞらの会月次面談", "年月日", "支援メニューの提供", "1.アウトカム", "2.アウトプット", "3.予算執行状況",
             "つながりの確認", "前回の宿題", "次回までの宿題", "共有のつぶやき・次回日程", "この記録は"]  # fmt: skip
    places = [words.index(part) for part in parts]
    assert places == sorted(places)


def test_head_tells_the_meeting(words: str) -> None:
    for fact in ("2022年11月17日（木）10:00〜11:30", "2022年10月1日〜10月31日", "団体の事務所（訪問）", "青木空（代表）",
                 "ちばのWA出席者小野彩", "2022年11月20日小野彩", "若者の居場所をつくる助成"):  # fmt: skip
        assert fact in words


def test_figures_totals_and_percent_of_all_six_methods(words: str) -> None:
    for line in (
        "居場所を開いた回数合計85回6回10回＝計画どおり進んでいる11.8%2回は夜に開いた。",
        "居場所に来た人新規の実人数20人2人4人20.0%",
        "ボランティア最新値16人11人11人▲計画より進んでいる68.8%",
        "割合（累計どうしの割合）80%62.5%5／8人62.5%10／16人",
        "相談の日を決めたところ。▼計画より遅れている",
        "手引きができている作成中作成中",
    ):
        assert line in words
    assert "累計（10月まで）" in words


def test_outputs_stand_under_the_outcome_they_serve_first(words: str) -> None:
    outputs = words[words.index("2.アウトプット") :]
    assert outputs.index("①若者が安心して過ごせる場所を持っている") < outputs.index("①-1居場所が開かれている")
    assert outputs.index("②若者が困ったときに相談できる人がいる") < outputs.index("②-1相談の窓口ができている")
    assert "②-1相談の窓口ができている①にも役立つ" in words


def test_budget_links_homework_remarks_and_next_date(words: str, sheet: ProgressSheet) -> None:
    for fact in (
        "管理的経費73,240円173,240円2,078,692円8.3%1,905,452円使い過ぎに注意電気料金の値上がり。",
        "直接事業費402,318円502,318円14,564,172円3.4%14,061,854円遅れ気味講師の日程が動いた。",
        "事業費475,558円675,558円16,642,864円4.1%15,967,306円",
        "→見えた", "…まだ", "①-1について",
        "済当番表をつくるあおぞらの会青木空10月31日", "続夜の連絡先を決めるあおぞらの会11月30日",
        "□農家を紹介するちばのWA小野彩2023年1月8日",
        "芋煮会がよかった。（あおぞらの会）", "次はぼくが火の番をする、という声。（青木空）",
        "次回2022年12月15日（木）10:00〜オンライン",
        "この記録は2022年11月20日に小野彩が確定しました。作成公益財団法人ちばのＷＡ基金（ちばのWA）。",
    ):  # fmt: skip
        assert fact in words
    assert [review.sentence in words for review in sheet.outcome_reviews.all()] == [True, True]
    assert [change.text in words for change in sheet.outcome_changes.all()] == [True, True]


def test_paper_does_not_know_what_was_done_after_the_closing(sheet: ProgressSheet, officer: User) -> None:
    sheet.action_items.update(done_on=dt.date(2022, 11, 21), done_by=officer)
    assert "□農家を紹介する" in words_of(render_sheet_pdf(named(sheet)))
    sheet.action_items.update(done_on=dt.date(2022, 11, 20))
    assert "済農家を紹介する" in words_of(render_sheet_pdf(named(sheet)))


def test_evaluation_costs_are_printed_when_they_are_planned(sheet: ProgressSheet, words: str) -> None:
    assert "評価関連経費" not in words
    BudgetLineFactory(grant=sheet.grant, purpose=Purpose.EVALUATION, granted_yen=755_000, own_yen=0)
    assert "評価関連経費未入力0円755,000円0.0%755,000円" in words_of(render_sheet_pdf(named(sheet)))


def test_every_page_carries_the_foundations_own_name_and_its_number(sheet: ProgressSheet) -> None:
    pages = pages_of(render_sheet_pdf(named(sheet)))
    for number, page in enumerate(pages, start=1):
        assert f"公益財団法人ちばのＷＡ基金{number}/{len(pages)}" in page
    assert all("あおぞらの会月次面談2022年10月" in page for page in pages[1:])
    assert not any("下書き" in page or "デモデータ" in page for page in pages)


def test_a_draft_says_so_on_every_page(sheet: ProgressSheet, plan: PlanRows) -> None:
    add_indicators(plan, sheet, 30)
    pages = pages_of(render_sheet_pdf(named(sheet), draft=True))
    assert len(pages) > 2
    assert all(page.count("下書き") >= 2 for page in pages)  # in the head, and across
    assert "確定の前（確定）" not in "".join(pages)
    assert "に書き出した下書きです" in "".join(pages)
    assert "が確定しました" not in "".join(pages)


def test_an_unfinished_sheet_is_a_draft_by_itself(plan: PlanRows) -> None:
    words = words_of(render_sheet_pdf(named(fill_month(plan, closed=False))))
    assert "下書き" in words
    assert "確定の前（入力中）" in words


def test_demo_data_are_marked_on_every_page_of_a_demo_foundation(
    sheet: ProgressSheet, foundation: Foundation
) -> None:
    foundation.is_demo = True
    foundation.save()
    pages = pages_of(render_sheet_pdf(named(sheet)))
    assert all("デモデータ" in page for page in pages)
    assert "すべて架空のデモデータです" in pages[-1]


def test_an_empty_month_says_so_kindly(grant: Grant) -> None:
    words = words_of(render_sheet_pdf(named(SheetFactory(grant=grant))))
    for sentence in ("面談の記録は、まだありません", "10月の支援の記録は、ありません。", "短期アウトカムは、まだ決まっていません。",
                     "アウトプットは、まだ決まっていません。", "前回からの宿題は、ありません。", "次回までの宿題は、ありません。",
                     "10月のつぶやきは、ありません。", "次回の日は、まだ決まっていません。"):  # fmt: skip
        assert sentence in words


def test_blank_is_not_zero(plan: PlanRows, grant: Grant) -> None:
    SheetFactory(grant=grant, month=dt.date(2022, 9, 1), closed=True)
    words = words_of(render_sheet_pdf(named(SheetFactory(grant=grant))))
    assert "居場所を開いた回数合計85回未入力まだありません未入力の月あり（1か月）" in words
    assert "未入力0円" in words  # this month's spending is not known; nothing was spent before


def test_forty_indicators_flow_over_pages_under_repeated_heads(sheet: ProgressSheet, plan: PlanRows) -> None:
    add_indicators(plan, sheet, 40)
    pages = pages_of(render_sheet_pdf(named(sheet)))
    full = [page for page in pages if "ふえた指標" in page]
    assert len(full) >= 3
    assert all("アウトプットと指標目標値当月累計（10月まで）備考" in page for page in full)
    assert all(f"ふえた指標{number}番" in "".join(pages) for number in range(1, 41))
    for page in pages:  # a name never stands alone at the foot of a page
        assert not page.split("公益財団法人")[0].endswith(("居場所が開かれている", "居場所を支える人がいる"))


def test_long_remarks_and_unbroken_strings_lose_no_letter(sheet: ProgressSheet, plan: PlanRows) -> None:
    long_text = ("龍が" + "ことば、" * 9) * 52  # some 2,000 letters
    unbroken = "https://example.test/" + "q1" * 990
    Figure.objects.filter(sheet=sheet, indicator=plan.indicators[Method.SUM]).update(note=long_text)
    Figure.objects.filter(sheet=sheet, indicator=plan.indicators[Method.STATE]).update(sentence=long_text)
    Figure.objects.filter(sheet=sheet, indicator=plan.indicators[Method.LATEST]).update(note=unbroken)
    CostReview.objects.filter(sheet=sheet).update(consultation=long_text)
    sheet.outcome_changes.update(text=long_text)
    sheet.outcome_reviews.update(sentence=unbroken)
    ProgressSheet.objects.filter(pk=sheet.pk).update(remark=long_text)
    pages = pages_of(render_sheet_pdf(named(sheet)))
    assert "".join(pages).count("龍") == 7 * 52
    assert "".join(pages).count("q1") == 3 * 990
    assert min(len(page) for page in pages) > 100  # and no page is left white


def test_a_quarter_is_named_as_a_quarter(plan: PlanRows) -> None:
    sheet = SheetFactory(grant=plan.grant, month=dt.date(2022, 10, 1), months=3, closed=True)
    words = words_of(render_sheet_pdf(named(sheet)))
    for label in (
        "2022年10月〜12月",
        "2022年10月1日〜12月31日",
        "当期",
        "累計（12月まで）",
        "10月〜12月に変わったこと",
    ):
        assert label in words


def test_a_second_meeting_of_the_month_is_told_too(sheet: ProgressSheet) -> None:
    MeetingFactory(
        grant=sheet.grant, held_on=dt.date(2022, 11, 10), form=Meeting.Form.PHONE, place="", sheets=[sheet]
    )
    words = words_of(render_sheet_pdf(named(sheet)))
    assert words.index("年月日2022年11月17日") < words.index("ほかの面談2022年11月10日（木）10:00〜11:30電話")


def test_a_meeting_for_two_months_names_the_other(sheet: ProgressSheet) -> None:
    meeting = sheet.meetings.get()
    meeting.sheets.add(ProgressSheet.objects.get(grant=sheet.grant, month=dt.date(2022, 9, 1)))
    assert "あわせて話した月2022年9月" in words_of(render_sheet_pdf(named(sheet)))


def test_a_second_closing_says_that_it_is_the_second(sheet: ProgressSheet) -> None:
    for day in (20, 25):
        SheetEventFactory(sheet=sheet, act="close", at=moment(2022, 11, day))
    assert "確定しなおした第2版です。" in words_of(render_sheet_pdf(named(sheet)))


def test_internal_notes_are_never_printed(sheet: ProgressSheet, officer: User) -> None:
    FieldNoteFactory(grant=sheet.grant, sheet=sheet, author=officer, text="うちわの話XYZ",
                     visibility=FieldNote.Visibility.INTERNAL)  # fmt: skip
    for draft in (True, False):
        words = words_of(render_sheet_pdf(named(sheet), draft=draft))
        assert "次はぼくが火の番をする" in words
        assert "うちわの話" not in words
        assert "XYZ" not in words


def test_what_people_wrote_is_text_and_no_markup(sheet: ProgressSheet) -> None:
    sheet.outcome_changes.update(text="<img src=https://example.test/x.png> & <b>太字</b>")
    assert "<imgsrc=https://example.test/x.png>&<b>太字</b>" in words_of(render_sheet_pdf(named(sheet)))


def test_the_file_is_tagged_titled_and_in_japanese(sheet: ProgressSheet) -> None:
    reader = PdfReader(BytesIO(render_sheet_pdf(named(sheet))))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ja"
    assert reader.metadata is not None
    assert reader.metadata.title == "あおぞらの会 月次面談 2022年10月"
    assert reader.metadata.author == "公益財団法人ちばのＷＡ基金"
    tags = _tags(root["/StructTreeRoot"])
    assert {
        "/H1",
        "/H2",
        "/H3",
        "/Table",
        "/TR",
        "/TH",
        "/TD",
        "/THead",
        "/TBody",
        "/L",
        "/LI",
        "/Figure",
    } <= set(tags)
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_every_drawing_has_words(sheet: ProgressSheet) -> None:
    root: Any = PdfReader(BytesIO(render_sheet_pdf(named(sheet)))).trailer["/Root"]
    figures = [node for node in _nodes(root["/StructTreeRoot"]) if node.get("/S") == "/Figure"]
    assert figures
    assert all(str(figure["/Alt"]).startswith("目標までの") for figure in figures)


def test_the_press_finds_nothing_to_complain_about(
    sheet: ProgressSheet, plan: PlanRows, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither a style it does not know, nor a missing letter, a missing description or a file out of reach."""
    add_indicators(plan, sheet, 20)
    with caplog.at_level(logging.WARNING, "weasyprint"):
        render_sheet_pdf(named(sheet), draft=True)
    assert [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")] == []


def test_the_same_month_gives_the_same_bytes(sheet: ProgressSheet) -> None:
    assert render_sheet_pdf(named(sheet)) == render_sheet_pdf(named(sheet))


def test_the_record_is_japanese_whoever_closes_it(sheet: ProgressSheet) -> None:
    expected = render_sheet_html(named(sheet))
    with translation.override("en"):
        assert render_sheet_html(named(sheet)) == expected
        assert sheet_filename(named(sheet)) == "あおぞらの会_月次面談_2022年10月.pdf"


def test_a_name_that_is_no_filename_becomes_one(grant: Grant) -> None:
    grant.organisation.name = 'い/ろ:"は"'
    assert sheet_filename(SheetFactory.build(grant=grant)) == "い_ろ__は__月次面談_2022年10月.pdf"


def test_queries_do_not_grow_with_the_sheet(
    sheet: ProgressSheet, plan: PlanRows, django_assert_num_queries: Any
) -> None:
    row = named(sheet)
    with django_assert_num_queries(23):
        render_sheet_html(row)
    add_indicators(plan, sheet, 3)
    MeetingFactory(grant=sheet.grant, held_on=dt.date(2022, 11, 10), sheets=[sheet])
    with django_assert_num_queries(23):
        render_sheet_html(row)


def _nodes(node: Any) -> list[Any]:
    """All structure elements below, in order."""
    kids = node.get("/K", [])
    found = []
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(kid, dict):
            found += [kid, *_nodes(kid)]
    return found


def _tags(root: Any) -> list[str]:
    return [str(node.get("/S")) for node in _nodes(root)]


def test_the_page_and_the_paper_say_the_same_numbers(
    sheet: ProgressSheet, words: str, officer: User, sign_in: Callable[[User], Client]
) -> None:
    page = sign_in(officer).get(sheet.get_absolute_url()).content.decode()
    shown = "".join(re.sub(r"<[^>]*>", "", page).split())
    for number in ("6回", "10回", "11.8%", "2人", "4人", "20.0%", "11人", "68.8%", "62.5%", "5／8人", "10／16人", "作成中",
                   "73,240円", "173,240円", "2,078,692円", "8.3%", "1,905,452円", "475,558円", "675,558円", "4.1%",
                   "15,967,306円"):  # fmt: skip
        assert number in shown
        assert number in words


def test_an_indicator_says_what_it_took_the_place_of(sheet: ProgressSheet, plan: PlanRows) -> None:
    old = plan.indicators[Method.SUM]
    old.retired_from = sheet.month
    old.save()
    new = IndicatorFactory(output=old.output, replaces=old)
    IndicatorVersionFactory(indicator=new, valid_from=sheet.month, name="居場所を開いた時間")
    sentence = "「居場所を開いた回数」にかわり、2022年10月から新しく数えています"
    on_paper = words_of(render_sheet_pdf(named(sheet)))
    assert f"居場所を開いた時間合計{sentence}" in on_paper
    assert on_paper.count("にかわり") == 1
    picture = read_picture(plan.grant, sheet.month, periods_of(plan.grant))
    assert sentence in words_of(render_model_pdf(picture))
