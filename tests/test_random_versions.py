"""Random chains of versions: no figure ever adds what was decided to be apart.

What every figure should hold is counted here from the forms themselves and from what was
decided when the chain was made up, never from what the application makes of it.
"""

import random
import shutil
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL
from sqlalchemy.orm import Session

from surveyapp import publishing, reporting
from surveyapp.db import db, writing
from surveyapp.questionnaire import Questionnaire
from surveyapp.questionnaire.canonical import as_source
from surveyapp.reporting import Against, Comparing, Records, Role, Status
from surveyapp.reporting.ground import Ground
from surveyapp.reporting.measures import measures
from surveyapp.reporting.products import products
from tests.conftest import application
from tests.make import Make, shipped
from tests.over_time import succeed
from tests.released import answered, release

OPENED = [date(2023, 1, 1), date(2023, 2, 10), date(2023, 6, 10), date(2024, 2, 1)]
MERGED = date(2023, 9, 1)
MONTHS = [date(2023, 2, 1), date(2023, 6, 1), date(2023, 10, 1), date(2024, 2, 1)]
CLASSES = ["identical", "equivalent", "noted", "added", "break", "ended"]
WEIGHTS = [3, 2, 2, 2, 2, 1]
TALLIED = ("kvinna", "man")


@dataclass
class Chain:
    """Versions that were made up: the documents, and which question of which version may be
    added to which, by a name."""

    documents: list = field(default_factory=list)
    together: dict = field(default_factory=dict)  # (version, question): name
    positive: dict = field(default_factory=dict)  # (version, question): codes that count
    valid: dict = field(default_factory=dict)  # (version, question): codes in the denominator


def words(text):
    return dict.fromkeys(("sv", "sv-LL", "fi", "en"), text)


def asked(id, codes):
    """A question with these options, the first of them positive."""
    options = [{"code": code} | words(code.title()) for code in codes]
    options.append({"code": "vet_ej", "kind": "dont_know"} | words("Vet inte"))
    return {
        "id": id, "area": "bemotande", "type": "single", "text": words(f"{id}?"),
        "options": options, "positive": [codes[0]],
    }  # fmt: skip


def made_up(rng):
    """Two to four versions of a questionnaire with some questions."""
    base = as_source(shipped(publishing.KEY, 1))
    frame = [q for q in base["questions"] if q["id"] in ("bak_svarar", "bak_kon")]
    numbers, chain = count(1), Chain()
    live = [asked(f"q{next(numbers)}", ["bra", "sadar", "illa"]) for _ in range(4)]
    indicators = {each["id"]: f"IND_{each['id'].upper()}" for each in live[:3]}
    for each in live[:3]:
        each["indicator"] = indicators[each["id"]]
    name_of = {each["id"]: each["id"] for each in live}
    for version in range(1, rng.randint(2, 4) + 1):
        changes = []
        if version > 1:
            live = [
                after
                for each in live
                for after in _changed(rng, each, changes, name_of, numbers)
            ]
            if rng.random() < 0.5:
                new = asked(f"q{next(numbers)}", ["bra", "illa"])
                name_of[new["id"]] = new["id"]
                live.append(new)
                changes.append({"type": "add", "id": new["id"], "comparability": "new"})
        questions = [*frame, *live]
        labels = {q["indicator"]: q["indicator"].lower() for q in live if "indicator" in q}
        source = base | {
            "version": version,
            "indicator_labels": labels,
            "questions": [q | {"nr": nr} for nr, q in enumerate(questions, start=1)],
        }
        del source["recall"]
        if version > 1:
            source |= {"based_on": version - 1, "reason": "Prov", "changes": changes}
        chain.documents.append(Questionnaire.model_validate(source))
        for each in live:
            place = version, each["id"]
            chain.together[place] = name_of[each["id"]]
            chain.positive[place] = set(each["positive"])
            chain.valid[place] = [o["code"] for o in each["options"] if "kind" not in o]
    return chain


def _changed(rng, question, changes, name_of, numbers):
    """The question in the next version: itself, one in its place, or none."""
    kind = rng.choices(CLASSES, WEIGHTS)[0]
    id, options = question["id"], question["options"]
    declared = {"id": id, "comparability": "equivalent_with_note", "note": f"Se {id}"}
    why = {"change": "Prov"}
    if kind == "identical":
        return [question]
    if kind == "ended":
        changes.append({"type": "remove", "id": id, "comparability": "ended"} | why)
        return []
    if kind == "break":
        new = question | {"id": f"q{next(numbers)}", "positive": [options[0]["code"]]}
        name_of[new["id"]] = new["id"]
        changes.append(
            {"type": "replace", "old": id, "new": new["id"], "comparability": "break"} | why
        )
        return [new]
    if kind == "added":
        code = f"o{next(numbers)}"
        more = [*options[:1], {"code": code} | words(code), *options[1:]]
        changes.append({"type": "option_added"} | declared)
        return [question | {"options": more}]
    text = words(f"{question['text']['sv']} Nu?")
    changes.append(
        {"type": "reword"} | declared
        if kind == "noted"
        else {"type": "reword", "id": id, "comparability": "equivalent"} | why
    )
    return [question | {"text": text}]


@dataclass
class Recount:
    """All forms, and what each figure of them must hold."""

    chain: Chain
    forms: list = field(default_factory=list)  # unit id, month, version, gender, answers

    def counts(self, name, unit_ids, months, gender=None):
        """Answers by code, and how many count as positive."""
        codes, n_positive = Counter(), 0
        for unit_id, month, version, of_gender, answers in self.forms:
            if unit_id in unit_ids and month in months and gender in (None, of_gender):
                for question, code in answers.items():
                    if self.chain.together[version, question] == name:
                        codes[code] += 1
                        n_positive += code in self.chain.positive[version, question]
        n = codes.total() - codes["vet_ej"]
        return codes, n, n_positive

    def versions(self, unit_ids, months):
        return {
            v for unit, month, v, _, _ in self.forms if unit in unit_ids and month in months
        }

    def holds(self, name, versions):
        """Whether a form of these versions has the question."""
        return any(
            self.chain.together[v, q] == name for v, q in self.chain.together if v in versions
        )


def filled(rng, chain, recount, session, units):
    """Forms of every unit and month, some of versions that were no longer open."""
    for month in MONTHS:
        ready = [n for n, d in enumerate(OPENED, 1) if d <= month.replace(day=28)]
        ready = [n for n in ready if n <= len(chain.documents)]
        for unit in units:
            if not unit.existed_in(month):
                continue
            for version in rng.sample(ready, rng.randint(1, min(2, len(ready)))):
                forms = []
                for number in range(rng.choice([14, 22, 34])):
                    answers = {
                        question: rng.choice([*codes, codes[0], "vet_ej"])
                        for (v, question), codes in chain.valid.items()
                        if v == version
                    }
                    gender = TALLIED[number % 2]
                    recount.forms.append((unit.id, month, version, gender, answers))
                    forms.append(answers | {"bak_kon": gender})
                answered(session, unit, month, forms, version=version)


def examine(session, recount, units):
    """Hold every figure there is to the recount."""
    chain, known = recount.chain, measures(session)
    name_of = {}
    for measure in known:
        places = {
            (n, q.id) for n, q in zip(measure.numbers, measure.versions.values(), strict=True)
        }
        (name_of[measure.series],) = {chain.together[place] for place in places}
        same = {p for p, name in chain.together.items() if name == name_of[measure.series]}
        assert places == same
    n_shown = 0
    for product in products(session):
        months = product.period.months
        ground = Ground.read(session, product, known)
        for measure in known:
            name = name_of[measure.series]
            for unit in ground.units:
                _, n, n_positive = recount.counts(name, {unit.id}, months)
                assert ground.answers(unit, measure)[:2] == (n, n_positive)
            n_shown += holds(ground.city(measure), recount, name, {u.id for u in units}, months)
        if product.period.is_year:
            n_shown += across_units(session, recount, name_of, units, product)
        n_shown += of_pages(session, recount, name_of, units, product)
        n_shown += of_comparisons(session, recount, name_of, units, product)
    for unit in (*units, None):
        n_shown += over_time(session, recount, name_of, units, unit)
    return n_shown


def holds(figure, recount, name, unit_ids, months):
    """A shown figure has exactly the answers that it may; one of no answers says why."""
    _, n, _ = recount.counts(name, unit_ids, months)
    if figure.is_shown:
        assert figure.n == n
    if n == 0:
        was_asked = recount.holds(name, recount.versions(unit_ids, months))
        is_empty = not recount.versions(unit_ids, months)
        assert figure.status is (
            Status.NO_ANSWERS if was_asked or is_empty else Status.NOT_ASKED
        )
    return figure.is_shown


def across_units(session, recount, name_of, units, product):
    """The pages of the city and of each question, with the unit chart."""
    n_shown, months = 0, product.period.months
    everybody = {unit.id for unit in units}
    results = list(reporting.city_results(session, product.period).indicators)
    for name in set(recount.chain.together.values()):
        found = reporting.question_across_units(session, name, product.period)
        if found is None:
            assert not recount.holds(name, recount.versions(everybody, months))
            continue
        results.append(found)
        for charted in found.unit_chart.units if found.unit_chart else ():
            assert charted.n == recount.counts(name, {charted.unit.id}, months)[1]
    for each in results:
        name = name_of[each.measure.series]
        n_shown += holds(each.city, recount, name, everybody, months)
        for row in each.units:
            n_shown += holds(row.figure, recount, name, {row.unit.id}, months)
    return n_shown


def of_pages(session, recount, name_of, units, product):
    """The pages of the units: shares, distributions and women and men apart."""
    n_shown, months = 0, product.period.months
    for unit in units:
        results = reporting.unit_results(session, unit, product.period)
        if results is None:
            continue
        by_gender = reporting.breakdowns_by_gender(session, results)
        versions = recount.versions({unit.id}, months)
        for each in results.questions:
            series, name = each.measure.series, name_of[each.measure.series]
            codes, n, _ = recount.counts(name, {unit.id}, months)
            newest = max(v for v in versions if recount.holds(name, {v}))
            assert each.measure.question in chain_questions(recount, newest)
            n_shown += holds(each.figure, recount, name, {unit.id}, months)
            if each.distribution.is_shown:
                of_parts = Counter()
                for part in each.distribution.parts:
                    of_parts[tuple(option.code for option in part.options)] = part.n
                assert sum(of_parts.values()) == each.distribution.n == n
                for group, n_in_group in of_parts.items():
                    assert n_in_group == sum(codes[code] for code in group)
            for group in by_gender[series].groups:
                if group.name in TALLIED:
                    _, n, _ = recount.counts(name, {unit.id}, months, group.name)
                    assert group.figure.n == n
            apart = each.measure.apart
            if apart is not None:
                assert set(apart.versions) == {v for v in versions if recount.holds(name, {v})}
    return n_shown


def chain_questions(recount, version):
    return recount.chain.documents[version - 1].questions


def of_comparisons(session, recount, name_of, units, product):
    """Against the rest of the city, and against the year before."""
    n_shown, comparing = 0, Comparing.read(session, product.period)
    for against in (Against.REST, Against.YEAR_BEFORE):
        for line in comparing.compared(against).lines:
            if not line.comparison.is_shown:
                continue
            name, months = name_of[line.measure.series], product.period.months
            everybody = {unit.id for unit in units}
            own = everybody if line.unit is None else {line.unit.id}
            other, months_other = everybody - own, months
            if against is Against.YEAR_BEFORE:
                other = {unit.id for unit in line.pooled_before} or own
                own = {unit.id for unit in line.pooled} or own
                months_other = line.before.months
            for side, unit_ids, of in (
                (line.comparison.own, own, months),
                (line.comparison.other, other, months_other),
            ):
                assert side.n == recount.counts(name, unit_ids, of)[1]
                n_shown += 1
    return n_shown


def over_time(session, recount, name_of, units, unit):
    """Every point of every line, counted together with predecessors too."""
    records, n_shown = Records(session, unit), 0
    asked_about = reporting.chains(records.measures)
    for in_years in (False, True):
        for history in reporting.histories(records, asked_about, in_years=in_years):
            for line in history.lines:
                unit_ids = {each.id for each in units} if unit is None else {line.unit.id}
                if line.role is Role.POOLED:
                    unit_ids |= {each.id for each in records.predecessors(line.unit)}
                for segment in line.segments:
                    name = name_of[segment.measure.series]
                    for point in segment.points:
                        months = point.period.months
                        n_shown += holds(point.figure, recount, name, unit_ids, months)
                        if line.role is Role.POOLED and point.figure.is_shown:
                            for each in unit_ids:
                                versions = recount.versions({each}, months)
                                assert not versions or recount.holds(name, versions)
    return n_shown


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request, tmp_path):
    """Sessions on empty databases, one after the other."""
    numbers = count()

    @contextmanager
    def empty():
        with ExitStack() as stack:
            if request.param == "sqlite":
                template = request.getfixturevalue("sqlite_template")
                copy = shutil.copy(template, tmp_path / f"test_{next(numbers)}")
                url = URL.create("sqlite", database=str(copy))
            else:
                url = stack.enter_context(request.getfixturevalue("postgresql_databases")())
            with application(url, tmp_path).app_context():
                with Session(db.engine, expire_on_commit=False) as session:
                    yield session
                db.engine.dispose()

    return empty


# Every example publishes, collects and releases two years, so they are few and always the same.
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**9))
def test_counts_of_questions_that_are_apart_are_never_mixed(fresh, seed):
    rng = random.Random(seed)
    chain = made_up(rng)
    with fresh() as session:
        make = Make(session)
        with writing(session):
            for document, opened in zip(chain.documents, OPENED, strict=False):
                publishing.publish(
                    session, document, valid_from=opened, author="Anna", publisher="Birgit"
                )
        old = [make.unit(valid_to=date(2023, 8, 31)) for _ in range(2)]
        units = [*old, make.unit(valid_from=MERGED), make.unit()]
        succeed(make, units[2], *old, on=MERGED)
        recount = Recount(chain)
        filled(rng, chain, recount, session, units)
        release(session, "2023-T1", "2023-T2", "2023-T3", "2023", "2024-T1")

        assert examine(session, recount, units) > 100
