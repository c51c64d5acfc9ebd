"""How a question was put in a period: in every version, in its months and its languages."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from surveyapp import publishing
from surveyapp.counting import WHO_QUESTION
from surveyapp.limits import Limits, limits
from surveyapp.models import Comparability, Dimension, FigureKind, Tally
from surveyapp.periods import Period
from surveyapp.questionnaire import ComparabilityKind, Question
from surveyapp.reporting.measures import Measure, measures
from surveyapp.reporting.products import Decisions, Product, find_product


@dataclass(frozen=True)
class Since:
    """What was decided about a question and the one before it: why, and by whom."""

    version: int
    kind: ComparabilityKind
    note: str
    decided_by: str


@dataclass(frozen=True)
class Wording:
    """A question in one version. `months` are those of the period in which answering began with
    it; none where its forms came in later. `answered_in` are the languages with enough forms
    in the city. `since` is about the version before, whose answers are added to these or were.
    """

    version: int
    question: Question
    languages: Mapping[str, str]  # each with the name it has for itself
    months: tuple[date, ...]
    answered_in: tuple[str, ...]
    since: Since | None


@dataclass(frozen=True)
class Wordings:
    """A question of a period: as it was put in the versions whose answers are added together.
    `others` are those in its place before and after, which stand apart."""

    period: Period
    measure: Measure
    each: tuple[Wording, ...]
    others: tuple[Measure, ...]
    limits: Limits


def wordings(session: Session, question_id: str, period: Period) -> Wordings | None:
    """How a question of a released period was put; None if no form of it held the question."""
    product = find_product(session, period)
    if product is None:
        return None
    known = measures(session)
    forms = _forms(session, product)
    held = {version_id for version_id, _ in forms}
    found = [m for m in known if question_id in m.question_ids and m.versions.keys() & held]
    if not found:
        return None
    measure, among, limit = found[0], product.period.months, limits(session)
    decided = Decisions.read(session, [product])
    is_told = decided.reason(product.period, None, FigureKind.FORMS) is None
    rows = {row.id: row for row in publishing.versions(session, publishing.KEY)}
    links = _links(session)
    return Wordings(
        period=product.period,
        measure=measure.as_put(held, among, known),
        each=tuple(
            Wording(
                version=rows[id].version,
                question=question,
                languages=publishing.parsed(rows[id]).texts.language_name,
                months=measure.opened[id].months(among),
                answered_in=tuple(
                    language
                    for language in publishing.parsed(rows[id]).languages
                    if is_told and forms[id, language] >= limit.any_figure
                ),
                since=links.get((rows[id].version, question.id)),
            )
            for id, question in measure.versions.items()
            if id in held
        ),
        others=tuple(
            each.as_put(held, among, known)
            for each in known
            if each.chain == measure.chain and each.series != measure.series
        ),
        limits=limit,
    )


def _forms(session: Session, product: Product) -> Counter[tuple[int, str]]:
    """Forms of the city by version and language; who answered is in every form."""
    query = (
        select(Tally.version_id, Tally.category, func.sum(Tally.n))
        .where(
            Tally.release_id.in_(product.release_ids),
            Tally.dimension == Dimension.LANGUAGE,
            Tally.question == WHO_QUESTION,
        )
        .group_by(Tally.version_id, Tally.category)
    )
    return Counter(
        {(version, language): int(n) for version, language, n in session.execute(query)}
    )


def _links(session: Session) -> dict[tuple[int, str], Since]:
    """By version and question: what was decided of it and the version before."""
    rows = session.scalars(
        select(Comparability).where(
            Comparability.questionnaire == publishing.KEY,
            Comparability.question_old != "",
            Comparability.question_new != "",
        )
    )
    return {
        (row.version_new, row.question_new): Since(
            row.version_old, ComparabilityKind(row.kind), row.note, row.decided_by
        )
        for row in rows
    }
