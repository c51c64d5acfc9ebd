"""Raw answers of some months to counts per cell: the last time that rows are read."""

from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from surveyapp import organising, publishing
from surveyapp.models import Answer, Dimension, QuestionnaireVersion, Response

WHO_QUESTION = "bak_svarar"  # answered or not, it has one row on every form
HELPER_QUESTION = "bak_hjalpare"
OFFICER = "handlaggare"  # helped by the person the answers are about: in no main figure
GENDER_QUESTION = "bak_kon"
ROUTE_QUESTION = "til_vag"
UNKNOWN = "unknown"
AT_ONCE = 20_000  # rows


class Cell(NamedTuple):
    """What one count is a count of; see `models.Tally`."""

    dimension: Dimension
    question: str
    unit_id: int
    version_id: int
    category: str
    code: str


Counts = dict[Cell, int]


def counts_of(
    session: Session, months: Collection[date], which: ColumnElement[bool] | None = None
) -> Counts:
    """Every cell of the months, or of some responses in them. Forms and answers are read
    once, one row each."""
    counted = and_(Response.month.in_(months), true() if which is None else which)
    forms = _forms(session, counted)
    answers = _answers(session, counted, forms)
    counts: Counts = {}
    main = ~np.array(forms.with_officer, dtype=bool)[answers.form]
    for dimension, groups in forms.groups.items():
        # In place: there are eighteen answers to a form, and a million forms in a year.
        cells = np.array(forms.group_of[dimension], dtype=np.int32)[answers.form]
        cells *= len(answers.kinds)
        cells += answers.kind
        n_each = np.bincount(cells if dimension is Dimension.WHO else cells[main])
        named_groups, named_kinds = list(groups), list(answers.kinds)
        for cell in np.flatnonzero(n_each).tolist():
            unit_id, version_id, category = named_groups[cell // len(named_kinds)]
            question, code = named_kinds[cell % len(named_kinds)]
            place = Cell(dimension, question, unit_id, version_id, category, code)
            counts[place] = int(n_each[cell])
    return counts


def n_forms(session: Session, months: Collection[date]) -> Mapping[int, int]:
    """Forms of each unit, with the officer's help or without."""
    rows = session.execute(
        select(Response.unit_id, func.count())
        .where(Response.month.in_(months))
        .group_by(Response.unit_id)
    )
    return dict(rows.all())


_who = aliased(Answer)
_helper = aliased(Answer)
_gender = aliased(Answer)
_route = aliased(Answer)
_ASKED = (
    (_who, WHO_QUESTION),
    (_helper, HELPER_QUESTION),
    (_gender, GENDER_QUESTION),
    (_route, ROUTE_QUESTION),
)


def _who_answered() -> ColumnElement[str]:
    with_officer = and_(_helper.value == OFFICER, _who.value.in_(("med_hjalp", "annan")))
    return case((with_officer, OFFICER), else_=func.coalesce(_who.value, UNKNOWN))


def _categories() -> dict[Dimension, ColumnElement[str]]:
    return {
        Dimension.TOTAL: literal(""),
        Dimension.WHO: _who_answered(),
        Dimension.GENDER: func.coalesce(_gender.value, UNKNOWN),
        Dimension.CHANNEL: _text(Response.channel),
        Dimension.SERVICE_GROUP: _text(Response.service_group),
        Dimension.FOLLOWUP_TYPE: _text(Response.followup_type),
        Dimension.LANGUAGE: _text(Response.language),
        Dimension.FORM_LENGTH: _text(Response.form_length),
        Dimension.HANDED_OVER_BY: _text(Response.handed_over_by),
        Dimension.ROUTE: func.coalesce(_route.value, UNKNOWN),
    }


def _text(column: Any) -> ColumnElement[str]:
    return cast(column, String(40))


class _Numbers(dict[Any, int]):
    """Numbers things from 0 in the order in which they are first met."""

    def __missing__(self, thing: Any) -> int:
        self[thing] = number = len(self)
        return number


@dataclass(frozen=True)
class _Forms:
    """The forms, numbered. `place_of` and `group_of` have for each of them the number of its
    place and of its groups."""

    number: dict[str, int]
    places: _Numbers  # of unit, version and month
    place_of: "array[int]"
    with_officer: "array[int]"
    groups: dict[Dimension, _Numbers]  # of unit, version and category
    group_of: "dict[Dimension, array[int]]"


@dataclass(frozen=True)
class _Answers:
    """For each answer the number of its form and of its kind, a question and a code. What is
    favourable to a derived indicator is there once more, with the indicator as its code."""

    form: NDArray[np.int32]
    kind: NDArray[np.int32]
    kinds: _Numbers


def _forms(session: Session, counted: ColumnElement[bool]) -> _Forms:
    categories = _categories()
    found = _Forms(
        {},
        _Numbers(),
        array("i"),
        array("b"),
        {dimension: _Numbers() for dimension in categories},
        {dimension: array("i") for dimension in categories},
    )
    query = select(
        _text(Response.id),
        Response.unit_id,
        Response.version_id,
        Response.month,
        _who_answered() == OFFICER,
        *categories.values(),
    ).where(counted)
    for asked, question in _ASKED:
        query = query.outerjoin(
            asked, and_(asked.response_id == Response.id, asked.question == question)
        )
    for id, unit_id, version_id, month, with_officer, *each in _read(session, query):
        found.number[id] = len(found.place_of)
        found.place_of.append(found.places[unit_id, version_id, month])
        found.with_officer.append(bool(with_officer))
        for (dimension, groups), category in zip(found.groups.items(), each, strict=True):
            found.group_of[dimension].append(groups[unit_id, version_id, category])
    return found


def _answers(session: Session, counted: ColumnElement[bool], forms: _Forms) -> _Answers:
    is_favourable = _Favourable(session)
    form, kind, kinds = array("i"), array("i"), _Numbers()
    places = list(forms.places)
    query = (
        select(
            _text(Answer.response_id),
            Answer.question,
            func.coalesce(Answer.value, Answer.missing),
        )
        .join(Response, Response.id == Answer.response_id)
        .where(counted)
    )
    for id, question, code in _read(session, query):
        number = forms.number.get(id)
        if number is None:
            continue  # came in after the forms were read
        form.append(number)
        kind.append(kinds[question, code])
        if indicator := is_favourable[(*places[forms.place_of[number]], question, code)]:
            form.append(number)
            kind.append(kinds[question, indicator])
    return _Answers(np.asarray(form, np.int32), np.asarray(kind, np.int32), kinds)


class _Favourable(dict[tuple[int, int, date, str, str], str]):
    """The derived indicator that an answer counts towards, by the unit's own rule of that
    month; empty if none. Worked out once for each unit, version, month, question and code."""

    def __init__(self, session: Session) -> None:
        self.named_officers = cache(partial(organising.named_officers, session))
        self.documents = {
            version.id: publishing.parsed(version)
            for version in session.scalars(select(QuestionnaireVersion))
        }

    def __missing__(self, place: tuple[int, int, date, str, str]) -> str:
        unit_id, version_id, month, question_id, code = place
        self[place] = ""
        question = self.documents[version_id].question(question_id)
        if (
            question.derived is not None
            and code in question.valid_codes
            and question.derived.within(code, self.named_officers(unit_id, month))
        ):
            self[place] = question.derived.id
        return self[place]


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    """The rows, a part of them in memory at a time."""
    return iter(session.connection().execute(query, execution_options={"yield_per": AT_ONCE}))
