"""Is this file a workbook we may open? Asked of its content, never of its name, before anything of it is read."""

import zipfile
from typing import IO
from zlib import error as ZlibError

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reports.exports.parts import TooManySheets, UnpacksTooBig, check_contents, check_size

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE
LARGEST_XML = 5 * MEGABYTE  # unpacked, of all parts but pictures; every cell full of text is half of it
MOST_PARTS = 1000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel before 2007, and everything with a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ODS = b"application/vnd.oasis.opendocument.spreadsheet"

# Said when a file is chosen, and again when it comes:
TOO_BIG = _("ファイルが20MBを超えています。写真などを取りのぞいて、もう一度お試しください。")
MACROS = _(
    "マクロの入ったファイル（.xlsm）は、安全のため受け取りません。「Excelブック（.xlsx）」で保存しなおしてください。"
)


class NotTaken(Exception):
    """Nothing of the file is taken over; the message says why and what helps. `code` names the reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def check_package(file: IO[bytes], size: int) -> None:
    """Raises NotTaken. Leaves the file at its beginning."""
    if size > LARGEST:
        raise NotTaken("too_big", str(TOO_BIG))
    head = file.read(len(OLE))
    file.seek(0)
    if head == OLE:
        raise _old_or_locked(file.read())
    if not zipfile.is_zipfile(file) or not head.startswith(b"PK"):
        file.seek(0)
        raise _no_package(file.read(4096))
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_parts(archive)
    except UnpacksTooBig as error:
        raise NotTaken(
            "unpacks_too_big",
            gettext("ファイルの中身が大きすぎます。ダウンロードしたExcelのファイルに入れなおしてください。"),
        ) from error
    except TooManySheets as error:
        raise NotTaken(
            "too_many_sheets",
            gettext("シートの枚数が多すぎます。ダウンロードしたExcelのファイルに入れなおしてください。"),
        ) from error
    except (zipfile.BadZipFile, ZlibError, EOFError, RuntimeError, ValueError, OSError) as error:
        raise broken() from error
    file.seek(0)


def broken() -> NotTaken:
    return NotTaken(
        "broken",
        gettext(
            "このファイルを開けませんでした。ExcelかLibreOfficeで開いて、.xlsxの形で保存しなおしてください。"
        ),
    )


def _locked() -> NotTaken:
    return NotTaken(
        "password",
        gettext("パスワードのついたファイルは開けません。パスワードを外して保存しなおしてください。"),
    )


def _old_or_locked(content: bytes) -> NotTaken:
    if ENCRYPTED in content:
        return _locked()
    return NotTaken(
        "xls",
        gettext(
            "古いExcelの形（.xls）です。Excelの「名前を付けて保存」で「Excelブック（.xlsx）」を選んで保存してください。"
        ),
    )


def _no_package(start: bytes) -> NotTaken:
    if start.startswith(b"%PDF"):
        return NotTaken(
            "pdf", gettext("PDFは取り込めません。ダウンロードしたExcelのファイルを選んでください。")
        )
    is_text = not any(byte < 32 and byte not in b"\t\n\r" for byte in start)
    if is_text and start and not start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return NotTaken(
            "csv",
            gettext(
                "CSVは取り込めません。ダウンロードしたExcelのファイルに入れ、.xlsxの形で保存してください。"
            ),
        )
    return NotTaken(
        "no_workbook",
        gettext("Excelのファイルではないようです。ダウンロードした.xlsxのファイルを選んでください。"),
    )


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 0x1 for part in parts):
        raise _locked()
    if len(parts) > MOST_PARTS:
        raise UnpacksTooBig
    check_size(archive, LARGEST_XML)
    if (
        "mimetype" in names
        and archive.getinfo("mimetype").file_size < 200
        and archive.read("mimetype") == ODS
    ):
        raise NotTaken(
            "ods",
            gettext(
                "LibreOfficeの形（.ods）です。LibreOfficeの「名前を付けて保存」で「Excel 2007-365（.xlsx）」を選んで保存してください。"
            ),
        )
    if "xl/workbook.bin" in names:
        raise NotTaken(
            "xlsb",
            gettext(
                "バイナリの形（.xlsb）です。「名前を付けて保存」で「Excelブック（.xlsx）」を選んで保存してください。"
            ),
        )
    if "Index/Document.iwa" in names or "index.xml" in names:
        raise NotTaken(
            "numbers", gettext("Numbersの形です。「書き出す」で「Excel」（.xlsx）を選んで保存してください。")
        )
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise NotTaken(
            "no_workbook",
            gettext("Excelのファイルではないようです。ダウンロードした.xlsxのファイルを選んでください。"),
        )
    types = archive.read("[Content_Types].xml").lower()
    if any(name.lower().endswith("vbaproject.bin") for name in names) or b"macroenabled" in types:
        raise NotTaken("macros", str(MACROS))
    check_contents(archive)
