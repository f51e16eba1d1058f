"""What a reviewer keeps: cases, versions of their drafts, chats, and one append-only table of acts."""

from assistant.records.chats import Chats
from assistant.records.records import Records
from assistant.records.searches import SavedSearches
from assistant.records.values import (
    ActRecord,
    CaseRecord,
    ChatFound,
    ChatHead,
    SavedSearch,
    TurnRecord,
    VersionHead,
    VersionRecord,
)

__all__ = [
    "ActRecord",
    "CaseRecord",
    "ChatFound",
    "ChatHead",
    "Chats",
    "Records",
    "SavedSearch",
    "SavedSearches",
    "TurnRecord",
    "VersionHead",
    "VersionRecord",
]
