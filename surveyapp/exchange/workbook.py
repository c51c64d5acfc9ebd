"""An Excel workbook from anybody as cells of text; nothing in it is run or fetched."""

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from surveyapp.errors import N_, ExchangeRefused, Remark
from surveyapp.questionnaire.examining import not_plain

LARGEST = 2 * 2**20  # bytes; a questionnaire of 200 questions in six languages takes 0.1 MiB
LARGEST_UNPACKED = 8 * 2**20  # bytes of all parts together
MOST_ROWS = 5000  # spreadsheets from the web hold a thousand empty ones
MOST_COLUMNS = 200
MOST_FAULTS = 50  # more are counted, not listed

# Parts of a workbook that run, or fetch from somewhere else.
_MACROS = re.compile(r"vbaproject|macrosheets|activex", re.IGNORECASE)
_LINKS = re.compile(r"xl/(externallinks/|connections\.xml|querytables/)", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """One cell: where it is, such as ``survey!C7``, and its text."""

    place: str
    text: str


@dataclass(frozen=True)
class Row:
    """One row under the headers."""

    sheet: str
    number: int
    columns: Mapping[str, str]  # header to the letter of its column
    texts: Mapping[str, str]  # header to text, for the cells that hold something

    def text(self, header: str) -> str:
        """The text under the header, or an empty one."""
        return self.texts.get(header, "")

    def place(self, header: str) -> str:
        """The cell under the header; the first cell of the row if there is no such column."""
        return f"{self.sheet}!{self.columns.get(header, 'A')}{self.number}"


@dataclass(frozen=True)
class Sheet:
    """A sheet with headers in its first row; empty rows are left out."""

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)  # header to letter, in order
    rows: tuple[Row, ...] = ()

    def header_place(self, header: str) -> str:
        return f"{self.name}!{self.columns[header]}1"


def refuse(faults: list[Remark]) -> None:
    """Raise ExchangeRefused if there are faults; very many are cut short."""
    if len(faults) > MOST_FAULTS:
        rest = {"n": len(faults) - MOST_FAULTS}
        faults = [*faults[:MOST_FAULTS], Remark("", N_("... and %(n)s more."), rest)]
    if faults:
        raise ExchangeRefused(faults)


def read_sheets(
    content: bytes, names: Collection[str], aliases: Mapping[str, str]
) -> tuple[dict[str, Sheet], list[Remark]]:
    """The sheets with these names (in small letters) and the faults of their cells.

    Parameters
    ----------
    content : bytes
        A file somebody has sent.
    names : collection of str
        The sheets to read; others are not looked at.
    aliases : mapping
        Other names of headers, to the name they are read as.

    Raises
    ------
    ExchangeRefused
        If the file as a whole is no workbook, is too large, or holds macros or links.
    """
    _refuse_unsafe(content)
    faults: list[Remark] = []
    try:
        sheets = {sheet.name: sheet for sheet in _sheets(content, names, aliases, faults)}
    except ExchangeRefused:
        raise
    except Exception as error:  # openpyxl fails in as many ways as a file can be broken
        message = N_("The workbook is damaged. Save it again as an Excel workbook (.xlsx).")
        raise ExchangeRefused([Remark("", message)]) from error
    return sheets, faults


def _refuse_unsafe(content: bytes) -> None:
    if len(content) > LARGEST:
        raise _refused(
            N_("The file is too large: at most %(n)s MiB can be read."), n=LARGEST // 2**20
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise _refused(
            N_("This is not an Excel workbook. Save the file as .xlsx, without a password.")
        ) from None
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise _refused(
            N_("The workbook unpacks to more than %(n)s MiB. Remove what is not a question."),
            n=LARGEST_UNPACKED // 2**20,
        )
    if any(_MACROS.search(part.filename) for part in parts):
        raise _refused(N_("The workbook holds macros. Save it as .xlsx, which holds none."))
    if any(_LINKS.match(part.filename) for part in parts):
        raise _refused(
            N_("The workbook fetches data from elsewhere. Remove its links and save it again.")
        )


def _refused(message: str, **values: object) -> ExchangeRefused:
    return ExchangeRefused([Remark("", message, values)])


def _sheets(
    content: bytes, names: Collection[str], aliases: Mapping[str, str], faults: list[Remark]
) -> Iterator[Sheet]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on looks and printing, which are not read
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                name = sheet.title.strip().lower()
                if name in names:
                    sheet.reset_dimensions()  # what a file says of its own size may be wrong
                    yield _sheet(name, sheet, aliases, faults)
        finally:
            book.close()


def _sheet(name: str, sheet: Any, aliases: Mapping[str, str], faults: list[Remark]) -> Sheet:
    columns: dict[str, str] = {}
    rows = []
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if number > MOST_ROWS:
            message = N_("There are more than %(n)s rows. Remove what is not a question.")
            raise ExchangeRefused([Remark(f"{name}!A{number}", message, {"n": MOST_ROWS})])
        texts = dict(_texts(name, number, cells, faults))
        if letter(MOST_COLUMNS) in texts:
            message = N_("There are more than %(n)s columns. Remove those not needed.")
            place = f"{name}!{letter(MOST_COLUMNS)}{number}"
            raise ExchangeRefused([Remark(place, message, {"n": MOST_COLUMNS})])
        if number == 1:
            columns = _headers(name, texts, aliases, faults)
        elif under := {header: texts[at] for header, at in columns.items() if at in texts}:
            rows.append(Row(name, number, columns, under))
    return Sheet(name, columns, tuple(rows))


def letter(position: int) -> str:
    """The letters of a column counted from 0.

    >>> letter(0), letter(25), letter(26), letter(701), letter(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    letters = ""
    position += 1
    while position:
        position, last = divmod(position - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def _headers(
    name: str, texts: Mapping[str, str], aliases: Mapping[str, str], faults: list[Remark]
) -> dict[str, str]:
    """Header to letter; the part before ``::`` is in small letters with underscores."""
    columns: dict[str, str] = {}
    for at, text in texts.items():
        first, *rest = (part.strip() for part in text.split("::"))
        first = first.lower().replace(" ", "_")
        header = "::".join([aliases.get(first, first), *rest])
        if header in columns:
            message = N_('The column "%(header)s" is there twice. Keep one.')
            faults.append(Remark(f"{name}!{at}1", message, {"header": header}))
        else:
            columns[header] = at
    return columns


def _texts(
    name: str, number: int, cells: tuple[Any, ...], faults: list[Remark]
) -> Iterator[tuple[str, str]]:
    """Letter and text of the cells that hold something."""
    for position, cell in enumerate(cells):
        if cell.value is None:
            continue
        at = letter(position)
        text, fault = _text(cell.value, cell.data_type)
        if fault is not None:
            faults.append(Remark(f"{name}!{at}{number}", fault))
        for message, values in not_plain(text):
            faults.append(Remark(f"{name}!{at}{number}", message, values))
        if text:
            yield at, text


def _text(value: object, data_type: str) -> tuple[str, str | None]:
    """The text of a cell, and why it is none if it is not."""
    match value:
        case _ if data_type == "f":
            return "", N_("A formula stands here. Write its result as text.")
        case _ if data_type == "e":
            return "", N_("The cell holds an error. Write a text.")
        case bool():
            return ("true" if value else "false"), None
        case int():
            return str(value), None
        case float():
            return (str(int(value)) if value.is_integer() else str(value)), None
        case str():
            return _clean(value), None
        case _:
            return "", N_("A date or time stands here. Write it as text.")


def _clean(text: str) -> str:
    """One form for letters, line ends and blanks, which programs write in different ways."""
    text = re.sub(r"\r\n?|\u2028|\u2029", "\n", unicodedata.normalize("NFC", text))
    lines = (line.replace("\t", " ").rstrip() for line in text.split("\n"))
    return "\n".join(lines).strip()
