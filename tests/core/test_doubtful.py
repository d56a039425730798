from django import forms
from django.http import QueryDict
from django.template import Context, Template

from core.doubtful import SHOWN, doubtful_fields, know_organisations, were_shown
from core.fields import ProseField


class Talk(forms.Form):
    said = ProseField(label="ようす", required=False, help_text="ひとことで", rows=2)
    who = forms.CharField(label="出席者", required=False)


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_a_doubt_stands_under_its_field_and_describes_it() -> None:
    form = Talk({"said": "やまださんとゆいちゃん。電話は090-1234-5678"})
    assert form.is_valid()
    html = render("{% control form.said %}", form=form)
    assert 'aria-describedby="id_said_helptext id_said_doubt"' in html
    assert 'class="form-control is-doubtful"' in html
    assert html.count('class="field-doubt" id="id_said_doubt"') == 1
    assert "<b>たしかめてください</b>「やまださん」「ゆいちゃん」は人の名前のように読めます。" in html
    assert "「090-1234-5678」は電話番号のように読めます。書き直すか、このままでも保存できます。" in html


def test_what_stands_in_the_text_is_escaped() -> None:
    html = render(
        "{% control form.said %}{% doubt_summary fields %}",
        form=(form := Talk({"said": "児童養護施設「<b>太字」の17歳"})),
        fields=doubtful_fields(form),
    )
    assert "<b>太字" not in html
    assert "「児童養護施設「&lt;b&gt;太字」の17歳」は、年齢と施設の名前から" in html


def test_no_doubt_no_word() -> None:
    form = Talk({"said": "皆さんで話した", "who": "山田さん"})
    html = render(
        "{% control form.said %}{% control form.who %}{% doubt_summary fields %}", form=form, fields=[]
    )
    assert "doubt" not in html
    assert doubtful_fields(form) == []


def test_what_was_stored_before_is_looked_at_too() -> None:
    form = Talk(initial={"said": "やまださん"})
    assert [field.name for field in doubtful_fields(form)] == ["said"]


def test_newlines_come_as_the_database_keeps_them() -> None:
    form = Talk({"said": " 一行\r\n二行 "})
    assert form.is_valid()
    assert form.cleaned_data["said"] == "一行\n二行"


def test_organisations_are_known() -> None:
    form = Talk({"said": "はこぶねさんと話した"})
    know_organisations([form], ["はこぶね"])
    assert doubtful_fields(form) == []


def test_the_summary_links_to_each_field_and_carries_what_it_showed() -> None:
    form = Talk({"said": "やまださんとゆいちゃんとやまださん"})
    html = render(
        "{% doubt_summary fields button='このまま送る' not_yet='まだ送っていません。' %}",
        fields=doubtful_fields(form),
    )
    assert '<a href="#id_said">ようす</a>: 「やまださん」「ゆいちゃん」' in html
    assert "このままでよければ「このまま送る」を押してください" in html
    assert 'role="alert"' in html
    assert "<b>まだ送っていません。</b>" in html
    assert 'name="shown_doubts" value="やまださん\nゆいちゃん"' in html


def test_only_what_the_page_had_shown_is_decided() -> None:
    fields = doubtful_fields(Talk({"said": "やまださん、ゆいちゃん"}))
    data = QueryDict(mutable=True)
    assert not were_shown(fields, data)
    data[SHOWN] = "やまださん"
    assert not were_shown(fields, data)
    data[SHOWN] = "ゆいちゃん\r\nやまださん"
    assert were_shown(fields, data)
    assert were_shown([], QueryDict())
