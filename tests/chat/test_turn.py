"""What a turn answers: quotations that stand in their sources, both sides, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from drafted_case import COURSE, RememberingTools

from assistant.chat.answers import Answer, Block, BlockKind
from assistant.chat.context import ChatContext
from assistant.chat.terms import Terms, load_terms
from assistant.chat.turn import respond
from assistant.chat.wording import distance, mended, nearest
from assistant.corpus import CorpusError
from assistant.domain import Draft, Outcome
from assistant.drafting.shortening import sentences_to_keep
from assistant.library.retrieval import FoundDecision

UP, OVER = Outcome.UPHELD, Outcome.OVERTURNED

MESSAGES = [
    "why?",
    "why not functional improvement?",
    "why the moon?",
    "what speaks for overturning?",
    "should it be overturned?",
    "what does the guideline say about acupuncture?",
    "what does the guideline say about submarines?",
    "what does the summary say about naproxen?",
    "what does the summary say about submarines?",
    "find similar decisions",
    "show overturned cases about gabapentin",
    "what is an ESI?",
    "show me the draft",
    "make it overturned",
    "don't overturn it",
    "shorten it",
    "rewrite it in plainer words",
    "redraft",
    "undo",
    "help",
    "<img src=x onerror=alert(1)>",
    "and for the second service?",
]


def kinds(answer: Answer) -> list[BlockKind]:
    return [block.kind for block in answer.blocks]


@pytest.mark.parametrize("message", MESSAGES)
def test_every_quotation_stands_in_its_source(message: str, two: ChatContext, tools: RememberingTools) -> None:
    draft = tools.now
    answer = respond(message, two, tools)
    assert answer.text
    for block in answer.blocks:
        assert block.text
        if block.kind is BlockKind.CASE:
            assert draft.case.text[block.start : block.end] == block.text
        if block.kind is BlockKind.PASSAGE:
            assert block.text in draft.passages[block.id].text
            assert block.label == draft.passages[block.id].citation
        if block.kind is BlockKind.FINDING:
            assert block.text in {f.statement for issue in draft.issues for f in issue.findings}


@pytest.mark.parametrize("message", MESSAGES)
def test_what_is_offered_can_be_sent_and_is_understood(
    message: str, one: ChatContext, single_tools: RememberingTools
) -> None:
    for link in respond(message, one, single_tools).links:
        again = respond(link.say, one, single_tools)
        assert not again.text.startswith("I do not know what to do")


@pytest.mark.parametrize(
    "message", [m for m in MESSAGES if m not in ("make it overturned", "shorten it", "redraft", "undo")]
)
def test_what_only_asks_changes_nothing(message: str, one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond(message, one, single_tools)
    assert not answer.changed
    assert single_tools.done == []


# --- why, and the other way -----------------------------------------------------------------------------------


def test_why_names_the_criteria_of_the_lean(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("why?", one, single_tools)
    assert answer.text == "The criteria lean to Upheld (strong)."
    assert kinds(answer) == [BlockKind.FINDING, BlockKind.PASSAGE]
    assert answer.blocks[0].id == "acu.function"


def test_why_not_says_what_was_searched(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("why not functional improvment?", one, single_tools)
    assert "was not found in the summary" in answer.text
    assert "Searched: daily activities, work restrictions." in answer.text
    assert "record" not in answer.text


def test_why_of_what_no_criterion_names_is_not_known(one: ChatContext, single_tools: RememberingTools) -> None:
    assert respond("why the moon?", one, single_tools).text.startswith("I do not know which criterion")


def test_why_without_a_lean_says_so(two: ChatContext, tools: RememberingTools) -> None:
    answer = respond("why?", replace(two, issue=1), tools)
    assert answer.text.startswith("No criterion decides here")
    assert [b.text for b in answer.blocks if b.kind is BlockKind.CASE] == ["naproxen"]


def test_why_about_the_service_itself_is_a_plain_why(one: ChatContext, single_tools: RememberingTools) -> None:
    assert respond("why the acupuncture?", one, single_tools) == respond("why?", one, single_tools)


def test_why_with_two_issues_tells_where_each_stands(two: ChatContext, tools: RememberingTools) -> None:
    answer = respond("why?", two, tools)
    assert "Issue 1 (6 sessions" in answer.text
    assert "Issue 2 (mri" in answer.text.replace("MRI", "mri")
    assert [block.id for block in answer.blocks if block.kind is BlockKind.FINDING] == ["acu.function", "mri.care"]


def test_why_without_findings_gives_the_notices(one: ChatContext, single_tools: RememberingTools) -> None:
    bare = replace(one.draft.issues[0], findings=(), notices=("Import the chapter.",))
    context = replace(one, draft=replace(one.draft, issues=(bare,)))
    assert respond("why?", context, single_tools).text.endswith("Import the chapter.")


def test_the_reviewers_outcome_is_named_as_theirs(one: ChatContext, single_tools: RememberingTools) -> None:
    single_tools.set_outcome(0, OVER)
    answer = respond("why?", replace(one, draft=single_tools.now), single_tools)
    assert answer.text == "You set the outcome to Overturned. The criteria lean to Upheld (strong)."


def test_the_other_way_shows_what_fails_and_decides_nothing(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("should it be overturned?", one, single_tools)
    assert "no criterion speaks for it" in answer.text
    assert "functional improvement" in answer.text
    assert "The decision is yours; nothing was changed." in answer.text
    assert [b.label for b in answer.blocks if b.kind is BlockKind.DECISION] == [
        "Overturned: Acupuncture for the neck (illustrative, written for this program)"
    ]
    assert single_tools.done == []


# --- guidelines, case, terms, decisions -----------------------------------------------------------------------


def test_a_guideline_is_quoted_with_its_citation(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("what does the guideline say about acupuncture treatments?", one, single_tools)
    assert answer.blocks[0].label == "MTUS Acupuncture Treatment 2007"
    assert "Check the text" in answer.text


def test_what_the_quoted_passages_lack_is_said(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("does the MTUS require CURES for acupuncture?", one, single_tools)
    assert "None of what is quoted has the word cures." in answer.text


def test_sessions_and_treatments_are_the_same(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("how many sessions of acupuncture are allowed?", one, single_tools)
    assert answer.blocks[0].text == COURSE


def test_what_no_passage_speaks_of_is_not_known(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("what does the guideline say about submarines?", one, single_tools)
    assert answer.text.startswith("I do not know: no passage")
    assert "What I would need" in answer.text
    assert answer.blocks == ()


def test_the_case_answers_with_its_sentences(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("what does the summary say about naproxen?", one, single_tools)
    assert [block.text for block in answer.blocks] == ["She had acupuncture and naproxen."]


def test_no_sentence_is_not_called_an_absence(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("what does the summary say about submarines?", one, single_tools)
    assert "does not say that the summary is silent" in answer.text
    assert answer.blocks == ()


def test_a_term_is_explained_with_its_source(one: ChatContext, single_tools: RememberingTools) -> None:
    assert "8 CCR 9792.20" in respond("what is functional improvement?", one, single_tools).text
    assert "epidural" not in respond("what is an ESL?", one, single_tools).text


def test_similar_decisions_come_from_both_sides(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("find similar decisions", one, single_tools)
    assert [block.label.split(":")[0] for block in answer.blocks] == ["Upheld", "Overturned"]
    assert "2 decisions, of which 1 is illustrative and counts for nothing." in answer.text
    assert single_tools.searched == []


def test_a_search_asks_for_both_outcomes_or_for_one(one: ChatContext, single_tools: RememberingTools) -> None:
    found = FoundDecision("x:0", "CM16-0000002", False, 0, "Gabapentin 600 mg", "antiepileptic", OVER, (), 0.9, "words")
    single_tools.decisions = (found,)
    answer = respond("find decisions on gabapentin", one, single_tools)
    assert single_tools.searched == [("gabapentin", UP), ("gabapentin", OVER)]
    assert answer.blocks == (Block(BlockKind.DECISION, "words", "Overturned: Gabapentin 600 mg (CM16-0000002)", "x:0"),)
    respond("show overturned cases on gabapentin", one, single_tools)
    assert single_tools.searched[2:] == [("gabapentin", OVER)]


def test_no_decision_found_says_so(one: ChatContext, single_tools: RememberingTools) -> None:
    assert respond("find decisions on gabapentin", one, single_tools).text.startswith("No past decision was found")


# --- acts -----------------------------------------------------------------------------------------------------


def test_an_outcome_is_set_once_and_told(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("make it overturned", one, single_tools)
    assert single_tools.done == [("set", 0, OVER)]
    assert answer.changed
    assert answer.text == "Set to Overturned by you: “6 sessions of acupuncture for the low back”."


def test_an_outcome_names_the_slot_that_is_left(two: ChatContext, tools: RememberingTools) -> None:
    answer = respond("overturn the MRI", two, tools)
    assert answer.text.endswith("Left for you to write: State your conclusion.")


def test_an_outcome_without_an_issue_is_asked_back(two: ChatContext, tools: RememberingTools) -> None:
    answer = respond("make it overturned", two, tools)
    assert tools.done == []
    assert not answer.changed
    assert [link.say for link in answer.links] == ["set issue 1 to overturned", "set issue 2 to overturned"]
    respond(answer.links[1].say, two, tools)
    assert tools.done == [("set", 1, OVER)]


def test_an_outcome_is_taken_back(one: ChatContext, single_tools: RememberingTools) -> None:
    assert "is open again" in respond("clear the outcome", one, single_tools).text
    assert single_tools.done == [("set", 0, None)]


def test_an_error_of_a_tool_is_the_answer(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("undo", one, single_tools)
    assert answer == Answer("There is no earlier version to go back to.")


@pytest.mark.parametrize("message", ["why?", "make it overturned", "shorten it", "show me the draft", "issue 2"])
def test_without_a_draft_one_is_offered(message: str, tools: RememberingTools, terms: Terms) -> None:
    answer = respond(message, ChatContext(None, terms), tools)
    assert tools.done == []
    assert not answer.changed


def test_shortening_leaves_out_facts_on_which_nothing_rests(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("shorten it", one, single_tools)
    assert single_tools.done == [("keep", 0, (0, 1, 2, 4, 5, 6))]
    assert answer.text.startswith("Left out of “6 sessions of acupuncture for the low back”: 1 sentence of facts")


def test_nothing_is_left_out_where_all_bears_on_a_criterion(two: ChatContext, tools: RememberingTools) -> None:
    assert "nothing was left out" in respond("shorten issue 2", two, tools).text
    assert tools.done == []


def test_what_is_the_reviewers_own_or_decides_always_stays(draft: Draft) -> None:
    for issue in draft.issues:
        kept = {issue.sentences[i] for i in sentences_to_keep(issue)}
        assert all(s in kept for s in issue.sentences if s.own or s.slot or s.move.value != "facts")


def test_the_draft_is_shown_with_what_is_open(two: ChatContext, tools: RememberingTools) -> None:
    answer = respond("show me the draft", replace(two, issue=1), tools)
    assert [block.label for block in answer.blocks][-1] == "For you to write"


def test_markup_stays_data(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("find decisions on <script>alert(1)</script>", one, single_tools)
    assert "<" not in answer.text


# --- words and terms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("overtuned", "overturned"),
        ("voerturned", "overturned"),
        ("uphedl", "upheld"),
        ("mkae", "make"),
        ("made", "made"),
        ("fake", "fake"),
        ("take", "take"),
        ("shorted", "shorted"),
        ("acupunture", "acupuncture"),
        ("submarine", "submarine"),
    ],
)
def test_a_plain_slip_is_mended_and_a_word_of_its_own_is_not(word: str, meant: str) -> None:
    assert mended(word) == meant


@pytest.mark.parametrize(
    ("one_word", "other", "slips"), [("ab", "ba", 1), ("make", "mkae", 1), ("", "abc", 3), ("a", "a", 0)]
)
def test_distance_counts_slips(one_word: str, other: str, slips: int) -> None:
    assert distance(one_word, other) == slips


def test_a_word_between_two_others_is_neither() -> None:
    assert nearest("worthd", {"worths", "worthy"}) is None


def test_the_terms_have_each_name_once_and_a_source(terms: Terms) -> None:
    assert len(terms.by_name) > 60
    assert all(term.source and term.text.endswith(".") for term in terms.by_name.values())


def test_terms_that_are_missing_or_malformed(tmp_path: Path) -> None:
    assert load_terms(tmp_path) == Terms()
    (tmp_path / "terms.yaml").write_text("- names: [x]\n  meaning: y\n", "utf-8")
    with pytest.raises(CorpusError, match=r"terms\.yaml could not be read"):
        load_terms(tmp_path)


def test_a_block_is_stored_as_the_page_reads_it(one: ChatContext, single_tools: RememberingTools) -> None:
    block = respond("what does the summary say about naproxen?", one, single_tools).blocks[0]
    assert dict(block.as_mapping()) == {
        "kind": "case",
        "id": "case",
        "label": "Case summary",
        "text": "She had acupuncture and naproxen.",
        "start": block.start,
        "end": block.end,
    }
