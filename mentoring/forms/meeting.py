"""The parts of the meeting's page, each a form of its own; forms.meeting_page holds them together."""

from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.fields import JapaneseDateField, JapaneseTimeField, ProseField
from core.months import short_month_label
from core.templatetags.ui import PROGRESS_WORDS
from mentoring.forms.half_written import HalfWritten
from mentoring.meeting_reading import MeetingReading, OutcomeTalk, OutputTalk, Person, rows_with_a_word
from mentoring.merging import label_of, text_of
from mentoring.models import CostReview, Meeting, OutcomeReview, ProgressSheet, ProgressWord
from mentoring.models.meetings import Side
from mentoring.reading import CostRow
from mentoring.services.meetings import Present

TEXT_LENGTH = 4000
NAME_LENGTH, TITLE_LENGTH, PLACE_LENGTH = 80, 60, 120
FACTS = (  # of the meeting itself; a cell of its page, and what a closed month keeps of it
    "held_on", "starts_at", "ends_at", "place", "form",
    "grantee_people", "grantee_guests", "foundation_people", "foundation_guests", "sheets",
)  # fmt: skip
GUESTS_HINT = _("1行にひとりずつ。例: 山田 花子（理事）")
Word = OutcomeReview.Word


def text_field(label: Any, *, rows: int = 3) -> ProseField:
    return ProseField(label=label, required=False, max_length=TEXT_LENGTH, rows=rows)


def guests_field(label: Any) -> forms.CharField:
    """Adults who were there: names are wanted here."""
    widget = forms.Textarea(attrs={"rows": 2, "cols": False})
    return forms.CharField(
        label=label, required=False, max_length=TEXT_LENGTH, widget=widget, help_text=GUESTS_HINT
    )


class MeetingPart(forms.Form):
    """Some of its fields depend on each other; `contradictions` is asked again after two people's texts were joined."""

    use_required_attribute = False

    def contradictions(self, values: dict[str, Any]) -> dict[str, forms.ValidationError]:
        return {}

    def clean(self) -> dict[str, Any]:
        for name, error in self.contradictions(self.cleaned_data).items():
            if name not in self.errors:
                self.add_error(name, error)
        return self.cleaned_data


class FactsForm(MeetingPart):
    held_on = JapaneseDateField(label=_("年月日"), required=False)
    starts_at = JapaneseTimeField(label=_("はじまり"), required=False)
    ends_at = JapaneseTimeField(label=_("おわり"), required=False)
    place = forms.CharField(label=_("場所"), required=False, max_length=PLACE_LENGTH)
    form = forms.ChoiceField(label=_("形式"), required=False, widget=forms.RadioSelect)
    grantee_people = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    grantee_guests = guests_field(_("そのほかの出席者（実行団体の側）"))
    foundation_people = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    foundation_guests = guests_field(_("そのほかの出席者（財団の側）"))
    sheets = forms.MultipleChoiceField(
        label=_("この面談で、いっしょに話した月"), required=False, widget=forms.CheckboxSelectMultiple
    )
    next_on = JapaneseDateField(label=_("次回の年月日"), required=False)
    next_at = JapaneseTimeField(label=_("次回のはじまり"), required=False)
    next_place = forms.CharField(label=_("次回の場所"), required=False, max_length=PLACE_LENGTH)
    next_form = forms.ChoiceField(label=_("次回の形式"), required=False, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, page: MeetingReading) -> None:
        super().__init__(data, initial=facts_initial(page), prefix="meeting")
        grant, self.sealed_by = page.sheet.grant, page.sealed_by
        self._choose("form", Meeting.Form.choices)
        self._choose("next_form", Meeting.Form.choices)
        self._choose("grantee_people", _person_choices(page.people[Side.GRANTEE]))
        self._choose("foundation_people", _person_choices(page.people[Side.FOUNDATION]))
        self._choose("sheets", [(str(sheet.pk), sheet.label) for sheet in page.other_sheets])
        names = {"grantee_people": grant.organisation.name, "foundation_people": grant.foundation.short_name}
        for name, side in names.items():
            self.fields[name].label = gettext("%(side)sの出席者") % {"side": side}
        upcoming = page.meeting.next_meeting if page.meeting else None
        if upcoming is not None and upcoming.held:
            for name in ("next_on", "next_at", "next_place", "next_form"):
                del self.fields[name]

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_grantee_guests(self) -> str:
        return self._clean_guests("grantee_guests")

    def clean_foundation_guests(self) -> str:
        return self._clean_guests("foundation_guests")

    def _clean_guests(self, name: str) -> str:
        guests = guests_in(self.cleaned_data[name], Side.GRANTEE)
        if any(len(guest.name) > NAME_LENGTH or len(guest.title) > TITLE_LENGTH for guest in guests):
            raise forms.ValidationError(
                gettext("長すぎる行があります。1行にひとりずつ、名前（肩書き）の形で書いてください。")
            )
        return "\n".join(present_text(guest) for guest in guests)

    def contradictions(self, values: dict[str, Any]) -> dict[str, forms.ValidationError]:
        wrong: dict[str, forms.ValidationError] = {}
        held_on, next_on = values.get("held_on"), values.get("next_on")
        starts, ends = values.get("starts_at"), values.get("ends_at")
        if held_on is None and self._says_something(values):
            wrong["held_on"] = HalfWritten(
                gettext("面談の年月日を入れてください。これからの面談なら、予定の日を。"),
                gettext("面談の年月日を入れると保存されます。"),
            )
        if ends is not None and starts is None:
            words = gettext("はじまりの時刻も入れてください。")
            wrong["starts_at"] = HalfWritten(words, gettext("はじまりの時刻も入れると保存されます。"))
        elif ends is not None and starts is not None and ends < starts:
            wrong["ends_at"] = forms.ValidationError(
                gettext("おわりの時刻は、はじまりより後にしてください。")
            )
        if next_on is None and any(values.get(name) for name in ("next_at", "next_place")):
            words = gettext("次回の年月日を入れてください。")
            wrong["next_on"] = HalfWritten(words, gettext("次回の年月日を入れると保存されます。"))
        elif next_on is not None and held_on is not None and next_on <= held_on:
            wrong["next_on"] = forms.ValidationError(gettext("次回は、今回の面談より後の日にしてください。"))
        return wrong | self._changes_what_is_sealed(values)

    def _changes_what_is_sealed(self, values: dict[str, Any]) -> dict[str, forms.ValidationError]:
        """The page may have been made before the other month was closed: what was typed stays in the words."""
        if self.sealed_by is None:
            return {}
        wrong = {}
        for name in FACTS:
            field: Any = self.fields[name]
            typed = text_of(field, values.get(name))
            if name not in self.errors and typed != text_of(field, self.initial.get(name)):
                words = gettext(
                    "%(month)sが確定しているので、変えられません（書こうとしたこと: %(typed)s）。"
                )
                told = label_of(field, typed) or gettext("空白")
                wrong[name] = forms.ValidationError(words % {"month": self.sealed_by.label, "typed": told})
        return wrong

    def _says_something(self, values: dict[str, Any]) -> bool:
        names = set(self.fields) - {"held_on", "form", "next_form"}
        return bool(self.initial.get("held_on")) or any(values.get(name) for name in names)


def facts_initial(page: MeetingReading) -> dict[str, Any]:
    """A further meeting begins with the form of the one before."""
    meeting = page.meeting
    if meeting is None:
        form = page.meetings[-1].form if page.meetings else Meeting.Form.IN_PERSON
        return {"form": form, "next_form": form}
    upcoming = meeting.next_meeting
    initial: dict[str, Any] = {
        "held_on": meeting.held_on,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "place": meeting.place,
        "form": meeting.form,
        "sheets": [str(s.pk) for s in meeting.sheets.all() if s.pk != page.sheet.pk and not s.is_closed],
        "next_on": upcoming.held_on if upcoming else None,
        "next_at": upcoming.starts_at if upcoming else None,
        "next_place": upcoming.place if upcoming else "",
        "next_form": upcoming.form if upcoming else meeting.form,
    }
    for side in Side:
        there = [a for a in meeting.attendees.all() if a.side == side]
        initial[f"{side.value}_people"] = [str(a.user_id) for a in there if a.user_id]
        initial[f"{side.value}_guests"] = "\n".join(str(a) for a in there if not a.user_id)
    return initial


def _person_choices(people: list[Person]) -> list[tuple[str, Any]]:
    return [(str(person.id), person.label) for person in people]


def guests_in(text: str, side: str) -> list[Present]:
    """One a line: 名前, or 名前（肩書き） in either width of brackets."""
    guests = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, bracket, title = line.replace("(", "（").replace(")", "）").removesuffix("）").partition("（")
        guests.append(
            Present(side, name.strip(), title.strip()) if bracket and name.strip() else Present(side, line)
        )
    return guests


def present_text(present: Present) -> str:
    return f"{present.name}（{present.title}）" if present.title else present.name


class ReviewForm(MeetingPart):
    word = forms.ChoiceField(required=False, widget=forms.RadioSelect, choices=Word.choices)
    sentence = text_field(_("どんなことから、そう思いましたか"))
    outputs = forms.MultipleChoiceField(
        label=_("どのアウトプットの話でしたか"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, talk: OutcomeTalk, period_months: int = 1) -> None:
        block = talk.block
        initial: dict[str, Any] = {}
        if block.review is not None:
            named = [str(output.pk) for output in block.review.outputs.all()]
            initial = {"word": block.review.word, "sentence": block.review.sentence, "outputs": named}
        super().__init__(data, initial=initial, prefix=f"outcome-{block.plan.id}")
        self.block = block
        served = [(str(output.block.plan.id), _link_label(output, period_months)) for output in talk.outputs]
        known = {code for code, _label in served}
        self.stale_links = sum(output.age.is_stale(period_months) for output in talk.outputs)
        for output in block.review.outputs.all() if block.review else ():
            if str(output.pk) not in known:  # named under an earlier plan
                served.append((str(output.pk), gettext("いまの計画にないアウトプット")))
        self.fields["outputs"].choices = served  # type: ignore[attr-defined]
        self.fields["word"].label = gettext(
            "これらの動きは、%(number)sの変化につながっていると見えましたか"
        ) % {"number": block.plan.label}
        self.fields["sentence"].help_text = gettext("話した月は、ひとことあると次の面談で思い出せます。")

    @property
    def opens_links(self) -> bool:
        """Whether the links are shown one by one from the start."""
        return bool(self.stale_links or self["outputs"].value() or (self.is_bound and self["outputs"].errors))

    def contradictions(self, values: dict[str, Any]) -> dict[str, forms.ValidationError]:
        word = values.get("word")
        if not word and (self.initial.get("word") or values.get("sentence") or values.get("outputs")):
            words = gettext("いちばん近いことばを選んでください。迷うときは「分からない」で大丈夫です。")
            return {
                "word": HalfWritten(
                    words, gettext("つながりのことばをどれか選ぶと、いっしょに保存されます。")
                )
            }
        if word == Word.UNSPOKEN and values.get("outputs"):
            words = gettext(
                "「今月は話していない」のときは、アウトプットの印を外してください。話していたら、近いことばを選んでください。"
            )
            return {"outputs": forms.ValidationError(words)}
        return {}


def _link_label(output: OutputTalk, period_months: int) -> str:
    """An output with the age of its link, or when it was last spoken of."""
    name, age = f"{output.block.label} {output.block.plan.brief}", output.age
    if age.is_stale(period_months):
        return ngettext("%(name)s（%(count)dか月 未確認）", "%(name)s（%(count)dか月 未確認）", age.age) % {
            "name": name,
            "count": age.age,
        }
    if age.earlier is None:
        return name
    last = {"name": name, "month": short_month_label(age.earlier.month), "word": Word(age.earlier.word).label}
    return gettext("%(name)s（%(month)s %(word)s）") % last


class CostForm(MeetingPart):
    status = forms.ChoiceField(required=False)
    consultation = text_field("", rows=2)

    def __init__(self, data: Any = None, *, row: CostRow) -> None:
        review = row.review
        super().__init__(
            data,
            initial={
                "status": review.status if review else "",
                "consultation": review.consultation if review else "",
            },
            prefix=f"cost-{row.budget.purpose}",
        )
        self.row = row
        choices = [("", gettext("いずれかを選択")), *CostReview.Status.choices]
        self.fields["status"].choices = choices  # type: ignore[attr-defined]
        self.fields["status"].label = gettext("%(purpose)sのようす") % {"purpose": row.budget.label}
        self.fields["consultation"].label = gettext("%(purpose)sの確認・相談など") % {
            "purpose": row.budget.label
        }


class WordsForm(MeetingPart):
    """The progress word of every indicator, by its id; in the dense tables of outputs in its short form."""

    def __init__(self, data: Any = None, *, page: MeetingReading) -> None:
        rows = rows_with_a_word(page)
        initial = {str(row.plan.id): row.now.progress if row.now else "" for row in rows}
        super().__init__(data, initial=initial, prefix="word")
        of_outcomes = {row.plan.id for talk in page.talks for row in talk.block.rows}
        short = [(code, gettext(brief)) for code, (_glyph, _full, brief) in PROGRESS_WORDS.items()]
        for row in rows:
            words: Any = ProgressWord.choices if row.plan.id in of_outcomes else short
            self.fields[str(row.plan.id)] = forms.ChoiceField(
                label=gettext("%(indicator)sの進み具合") % {"indicator": row.plan.name},
                required=False,
                choices=[("", gettext("選ぶ")), *words],
            )


class TicksForm(MeetingPart):
    """Earlier homework, by its id: done or not."""

    def __init__(self, data: Any = None, *, page: MeetingReading) -> None:
        items = page.reading.earlier_homework
        initial = {str(item.pk): item.done_on is not None for item in items}
        super().__init__(data, initial=initial, prefix="tick")
        for item in items:
            self.fields[str(item.pk)] = forms.BooleanField(label=item.text, required=False)


class QuestionsForm(MeetingPart):
    """What was asked beside a row and has no answer in writing, by its id: talked about or not."""

    def __init__(self, data: Any = None, *, page: MeetingReading) -> None:
        asked = [said for thread in page.threads.for_meeting for said in thread.said if said.opens_meeting]
        initial = {str(said.comment.pk): said.comment.settled_at is not None for said in asked}
        super().__init__(data, initial=initial, prefix="settle")
        for said in asked:
            self.fields[str(said.comment.pk)] = forms.BooleanField(label=_("面談で話した"), required=False)


class NotesForm(MeetingPart):
    """The writer's own note that both sides see. The internal one has a page of its own (forms.internal_note)."""

    shared = text_field(_("話しながらのメモ"), rows=4)

    def __init__(self, data: Any = None, *, page: MeetingReading) -> None:
        note = page.own_note
        super().__init__(data, initial={"shared": note.text if note else ""}, prefix="note")


def about(sheet: ProgressSheet, meeting: Meeting | None) -> str:
    """The page whose texts travel: of one sheet and one of its meetings."""
    return f"meeting-{sheet.pk}-{meeting.pk if meeting else 'new'}"


def is_about(page: str, sheet_pk: int) -> bool:
    return page.startswith(f"meeting-{sheet_pk}-")
