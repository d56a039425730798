from django import forms
from django.utils.translation import gettext_lazy as _

from reports.exports.package import LARGEST, MACROS, TOO_BIG

CHOSEN = {"accept": ".xlsx", "data-largest": LARGEST, "data-too-big": TOO_BIG, "data-macros": MACROS}


class WorkbookForm(forms.Form):
    """What is in the file is asked by reports.exports; here only whether there is one. What can be told of it before
    it is sent, static/js/workbook.js tells."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("書いたExcelのファイル"),
        help_text=_(".xlsx の形で、20MBまで。ファイルは残さず、書かれたものだけを読みます。"),
        widget=forms.FileInput(attrs=CHOSEN),
        error_messages={
            "required": _("ファイルを選んでください。"),
            "missing": _("ファイルを選んでください。"),
            "invalid": _("ファイルを選んでください。"),
            "empty": _("ファイルが空でした。保存しなおして、もう一度選んでください。"),
        },
    )
