"""Which entry of the audit log each public act of the service makes; one without a declaration fails a test.

An act that runs within another makes no entry of its own: opening a case to edit it is told as the edit.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from assistant import __version__
from assistant.domain import Draft
from assistant.records import Act, AuditLog
from assistant.records.audit import acting
from assistant.records.rested import used_by
from assistant.views import Exported

_C = TypeVar("_C", bound=type)
_within: ContextVar[bool] = ContextVar("within an audited act", default=False)
Arguments = Mapping[str, Any]
Detail = Callable[[Arguments, Any], dict[str, object]]  # from the arguments and the result to fields of the log


@dataclass(frozen=True)
class Declared:
    """What the log is told of a method. `act` None: nothing by the wrapper, for the reason `why`.

    `once`: a second such act by the same account within ten minutes is no entry of its own. `detail` gives its fields.
    """

    act: Act | None = None
    once: bool = False
    kind: str | None = None
    detail: Detail | None = None
    why: str = ""


def _nothing(why: str) -> Declared:
    return Declared(why=why)


IN_RECORDS = _nothing("told by the records, in the transaction of the act itself")
PUBLISHED = _nothing("reads what is published: guidelines and past determinations, nothing of a case")
OWN_ENTRY = _nothing("the user's own words before there is a case of them; nothing is told")
KEEPS_NOTHING = _nothing("keeps nothing and opens nothing that is kept")
PROGRAM = _nothing("of the program and not of its contents")


def _seen(kind: str) -> Declared:
    return Declared(Act.SEEN, once=True, kind=kind)


def _looked_through(arguments: Arguments, _: Any) -> Act:
    wanted = arguments.get("wanted")
    words = arguments.get("words", "") or getattr(wanted, "words", "")
    return Act.SEARCHED if words.strip() else Act.LISTED


def _drafted(_: Arguments, draft: Draft) -> dict[str, object]:
    return {**used_by(draft, 0), "version": None, "kind": "not_kept", "count": len(draft.issues)}


def _imported(_: Arguments, report: Any) -> dict[str, object]:
    return {"kind": "letters", "count": report.read}


def _guideline(_: Arguments, imported: Any) -> dict[str, object]:
    return {"kind": "guideline", "guideline": imported.label, "count": imported.criteria}


def _settings(arguments: Arguments, _: Any) -> dict[str, object]:
    return {"settings": sorted(map(str, arguments["choices"]))}


def _model(_: Arguments, trial: Any) -> dict[str, object]:
    return {"model": trial.model or None}


def _chat_file(arguments: Arguments, _: Exported) -> dict[str, object]:
    return {"kind": "chat", "format": str(arguments["form"])}


LISTS = Declared(Act.LISTED, once=True, kind="cases")
SEARCHES = Declared(Act.SEARCHED, once=True, kind="decisions")

SERVICE: Mapping[str, Declared] = {
    # cases
    "case": _seen("case"),
    "cases": LISTS,
    "list_cases": LISTS,
    "create_case": IN_RECORDS,
    "change_case": Declared(Act.CHANGED, kind="particulars"),
    "change_receipt": IN_RECORDS,
    "delete_case": IN_RECORDS,
    "delete_cases": IN_RECORDS,
    "restore_case": IN_RECORDS,
    "restore_cases": IN_RECORDS,
    "purge_cases": IN_RECORDS,
    "deleted_cases": LISTS,
    "deleted_before": LISTS,
    "expired_cases": LISTS,
    "certificate": _nothing("a certificate tells nothing of its case"),
    "certificates": _nothing("certificates tell nothing of their cases"),
    "unsent_case": OWN_ENTRY,
    "keep_unsent": OWN_ENTRY,
    "forget_unsent": OWN_ENTRY,
    "samples": PUBLISHED,
    "text_of_upload": KEEPS_NOTHING,
    "read_upload": KEEPS_NOTHING,
    "when_due": KEEPS_NOTHING,
    "deidentified": KEEPS_NOTHING,
    "deidentifier": KEEPS_NOTHING,
    # drafts
    "draft_text": Declared(Act.DRAFTED, detail=_drafted),
    "check_rationale": Declared(Act.DRAFTED, detail=_drafted),
    "draft_case": IN_RECORDS,
    "set_outcome": IN_RECORDS,
    "edit": IN_RECORDS,
    "keep_typed": _nothing("the words are told of when `edit` makes a version of them"),
    "take_up": _seen("case"),
    "undo": IN_RECORDS,
    "keep_sentences": IN_RECORDS,
    "lengthen": IN_RECORDS,
    "plainer": IN_RECORDS,
    "add_point": IN_RECORDS,
    "own_sentences": IN_RECORDS,
    "drop_sentences": IN_RECORDS,
    "cite": IN_RECORDS,
    "pin_passage": IN_RECORDS,
    "replace_sentence": IN_RECORDS,
    "restore_version": IN_RECORDS,
    "sign_off": IN_RECORDS,
    "export": IN_RECORDS,
    "verify_text": _seen("case"),
    "sentence_offers": _seen("case"),
    "find_passages": _seen("case"),
    "passages_in_force": _seen("case"),
    "ask": _seen("case"),
    "preview": _seen("letter"),
    "note_printed": Declared(Act.PRINTED),
    "versions": _seen("versions"),
    "version": _seen("versions"),
    "compare_versions": _seen("versions"),
    "signed_off": _seen("versions"),
    "reproduce": _seen("evidence"),
    "chat": IN_RECORDS,
    "turns": _seen("chat"),
    # the library
    "search": SEARCHES,
    "search_decisions": SEARCHES,
    "list_decisions": SEARCHES,
    "find_in_guidelines": Declared(Act.SEARCHED, once=True, kind="guidelines"),
    "import_paths": Declared(Act.IMPORTED, detail=_imported),
    "import_guideline": Declared(Act.IMPORTED, detail=_guideline),
    "switch_off": IN_RECORDS,
    "switch_on": IN_RECORDS,
    "correct_dates": IN_RECORDS,
    "undo_dates": IN_RECORDS,
    "save_search": OWN_ENTRY,
    "delete_search": OWN_ENTRY,
    "saved_search": OWN_ENTRY,
    "saved_searches": OWN_ENTRY,
    "read_letters": KEEPS_NOTHING,
    "preview_guideline": KEEPS_NOTHING,
    "beside": PUBLISHED,
    "choices_named": PUBLISHED,
    "changes_of": PUBLISHED,
    "compare_decisions": PUBLISHED,
    "decision": PUBLISHED,
    "decisions_stating": PUBLISHED,
    "documented": PUBLISHED,
    "edition": PUBLISHED,
    "editions": PUBLISHED,
    "guidelines": PUBLISHED,
    "import_report": PUBLISHED,
    "imports": PUBLISHED,
    "insights": PUBLISHED,
    "letter": PUBLISHED,
    "letters_not_whole": PUBLISHED,
    "loosened": PUBLISHED,
    "original_pages": PUBLISHED,
    "page_image": PUBLISHED,
    "passage": PUBLISHED,
    "real_letters": PUBLISHED,
    "service_names": PUBLISHED,
    "unread_texts": PUBLISHED,
    # the chat model, the log itself, the program
    "choose_model": Declared(Act.SETTINGS_CHANGED, detail=_settings),
    "try_model": Declared(Act.MODEL_TRIED, detail=_model),
    "sent_to_model": _seen("sent_to_model"),
    "audit_entries": Declared(Act.AUDIT_SEEN, once=True),
    "verify_audit": Declared(Act.AUDIT_SEEN, once=True),
    "export_audit": _nothing("appends its own entry, which is the last of the export"),
    "check_audit_export": KEEPS_NOTHING,
    "audit_anchor": PROGRAM,
    "check_access": PROGRAM,
    "ready": PROGRAM,
    "copy_database": PROGRAM,
    "close": PROGRAM,
    "evaluate": PROGRAM,
    "last_evaluation": PROGRAM,
    "model": PROGRAM,
    "open": PROGRAM,
    "reindex": PROGRAM,
    "today": PROGRAM,
    "warm_up": PROGRAM,
}
CHATTING: Mapping[str, Declared] = {
    "all": Declared(Act.LISTED, once=True, kind="chats"),
    "find": Declared(Act.SEARCHED, once=True, kind="chats"),
    "turns": _seen("chat"),
    "say": IN_RECORDS,
    "export": Declared(Act.EXPORTED, detail=_chat_file),
    "delete": IN_RECORDS,
}


def public_methods(of: type) -> set[str]:
    """The names of what others may call of a class."""
    return {name for name, value in inspect.getmembers(of) if not name.startswith("_") and callable(value)}


def audited(declared: Mapping[str, Declared], log_of: Callable[[Any], AuditLog | None]) -> Callable[[_C], _C]:
    """A class whose declared methods tell the log, which `log_of` finds from the object, before they answer."""

    def decorate(of: _C) -> _C:
        for name, each in declared.items():
            method = inspect.getattr_static(of, name, None)
            if inspect.isfunction(method):
                setattr(of, name, _wrapped(method, each, log_of))
        return of

    return decorate


def _wrapped(
    method: Callable[..., Any], told: Declared, log_of: Callable[[Any], AuditLog | None]
) -> Callable[..., Any]:
    signature = inspect.signature(method)
    if inspect.isgeneratorfunction(method):
        return method  # what it does comes later, act by act

    @wraps(method)
    def call(self: Any, *given: Any, **named: Any) -> Any:
        if _within.get():
            return method(self, *given, **named)
        token = _within.set(True)
        try:
            result = method(self, *given, **named)
        finally:
            _within.reset(token)
        log = log_of(self)
        if told.act is not None and log is not None:
            _tell(log, told, signature.bind(self, *given, **named).arguments, result)
        return result

    return call


def _tell(log: AuditLog, told: Declared, arguments: Arguments, result: Any) -> None:
    assert told.act is not None  # noqa: S101 - the caller has looked
    account = acting() or arguments.get("user") or arguments["self"].settings.user
    case_id = arguments.get("case_id") or None
    act = _looked_through(arguments, result) if told is LISTS else told.act
    if told.once:
        log.note_seen(act, account, case_id, told.kind)
        return
    detail = {"kind": told.kind, "program": __version__, **(told.detail(arguments, result) if told.detail else {})}
    content = result.content if isinstance(result, Exported) else None
    log.record(act, account, case_id, content, **detail)
