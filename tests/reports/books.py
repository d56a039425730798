"""Workbooks as people send them back: filled in by openpyxl, and bent in every way that happens."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl.worksheet.worksheet import Worksheet

from mentoring.models import ProgressSheet
from tests.factories import PlanRows


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def download(client: Client, sheet: ProgressSheet) -> bytes:
    response = client.get(f"/sheets/{sheet.pk}/excel/")
    assert response.status_code == 200
    return content_of(response)


class Filled:
    """A workbook in the hands of a person. Lines are named by their hidden keys, columns by their codes."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.page: Worksheet = self.book.worksheets[0]

    def row(self, key: str) -> int:
        return next(r for r in range(1, self.page.max_row + 1) if self.page.cell(r, 1).value == key)

    def column(self, code: str) -> int:
        head = f"banso:{code}"
        return next(c for c in range(1, self.page.max_column + 1) if self.page.cell(1, c).value == head)

    def cell(self, key: str, code: str) -> Any:
        return self.page.cell(self.row(key), self.column(code))

    def at(self, key: str, code: str) -> str:
        return str(self.cell(key, code).coordinate)

    def put(self, key: str, code: str, value: Any, number_format: str = "") -> str:
        """Returns where it went: H12."""
        cell = self.cell(key, code)
        cell.value = value
        if isinstance(value, str) and value.startswith("="):
            cell.data_type = "f"
        if number_format:
            cell.number_format = number_format
        return str(cell.coordinate)

    def save(self) -> bytes:
        stream = io.BytesIO()
        self.book.save(stream)
        return stream.getvalue()


def filled(content: bytes, fill: Callable[[Filled], Any]) -> bytes:
    book = Filled(content)
    fill(book)
    return book.save()


def upload(client: Client, sheet: ProgressSheet, content: bytes, name: str = "進捗.xlsx") -> HttpResponse:
    return client.post(f"/sheets/{sheet.pk}/excel/upload/", {"file": SimpleUploadedFile(name, content)})


def pending_of(response: HttpResponse) -> str:
    found = re.search(r'name="pending" value="([^"]*)"', response.content.decode())
    assert found
    return found[1]


def ticked(response: HttpResponse) -> list[str]:
    """The keys that the page of differences has a tick at."""
    return re.findall(r'name="take" value="([^"]*)" id="[^"]*" checked', response.content.decode())


def offered(response: HttpResponse) -> list[str]:
    return re.findall(r'name="take" value="([^"]*)"', response.content.decode())


def confirm(
    client: Client, sheet: ProgressSheet, response: HttpResponse, take: list[str] | None = None
) -> HttpResponse:
    """Presses the button as the page stands, or with other ticks."""
    data = {"pending": pending_of(response), "take": ticked(response) if take is None else take}
    return client.post(f"/sheets/{sheet.pk}/excel/confirm/", data)


def figure_key(plan: PlanRows, method: str) -> str:
    return f"figure-{plan.indicators[method].pk}"


# --- the file itself ------------------------------------------------------------------------------------


def rewritten(content: bytes, change: Callable[[str, bytes], bytes | None], **more: bytes) -> bytes:
    """The package with each part passed through `change` (None leaves it out), and `more` parts."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in more.items():
            new.writestr(name, part)
    return stream.getvalue()


def as_excel_saves(content: bytes) -> bytes:
    """Emulates what Excel does to strings: a table of shared strings, with readings (ふりがな) beside the letters,
    and texts that a formula once gave as t="str". There is no Excel here; this is its written form as specified."""
    strings: list[str] = []

    def share(match: re.Match[str]) -> str:
        strings.append(match["text"])
        return f'<c r="{match["at"]}" s="{match["style"]}" t="s"><v>{len(strings) - 1}</v></c>'

    def change(name: str, part: bytes) -> bytes:
        if name.startswith("xl/worksheets/"):
            inline = (
                r'<c r="(?P<at>\w+)" s="(?P<style>\d+)" t="inlineStr"><is><t[^>]*>(?P<text>.*?)</t></is></c>'
            )
            return re.sub(inline, share, part.decode(), flags=re.S).encode()
        if name == "[Content_Types].xml":
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
            override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
            return part.decode().replace("</Types>", override).encode()
        if name == "xl/_rels/workbook.xml.rels":
            kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
            relation = (
                f'<Relationship Id="rIdShared" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
            )
            return part.decode().replace("</Relationships>", relation).encode()
        return part

    changed = rewritten(content, change)
    items = "".join(
        f'<si><t xml:space="preserve">{text}</t><rPh sb="0" eb="1"><t>ヨミ</t></rPh><phoneticPr fontId="1"/></si>'
        for text in strings
    )
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    shared = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="{namespace}">{items}</sst>'
    )
    return rewritten(changed, lambda _name, part: part, **{"xl/sharedStrings.xml": shared.encode()})
