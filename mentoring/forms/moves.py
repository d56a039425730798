from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.doubtful import doubtful_fields
from core.fields import ProseField


class ReasonForm(forms.Form):
    """A reason in words; it stays on the sheet's page for both sides."""

    reason = ProseField(label=_("理由"), max_length=2000)

    def __init__(self, data: Any = None, *, hint: str, missing: str, prefix: str) -> None:
        """`prefix` tells two such forms on one page apart."""
        super().__init__(data, auto_id=f"{prefix}_%s", use_required_attribute=False)
        self.fields["reason"].help_text = hint
        self.fields["reason"].error_messages["required"] = missing

    def doubtful(self) -> list[BoundField]:
        return doubtful_fields(self)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf, helper.form_show_errors = False, True, True
        return helper


class ReturnForm(ReasonForm):
    def __init__(self, data: Any = None) -> None:
        super().__init__(
            data,
            hint=gettext(
                "団体の方に、このままメールで届きます。どこをどうしてほしいかを書くと、すぐに直せます。"
            ),
            missing=gettext("差し戻す理由を書いてください。団体の方が次に何をすればよいか分かります。"),
            prefix="return",
        )


class ReopenForm(ReasonForm):
    def __init__(self, data: Any = None) -> None:
        super().__init__(
            data,
            hint=gettext(
                "確定したときのPDFは、そのまま残ります。もう一度確定すると、新しい版のPDFができます。"
            ),
            missing=gettext("再開する理由を書いてください。あとから読む人に、何をなおしたかが伝わります。"),
            prefix="reopen",
        )
