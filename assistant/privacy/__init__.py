"""De-identification, both ways: what identifies a person gets a stand-in before a text leaves, put back after."""

from assistant.privacy.deidentifier import Deidentifier
from assistant.privacy.presidio import installed_analyzer
from assistant.privacy.values import Dates, Deidentified, Kind, Replacement
from assistant.privacy.vocabulary import Allowed, load_allowed

__all__ = [
    "Allowed", "Dates", "Deidentified", "Deidentifier", "Kind", "Replacement", "installed_analyzer", "load_allowed",
]  # fmt: skip
