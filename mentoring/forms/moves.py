from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.doubtful import ProseForm
from core.fields import ProseField


class ReasonForm(ProseForm):
    """A reason in words; it stays on the sheet's page for both sides."""

    reason = ProseField(label=_("理由"), max_length=2000)

    def __init__(self, data: Any = None, *, hint: str, missing: str, prefix: str) -> None:
        """`prefix` tells two such forms on one page apart."""
        super().__init__(data, auto_id=f"{prefix}_%s", use_required_attribute=False)
        self.fields["reason"].help_text = hint
        self.fields["reason"].error_messages["required"] = missing


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
