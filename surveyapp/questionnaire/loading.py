"""From YAML text to a Questionnaire, strictly; every fault with its file and line.

Every scalar stays text until its model reads it, so that `no` and `0` are codes like others.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from surveyapp.errors import N_, QuestionnaireError
from surveyapp.questionnaire import checking
from surveyapp.questionnaire.document import Questionnaire
from surveyapp.questionnaire.examining import in_words, not_plain
from surveyapp.questionnaire.faults import Fault
from surveyapp.questionnaire.faults import Path as Place

LARGEST = 2**20  # bytes; the shipped files have 0.04 of it
_TOO_LARGE = "the file is larger than 1 MiB, which no questionnaire is; shorten it"
DEEPEST = 20  # lists and mappings inside each other; a questionnaire has 7

_RawLoader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_FILE_NAME = re.compile(r"v([1-9][0-9]*)\.yaml")
_PLAIN_TAGS = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}


def load(path: Path) -> Questionnaire:
    """The questionnaire in one file.

    Parameters
    ----------
    path : Path
        A YAML file in UTF-8.

    Raises
    ------
    QuestionnaireError
        If anything is wrong; one line ``path:line: what is wrong and what to do`` per fault.

    Examples
    --------
    >>> load(Path("questionnaires/kontakt-bistandshandlaggare/v2.yaml")).based_on
    1
    """
    return _checked([_File(path.as_posix(), _text(path))])[0]


def parse(text: str, source: str | Path) -> Questionnaire:
    """The questionnaire in a text; `source` is what the faults call it.

    Raises
    ------
    QuestionnaireError
        As `load` does.

    Examples
    --------
    >>> parse("key: prov\\nkey: prov\\n", "prov.yaml")
    Traceback (most recent call last):
        ...
    surveyapp.errors.QuestionnaireError: prov.yaml:2: the key "key" is given twice; keep one
    """
    return _checked([_File(str(source), text)])[0]


def find_all(folder: Path) -> list[Questionnaire]:
    """Every version in ``folder/<key>/v<n>.yaml``, ordered by key and version.

    Raises
    ------
    QuestionnaireError
        As `load` does, for all files together; also if a file's key or version differs from
        its place, or a YAML file lies elsewhere in the folder.

    Examples
    --------
    >>> [(each.key, each.version) for each in find_all(Path("questionnaires"))]
    [('kontakt-bistandshandlaggare', 1), ('kontakt-bistandshandlaggare', 2)]
    """
    files, strays = [], []
    for path in sorted(p for p in folder.rglob("*") if p.suffix in {".yaml", ".yml"}):
        name = _FILE_NAME.fullmatch(path.name)
        if name is None or path.parent.parent != folder:
            strays.append(f"{path.as_posix()}:1: name it <key>/v<number>.yaml, or move it away")
        else:
            place = {"key": path.parent.name, "version": name[1]}
            files.append(_File(path.as_posix(), _text(path), place))
    return sorted(_checked(files, strays), key=lambda each: (each.key, each.version))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise QuestionnaireError(f"{path.as_posix()}:1: {_TOO_LARGE}")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise QuestionnaireError(
            f"{path.as_posix()}:{line}: this is not UTF-8; save the file as UTF-8"
        ) from None
    except OSError as error:
        raise QuestionnaireError(
            f"{path.as_posix()}:1: the file cannot be read: {error.strerror}"
        ) from None


def _checked(files: Iterable["_File"], known_faults: Iterable[str] = ()) -> list[Questionnaire]:
    documents, lines = [], list(known_faults)
    for file in files:
        document = file.document()
        lines += file.fault_lines()
        if document is not None:
            documents.append(document)
    if lines:
        raise QuestionnaireError("\n".join(lines))
    return documents


class _File:
    """One file on its way to a document: its data, where each part stands, and its faults."""

    def __init__(self, source: str, text: str, place: Mapping[str, str] | None = None) -> None:
        self.source = source
        self.place = place or {}
        self.line_of: dict[Place, int] = {(): 1}
        self.faults: list[tuple[int, str]] = []
        self.data = self._read(text)

    def document(self) -> Questionnaire | None:
        """The document, or None when its shape is wrong; `fault_lines` says why."""
        if self.faults:
            return None
        for key, expected in self.place.items():
            if self.data.get(key) != expected:
                message = N_('must be "%(expected)s", as the file\'s place says')
                self._note(Fault((key,), message, {"expected": expected}))
        try:
            document = Questionnaire.model_validate(self.data)
        except ValidationError as error:
            for details in error.errors(include_url=False):
                self._note(Fault(details["loc"], *in_words(details)))
            return None
        for fault in checking.faults(document):
            self._note(fault)
        return document

    def fault_lines(self) -> list[str]:
        """One line per fault, in the order of the file."""
        return [f"{self.source}:{line}: {message}" for line, message in sorted(self.faults)]

    def _note(self, fault: Fault) -> None:
        where = self._named(fault.path)
        message = f"{where}: {fault}" if where else str(fault)
        self.faults.append((self._line(fault.path), message))

    def _line(self, path: Place) -> int:
        """The line of the innermost part of the path that stands in the file."""
        inner: Place = ()
        for step in path:
            if (*inner, step) in self.line_of:
                inner = (*inner, step)
            elif step != "text":  # an option's texts stand directly beside its code
                break
        return self.line_of[inner]

    def _named(self, path: Place) -> str:
        """The path for people: ``questions[bem_respekt].text.sv``."""
        named, here = "", self.data
        for step in path:
            try:
                here = here[step]
            except (KeyError, IndexError, TypeError):
                here = None
            if isinstance(step, int):
                own = here.get("id") or here.get("code") if isinstance(here, dict) else None
                named += f"[{own or step + 1}]"
            else:
                named += f".{step}" if named else step
        return named

    def _read(self, text: str) -> Any:
        if len(text.encode(errors="replace")) > LARGEST:
            self.faults.append((1, _TOO_LARGE))
            return None
        try:
            self._look_through(text)
            if self.faults:
                return None
            node = yaml.compose(text, Loader=_RawLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            self.faults.append((mark.line + 1 if mark else 1, f"not YAML: {error.problem}"))
            return None
        except yaml.reader.ReaderError as error:
            line = text[: text.index(chr(error.character))].count("\n") + 1
            self.faults.append((line, f"not YAML: {error.reason}; remove the sign"))
            return None
        if not isinstance(node, yaml.MappingNode):
            self.faults.append((1, "the file must hold keys and values, such as: key: prov"))
            return None
        return self._plain(node, ())

    def _look_through(self, text: str) -> None:
        """Find what must not come further: there it would take time or memory without end."""
        depth = 0
        for event in yaml.parse(text, Loader=_RawLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                self._at(event, "lists and keys stand too deep inside each other")
                return
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                self._at(event, "anchors and aliases are not allowed; write the text out")

    def _at(self, part: Any, message: str) -> None:
        self.faults.append((part.start_mark.line + 1, message))

    def _plain(self, node: yaml.Node, path: Place) -> Any:
        """The node as plain data, noting on which line each part of it stands."""
        self.line_of.setdefault(path, node.start_mark.line + 1)
        if node.tag != _PLAIN_TAGS[type(node)]:
            self._at(node, f'the tag "{node.tag}" is not allowed; remove it')
        if isinstance(node, yaml.ScalarNode):
            for message, values in not_plain(node.value):
                self._at(node, message % values)
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*path, n)) for n, item in enumerate(node.value)]
        data: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._at(key, "a key must be one word")
            elif key.value in data:
                self._at(key, f'the key "{key.value}" is given twice; keep one')
            else:
                self.line_of[(*path, key.value)] = key.start_mark.line + 1
                data[key.value] = self._plain(value, (*path, key.value))
        return data
