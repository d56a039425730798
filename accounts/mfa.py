"""What allauth asks us about the second factor."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class BansoMFAAdapter(DefaultMFAAdapter):
    error_messages: dict[str, Any] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("コードが違うようです。アプリにいま出ている数字を入れてください。"),
        "cannot_delete_authenticator": _("この確認のしかたは、いまは外せません。"),
        "cannot_generate_recovery_codes": _("予備コードは、確認アプリかパスキーを入れてから作れます。"),
        "unverified_email": _("メールアドレスの確認が済んでから使えるようになります。"),
    }

    def build_totp_svg(self, url: str) -> str:
        """The <svg> alone, to stand in the page: the CSP lets no data: image in."""
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("パスキー%(number)d") % {"number": count + 1}

    def _get_site_name(self) -> str:
        return gettext("伴走")
