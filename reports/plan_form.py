"""What the pages of a plan's import take: a file or a pasted table, and then its rows, cell by cell."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import MonthField
from grants.plan_import.table import LONGEST, MOST_ROWS, NoPlan, SourceRow, SourceTable, read_table
from grants.plan_text.headings import Column
from reports.exports.tables import NoTable, read_pasted, read_table_file

SALT = "reports.plan_import"


class PlanSourceForm(forms.Form):
    """`table` and `source` after is_valid."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("ファイル"), required=False, help_text=_("Excel（.xlsx）、CSV、TSV。5MBまで。")
    )
    text = forms.CharField(
        label=_("貼りつけ"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 8, "cols": False, "wrap": "off", "spellcheck": "false"}),
        help_text=_("ExcelやWordの表を、見出しの行からコピーして貼りつけます。"),
    )

    table: SourceTable
    source: str

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if len(text) > LONGEST:
            raise ValidationError(
                gettext("文字が多すぎます。計画の表だけを貼りつけてください。"), code="too_long"
            )
        return text

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text", "").strip("\n\r")
        if self.errors:
            return cleaned
        if file is None and not text.strip():
            raise ValidationError(gettext("ファイルを選ぶか、表を貼りつけてください。"), code="nothing")
        if file is not None and text.strip():
            raise ValidationError(gettext("ファイルと貼りつけの、どちらか片方にしてください。"), code="both")
        try:
            self._read(file, text)
        except (NoTable, NoPlan) as error:
            self.add_error("text" if file is None else "file", str(error))
        return cleaned

    def _read(self, file: Any, text: str) -> None:
        if file is None:
            self.table, self.source = read_table(read_pasted(text)), gettext("貼りつけた表")
            return
        found = read_table_file(file.file, file.name)
        table = read_table(found.rows)
        self.table = SourceTable(table.rows, table.headings, table.left_out, (*found.doubts, *table.doubts))
        self.source = str(file.name)


class PlanMonthForm(forms.Form):
    use_required_attribute = False
    month = MonthField(label=_("この月から"), help_text=_("例 2022年10月"))


def cell_name(row: int, column: Column) -> str:
    return f"r{row}-{column.value}"


def posted_text(data: QueryDict, name: str) -> str:
    """Without the sign that no database stores and no browser types."""
    return (data.get(name) or "").replace("\0", "")


def posted_rows(data: QueryDict) -> list[SourceRow]:
    """The rows as they stand in the page; one whose cells were all emptied is gone."""
    count = data.get("rows", "")
    rows = []
    for index in range(min(int(count), MOST_ROWS) if count.isdecimal() and len(count) < 5 else 0):
        typed = {column: posted_text(data, cell_name(index, column)) for column in Column}
        cells = {column: text.replace("\r\n", "\n").strip() for column, text in typed.items() if text.strip()}
        if cells:
            rows.append(SourceRow(posted_text(data, f"r{index}-at")[:80], cells))
    return rows


def sign_seen(pk: int, seal: str) -> str:
    """Goes with the page: which grant it is about, and which plan it was compared with."""
    return signing.dumps({"grant": pk, "seal": seal}, salt=SALT)


def read_seen(pk: int, signed: str) -> str | None:
    """The seal; None when the signature is not ours, or of another grant's page."""
    try:
        seen = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return None
    return str(seen["seal"]) if seen["grant"] == pk else None
