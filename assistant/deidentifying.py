"""The de-identifier of a case as the settings want it: words of the corpus and drugs stay, presidio helps."""

from __future__ import annotations

from assistant.drafting.drug_names import DRUGS
from assistant.privacy import Dates, Deidentifier, installed_analyzer, load_allowed
from assistant.settings import Deidentify, Settings


def deidentifier(settings: Settings, secret: bytes, dates: Dates | None = None) -> Deidentifier:
    """A de-identifier for one case; `secret` decides how far its dates move. Without `dates` as the settings say."""
    chosen = dates or (Dates.YEAR if settings.deidentify is Deidentify.YEAR else Dates.SHIFT)
    allowed = load_allowed(settings.corpus_dir, DRUGS.split())
    return Deidentifier(secret, allowed, chosen, analyzer=installed_analyzer())
