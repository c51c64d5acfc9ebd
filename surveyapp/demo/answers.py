"""How one simulated person answers: drawn question by question, never looked up anywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp
from random import Random

from surveyapp.demo.organisation import Place, chance
from surveyapp.questionnaire import (
    PAPER_ILLEGIBLE,
    PAPER_INVALID,
    Question,
    Questionnaire,
)

# How often each answer is given in an ordinary unit; the sum need not be 100.
USUAL: Mapping[str, Mapping[str, float]] = {
    "bak_svarar": {"sjalv": 40, "med_hjalp": 35, "annan": 25},
    "bak_hjalpare": {
        "narstaende": 65,
        "god_man": 9,
        "tolk": 4,
        "personal": 15,
        "handlaggare": 0,
        "annan": 7,
    },
    "bem_respekt": {
        "alltid": 72, "oftast": 21, "ibland": 4.5, "sallan": 1.5, "aldrig": 1, "vet_ej": 3,
    },
    "bem_lyssnar": {
        "alltid": 62, "oftast": 26, "ibland": 8, "sallan": 3, "aldrig": 1, "vet_ej": 3,
    },
    "bem_sprak": {
        "alltid": 80, "oftast": 14, "ibland": 4, "sallan": 1, "aldrig": 1, "vet_ej": 4,
    },
    "bem_paverka": {"ja_helt": 58, "ja_delvis": 30, "nej": 12, "vet_ej": 7},
    "bem_info": {
        "mycket_latt": 34, "ganska_latt": 42, "varken": 12, "ganska_svart": 9,
        "mycket_svart": 3, "vet_ej": 5,
    },
    "kon_vet_namn": {"ja": 78, "ja_nagon": 0, "nej": 14, "osaker": 8},
    "kon_antal": {"0": 7, "1": 58, "2": 22, "3": 8, "4plus": 5, "minns_ej": 8},
    "kon_byte": {"nej": 72, "ja_en": 20, "ja_flera": 8, "vet_ej": 14},
    "kon_betydelse": {
        "mycket_viktigt": 52, "ganska_viktigt": 29, "mindre_viktigt": 10,
        "spelar_ingen_roll": 9, "vet_ej": 5,
    },
    "kon_beratta_om": {
        "alltid": 4, "oftast": 10, "ibland": 24, "sallan": 30, "aldrig": 32,
        "ej_aktuellt": 20, "vet_ej": 6,
    },
    "til_latt_kontakt": {
        "mycket_latt": 30, "ganska_latt": 43, "varken": 13, "ganska_svart": 10,
        "mycket_svart": 4, "ej_forsokt": 18, "vet_ej": 5,
    },
    "til_vag": {
        "aldre_direkt": 46, "enhet_telefon": 8, "direktnummer": 18, "skriftligt": 8,
        "videosamtal": 1, "nagon_annan": 7, "ej_tagit": 14, "minns_ej": 5,
    },
    "til_aldre_direkt": {"ja_helt": 64, "ja_delvis": 26, "nej": 10, "vet_ej": 5},
    "til_ateruppringd": {
        "ja": 67, "nej_senare": 21, "nej_ingen": 12, "ej_lamnat": 38, "minns_ej": 9,
    },
    "hel_trygg": {
        "mycket_trygg": 46, "ganska_trygg": 38, "varken": 9, "ganska_otrygg": 5,
        "mycket_otrygg": 2, "vet_ej": 4,
    },
    "hel_trygg_4": {
        "mycket_trygg": 49, "ganska_trygg": 40, "ganska_otrygg": 8, "mycket_otrygg": 3,
        "vet_ej": 4,
    },
    "hel_nojd": {
        "mycket_nojd": 45, "ganska_nojd": 40, "varken": 9, "ganska_missnojd": 4,
        "mycket_missnojd": 2, "vet_ej": 3,
    },
    "hel_klagomal": {"ja": 38, "nej": 36, "osaker": 26},
    "bak_kon": {"kvinna": 69, "man": 29.5, "annat": 0.5, "vill_ej": 1},
}  # fmt: skip
SAME_AS = {"kon_antal_uppf": "kon_antal"}
WITH_TEAM = {
    "kon_vet_namn": {"ja": 42, "ja_nagon": 40, "nej": 10, "osaker": 8},
    "kon_antal": {"0": 4, "1": 18, "2": 32, "3": 34, "4plus": 12, "minns_ej": 8},
}
WITH_HELPING_OFFICERS = {"bak_hjalpare": dict(USUAL["bak_hjalpare"]) | {"handlaggare": 12}}
BY_TELEPHONE = {
    "til_vag": dict(USUAL["til_vag"]) | {"aldre_direkt": 18, "enhet_telefon": 36},
}
# How much easier or harder than usual, in logits.
ROUTE_EFFECT = {
    "aldre_direkt_all": -0.05,
    "phone_hours_plus_aldre_direkt": 0.0,
    "open_reception_phone": 0.2,
    "own_calls_voicemail_to_aldre_direkt": 0.1,
}
ABOUT_ROUTE = {"til_latt_kontakt", "til_ateruppringd"}
WHO_EFFECT = {"sjalv": 0.05, "med_hjalp": 0.0, "annan": -0.15}
LEVEL = 0.3  # people who differ pull every share towards the middle: back to the usual one
UNIT_SD = 0.22  # with QUESTION_SD about four percentage points where 80 % are favourable
QUESTION_SD = 0.15
TREND_SD = 0.03  # a year
PERSON_SD = 0.7

ALWAYS_ANSWERED = "bak_svarar"  # asked by the one who hands over, too
SKIPPED = 0.015  # of the first question; towards the end it is three times as much
INVALID = 0.006
ILLEGIBLE = 0.002


@dataclass
class Respondents:
    """The people of one unit. Successors are the mean of the units that went into them."""

    place: Place
    seed: int
    before: tuple["Respondents", ...] = ()
    _drawn: dict[tuple[str, float], tuple[list[str], list[float]]] = field(default_factory=dict)
    _effects: dict[str, tuple[float, float]] = field(default_factory=dict)

    def answers(
        self, document: Questionnaire, rng: Random, year: float, *, short: bool, paper: bool
    ) -> dict[str, str]:
        """Raw answers of one person to the questions that apply, some left out.

        `year` counts years from 2022.
        """
        person = rng.gauss(0, PERSON_SD)
        given: dict[str, str] = {}
        for position, question in enumerate(document.questions):
            if question.type != "single" or (short and not question.short_form):
                continue
            if question.show_if is not None and not question.show_if.holds(given):
                continue
            luck = 1.0 if question.id == ALWAYS_ANSWERED else rng.random()
            if paper and luck < INVALID:
                given[question.id] = PAPER_INVALID
            elif paper and luck < INVALID + ILLEGIBLE:
                given[question.id] = PAPER_ILLEGIBLE
            elif luck > INVALID + ILLEGIBLE + SKIPPED * (1 + position / 9):
                shift = person + WHO_EFFECT.get(given.get(ALWAYS_ANSWERED, ""), 0.0)
                given[question.id] = self._drawn_answer(question, rng, shift, year)
        return given

    def _drawn_answer(self, question: Question, rng: Random, shift: float, year: float) -> str:
        if question.positive is None:
            shift = 0.0
        else:
            effect, trend = self._effect(question.id)
            shift = round(LEVEL + shift + effect + trend * year, 1)
        known = self._drawn.get((question.id, shift))
        if known is None:
            known = self._drawn[question.id, shift] = self._weights(question, shift)
        return rng.choices(known[0], cum_weights=known[1])[0]

    def _weights(self, question: Question, shift: float) -> tuple[list[str], list[float]]:
        """The codes and their cumulated weights for a person this much more content."""
        id = SAME_AS.get(question.id, question.id)
        usual = USUAL[id]
        if self.place.named_officers > 1:
            usual = WITH_TEAM.get(id, usual)
        if self.place.has_helping_officers:
            usual = WITH_HELPING_OFFICERS.get(id, usual)
        if "phone" in self.place.route:
            usual = BY_TELEPHONE.get(id, usual)
        codes = [option.code for option in question.options_for(self.place.named_officers)]
        weights = [
            usual[code] * (exp(shift) if question.is_positive(code) else 1.0) for code in codes
        ]
        return codes, list(accumulate(weights))

    def _effect(self, question: str) -> tuple[float, float]:
        """How much more content than usual with this, in logits, and the change in a year."""
        if question not in self._effects:
            if self.before:
                each = [respondents._effect(question) for respondents in self.before]
                effect, trend = (sum(values) / len(each) for values in zip(*each, strict=True))
            else:
                effect = chance(self.seed, self.place.code).gauss(0, UNIT_SD)
                own = chance(self.seed, self.place.code, question)
                effect += own.gauss(0, QUESTION_SD)
                trend = own.gauss(0, TREND_SD)
                if question in ABOUT_ROUTE:
                    effect += ROUTE_EFFECT[self.place.route]
            self._effects[question] = effect, trend
        return self._effects[question]
