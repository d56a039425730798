"""Photos and files, to be read: who added what, who made sure of the consent, who took it away."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import ReadOnlyAdmin
from mentoring.models import Attachment


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    owner_path = "sheet__grant__program__fund__foundation"
    related = (
        "sheet__grant__program__fund",
        "sheet__grant__organisation",
        "uploaded_by",
        "consent_by",
        "removed_by",
    )
    notice = _("ここでは読むだけです。写真・ファイルは、シートのページで加えたり消したりします。")
    list_display = ("uploaded_at", "sheet", "name", "kind", "readable_size", "shows_people", "uploaded_by", "removed_at")  # fmt: skip
    list_filter = ("kind", "shows_people", "sheet__grant")
    search_fields = ("sheet__grant__search_key", "name", "caption")
    date_hierarchy = "uploaded_at"
    fields = (
        "sheet", "name", "kind", "readable_size", "width", "height", "caption", "shows_people", "consent_by",
        "consent_at", "uploaded_by", "uploaded_at", "removed_by", "removed_at", "removal_reason", "purged_at",
        "sha256", "page",
    )  # fmt: skip

    @admin.display(description=_("大きさ"), ordering="size")
    def readable_size(self, attachment: Any) -> str:
        return str(attachment.readable_size)

    @admin.display(description=_("ファイル"))
    def page(self, attachment: Any) -> str:
        if attachment.removed_at:
            return gettext("消してあるので、開けません。")
        return format_html('<a href="{}">{}</a>', attachment.get_absolute_url(), gettext("ファイルを開く"))
