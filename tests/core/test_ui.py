import datetime as dt
from decimal import Decimal

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from core.fields import FigureField, JapaneseDateField
from core.templatetags.ui import LINK_WORDS, PROGRESS_WORDS


def render(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ value|yen }}", "1,234,567円"),
        ("{{ value|figure }}", "1,234,567"),
        ("{{ part|percent }}", "54.3%"),
        ("{{ day|jdate }}", "2022年10月12日"),
        ("{{ day|jdate_weekday }}", "2022年10月12日（水）"),
        ("{{ day|month }}", "2022年10月"),
        ("{{ day|short_month }}", "10月"),
        ("{{ at|jtime }}", "9:05"),
        ("{{ 1|circled }}{{ 20|circled }}{{ 21|circled }}", "①⑳(21)"),
        (
            "{{ none|yen }}{{ none|figure }}{{ none|percent }}{{ none|jdate }}{{ none|month }}{{ none|circled }}",
            "",
        ),
    ],
)
def test_filters(source, shown):
    values = {
        "value": 1234567,
        "part": Decimal("54.25"),
        "day": dt.date(2022, 10, 12),
        "at": dt.time(9, 5),
        "none": None,
    }
    assert render(source, **values) == shown


def test_progress_words_are_words_with_a_silent_glyph():
    html = render("{% progress_word 'behind' %}")
    assert '<i aria-hidden="true">▼</i>計画より遅れている' in html
    assert "遅れている" in render("{% progress_word 'behind' short=True %}")
    assert render("{% progress_word '' %}").strip() == ""


def test_no_japanese_is_left_in_the_words_of_an_english_page():
    with translation.override("en"):
        for code, (_glyph, full, short) in PROGRESS_WORDS.items():
            assert full not in render("{% progress_word code %}", code=code)
            assert short not in render("{% progress_word code short=True %}", code=code)
        for code, (_glyph, word) in LINK_WORDS.items():
            assert word not in render("{% link_word code %}", code=code)


def test_link_word():
    assert "逆の兆し 9月" in render("{% link_word 'counter' suffix='9月' %}")


def test_bar_says_its_facts_in_words_and_has_no_style():
    html = render(
        "{% progress_bar done calendar target='96回' %}", done=Decimal("54.2"), calendar=Decimal("55.9")
    )
    assert 'aria-label="達成 54.2%（目標 96回）"' in html
    assert "style" not in html
    assert "まだ数がありません（目標 96回）" in render("{% progress_bar None target='96回' %}")


def test_add_query_keeps_what_was_asked():
    request = RequestFactory().get("/", {"q": "ちば", "page": "2"})
    assert render("{% add_query page=3 %}", request=request) == "?q=%E3%81%A1%E3%81%B0&amp;page=3"
    assert "page" not in render("{% add_query page=None %}", request=request)


def test_pagination_shows_only_when_there_is_more():
    request = RequestFactory().get("/")
    source = "{% include 'ui/_pagination.html' %}"
    assert render(source, page=Paginator(range(3), 5).page(1), request=request).strip() == ""
    assert "3ページのうち2ページ目" in render(source, page=Paginator(range(15), 5).page(2), request=request)


class VisitForm(forms.Form):
    people = FigureField(unit="人", label="参加者", required=True, help_text="のべ人数です。")
    day = JapaneseDateField(label="日付")
    reach = forms.ChoiceField(
        label="到達度", choices=[("a", "途上"), ("b", "達成")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="確認しました", required=False)


def test_crispy_says_required_and_errors_in_words():
    html = render_crispy_form(VisitForm({"people": "１２人くらい", "day": "きのう"}))
    assert html.count("※必須") == 3
    assert 'class="field-error">「１２人くらい」を人数として読めませんでした' in html
    assert 'id="id_people_error"' in html
    assert 'aria-describedby="id_people_helptext id_people_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="１２人くらい"' in html
    assert "「きのう」を日付として" in html
    assert '<span class="unit">人</span>' in html
    assert "<legend" in html
    assert "asterisk" not in html
    assert "style=" not in html


def test_error_summary_tells_all_at_once_with_links():
    html = render("{% include 'ui/_error_summary.html' %}", form=VisitForm({"people": "x"}))
    assert "3か所を直すと進めます。" in html
    assert 'href="#id_people"' in html
    assert 'href="#id_day"' in html
    assert 'href="#id_reach_0"' in html


def test_control_in_a_table_has_a_name_and_marks_what_is_wrong():
    form = VisitForm({"people": "x"})
    html = render("{% control form.people label='参加者 今月' %}", form=form)
    assert 'class="form-control is-invalid"' in html
    assert 'aria-label="参加者 今月"' in html
