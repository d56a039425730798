"""Whose workbook is it? Only what the reader may see anyway is named."""

from django.utils.translation import gettext

from accounts.models import User
from mentoring.models import ProgressSheet
from reports.exports.package import NotTaken
from reports.exports.passport import Passport


def check_belongs(passport: Passport, sheet: ProgressSheet, user: User) -> None:
    """Raises NotTaken for the workbook of another month, another grant, or one that is none of the reader's business."""
    if passport.sheet == sheet.pk:
        return
    other = ProgressSheet.objects.visible_to(user).with_names().filter(pk=passport.sheet).first()
    if other is None:
        raise NotTaken(
            "other_grant",
            gettext("ほかの助成のExcelです。このページからダウンロードしたファイルに入れてください。"),
        )
    names = {"name": other.grant.organisation.name, "month": other.label, "here": sheet.label}
    if other.grant_id != sheet.grant_id:
        raise NotTaken(
            "other_grant",
            gettext("「%(name)s」の%(month)sのExcelです。このシートには取り込めません。") % names,
        )
    raise NotTaken(
        "other_month",
        gettext(
            "%(month)sのExcelです。いま開いているのは%(here)sのシートです。%(month)sのシートから取り込んでください。"
        )
        % names,
    )
