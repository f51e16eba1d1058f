"""The attacks that are tried: each with a number, what stops it and the test that shows it; docs/attacks.md is made of it.

`python tests/attacks/attack_list.py > docs/attacks.md` writes the page.
"""

# ruff: noqa: E501 - a row of the table is a line

from __future__ import annotations

import sys
from dataclasses import dataclass

# What the attacks are about; the list holds one of each at least.
CLASSES = (
    "sessions and sign-in", "forgery of requests", "paths and Gradio's routes", "requests to elsewhere", "ids of others",
    "script in a page", "database and search", "headers and redirects", "files and archives", "bodies and connections",
    "exports", "audit", "secrets and keys", "databases", "a model's orders", "rights", "faults and logs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack: its class, what is tried, what stops it, and the test, as file::function under tests/."""

    kind: str
    tried: str
    stopped_by: str
    test: str


def _of(kind: str, *rows: tuple[str, str, str]) -> tuple[Attack, ...]:
    return tuple(Attack(kind, *row) for row in rows)


_SIGN_IN, _GUARD, _RIGHTS = "web/test_attacks_on_sign_in.py", "web/test_guard.py", "attacks/test_attacks_on_rights.py"
_WORDS, _FILES = "attacks/test_attacks_by_words.py", "attacks/test_attacks_by_files.py"
_TO, _DOWN, _OIDC = "attacks/test_attacks_by_addresses.py", "attacks/test_attacks_on_connections.py", "web/test_oidc.py"
_CHAIN, _MATRIX, _ZIP = "records/test_audit_chain.py", "web/test_rights_matrix.py", "reading/test_archives.py"

ATTACKS: tuple[Attack, ...] = (
    *_of(
        "sessions and sign-in",
        ("a session planted before the sign-in", "the sign-in makes a new one", f"{_SIGN_IN}::test_a_session_that_was_fixed_beforehand_is_never_signed_in"),
        ("the session of before used after a sign-in", "it ends with the sign-in", f"{_SIGN_IN}::test_the_session_of_before_ends_at_sign_in"),
        ("a stolen session used after sign-out", "it is forgotten on the server", f"{_SIGN_IN}::test_a_replayed_session_is_over_after_sign_out"),
        ("a stolen session used after rest, or after a reset of the account", "limits of rest and length, by the server's clock", f"{_RIGHTS}::test_a_stolen_session_is_over_when_its_account_rests_or_is_reset"),
        ("a changed, guessed or copied cookie; the hash out of a stolen database", "only the token's hash is kept, and the hash opens nothing", f"{_RIGHTS}::test_a_changed_cookie_is_nobodys"),
        ("cookies sent in the clear, or read by a script", "HttpOnly, SameSite, Secure and the __Host- prefix", f"{_SIGN_IN}::test_the_cookies_flags"),
        ("passwords guessed at one account", "it closes, each time longer", f"{_SIGN_IN}::test_wrong_passwords_lock_an_account_longer_each_time"),
        ("passwords guessed from one address", "tries that fail are counted by address", f"{_SIGN_IN}::test_a_source_that_guesses_is_slowed_down"),
        ("the address forged by X-Forwarded-For", "only named proxies are believed", f"{_SIGN_IN}::test_a_source_cannot_be_forged_but_a_proxy_is_believed"),
        ("names of accounts found out by answers or by time", "the same answer and the same work for unknown names", f"{_SIGN_IN}::test_names_cannot_be_found_out"),
        ("a name that looks like another's", "names of small Latin letters only", f"{_SIGN_IN}::test_a_name_that_looks_like_another_cannot_be_made"),
        ("OpenID Connect: a code used twice", "a flow ends once", f"{_OIDC}::test_a_code_serves_once"),
        ("OpenID Connect: forged, expired, unsigned or foreign tokens", "signature, issuer, audience, times and nonce are checked", f"{_OIDC}::test_what_is_not_to_be_trusted_lets_nobody_in"),
        ("OpenID Connect: another's answer put into one's browser", "state, and a cookie that only the browser which began has", f"{_OIDC}::test_a_browser_that_did_not_begin_is_refused"),
        ("OpenID Connect: a name taken over from a local account", "accounts are matched by issuer and subject", f"{_OIDC}::test_a_name_that_somebody_has_is_not_taken_over"),
    ),
    *_of(
        "forgery of requests",
        ("a form sent by another site (CSRF)", "Origin and Sec-Fetch-Site of every write", f"{_SIGN_IN}::test_a_form_of_another_site_is_refused"),
        ("a form without its word, or with another's", "a word that follows from the session", f"{_SIGN_IN}::test_a_form_without_its_token_is_refused"),
        ("a form's word kept over the end of its session", "the word ends with the session", f"{_RIGHTS}::test_a_form_of_an_ended_session_is_refused"),
        ("acts, uploads and the API by another site, in any kind of body; a method in a header", "the guard stands before every route and reads no such header", f"{_RIGHTS}::test_another_site_writes_nothing_in_any_kind_of_body"),
        ("every route by a page of another origin, port or sandbox", "one wall before all routes, Gradio's too", f"{_GUARD}::test_every_route_is_closed_to"),
        ("DNS rebinding", "a list of the hosts that this page has", f"{_GUARD}::test_no_other_host_is_known"),
        ("a second Host, or another in the request's target", "the same list, and no answer repeats it", f"{_DOWN}::test_a_host_named_twice_or_in_the_target_is_not_believed"),
        ("the page in another's frame (clickjacking), or in a cache", "frame-ancestors 'none', X-Frame-Options, no-store on every answer", f"{_RIGHTS}::test_pages_of_a_case_are_kept_by_no_cache_and_shown_in_no_frame"),
    ),
    *_of(
        "paths and Gradio's routes",
        ("paths out of what is served: plain, encoded, twice encoded, backslashes, NUL", "files are read at the start; a path reaches no disk", f"{_DOWN}::test_no_path_leads_out_of_what_is_served"),
        ("Gradio's file, upload, stream, queue, call, run-history and development routes", "they do not exist for anybody", f"{_TO}::test_no_role_reaches_a_route_of_gradio_that_the_page_does_not_use"),
        ("Gradio's proxy= and file= as a way to other servers", "they do not exist, and nothing is fetched", f"{_TO}::test_the_proxy_of_gradio_fetches_nothing"),
        ("another's session hash, another component, another function by Gradio's server call", "only declared functions, each of which asks for its right", f"{_TO}::test_anothers_session_hash_opens_nothing_and_no_other_function_is_called"),
        ("the heartbeat of another's session", "it needs a session of one's own", f"{_TO}::test_a_heartbeat_of_anothers_session_needs_a_session_of_ones_own"),
        ("secrets, paths or cases in Gradio's configuration", "it holds the page's shells only", f"{_TO}::test_the_pages_configuration_tells_no_secret"),
        ("an uploaded file or upload named like a path", "files lie under numbers in a private folder", f"{_FILES}::test_a_file_named_like_a_path_is_kept_within_its_folder"),
        ("a file's name too long for the disk, in another script", "names are cut by bytes", f"{_FILES}::test_a_name_in_another_script_is_too_long_for_no_disk"),
        ("a guideline's name that leads out of its folder", "signs of paths become underscores", "web/test_guideline_import.py::test_no_name_leads_out_of_the_folder"),
    ),
    *_of(
        "requests to elsewhere",
        ("a cloud's metadata address as chat model, Chroma, provider or collector, in any way of writing it", "settings refuse it", f"{_TO}::test_no_setting_leads_to_where_a_machine_is_given_its_keys"),
        ("a name that resolves to such an address", "it is looked up before anything is sent", f"{_TO}::test_a_name_that_stands_for_such_an_address_is_sent_nothing"),
        ("such an address, or a path, chosen on the settings page", "the same checks; only choices about the model are taken", f"{_TO}::test_the_page_takes_no_such_address_for_a_model"),
        ("a provider that names inner addresses, or redirects", "https or its own host; no redirect is followed", f"{_TO}::test_a_provider_sends_nobody_to_another_address"),
        ("the name of a model on a hub", "only what is on the machine; the hub is not asked", f"{_TO}::test_an_embedding_model_of_another_name_is_asked_of_no_hub"),
        ("a model's server that redirects the case elsewhere", "no redirect is followed", "models/test_leashed.py::test_a_redirect_is_not_followed"),
        ("links, pictures, frames and entities in an HTML letter", "nothing is fetched", f"{_FILES}::test_a_page_of_html_fetches_nothing_and_runs_nothing"),
        ("links, actions and scripts in a PDF", "only its text is taken", f"{_FILES}::test_a_pdf_opens_no_link_and_runs_no_action"),
        ("outer templates and pictures in a Word document", "no relationship is followed", f"{_FILES}::test_a_word_document_fetches_no_template_and_no_picture"),
    ),
    *_of(
        "ids of others",
        ("another's case by every address of the page and the API", "whose it is is asked in the query", f"{_MATRIX}::test_no_address_gives_or_changes_anothers_case"),
        ("another's case, version, chat or share by every act", "the same, by a table of all acts", f"{_MATRIX}::test_nobody_does_more_with_a_case_than_they_may"),
        ("ids tried to see which exist", "one answer for what is another's and what is not", f"{_RIGHTS}::test_ids_of_others_and_ids_that_are_none_are_told_alike"),
        ("another's last words or unsent text overwritten by a closing page's request", "they are kept for whoever is signed in", f"{_RIGHTS}::test_last_words_and_unsent_texts_are_kept_for_ones_own_alone"),
        ("another's saved searches", "they are of one user", "records/test_searches.py::test_each_user_sees_their_own_by_name"),
        ("another's chats", "they are of one user", "records/test_chats.py::test_what_belongs_to_another_is_not_there"),
        ("the certificate of another's purged case", "it is as if it did not exist", "records/test_purging.py::test_anothers_case_is_not_there_and_its_certificate_neither"),
        ("another account's API token taken back or used", "a token is its account's", f"{_SIGN_IN}::test_a_token_acts_for_its_account_until_it_is_taken_back"),
    ),
    *_of(
        "script in a page",
        ("script in a case, a chat, a note or the reviewer's words", "text nodes and escaped templates", "e2e/test_hostile_page.py::test_a_hostile_case_chat_and_letter_are_text"),
        ("script in a file's name, a letter or a guideline", "the same", "e2e/test_hostile_page.py::test_a_hostile_file_name_guideline_and_letter_are_text"),
        ("script in a title", "escaped in every list", f"{_WORDS}::test_a_hostile_title_is_text_in_the_list_and_no_header_of_a_download"),
        ("script in an account's display name or a token's label", "escaped on its page", f"{_WORDS}::test_a_hostile_name_of_an_account_is_text_on_every_page"),
        ("script in addresses, fields and headers that come back (reflected)", "escaped, or sent as text that no browser sniffs", f"{_WORDS}::test_what_is_asked_comes_back_as_text_or_not_at_all"),
        ("script in words that are sought", "escaped beside what is found", f"{_WORDS}::test_words_that_are_sought_are_text_beside_what_is_found"),
        ("script in a model's output", "it is text", "web/test_model_settings.py::test_what_a_model_or_a_case_says_is_text"),
        ("foreign and inline scripts, were one to get in", "the content security policy", "e2e/test_hostile_page.py::test_the_page_is_served_with_a_policy_that_runs_no_foreign_script"),
    ),
    *_of(
        "database and search",
        ("SQL in words, titles, names, ids, passwords and tokens", "bound parameters only", f"{_WORDS}::test_words_of_sql_are_words"),
        ("the syntax of full text in words", "each word is quoted", f"{_WORDS}::test_words_of_a_full_text_query_are_words"),
        ("wildcards of LIKE in the list of cases", "they stand for themselves", f"{_WORDS}::test_wildcards_of_a_pattern_stand_for_themselves"),
        ("NUL, half characters and control signs", "replaced, or refused in a sentence", f"{_WORDS}::test_characters_that_are_none_are_no_fault"),
        ("texts made to hold the readers up (ReDoS)", "the work grows with the text and not with its square", f"{_WORDS}::test_no_text_holds_a_reader_for_long"),
    ),
    *_of(
        "headers and redirects",
        ("line breaks in a path, a query or a header", "the server refuses them, and answers repeat nothing", f"{_DOWN}::test_a_line_break_in_a_request_makes_no_header_of_an_answer"),
        ("next= to another site, or with line breaks", "a path of the page or the first page", f"{_SIGN_IN}::test_the_sign_in_leads_to_no_other_place"),
        ("the start's link as a redirect elsewhere", "the path stays on this host", f"{_GUARD}::test_the_links_token_leads_to_no_other_host"),
        ("TRACE and other methods that send a request back", "they are refused", f"{_DOWN}::test_no_method_sends_a_request_back"),
    ),
    *_of(
        "files and archives",
        ("paths out of an archive (zip slip), an archive in an archive", "such a member is named and not opened", f"{_ZIP}::test_a_member_that_is_not_opened"),
        ("links in an archive", "a link is not followed", f"{_ZIP}::test_a_link_is_not_followed"),
        ("ZIP bombs", "what its own list says is weighed first", f"{_ZIP}::test_what_swells_is_refused"),
        ("archives nested five deep", "an inner archive is not opened", f"{_FILES}::test_an_archive_within_an_archive_is_not_opened"),
        ("PDF bombs", "a child process with bounds; a text has a longest length", f"{_FILES}::test_a_pdf_that_swells_is_read_within_bounds"),
        ("a PDF of 5,000 pages", "its count is asked first", "reading/test_bounded.py::test_a_pdf_of_5000_pages_is_refused_by_its_count"),
        ("a PDF whose pages hold each other", "it is refused", f"{_FILES}::test_a_pdf_whose_pages_hold_each_other_ends"),
        ("a file that never ends being read", "the child is ended", "reading/test_bounded.py::test_a_file_that_hangs_is_stopped"),
        ("outer entities in a Word document (XXE)", "no entity is resolved", f"{_FILES}::test_a_word_document_reads_no_file_and_no_address_by_an_entity"),
        ("a billion laughs, and the quadratic kind", "no entity is resolved", f"{_FILES}::test_a_word_document_of_a_billion_laughs_is_none"),
        ("a Word document that unpacks to gigabytes, or nests", "weighed before it is parsed", f"{_FILES}::test_a_word_document_that_swells_is_refused_before_it_is_parsed"),
        ("objects in YAML", "the safe loader", f"{_FILES}::test_the_front_matter_of_a_guideline_makes_no_object"),
        ("YAML that swells by its own names, or nests", "a list is no text; nesting ends in a sentence", f"{_FILES}::test_the_front_matter_of_a_guideline_cannot_swell_nor_nest"),
        ("JSON lines that nest without end", "the line is refused alone", f"{_FILES}::test_lines_of_json_that_nest_without_end_are_refused_alone"),
        ("pickles, eval and shells", "none is in the program", f"{_FILES}::test_nothing_that_is_read_is_unpickled_or_evaluated"),
        ("a guideline that includes another file", "no directive is known", f"{_FILES}::test_a_guideline_that_names_another_file_reads_none"),
        ("paths, links and devices in a backup that is restored", "such a member is refused", "test_backup.py::test_a_member_that_leads_elsewhere_is_refused"),
    ),
    *_of(
        "bodies and connections",
        ("a body that is announced too large", "refused before it is read", f"{_GUARD}::test_a_large_body_is_refused"),
        ("a body in pieces without a length", "cut off at the bound", f"{_DOWN}::test_a_body_in_pieces_without_a_length_is_cut_off"),
        ("a large body before anybody signs in", "forms have 16 KB", f"{_SIGN_IN}::test_a_large_body_is_refused_before_anybody_signs_in"),
        ("lengths that are none", "refused", f"{_DOWN}::test_a_length_that_is_none_is_refused"),
        ("lengths that lie, two lengths, a length and pieces (request smuggling)", "one request, or refused", f"{_DOWN}::test_a_length_that_lies_smuggles_no_second_request"),
        ("JSON that nests without end, to every route that takes it", "a sentence, and the server goes on", f"{_FILES}::test_a_body_of_json_that_nests_without_end_is_a_sentence"),
        ("a connection that says nothing", "ended after 10 seconds", f"{_DOWN}::test_a_connection_that_says_nothing_is_ended"),
        ("a head that never ends (slowloris)", "408 after 10 seconds", f"{_DOWN}::test_a_head_that_never_ends_is_ended"),
        ("the same on a connection that was served before", "the same", f"{_DOWN}::test_a_second_head_that_never_ends_is_ended"),
        ("a body that trickles", "408 after a minute, unless 16 KB a second come", f"{_DOWN}::test_a_body_that_trickles_is_cut_off_and_nothing_is_done"),
        ("an answer that nobody reads", "given up after a minute", f"{_DOWN}::test_an_answer_that_nobody_reads_is_given_up"),
        ("a head of any size", "431 above 64 KB", f"{_DOWN}::test_a_head_without_end_is_refused_before_it_fills_the_memory"),
        ("connections without number", "503 above a bound", f"{_DOWN}::test_more_connections_than_the_server_holds_are_told_so"),
        ("websockets", "there is none", f"{_DOWN}::test_websockets_are_refused_however_many"),
    ),
    *_of(
        "exports",
        ("an export's link used by another, after its share, after the purge", "the right is asked at each use", f"{_RIGHTS}::test_a_link_to_an_export_opens_for_nobody_else_nor_after_its_share_nor_after_the_purge"),
        ("an exported file that is handed on again", "its hash finds the act that made it", "service/test_audited.py::test_a_replayed_export_is_told_and_found_by_its_file"),
        ("formulas in the list of decisions", "an apostrophe before them", "library/test_csv_list.py::test_a_hostile_letter_is_no_formula_and_stays_one_row"),
        ("formulas in the exported audit log", "no cell begins like one", f"{_WORDS}::test_no_entry_of_the_audit_log_is_a_formula"),
        ("fields, links, scripts and XML in an exported document", "the words of a case are text in it", f"{_WORDS}::test_an_exported_document_holds_no_field_no_link_and_no_markup_of_a_case"),
        ("any markup in a case that is exported", "every format is read back", "drafting/test_export.py::test_any_case_text_can_be_exported_and_read_back"),
    ),
    *_of(
        "audit",
        ("an entry changed", "the chain of hashes", f"{_CHAIN}::test_a_changed_field_is_found_at_its_entry"),
        ("an entry changed with its hash made anew", "the entry after it", f"{_CHAIN}::test_a_changed_entry_with_its_hash_made_anew_is_found"),
        ("an entry removed", "numbers and hashes", f"{_CHAIN}::test_a_removed_entry_is_found_by_its_number"),
        ("entries put in another order", "numbers and hashes", f"{_CHAIN}::test_entries_in_another_order_are_found"),
        ("an entry put in", "numbers and hashes", f"{_CHAIN}::test_an_inserted_entry_is_found"),
        ("the log's end cut off", "its head, or an anchor kept elsewhere", f"{_CHAIN}::test_a_log_that_was_cut_off_is_found_by_its_head_or_by_an_anchor"),
        ("the whole log written anew", "an anchor kept elsewhere", f"{_CHAIN}::test_a_log_that_was_rewritten_as_a_whole_is_found_by_an_anchor"),
        ("a forged anchor", "its form and its hash", f"{_CHAIN}::test_what_is_no_anchor_is_refused"),
        ("the log rewritten by the program's own connection", "triggers of the database", "records/test_audit.py::test_the_database_refuses_to_rewrite_the_log"),
    ),
    *_of(
        "secrets and keys",
        ("passwords and tokens read off the disk", "only hashes are kept", f"{_SIGN_IN}::test_neither_password_nor_token_lies_on_the_disk"),
        ("a sealed text changed", "authenticated encryption", "test_keys.py::test_every_changed_byte_is_found"),
        ("a sealed text moved to another case", "the case is part of what is authenticated", "records/test_sealing.py::test_a_text_that_was_moved_to_another_case_is_found"),
        ("a copy of the database read after a purge", "the case's key is destroyed", "records/test_purging.py::test_a_copy_made_before_cannot_be_read_once_its_data_key_is_gone"),
        ("a key file that others can read", "refused", "test_keys.py::test_a_key_file_must_be_private_whole_and_alone"),
        ("exchanged weights of the embedding model", "published hashes", "library/test_embedding.py::test_one_changed_byte_of_the_shipped_model_is_refused"),
    ),
    *_of(
        "databases",
        ("a Chroma server within reach of others", "refused, unless it is behind https and a token", "library/test_vector_servers.py::test_only_a_server_that_others_cannot_reach_is_spoken_to"),
        ("Chroma's Python server (CVE-2026-45829)", "it is known by its description and refused", "library/test_vector_servers.py::test_the_python_server_is_refused"),
        ("PostgreSQL in the clear or another in its place", "TLS and its certificate", "records/test_postgres.py::test_what_passes_a_network_is_encrypted_and_the_server_known"),
        ("the page served to others without accounts", "refused", f"{_SIGN_IN}::test_the_page_is_served_to_others_only_with_accounts_and_an_address"),
    ),
    *_of(
        "a model's orders",
        ("orders in a case", "a model decides nothing", "test_injections.py::test_a_case_orders_nothing"),
        ("orders in a letter", "it is text", "test_injections.py::test_a_letter_orders_nothing"),
        ("orders in a guideline", "it is text", "test_injections.py::test_a_guideline_orders_nothing"),
        ("a model that calls for an export, a link or an outcome", "there is no such tool; an effect is proposed and waits for a click", "test_injections.py::test_a_models_answer_orders_nothing"),
        ("a tool call that changes something", "it is proposed and not done", "chat/test_agent.py::test_what_would_change_something_is_proposed_and_not_done"),
    ),
    *_of(
        "rights",
        ("an act beyond one's role", "one table of rights", f"{_MATRIX}::test_each_role_does_its_acts_and_no_other"),
        ("an address beyond one's role", "the same table", f"{_MATRIX}::test_each_role_reaches_its_addresses_and_no_other"),
        ("a route or act without a rule", "it is there for nobody", f"{_MATRIX}::test_a_route_without_a_rule_is_there_for_nobody"),
        ("a role, an owner or a name put into a form, an act or a request (mass assignment)", "unknown fields are refused or not read", f"{_RIGHTS}::test_a_field_more_in_a_form_an_act_or_a_request_changes_nothing"),
        ("two last admins who remove each other at once", "what is asked and what is written are one transaction", f"{_RIGHTS}::test_two_last_admins_who_remove_each_other_leave_one"),
        ("an API token after its account was closed or reset", "the account is asked at each use", f"{_RIGHTS}::test_a_programs_token_ends_with_its_account"),
        ("a session kept over a change of role", "it ends with the change", f"{_SIGN_IN}::test_what_changes_an_account_ends_its_sessions"),
        ("a one-time password used to work", "it opens its own change only", f"{_SIGN_IN}::test_a_one_time_password_opens_nothing_but_its_change"),
    ),
    *_of(
        "faults and logs",
        ("a fault made to tell paths, traces or a case", "a sentence", f"{_RIGHTS}::test_a_fault_tells_neither_its_place_nor_the_case"),
        ("lines put into the log", "one line an entry, no word of a request", f"{_WORDS}::test_the_log_takes_no_line_from_a_request"),
        ("labels and series put into the metrics", "closed sets of labels", "web/test_watch.py::test_hostile_requests_leave_no_word"),
        ("the metrics read from elsewhere", "a token, or this machine itself", "web/test_watch.py::test_who_may_read_the_counts"),
        ("passwords typed as names found in the log", "an unknown name is not written down", "records/test_audit_of_people.py::test_a_password_typed_as_a_name_is_not_in_the_log"),
    ),
)  # fmt: skip


def page() -> str:
    """docs/attacks.md."""
    lines = [
        "# Attacks that are tried",
        "",
        f"Each of these {len(ATTACKS)} attacks is a test of its own, which fails where the attack succeeds. This page is made from",
        "`tests/attacks/attack_list.py`, and a test holds it to that. What is protected from whom, and what remains, is in [SECURITY.md](../SECURITY.md).",
    ]
    number = 0
    for kind in CLASSES:
        lines += ["", f"## {kind[0].upper()}{kind[1:]}", "| | attack | what stops it | test |", "|---|---|---|---|"]
        for attack in (each for each in ATTACKS if each.kind == kind):
            number += 1
            file, _, name = attack.test.partition("::")
            lines.append(f"| {number} | {attack.tried} | {attack.stopped_by} | `tests/{file}` `{name}` |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
