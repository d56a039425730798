"""The words of the journal. Rooms above write the codes; a code without a word here is shown as it is."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "account.opened": _("アカウントができました"),
    "foundation.opened": _("財団を登録しました"),
    "staff.started": _("財団での役割が始まりました"),
    "staff.ended": _("財団での役割を終えました"),
    "membership.started": _("団体での役割が始まりました"),
    "membership.changed": _("団体での役割が変わりました"),
    "membership.ended": _("団体での役割を終えました"),
    "invitation.sent": _("招待を送りました"),
    "invitation.resent": _("招待を送りなおしました"),
    "invitation.revoked": _("招待を取り消しました"),
    "invitation.accepted": _("招待を受けました"),
    "admin.added": _("管理画面で加えました"),
    "admin.changed": _("管理画面で変えました"),
    "admin.deleted": _("管理画面で消しました"),
    "plan.import": _("計画を表から取り込みました"),
    "sheet.open": _("シートができました"),
    "sheet.save": _("シートに書きました"),
    "sheet.submit": _("シートを提出しました"),
    "sheet.return": _("シートを差し戻しました"),
    "sheet.close": _("シートを確定しました"),
    "sheet.reopen": _("シートを再開しました"),
    "meeting.save": _("面談を書きました"),
    "homework.ticked": _("宿題を済みにしました"),
    "homework.unticked": _("宿題を済みから戻しました"),
    "plan.written": _("計画を書きかえました"),
    "comment.ask": _("行に質問を書きました"),
    "comment.answer": _("行の質問に返事を書きました"),
    "comment.correct": _("行の質問の文をなおしました"),
    "comment.withdraw": _("行の質問を取り下げました"),
    "comment.settle": _("行の質問を済みにしました"),
    "comment.unsettle": _("行の質問を済みから戻しました"),
    "support.add": _("支援を記録しました"),
    "support.edit": _("支援を直しました"),
    "attachment.add": _("写真・ファイルを加えました"),
    "attachment.edit": _("写真・ファイルの説明を直しました"),
    "attachment.remove": _("写真・ファイルを消しました"),
    "attachment.restore": _("消した写真・ファイルを戻しました"),
    "attachment.purge": _("消した写真・ファイルが、30日を過ぎてなくなりました"),
}


def verb_label(verb: str) -> str:
    return str(VERBS.get(verb, verb))
