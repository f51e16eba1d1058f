"""What the audit log may say: its acts, and the fields of an entry's detail. Neither can hold words of a case."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from enum import StrEnum


class Act(StrEnum):
    """What an entry of the audit log says was done."""

    SEEN = "seen"
    LISTED = "listed"
    SEARCHED = "searched"
    CREATED = "created"
    CHANGED = "changed"
    DRAFTED = "drafted"
    EDITED = "edited"
    DECIDED = "decided"
    REOPENED = "reopened"
    SIGNED_OFF = "signed off"
    SHARED = "shared"
    UNSHARED = "unshared"
    EXPORTED = "exported"
    PRINTED = "printed"
    CHAT_TURN = "chat turn"
    CHAT_DELETED = "chat deleted"
    DELETED = "deleted"
    RESTORED = "restored"
    PURGED = "purged"
    IMPORTED = "imported"
    GUIDELINE_CHANGED = "guideline changed"
    PASSAGE_OFF = "passage switched off"
    PASSAGE_ON = "passage switched on"
    SETTINGS_CHANGED = "settings changed"
    MODEL_TRIED = "model tried"
    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    SIGN_IN_FAILED = "sign-in failed"
    ACCOUNT_CHANGED = "account changed"
    REFUSED = "refused"
    KEYS_ROTATED = "keys rotated"
    BACKUP_MADE = "backup made"
    BACKUP_RESTORED = "backup restored"
    AUDIT_SEEN = "audit seen"
    AUDIT_EXPORTED = "audit exported"
    OTHER = "other"


# The kinds of the table of acts, as the records write them. A kind that is not here is OTHER, with its name.
_OF_KIND = {
    "created": Act.CREATED,
    "receipt_changed": Act.CHANGED,
    "services_changed": Act.CHANGED,
    "drafted": Act.DRAFTED,
    "edited": Act.EDITED,
    "revised": Act.EDITED,
    "shortened": Act.EDITED,
    "pinned": Act.EDITED,
    "undone": Act.EDITED,
    "restored_version": Act.EDITED,
    "outcome_set": Act.DECIDED,
    "signed_off": Act.SIGNED_OFF,
    "exported": Act.EXPORTED,
    "chat": Act.CHAT_TURN,
    "chat_message": Act.CHAT_TURN,
    "chat_deleted": Act.CHAT_DELETED,
    "deleted": Act.DELETED,
    "restored": Act.RESTORED,
    "purged": Act.PURGED,
    "signed_in": Act.SIGNED_IN,
    "signed_out": Act.SIGNED_OUT,
    "sign_in_failed": Act.SIGN_IN_FAILED,
    "account_added": Act.ACCOUNT_CHANGED,
    "account_disabled": Act.ACCOUNT_CHANGED,
    "account_enabled": Act.ACCOUNT_CHANGED,
    "account_unlocked": Act.ACCOUNT_CHANGED,
    "password_changed": Act.ACCOUNT_CHANGED,
    "password_reset": Act.ACCOUNT_CHANGED,
    "role_changed": Act.ACCOUNT_CHANGED,
    "token_made": Act.ACCOUNT_CHANGED,
    "token_dropped": Act.ACCOUNT_CHANGED,
    "shared": Act.SHARED,
    "unshared": Act.UNSHARED,
    "guideline_off": Act.PASSAGE_OFF,
    "guideline_on": Act.PASSAGE_ON,
    "guideline_dates": Act.GUIDELINE_CHANGED,
    "guideline_dates_undone": Act.GUIDELINE_CHANGED,
}
_WORD = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
_NAME = re.compile(r"[\w .:/@+()\[\],'&;-]{1,200}")
_HASH = re.compile(r"[0-9a-f]{8,64}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _number(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**53


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _names(value: object) -> bool:
    return isinstance(value, list) and all(map(_matches(_NAME), value))


def _versioned(value: object) -> bool:
    """Names of passages with the hash of each one's text."""
    return isinstance(value, dict) and all(map(_matches(_NAME), value)) and all(map(_matches(_HASH), value.values()))


_FIELDS: Mapping[str, Callable[[object], bool]] = {
    "kind": _matches(_WORD),  # what exactly, in the program's own word
    "version": _number,  # of the draft
    "issue": _number,  # position of the disputed service, from 0
    "count": _number,
    "first": _number,  # numbers of entries of this log
    "again": _number,
    "program": _matches(_NAME),
    "model": _matches(_NAME),
    "prompts": _names,
    "passages": _versioned,
    "format": _matches(_WORD),
    "outcome": _matches(re.compile("Upheld|Overturned")),
    "guideline": _matches(_NAME),  # as it is cited: a published document, nothing of a case
    "section": _matches(_NAME),
    "passage": _matches(_NAME),
    "from": _matches(_DAY),  # of an edition's dates in force
    "to": _matches(_DAY),
    "settings": _names,
    "role": _matches(_WORD),
    "account": _matches(_NAME),  # of the account that was changed, or with which a case was shared
    "record": _matches(_HASH),  # keyed hash of what a sign-off keeps
}


def detail_text(detail: Mapping[str, object]) -> str:
    """A detail as the log keeps it: JSON with sorted names, without what is None.

    ValueError for a field that is not of the closed set; a value that does not fit its field is left out, for a label
    that somebody chose must not stop what is recorded.
    """
    unknown = set(detail) - set(_FIELDS)
    if unknown:
        raise ValueError(f"the audit log has no field {sorted(unknown)[0]!r}")
    kept = {name: value for name, value in detail.items() if value is not None and _FIELDS[name](value)}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"))


def act_of(kind: str, detail: Mapping[str, object]) -> tuple[Act, dict[str, object]]:
    """How the log names an act of the records, and what of its `detail` it may say."""
    act = _OF_KIND.get(kind, Act.OTHER)
    told = {name: value for name, value in detail.items() if name in _FIELDS}
    if act is Act.DECIDED and detail.get("outcome") is None:
        act = Act.REOPENED
    return act, told | {"kind": kind}
