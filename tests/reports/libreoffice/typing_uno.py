"""Types into a workbook with LibreOffice, as a person at its keyboard would. Runs under the system's Python, which has uno.

python3 typing_uno.py PIPE IN OUT TYPED.json: opens IN, types each [cell, text] of the list, stores it as OUT (.xlsx or .ods).
"""

import json
import pathlib
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8"}


def value(name, content):
    return PropertyValue(Name=name, Value=content)


def connect(pipe):
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    for _try in range(60):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(1)
    raise SystemExit("LibreOffice does not answer")


def main(pipe, source, target, typed):
    office = connect(pipe)
    make = office.ServiceManager.createInstanceWithContext
    desktop = make("com.sun.star.frame.Desktop", office)
    dispatcher = make("com.sun.star.frame.DispatchHelper", office)
    book = desktop.loadComponentFromURL(pathlib.Path(source).as_uri(), "_blank", 0, (value("Hidden", True),))
    frame = book.CurrentController.Frame
    for cell, text in json.loads(pathlib.Path(typed).read_text(encoding="utf-8")):
        dispatcher.executeDispatch(frame, ".uno:GoToCell", "", 0, (value("ToPoint", cell),))
        dispatcher.executeDispatch(frame, ".uno:EnterString", "", 0, (value("StringName", text),))
    book.storeToURL(
        pathlib.Path(target).as_uri(), (value("FilterName", FILTERS[pathlib.Path(target).suffix]),)
    )
    book.close(True)
    desktop.terminate()


main(*sys.argv[1:])
