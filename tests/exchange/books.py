"""Workbooks as others make them."""

import io
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook

from surveyapp.questionnaire import load

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "tests/samples/rules.yaml"
VERSIONS = sorted((ROOT / "questionnaires").rglob("*.yaml"))


def rules():
    """A small questionnaire with every rule there is, in Swedish and English."""
    return load(RULES)


def book(**sheets):
    """The bytes of a workbook: name of the sheet to its rows."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(made)


def saved(made):
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def changed(content, place, value):
    """The workbook with another value in one cell, such as survey!C7."""
    made = load_workbook(io.BytesIO(content))
    sheet, cell = place.split("!")
    made[sheet][cell] = value
    return saved(made)


def with_part(content, name, part=b"x"):
    """The workbook with one more part in its zip file, or another in place of one."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, part)
    return target.getvalue()


YES_NO = [["list_name", "name", "label"], ["yesno", "yes", "Ja"], ["yesno", "no", "Nej"]]


def small(*rows, headers=("type", "name", "label"), choices=YES_NO, **sheets):
    """An XLSForm with these rows on its survey sheet."""
    return book(survey=[headers, *rows], choices=choices, **sheets)


_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def sheet_of(content, data, strings=None):
    """The workbook with this XML as the rows of its first sheet, and a table of strings."""
    text = f'<worksheet xmlns="{_SHEET}"><sheetData>{data}</sheetData></worksheet>'
    content = with_part(content, "xl/worksheets/sheet1.xml", text.encode())
    if strings is None:
        return content
    types = zipfile.ZipFile(io.BytesIO(content)).read("[Content_Types].xml").decode()
    part = (
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPES}.sharedStrings+xml"/>'
    )
    types = types.replace("</Types>", f"{part}</Types>")
    content = with_part(content, "[Content_Types].xml", types.encode())
    return with_part(content, "xl/sharedStrings.xml", strings.encode())


def shared_strings(*items, before=""):
    """The table of strings that Excel keeps beside its sheets."""
    return f'{before}<sst xmlns="{_SHEET}">{"".join(items)}</sst>'
