"""Questions beside the rows of a sheet, to be read. Of what was taken back, that it was."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import OwnedInline, ReadOnlyAdmin
from mentoring.models import Mention, RowComment
from mentoring.threads import row_label


class MentionInline(OwnedInline):
    model = Mention
    related = ("person", "mail")
    addable = changeable = deletable = False
    fields = ("person", "told_on")
    readonly_fields = ("told_on",)

    @admin.display(description=_("メールの日"))
    def told_on(self, mention: Mention) -> Any:
        return mention.mail.on if mention.mail else "－"


@admin.register(RowComment)
class RowCommentAdmin(ReadOnlyAdmin):
    owner_path = "sheet__grant__program__fund__foundation"
    related = (
        "sheet__grant__program__fund",
        "sheet__grant__organisation",
        "question",
        "author",
        "settled_by",
    )
    notice = _("ここでは読むだけです。質問と返事は、シートのページで書きます。")
    list_display = ("created_at", "sheet", "row", "side", "author", "words", "settled_at")
    list_filter = ("side", "sheet__grant")
    search_fields = ("sheet__grant__search_key", "author__search_key")
    date_hierarchy = "created_at"
    inlines = (MentionInline,)
    fields = (
        "sheet", "row", "side", "author", "words", "asks", "created_at", "corrected_at", "withdrawn_at",
        "settled_at", "settled_by",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        comments: Any = super().get_queryset(request)
        return comments.with_row_names()  # type: ignore[no-any-return]

    @admin.display(description=_("行"))
    def row(self, comment: RowComment) -> str:
        return row_label(comment)

    @admin.display(description=_("文"))
    def words(self, comment: RowComment) -> str:
        return gettext("（取り下げました）") if comment.withdrawn_at else comment.text
