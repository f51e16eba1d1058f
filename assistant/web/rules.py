"""The one table of which act and which address needs which right; what is not in it is not there.

A right to cases says that one may ask at all: which case is whose, records/owners.py says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.rights import Right

_VERBS: Mapping[Right, str] = {
    Right.SIGNED_IN: "read_model read_trial",
    Right.SEE_CASES: (
        "list_cases open_case follow read_signed read_rested note_printed list_versions compare_versions preview_letter"
        " find_chats when_due show_sent"
    ),
    Right.WORK_ON_CASES: (
        "delete_cases restore_cases deleted_cases bring_back purge_case change_receipt sample_case create_case"
        " unsent_case keep_unsent forget_unsent"
        " draft_case stop_model change_case choose_outcome save_text keep_typed check_text go_back"
        " restore_version ask stop_turn"
        " delete_chat find_passages pin_passage sentence_offers replace_sentence keep_as_mine"
        " list_shares share_case unshare_case"
    ),
    Right.SEARCH_DECISIONS: (
        "find_decisions read_decision compare_decisions name_decisions original_pages saved_searches save_search"
        " delete_search"
    ),
    Right.SEE_LIBRARY: "find_anything read_passage list_guidelines find_in_guidelines read_guideline",
    Right.CURATE_GUIDELINES: "switch_off switch_on correct_dates undo_dates",
    Right.CHANGE_LIBRARY: (
        "begin_upload start_import go_on drop_files follow_import cancel_import list_imports read_import read_letter"
    ),
    Right.SEE_INSIGHTS: (
        "read_insights read_evaluation read_documented start_reading follow_reading stop_reading read_stating"
    ),
    Right.SEE_AUDIT: "read_audit verify_audit",
    Right.SEE_SETTINGS: "read_settings",
    Right.CHANGE_MODEL_SETTINGS: "choose_model test_model",
    Right.SEE_LAST_SENT: "read_sent",
    Right.MANAGE_PEOPLE: "list_people add_person change_role disable_person enable_person reset_password unlock_person",
}
ACTS: Mapping[str, Right] = {act: right for right, acts in _VERBS.items() for act in acts.split()}

_ID = r"[\w-]{1,64}"
API = "/api/v1"  # under it lies the REST API
_CASE = rf"{API}/cases/[^/]+"
_READ, _WRITE, _ANY = "GET HEAD", "POST", "GET HEAD POST"

# method, path, right. None: open to everyone, which only the probes and the sign-in are.
_ROUTES: tuple[tuple[str, str, Right | None], ...] = (
    # the probes of who runs the program, and what Prometheus reads: web/guard.py and web/watch.py let them through
    (_READ, r"/healthz|/readyz", None),
    # the page
    (_READ, r"/", Right.SIGNED_IN),
    (_READ, r"/case/?", Right.SEE_CASES),
    (_READ, r"/decisions/?", Right.SEARCH_DECISIONS),
    (_READ, r"/library/?", Right.SEE_LIBRARY),
    (_READ, r"/insights/?", Right.SEE_INSIGHTS),
    (_READ, r"/audit/?|/audit-export/(jsonl|csv)", Right.SEE_AUDIT),
    (_READ, r"/imports/?", Right.CHANGE_LIBRARY),
    (_READ, r"/settings/?", Right.SIGNED_IN),
    (_READ, r"/page/([\w-]+|plotly\.min)\.(js|css)", Right.SIGNED_IN),
    (_READ, r"/who", Right.SIGNED_IN),
    (_READ, rf"/export/{_ID}/(docx|pdf|md|json)", Right.WORK_ON_CASES),
    (_READ, rf"/chat/{_ID}/(md|json)", Right.SEE_CASES),
    (_WRITE, r"/upload", Right.WORK_ON_CASES),
    (_WRITE, r"/last-words|/unsent", Right.WORK_ON_CASES),
    (_WRITE, r"/import-upload", Right.CHANGE_LIBRARY),
    (_WRITE, r"/guideline/(preview|import|follow|stop)", Right.CHANGE_LIBRARY),
    (_WRITE, r"/decisions\.csv", Right.SEARCH_DECISIONS),
    (_READ, rf"/decisions/{_ID}/page/[0-9]{{1,4}}\.png", Right.SEARCH_DECISIONS),
    # Gradio's: what an act does there is asked of ACTS. All its others are answered as if they did not exist.
    (_READ, r"/(assets|static)/[^\0]*", Right.SIGNED_IN),
    (_READ, r"/theme\.css|/config/?|/favicon\.ico|/robots\.txt|/manifest\.json|/pwa_icon(/\d+)?", Right.SIGNED_IN),
    (_ANY, r"/gradio_api/(component_server/?|startup-events|heartbeat/\w+|app_id/?|theme\.css)", Right.SIGNED_IN),
    # the API
    (_READ, rf"{API}/health|{API}/openapi\.json", Right.SIGNED_IN),
    ("GET POST", rf"{API}/decisions/search", Right.SEARCH_DECISIONS),
    (_READ, rf"{API}/decisions/[^\0]+", Right.SEARCH_DECISIONS),
    (_READ, rf"{API}/passages/[^\0]+|{API}/guidelines", Right.SEE_LIBRARY),
    ("POST", rf"{API}/imports", Right.CHANGE_LIBRARY),
    ("GET DELETE", rf"{API}/imports/[^/]+", Right.CHANGE_LIBRARY),
    ("POST", rf"{API}/drafts|{API}/verify", Right.WORK_ON_CASES),
    ("GET", rf"{API}/cases", Right.SEE_CASES),
    ("POST", rf"{API}/cases", Right.WORK_ON_CASES),
    ("GET", _CASE, Right.SEE_CASES),
    ("PATCH DELETE", _CASE, Right.WORK_ON_CASES),
    ("POST", rf"{_CASE}/(restore|draft)", Right.WORK_ON_CASES),
    ("PUT", rf"{_CASE}/issues/[^/]+/(outcome|text)", Right.WORK_ON_CASES),
    ("GET", rf"{_CASE}/versions", Right.SEE_CASES),
    ("GET", rf"{_CASE}/export/[^/]+", Right.WORK_ON_CASES),
)
# Only where accounts are on.
_SIGN_IN_ROUTES: tuple[tuple[str, str, Right | None], ...] = (
    (_ANY, r"/sign-in", None),
    (_READ, r"/sign-in/(begin|return)", None),
    (_WRITE, r"/sign-out", Right.SIGNED_IN),
    (_READ, r"/account", Right.SIGNED_IN),
    (_WRITE, r"/account/(password|tokens|tokens/drop)", Right.SIGNED_IN),
)
_OF_ROUTES = tuple((set(methods.split()), re.compile(path), right) for methods, path, right in _ROUTES)
_OF_SIGN_IN = tuple((set(methods.split()), re.compile(path), right) for methods, path, right in _SIGN_IN_ROUTES)


class NoRule(LookupError):
    """An address that no rule is about."""


def is_api(path: str) -> bool:
    """Whether an address is one of the API's."""
    return path == API or path.startswith(f"{API}/")


def right_for(method: str, path: str, *, accounts: bool) -> Right | None:
    """The right that a request needs; None for the sign-in, which is open. NoRule: it is not there for anybody.

    A method that no rule of the address names needs what the address's first rule asks for: it is then answered 405.
    """
    rules = [rule for rule in (*_OF_ROUTES, *(_OF_SIGN_IN if accounts else ())) if rule[1].fullmatch(path)]
    if ".." in path or not rules:
        raise NoRule(path)
    return next((right for methods, _, right in rules if method in methods), rules[0][2])


def is_ruled(method: str, path: str) -> bool:
    """Whether a rule names both the method and the address."""
    return any(method in methods and pattern.fullmatch(path) for methods, pattern, _ in (*_OF_ROUTES, *_OF_SIGN_IN))
