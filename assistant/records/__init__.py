"""What a reviewer keeps: cases, versions of their drafts, chats, and one append-only table of acts."""

from assistant.records.accounts import Account, Accounts, ApiToken, WrongPassword
from assistant.records.audit import AuditLog, AuditWanted, acting_as, audit_key
from assistant.records.audit_acts import Act
from assistant.records.audit_chain import Anchor, AuditBroken, AuditFormat, Entry, Verified
from assistant.records.chats import Chats
from assistant.records.jobs import Busy, JobLedger, JobRecord
from assistant.records.listing import CaseLists
from assistant.records.owners import Access
from assistant.records.records import Records
from assistant.records.searches import SavedSearches
from assistant.records.sessions import Sessions
from assistant.records.shares import May, Share, Shares
from assistant.records.sign_ins import Flow, SignInFlows, SignInTries
from assistant.records.signing import SignOffs
from assistant.records.typed import TypedWords
from assistant.records.unsent import UnsentEntries
from assistant.records.values import (
    ActRecord,
    CaseRecord,
    CaseState,
    ChatFound,
    ChatHead,
    Listed,
    ListedCase,
    SavedSearch,
    TurnRecord,
    TypedEntry,
    UnsentEntry,
    VersionHead,
    VersionRecord,
)
from assistant.records.workers import Worker

__all__ = [
    "Act",
    "Access",
    "Account",
    "Accounts",
    "ApiToken",
    "Busy",
    "Flow",
    "JobLedger",
    "JobRecord",
    "May",
    "Sessions",
    "Share",
    "Shares",
    "WrongPassword",
    "ActRecord",
    "Anchor",
    "AuditBroken",
    "AuditFormat",
    "AuditLog",
    "AuditWanted",
    "CaseLists",
    "CaseRecord",
    "CaseState",
    "ChatFound",
    "ChatHead",
    "Chats",
    "Entry",
    "Listed",
    "ListedCase",
    "Records",
    "SavedSearch",
    "SavedSearches",
    "SignInFlows",
    "SignInTries",
    "SignOffs",
    "TurnRecord",
    "TypedEntry",
    "TypedWords",
    "UnsentEntries",
    "UnsentEntry",
    "Verified",
    "VersionHead",
    "VersionRecord",
    "Worker",
    "acting_as",
    "audit_key",
]
