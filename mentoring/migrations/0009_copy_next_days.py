from typing import Any

from django.db import migrations


def copy_next_days(apps: Any, schema_editor: Any) -> None:
    """A month that was closed before it kept its next day gets the one that stands now."""
    sheets = apps.get_model("mentoring", "ProgressSheet").objects
    for sheet in sheets.filter(state="closed", next_snapshot__isnull=True).order_by("pk").iterator():
        told = sheet.meetings.exclude(next_meeting=None).select_related("next_meeting")
        last = told.order_by("held_on", "starts_at", "pk").last()
        snapshot = {}
        if last is not None:
            upcoming = last.next_meeting
            at = upcoming.starts_at.isoformat() if upcoming.starts_at else ""
            snapshot = {"on": upcoming.held_on.isoformat(), "at": at}
        sheets.filter(pk=sheet.pk).update(next_snapshot=snapshot)


class Migration(migrations.Migration):

    dependencies = [
        ('mentoring', '0008_next_snapshot'),
    ]

    operations = [
        migrations.RunPython(copy_next_days, migrations.RunPython.noop),
    ]
