"""Adding photos and files, and describing one that stands."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.doubtful import doubtful_fields, know_organisations
from core.fields import ProseField
from core.file_kinds import Refused
from core.uploads import LONGEST_NAME, CheckedFile, check_upload, clean_name, named
from mentoring.merging import Seen
from mentoring.models import Attachment, ProgressSheet
from mentoring.services.attachments import AttachmentWords

AT_ONCE = 20  # files in one post: each photo takes a moment to be drawn anew
LONGEST_CAPTION = 300
ACCEPTED = "image/jpeg,image/png,image/heic,image/heif,.heic,.heif,application/pdf,.xlsx,.docx"
NOBODY, SOMEBODY = "nobody", "somebody"
PEOPLE = [
    (NOBODY, _("人は写っていない")),
    (SOMEBODY, _("人が写っている（うしろ姿や名札もふくむ）")),
]
CONSENT = _("写っている人（若者をふくむ）の了解を得ています")


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list, of one file or many. What is in them is asked one by one (AttachmentForm.clean)."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [file for file in data or [] if file]


class PeopleForm(forms.Form):
    """Who is in the photo, and whether they agreed."""

    people = forms.ChoiceField(
        label=_("写真に、人が写っていますか"), choices=PEOPLE, required=False, widget=forms.RadioSelect
    )
    consent = forms.BooleanField(label=CONSENT, required=False)

    def ask_about_people(self) -> None:
        """Raises nothing: what is missing becomes an error of its field."""
        people = self.cleaned_data.get("people", "")
        if not people and "people" not in self.errors:
            self.add_error("people", gettext("写真のときは、人が写っているかどうかを選んでください。"))
        elif people == SOMEBODY and not self.cleaned_data.get("consent"):
            self.add_error(
                "consent", gettext("人が写っている写真は、写っている人の了解があるときだけ残せます。")
            )

    @property
    def shows_people(self) -> bool:
        return self.cleaned_data.get("people") == SOMEBODY


def page_of(sheet_pk: int) -> str:
    """What the signature of the page with the form is about."""
    return f"files:{sheet_pk}"


class AttachmentForm(PeopleForm):
    """After is_valid or not: `checked` may be kept, `problems` says of every other file what is wrong with it."""

    use_required_attribute = False

    chosen = FilesField(label=_("写真・ファイル"), required=False)
    caption = ProseField(label=_("説明"), required=False, max_length=LONGEST_CAPTION, rows=2)

    field_order = ("chosen", "caption", "people", "consent")

    def __init__(
        self,
        data: Any = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        sheet: ProgressSheet,
        initial: dict[str, str] | None = None,
    ) -> None:
        sent = None if files is None else {"chosen": files.getlist("chosen")}
        super().__init__(data, sent, initial=initial)  # type: ignore[arg-type]  # a list for the one field that takes it
        self.fields["chosen"].widget.attrs["accept"] = ACCEPTED
        self.sheet = sheet
        self.checked: list[CheckedFile] = []
        self.problems: list[str] = []
        know_organisations([self], (sheet.grant.organisation.name, sheet.grant.foundation.short_name))

    def signed_page(self) -> str:
        return Seen().sign(page_of(self.sheet.pk))

    def clean(self) -> dict[str, Any]:
        uploads = self.cleaned_data.get("chosen", [])
        if not uploads:
            self.add_error("chosen", gettext("ファイルを選んでください。"))
        for upload in uploads[:AT_ONCE]:
            try:
                self.checked.append(check_upload(upload))
            except Refused as refused:
                self.problems.append(refused.words)
        for upload in uploads[AT_ONCE:]:
            self._leave_out(clean_name(upload.name or ""))
        if any(file.kind.is_image for file in self.checked):
            self.ask_about_people()
        self._hold_back()
        return self.cleaned_data

    def _leave_out(self, name: str) -> None:
        words = gettext("「%(name)s」は、残していません。一度に送れるのは%(most)d個までです。")
        self.problems.append(words % {"name": name, "most": AT_ONCE})

    def _hold_back(self) -> None:
        """An error elsewhere keeps the photos back; a caption that is wrong keeps all of them."""
        if "caption" in self.errors:
            back, self.checked = self.checked, []
        elif {"people", "consent"} & set(self.errors):
            back = [file for file in self.checked if file.kind.is_image]
            self.checked = [file for file in self.checked if not file.kind.is_image]
        else:
            return
        words = gettext(
            "「%(name)s」は、まだ残していません。下の赤いところを直して、もう一度選んでください。"
        )
        self.problems += [words % {"name": file.name} for file in back]


class DescriptionForm(PeopleForm):
    """Of one that stands: what it is called, what it shows, who is in it."""

    use_required_attribute = False

    name = ProseField(label=_("ファイル名"), max_length=LONGEST_NAME, widget=forms.TextInput)
    caption = ProseField(label=_("説明"), required=False, max_length=LONGEST_CAPTION, rows=2)

    field_order = ("name", "caption", "people", "consent")

    def __init__(self, data: Any = None, *, attachment: Attachment) -> None:
        initial = {
            "name": attachment.name,
            "caption": attachment.caption,
            "people": SOMEBODY if attachment.shows_people else NOBODY,
            "consent": attachment.shows_people,
        }
        super().__init__(data, initial=initial)
        self.attachment = attachment
        self.seen = attachment.updated_at.isoformat()
        if not attachment.is_image:
            del self.fields["people"], self.fields["consent"]
        grant = attachment.sheet.grant
        know_organisations([self], (grant.organisation.name, grant.foundation.short_name))

    def clean_name(self) -> str:
        return named(clean_name(self.cleaned_data["name"]), self.attachment.Kind(self.attachment.kind))

    def clean(self) -> dict[str, Any]:
        """Somebody described it while this page was open: their words are shown once before they give way."""
        if self.attachment.is_image:
            self.ask_about_people()
        if self.data.get("seen", self.seen) != self.seen:
            for name in ("name", "caption"):
                stands = getattr(self.attachment, name)
                if name in self.cleaned_data and self.cleaned_data[name] != stands:
                    self.add_error(name, f"{gettext('ほかの人も書きかえました。')} 「{stands}」")
        return self.cleaned_data

    def doubtful(self) -> list[BoundField]:
        return doubtful_fields(self)

    def words(self) -> AttachmentWords:
        return AttachmentWords(
            name=self.cleaned_data["name"],
            caption=self.cleaned_data["caption"],
            shows_people=self.attachment.is_image and self.shows_people,
        )
