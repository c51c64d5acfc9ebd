"""Versions made at random out of the shipped first one: what may be declared, and joined."""

from collections import defaultdict
from copy import deepcopy
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from surveyapp.errors import QuestionnaireError
from surveyapp.publishing import SAME_SERIES
from surveyapp.questionnaire import Questionnaire, as_source, comparability, due, structure
from surveyapp.questionnaire.checking import COMPARABILITY_OF, faults
from tests.questionnaire.edited import V1

FIRST = as_source(V1)


class Author:
    """Writes one version after the other, and knows what each question means.

    An act on a question gives what is declared of it, or None if nothing is.
    """

    def __init__(self):
        self.source = deepcopy(FIRST)
        self.meaning = {question["id"]: question["id"] for question in self.source["questions"]}
        self.serial = 0
        self.has_cheated = False

    def new_name(self, prefix):
        self.serial += 1
        return f"{prefix}_{self.serial}"

    def begin(self):
        self.source |= {"based_on": self.source["version"], "changes": [], "reason": "Prov"}
        self.source["version"] += 1

    def routed(self):
        """Questions that a condition is about, or that have one: they stay where they are."""
        with_condition = [each for each in self.source["questions"] if "show_if" in each]
        return {each["id"] for each in with_condition} | {
            each["show_if"].split()[0] for each in with_condition
        }

    def forget(self, question):
        """Take out what is said of a question elsewhere in the document."""
        self.source.pop("recall", None)
        for code in (question.get("indicator"), question.get("derived", {}).get("id")):
            self.source["indicator_labels"].pop(code, None)

    # What keeps the question

    def reword(self, question):
        question["text"]["fi"] += " Sanoja."
        return {"type": "reword", "comparability": "equivalent", "note": "Ord."}

    def help(self, question):
        name = self.new_name("Hjälp")
        question["help"] = dict.fromkeys(self.source["languages"], name)
        return {"type": "help_text", "comparability": "equivalent_with_note", "note": name}

    def option_added(self, question):
        if "options" not in question:
            return self.reword(question)
        name = self.new_name("9" if "derived" in question else "svar")
        words = dict.fromkeys(self.source["languages"], name)
        question["options"].insert(0, {"code": name} | words)
        if question.get("positive"):
            question["positive"].append(name)
        return {"type": "option_added", "comparability": "equivalent_with_note", "note": name}

    # What makes another one

    def add(self, question):
        new = {"id": self.new_name("ny"), "nr": 1, "area": question["area"], "type": "text"}
        new |= {"text": question["text"], "max_chars": 100}
        self.source["questions"].append(deepcopy(new))
        self.meaning[new["id"]] = new["id"]
        return {"type": "add", "id": new["id"], "comparability": "new"}

    def remove(self, question):
        if question["id"] in self.routed():
            return self.reword(question)
        self.source["questions"].remove(question)
        self.forget(question)
        return {"type": "remove", "comparability": "ended", "note": "Slut."}

    def replace(self, question):
        if question["id"] in self.routed():
            return self.help(question)
        old, new = question["id"], self.new_name("i_stallet")
        question["id"] = self.meaning[new] = new
        question["text"] = dict.fromkeys(self.source["languages"], "Något annat?")
        self.source.pop("recall", None)
        return {
            "type": "replace",
            "old": old,
            "new": new,
            "comparability": "break",
            "note": "N",
        }

    # What is nothing to declare

    def move(self, question):
        if question["id"] not in self.routed():
            self.source["questions"].remove(question)
            self.source["questions"].append(question)

    def explain(self, question):
        question["rationale"] = self.new_name("Skäl")

    # What cheats

    def say_nothing(self, question):
        self.has_cheated = True
        self.reword(question)

    def say_too_much(self, question):
        self.has_cheated = True
        return {"type": "reword", "comparability": "equivalent", "note": "Samma."}

    def say_less(self, question):
        self.has_cheated = True
        self.help(question)
        return self.reword(question) | {"type": "help_text"}

    def mean_another_thing(self, question):
        """The same id and words, and another share."""
        if not question.get("positive"):
            return self.say_too_much(question)
        self.has_cheated = True
        question["positive"] = question["positive"][:-1] or None
        question.pop("indicator", None)
        return {"type": "reword", "comparability": "equivalent", "note": "Samma."}


HONEST = ("reword", "help", "option_added", "add", "remove", "replace", "move", "explain")
CHEATING = ("say_nothing", "say_too_much", "say_less", "mean_another_thing")
PLACES = st.integers(0, 18)
STEP = st.dictionaries(PLACES, st.sampled_from(HONEST), max_size=5)  # one act on a question
CHEAT = st.dictionaries(PLACES, st.sampled_from(HONEST + CHEATING), min_size=1, max_size=4)


def written(author, step):
    """The next version, after an author's acts on the questions at these places."""
    author.begin()
    questions = list(author.source["questions"])
    for place, act in step.items():
        question = questions[place % len(questions)]
        id = question["id"]
        if any(question is each for each in author.source["questions"]) and not any(
            id in (change.get("id"), change.get("new")) for change in author.source["changes"]
        ):
            entry = getattr(author, act)(question)
            if entry is not None:
                named = entry if "new" in entry else {"id": id} | entry
                author.source["changes"].append(named)
    for number, question in enumerate(author.source["questions"]):
        question["nr"] = number + 1
    labels = author.source["indicator_labels"]
    used = {each.get("indicator") for each in author.source["questions"]} | {
        each.get("derived", {}).get("id") for each in author.source["questions"]
    }
    author.source["indicator_labels"] = {c: text for c, text in labels.items() if c in used}
    document = Questionnaire.model_validate(author.source)
    assert [str(fault) for fault in faults(document)] == []
    return document


def chain(steps):
    """The shipped first version and those after it, what each question of each means, and
    whether what is declared of any version is not so."""
    author, versions = Author(), [V1]
    meanings = [dict(author.meaning)]
    for step in steps:
        versions.append(written(author, step))
        meanings.append(dict(author.meaning))
    return versions, meanings, author.has_cheated


def declared(document):
    return {structure.change_key(as_source(change)): change for change in document.changes}


def is_accepted(old, new):
    try:
        comparability(old, new)
    except QuestionnaireError:
        return False
    return True


@settings(max_examples=100, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=4))
def test_chain_whose_changes_are_declared_is_accepted_and_joined_by_meaning(steps):
    versions, meanings, _ = chain(steps)
    series = defaultdict(set)
    number_of = {(1, id): id for id in V1.question_ids}
    for old, new in pairwise(versions):
        changed = {each.pair.key: each for each in due(old, new)}
        assert changed.keys() == declared(new).keys()
        for key, change in declared(new).items():
            proposal = changed[key].proposal
            assert changed[key].is_decided
            assert proposal.kind in COMPARABILITY_OF[proposal.type]
            assert (proposal.type, proposal.kind) == (change.type, change.comparability)
        for row in comparability(old, new):
            before, after = (old.version, row.question_old), (new.version, row.question_new)
            if row.question_new is not None:
                number_of[after] = number_of[before] if row.kind in SAME_SERIES else after
    for (version, id), number in number_of.items():
        series[number].add(meanings[version - 1][id])

    means = [meaning for of_series in series.values() for meaning in of_series]
    assert len(means) == len(series)  # one meaning in each
    assert len(set(means)) == len(means)  # and no meaning in two
    assert len(number_of) == sum(len(each.questions) for each in versions)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, max_size=2), CHEAT)
def test_version_is_accepted_just_when_every_change_is_declared_as_it_is(steps, last):
    versions, _, has_cheated = chain([*steps, last])
    old, new = versions[-2:]
    changed = {each.pair.key: each for each in due(old, new)}
    is_true = changed.keys() == declared(new).keys() and all(
        each.is_decided for each in changed.values()
    )

    assert is_accepted(old, new) == is_true == (not has_cheated)
