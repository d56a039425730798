from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from mentoring.services.attachments import missing_files, purge_removed, sweep_orphans


class Command(BaseCommand):
    help = "Lets go of photos and files taken away more than 30 days ago, and of leftovers. Fit for a daily timer."

    def handle(self, *args: Any, **options: Any) -> None:
        purged, orphans = purge_removed(), sweep_orphans()
        self.stdout.write(gettext("30日を過ぎて、なくしたファイル: %(count)d") % {"count": len(purged)})
        self.stdout.write(
            gettext("どのシートのものでもなく、片づけたファイル: %(count)d") % {"count": len(orphans)}
        )
        for row in missing_files():
            self.stderr.write(
                gettext("ファイルが見つかりません（バックアップから戻してください）: %(name)s")
                % {"name": f"{row.pk} {row.file.name}"}
            )
