"""The rows of the survey sheet: which are questions, and what is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from surveyapp.errors import N_, Remark
from surveyapp.exchange.workbook import Row, Sheet

_SELECT_ONE = re.compile(r"(?:select_one|select one from|select one|select1) +(\S+)", re.I)
_BEGIN = re.compile(r"begin[_ ]+group", re.I)
_END = re.compile(r"end[_ ]+group", re.I)
# Nobody is asked anything by these.
_NOT_ASKED = frozenset(
    {
        *("note", "calculate", "hidden", "audit", "email", "xml-external", "csv-external"),
        *("start", "end", "today", "start-geopoint", "background-audio", "username"),
        *("deviceid", "device_id", "phonenumber", "subscriberid", "simserial"),
    }
)


@dataclass(frozen=True)
class Asked:
    """A row that is a question."""

    row: Row
    list_name: str | None  # None: it is answered in words
    groups: tuple[Row, ...]  # the groups it stands in, the outermost first

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """Place and expression of every condition on the question, its groups' first."""
        return [
            (row.place("relevant"), row.text("relevant"))
            for row in (*self.groups, self.row)
            if row.text("relevant")
        ]


class SurveyRows:
    """The questions of the sheet in order, with the faults and remarks of its rows."""

    def __init__(self, sheet: Sheet) -> None:
        self.faults: list[Remark] = []
        self.remarks: list[Remark] = []
        self._groups: list[Row] = []
        self.questions = list(self._read(sheet))
        for row in self._groups:
            message = N_("The group is not ended. Add a row with end_group.")
            self.faults.append(Remark(row.place("type"), message))

    def _read(self, sheet: Sheet) -> Iterator[Asked]:
        for row in sheet.rows:
            kind = row.text("type")
            place = row.place("type")
            if select := _SELECT_ONE.fullmatch(kind):
                yield Asked(row, select[1], tuple(self._groups))
            elif kind.lower() == "text":
                yield Asked(row, None, tuple(self._groups))
            elif _BEGIN.fullmatch(kind):
                self._begin(row)
            elif _END.fullmatch(kind):
                if not self._groups:
                    message = N_("No group begins before this end. Remove the row.")
                    self.faults.append(Remark(place, message))
                else:
                    self._groups.pop()
            elif kind.lower() in _NOT_ASKED:
                message = N_('Rows of the type "%(kind)s" are left out.')
                self.remarks.append(Remark(place, message, {"kind": kind}))
            else:
                self.faults.append(_unsupported(place, kind))

    def _begin(self, row: Row) -> None:
        self._groups.append(row)
        if any(header.partition("::")[0] == "label" for header in row.texts):
            message = N_('The heading of the group "%(name)s" is left out.')
            self.remarks.append(Remark(row.place("type"), message, {"name": row.text("name")}))


def _unsupported(place: str, kind: str) -> Remark:
    if not kind:
        return Remark(place, N_("The row has no type. Write one, or remove the row."))
    if re.search(r"repeat|loop", kind, re.I):
        message = N_("Questions cannot be repeated. Write them out, or remove the repeat.")
        return Remark(place, message)
    message = N_(
        'Questions of the type "%(kind)s" cannot be asked. Use select_one with a list, or text.'
    )
    return Remark(place, message, {"kind": kind})
