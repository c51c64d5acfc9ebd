"""What waits on a tablet, put there without its pages, and what came of it."""

from sqlalchemy import select

from surveyapp.models import OfferTally
from surveyapp.web.static_files import fingerprint

# Seals as the pages do, many at once.
SEAL = """async ([folder, n, result]) => {
  const { newReceipt, sealedRow, tellOthers } = await import(`${folder}/outbox.js`);
  const { kept, within } = await import(`${folder}/store.js`);
  const state = await kept("state");
  const { key, sha256 } = document.querySelector("[data-offer]").dataset;
  const occasion = { unit: "farsta", month: "2026-05-01", questionnaire: key, version: 1,
    sha256, language: "sv", channel: "tablet", followup_type: "home_visit",
    service_group: "home_care", handed_over_by: "own_officer", form_length: "full" };
  const rows = [];
  for (let i = 0; i < n; i += 1) {
    const one = { ...occasion, receipt: newReceipt() };
    const content = { occasion: one, stopped_at: "", ...result };
    rows.push(await sealedRow(content, state.sealing_key, state.today));
  }
  await within(["outbox"], "readwrite", (outbox) => rows.map((row) => outbox.add(row)).at(-1));
  tellOthers();
}"""
NO_TIME = {"outcome": "declined", "reason": "no_time", "answers": {}}
ANSWERED = {"outcome": "answered", "reason": "", "answers": {"bak_svarar": "sjalv"}}
SCRIPTS = f"/s/{fingerprint()}/js/tablet"


def seal(page, n, result=None):
    """Put so many sealed envelopes into the outbox of the tablet."""
    page.evaluate(SEAL, [SCRIPTS, n, result or NO_TIME])


def n_waiting(page):
    """How many lie in the outbox."""
    return page.evaluate(
        "(folder) => import(`${folder}/outbox.js`).then(({ waiting }) => waiting())", SCRIPTS
    )["n"]


def offers(session):
    """What was counted: outcome, reason and number."""
    session.rollback()
    rows = session.scalars(select(OfferTally).order_by(OfferTally.outcome, OfferTally.reason))
    return [(row.outcome, row.reason, row.n) for row in rows]
