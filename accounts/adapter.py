"""What allauth asks us: who may open an account, and how to say no."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class InvitedOnlyAdapter(DefaultAccountAdapter):
    """People come by invitation (grantees.Invitation); nobody opens an account alone."""

    error_messages: dict[str, Any] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "メールアドレスかパスワードが違うようです。大文字・小文字をたしかめて、もう一度お試しください。"
        ),
        "incorrect_password": _("いまのパスワードと違うようです。もう一度お試しください。"),
        "enter_current_password": _("いまのパスワードと違うようです。もう一度お試しください。"),
        "invalid_password_reset": _("このリンクは使えません。もう一度、再設定のメールをお送りください。"),
        "too_many_login_attempts": _(
            "何度か違うパスワードが続いたため、少しお休みしています。5分ほどあけてお試しください。"
        ),
        "rate_limited": _("続けて試されたため、少しお休みしています。しばらくあけてお試しください。"),
    }

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """To the account's own address: allauth looks for rows of EmailAddress, which invited people lack."""
        super().send_notification_mail(template_prefix, user, context, email or user.email)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """`left` lets the page clear what this browser kept (templates/account/login.html)."""
        return f"{reverse('account_login')}?left=1"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
