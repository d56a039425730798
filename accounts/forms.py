"""The sign-in forms of allauth with our words."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.account.forms import (
    ReauthenticateForm as PasswordReauthenticateForm,
)
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


def ask(form: forms.Form, name: str, label: Any, help_text: Any = "") -> None:
    """A label above the field and its hint below the label; no placeholder."""
    field = form.fields[name]
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "login", _("メールアドレス"))
        ask(self, "password", _("パスワード"))
        ask(self, "remember", _("この端末では2週間そのままにする"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class PasswordForgottenForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "email", _("メールアドレス"), _("招待のメールが届いたアドレスを入れてください。"))


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "password1", _("新しいパスワード"), _("10文字以上。ほかで使っていないものにしてください。"))
        ask(self, "password2", _("新しいパスワード（もう一度）"))


class PasswordChangeForm(ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "oldpassword", _("いまのパスワード"))
        ask(self, "password1", _("新しいパスワード"), _("10文字以上。ほかで使っていないものにしてください。"))
        ask(self, "password2", _("新しいパスワード（もう一度）"))


class PasswordAgainForm(PasswordReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "password", _("いまのパスワード"))


class CodeForm(AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_code(self)


class CodeAgainForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_code(self)


class AppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "code", _("アプリに出た6桁の数字"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class PasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "name", _("このパスキーの名前"), _("「事務所のパソコン」など、あとで見分けられる名前に。"))
        ask(
            self,
            "passwordless",
            _("パスワードなしのサインインに使う"),
            _("指紋・顔・暗証番号で本人を確かめられる端末で使えます。"),
        )
        self.fields["passwordless"].initial = True


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask(self, "name", _("このパスキーの名前"))


def ask_code(form: forms.Form) -> None:
    ask(form, "code", _("確認のコード"), _("確認アプリの6桁の数字か、予備コードの1つを入れてください。"))
