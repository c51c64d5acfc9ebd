"""Attributes of units in words: how they work and how one gets hold of them."""

from surveyapp.errors import N_
from surveyapp.i18n import gettext as _

CATEGORIES = {
    "single_named": N_("own case officer"),
    "team": N_("team"),
    "daily_allocation": N_("allocation day by day"),
    "other": N_("other way of working"),
    "aldre_direkt_all": N_("all calls to Äldre direkt"),
    "phone_hours_plus_aldre_direkt": N_("phone hours and Äldre direkt"),
    "open_reception_phone": N_("phone open at the reception"),
    "own_calls_voicemail_to_aldre_direkt": N_("own calls, messages to Äldre direkt"),
}


def category_words(category: str) -> str:
    """A way of organising or of contact."""
    return _(CATEGORIES[category]) if category in CATEGORIES else category
