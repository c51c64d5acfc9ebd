"""Tables in text files: UTF-8, semicolon or comma, every faulty line with number and reason."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from surveyapp.errors import ImportRefused, SurveyError
from surveyapp.periods import parse_month

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT = re.compile(r"[0-9]{1,7}")
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]))?")
_MOST_PERCENT = 200  # turnover can pass 100: somebody left and so did their successor


class Fault(Exception):
    """Why a line is not accepted."""


@dataclass(frozen=True)
class Imported:
    """What an import did, in rows."""

    n_added: int = 0
    n_changed: int = 0
    n_unchanged: int = 0

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(
            self.n_added + other.n_added,
            self.n_changed + other.n_changed,
            self.n_unchanged + other.n_unchanged,
        )


@dataclass(frozen=True)
class Row:
    """One line of a table. A column that the file does not have reads as empty."""

    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def required(self, column: str) -> str:
        """The cell, which must not be empty."""
        text = self.text(column)
        if not text:
            raise Fault(f"{column} is missing")
        return text

    def must_be_empty(self, columns: Iterable[str], because: str) -> None:
        for column in columns:
            if self.text(column):
                raise Fault(f"{column} must be empty {because}")

    def day(self, column: str) -> date:
        text = self.required(column)
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            raise Fault(f"{column}: there is no such day as {text}") from None
        raise Fault(f'{column}: write the day as 2023-07-01, not "{text}"')

    def day_or_none(self, column: str) -> date | None:
        return self.day(column) if self.text(column) else None

    def month(self, column: str) -> date:
        text = self.required(column)
        try:
            return parse_month(text)
        except SurveyError:
            raise Fault(f'{column}: write the month as 2026-03, not "{text}"') from None

    def year(self, column: str) -> int:
        text = self.required(column)
        if not re.fullmatch(r"(19|20)[0-9]{2}", text):
            raise Fault(f'{column}: write the year as 2026, not "{text}"')
        return int(text)

    def count(self, column: str) -> int:
        text = self.required(column)
        if not _COUNT.fullmatch(text):
            raise Fault(f'{column}: write a whole number from 0, not "{text}"')
        return int(text)

    def percent(self, column: str) -> Decimal:
        """Per cent with at most one decimal, after a comma or a point."""
        text = self.required(column)
        found = _PERCENT.fullmatch(text)
        value = Decimal(f"{found[1]}.{found[2] or 0}") if found else None
        if value is None or value > _MOST_PERCENT:
            raise Fault(
                f"{column}: write per cent from 0 to {_MOST_PERCENT} with at most one decimal, "
                f'not "{text}"'
            )
        return value


@dataclass(frozen=True)
class Table:
    """The columns of a file and its rows, and the faults found in its lines so far."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: list[tuple[int, str]]

    def check_columns(self, required: Sequence[str], optional: Collection[str]) -> None:
        """Refuse the file if a column is missing, unknown or there twice."""
        known = (*required, *optional)
        reasons = [
            f"the column {name} is missing" for name in required if name not in self.columns
        ]
        for number, name in enumerate(self.columns):
            if name not in known:
                reasons.append(f'unknown column "{name}". Known: {", ".join(known)}')
            elif name in self.columns[:number]:
                reasons.append(f"the column {name} is there twice")
        if reasons:
            raise ImportRefused([f"line 1: {reason}" for reason in reasons])

    def each(self, take: Callable[[Row], None]) -> None:
        """Give every row to `take`; the Fault it raises is kept with the line."""
        for row in self.rows:
            try:
                take(row)
            except Fault as fault:
                self.fault(row.line, str(fault))

    def fault(self, line: int, reason: str) -> None:
        """Keep what was found on a line."""
        self.faults.append((line, reason))

    def refuse_if_faulty(self) -> None:
        """Raise what was found, in the order of the lines."""
        if self.faults:
            raise ImportRefused([f"line {line}: {why}" for line, why in sorted(self.faults)])


def decoded(content: bytes) -> str:
    """The text of a file in UTF-8, with or without a byte order mark."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ImportRefused(
            [f"line {line}: this is not UTF-8; save the file as CSV UTF-8"]
        ) from None


def read_table(text: str) -> Table:
    """The table in a text. Its first line names the columns and shows what parts them."""
    text = unicodedata.normalize("NFC", text)
    head = text.partition("\n")[0]
    lines = _lines(text, ";" if ";" in head else ",")
    first = next(lines, None)
    if first is None:
        raise ImportRefused(["line 1: the file is empty; its first line names the columns"])
    columns = tuple(first[1])
    rows, faults = [], []
    for line, cells in lines:
        surplus = cells[len(columns) :]
        if len(cells) < len(columns) or any(surplus):
            reason = (
                f"{len(cells)} cells, but the first line has {len(columns)} columns; "
                "put quotes around text with a separator in it"
            )
            faults.append((line, reason))
        elif unreadable := next((cell for cell in cells if not cell.isprintable()), None):
            faults.append((line, f"a line break or an invisible sign in {unreadable!r}"))
        else:
            rows.append(Row(line, dict(zip(columns, cells, strict=False))))
    return Table(columns, tuple(rows), faults)


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line that is not blank; faulty quotes end the reading."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise ImportRefused([f"line {line}: the quotes do not match ({error})"]) from None
        if cells is None:
            return
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield line, stripped
        line = reader.line_num + 1
