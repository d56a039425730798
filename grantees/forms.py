from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grantees.models import Invitation, Membership, Organisation


class NewPersonForm(forms.Form):
    """Name and password of somebody who comes by a letter. The address is the letter's and cannot be changed."""

    name = forms.CharField(
        label=_("お名前"),
        max_length=80,
        help_text=_("面談のシートやPDFに載るお名前です。"),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    kana = forms.CharField(label=_("ふりがな"), max_length=80, required=False)
    password1 = forms.CharField(
        label=_("パスワード"),
        strip=False,
        help_text=_("10文字以上。ほかで使っていないものにしてください。"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("パスワード（もう一度）"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.initial.setdefault("name", invitation.name)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        password = data.get("password1")
        if password:
            try:
                validate_password(password, User(email=self.invitation.email, name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password1", error)
        if password and data.get("password2") and password != data["password2"]:
            self.add_error("password2", gettext("2つのパスワードが同じではないようです。"))
        return data


class PersonInviteForm(forms.Form):
    """A letter into one organisation."""

    name = forms.CharField(label=_("お名前"), max_length=80)
    email = forms.EmailField(label=_("メールアドレス"))
    role = forms.ChoiceField(
        label=_("役割"),
        choices=Membership.Role.choices,
        initial=Membership.Role.MEMBER,
        widget=forms.RadioSelect,
        help_text=_("どちらもシートの入力と提出ができます。代表は、仲間を招くこともできます。"),
    )
    title = forms.CharField(
        label=_("肩書き"), max_length=60, required=False, help_text=_("例: 事務局、相談員")
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        belongs = Membership.objects.active().filter(
            organisation=self.organisation, user__email__iexact=email
        )
        if belongs.exists():
            raise ValidationError(gettext("この方は、すでに団体の一員です。"))
        return email
