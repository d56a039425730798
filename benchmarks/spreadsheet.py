"""The same sheet as a spreadsheet, and LibreOffice turning it into a PDF: how foundations print today."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from mentoring.reading import IndicatorRow, SheetReading
from reports.pdf.rows import paper_row

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:automatic-styles>
<style:style style:name="c" style:family="table-column"><style:table-column-properties style:column-width="34mm"/></style:style>
<style:style style:name="t" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap" fo:border="0.5pt solid #999999"/>
<style:text-properties style:font-name-asian="BIZ UDPGothic" style:font-size-asian="9pt" fo:font-size="9pt"/></style:style>
</office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="sheet"><table:table-column table:style-name="c" table:number-columns-repeated="5"/>
"""
TAIL = "</table:table></office:spreadsheet></office:body></office:document>"


def soffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def write_spreadsheet(reading: SheetReading, path: Path) -> None:
    """A flat OpenDocument spreadsheet with the words and figures of the paper, in its order."""
    rows = "".join(
        f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in _lines(reading)
    )
    path.write_text(HEAD + rows + TAIL, encoding="utf-8")


def _cell(text: str) -> str:
    return f'<table:table-cell table:style-name="t" office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'


def _lines(reading: SheetReading) -> list[list[str]]:
    sheet = reading.sheet
    lines = [[f"{sheet.grant.organisation.formal_name}　月次面談"], [sheet.grant.title, sheet.label]]
    lines += [["日付", "支援メニュー", "内容", "到達度"]]
    lines += [[str(s.on), s.item.name, s.content, s.get_reach_display()] for s in reading.interventions]
    lines += [[outcome.text] for outcome in reading.plan.long_term]
    for block in reading.outcomes:
        lines += [
            [block.plan.label, block.plan.text],
            ["変わったこと", block.change],
            *_figures(block.rows, reading),
        ]
    for group in reading.output_groups:
        lines += [[group.outcome.text if group.outcome else ""]]
        for output in group.outputs:
            lines += [[output.label, output.plan.text], *_figures(output.rows, reading)]
    for cost in reading.costs:
        budget = cost.budget
        lines += [[budget.label, str(budget.period), str(budget.total), str(budget.plan), f"{budget.rate}%"]]
    for block in reading.outcomes:
        if block.review:
            lines += [[block.plan.brief, block.review.get_word_display(), block.review.sentence]]
    lines += [[item.text, str(item.due_on)] for item in [*reading.earlier_homework, *reading.new_homework]]
    lines += [[note.text] for note in reading.shared_notes]
    return lines


def _figures(rows: list[IndicatorRow], reading: SheetReading) -> list[list[str]]:
    printed = [paper_row(row, reading.sheet, reading.calendar) for row in rows]
    head = ["指標", "目標値・目標状態", "当月", f"累計（{reading.end_label}まで）", "備考"]
    return [head, *([row.name, row.target, row.now, row.total, row.note] for row in printed)]


def convert(spreadsheet: Path, profile: Path) -> None:
    """One start of LibreOffice with a profile that has been used before."""
    office = soffice()
    assert office is not None
    subprocess.run(
        [office, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf",
         "--outdir", str(spreadsheet.parent), str(spreadsheet)],
        check=True, capture_output=True, timeout=120, env={**os.environ, "HOME": str(profile)},
    )  # fmt: skip
    assert spreadsheet.with_suffix(".pdf").exists()


def scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="banso-bench-"))
