"""The texts of a row in every language of the file, and what keeps a text from being taken."""

import re
from collections.abc import Iterator, Mapping

from surveyapp.errors import N_, Remark
from surveyapp.exchange.workbook import Row, Sheet
from surveyapp.exchange.xlsform.columns import HINT, LABEL, language_code
from surveyapp.questionnaire import Questionnaire

# Markdown, which other programs show as bold, headings or links. Here it would be shown as it
# stands. HTML no text may hold, wherever it comes from.
_MARKUP = (
    re.compile(r"\*\*|__"),
    re.compile(r"(?<!\w)[*_]\w[^*_]*[*_](?!\w)"),
    re.compile(r"^#{1,6} ", re.MULTILINE),
    re.compile(r"\]\("),
)


def known_languages(base: Questionnaire) -> dict[str, str]:
    """The languages of a questionnaire by their own names, in small letters."""
    return {name.lower(): code for code, name in base.texts.language_name.items()}


def text_fault(text: str) -> str | None:
    """Why the text cannot be shown to people as it is, or None.

    Examples
    --------
    >>> text_fault("Hur **nöjd** är du?")
    'Markup is not shown here. Write plain text.'
    >>> text_fault("2 * 3 < 7 & 1 > 0, fråga_ett") is None
    True
    """
    if "${" in text:
        return N_("A text cannot repeat an earlier answer here. Write it without ${...}.")
    if any(pattern.search(text) for pattern in _MARKUP):
        return N_("Markup is not shown here. Write plain text.")
    return None


class Wording:
    """Which columns of a sheet hold the texts of which language.

    Parameters
    ----------
    sheet : Sheet
        The sheet, with columns such as ``label`` and ``hint::English (en)``.
    known : mapping
        Languages by their names in small letters.
    default : str
        The language of columns that name none.
    """

    def __init__(self, sheet: Sheet, known: Mapping[str, str], default: str) -> None:
        self.faults: list[Remark] = []
        self.columns: dict[str, dict[str, str]] = {LABEL: {}, HINT: {}}  # to language, header
        for header in sheet.columns:
            kind, _, named = header.partition("::")
            if kind not in self.columns:
                continue
            code = language_code(named, known) if named else default
            place = sheet.header_place(header)
            if code is None:
                message = N_('Write the language with its code, such as "%(example)s".')
                example = {"example": f"{kind}::English (en)"}
                self.faults.append(Remark(place, message, example))
            elif code in self.columns[kind]:
                message = N_('There are two columns for "%(code)s". Keep one.')
                self.faults.append(Remark(place, message, {"code": code}))
            else:
                self.columns[kind][code] = header

    def headers(self) -> Iterator[str]:
        """All the columns that hold texts."""
        for columns in self.columns.values():
            yield from columns.values()

    def texts(self, row: Row, kind: str, faults: list[Remark]) -> dict[str, str]:
        """Language to text of a row; empty cells are left out."""
        found = {}
        for code, header in self.columns[kind].items():
            if text := row.text(header):
                found[code] = text
                if fault := text_fault(text):
                    faults.append(Remark(row.place(header), fault))
        return found

    def place(self, row: Row, kind: str, code: str | None = None) -> str:
        """The cell of a text: in this language, or in the first."""
        columns = self.columns[kind]
        header = columns[code] if code else next(iter(columns.values()), "name")
        return row.place(header)


def merged(
    given: Mapping[str, str],
    old: Mapping[str, str],
    in_file: Mapping[str, str],
    languages: tuple[str, ...],
) -> dict[str, str]:
    """The texts of the file, and the old ones in languages that the file has no column for.

    >>> merged({"sv": "Ny"}, {"sv": "Gammal", "fi": "Vanha"}, {"sv": "label"}, ("sv", "fi"))
    {'sv': 'Ny', 'fi': 'Vanha'}
    """
    kept = {code: text for code, text in old.items() if code not in in_file}
    texts = {**kept, **given}
    return {code: texts[code] for code in languages if code in texts}
