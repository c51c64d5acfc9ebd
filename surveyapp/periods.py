"""Months and the closed periods that results are published for."""

import enum
import re
from dataclasses import dataclass
from datetime import date, timedelta

from surveyapp.errors import N_, SurveyError

RELEASE_DAY = 9  # December's forms are in by then


def month_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def parse_month(text: str) -> date:
    """`2026-03` as its first day."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise SurveyError(N_("Write the month as year-month, for example 2026-03."))
    return date(int(text[:4]), int(text[5:]), 1)


class Parts(enum.StrEnum):
    """Into what a year is divided; chosen before the first release."""

    TERTIAL = "T"
    QUARTER = "Q"
    MONTH = "M"

    @property
    def n_in_year(self) -> int:
        return {"T": 3, "Q": 4, "M": 12}[self.value]


@dataclass(frozen=True, order=True)
class Period:
    """A part of a year, or the year (`number` 0). Written 2026-T1, 2026-Q3, 2026-M11, 2026.

    With `to_date` it runs from January to the end of that part: `2026-T2+`.
    """

    year: int
    parts: Parts = Parts.TERTIAL
    number: int = 0
    to_date: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.number <= self.parts.n_in_year:
            raise ValueError(f"no part {self.number} among {self.parts.n_in_year}")
        if self.to_date and self.number < 2:
            raise ValueError("a year to date needs at least two parts")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read what `str` writes."""
        found = re.fullmatch(r"(\d{4})(?:-([TQM])(\d{1,2})(\+?))?", text)
        try:
            if found is None:
                raise ValueError
            year, parts, number, to_date = found.groups()
            if parts is None:
                return cls(int(year))
            if int(number) == 0:
                raise ValueError
            return cls(int(year), Parts(parts), int(number), bool(to_date))
        except ValueError:
            raise SurveyError(
                N_("Write the period as 2026-T1 (part of a year) or 2026 (year).")
            ) from None

    @classmethod
    def holding(cls, month: date, parts: Parts) -> "Period":
        """The part of a year that a month belongs to."""
        return cls(month.year, parts, (month.month - 1) * parts.n_in_year // 12 + 1)

    def __str__(self) -> str:
        if self.is_year:
            return str(self.year)
        return f"{self.year}-{self.parts.value}{self.number}{'+' if self.to_date else ''}"

    @property
    def is_year(self) -> bool:
        return self.number == 0

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of every month, in order."""
        size = 12 // self.parts.n_in_year
        last = 12 if self.is_year else self.number * size
        first = 1 if self.is_year or self.to_date else last - size + 1
        return tuple(date(self.year, month, 1) for month in range(first, last + 1))

    @property
    def starts_on(self) -> date:
        return self.months[0]

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return next_month(self.months[-1]) - timedelta(days=1)

    @property
    def releasable_from(self) -> date:
        """The 9th of the month after the last."""
        return next_month(self.months[-1]).replace(day=RELEASE_DAY)

    def earlier_parts(self) -> tuple["Period", ...]:
        """The parts of the same year before this one; for a year, all of them."""
        last = self.parts.n_in_year + 1 if self.is_year else self.number
        return tuple(Period(self.year, self.parts, number) for number in range(1, last))

    def year_to_date(self) -> "Period | None":
        """January to the end of this part, where that is more than the part itself."""
        if self.is_year or self.number < 2:
            return None
        return Period(self.year, self.parts, self.number, to_date=True)
