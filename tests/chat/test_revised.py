"""Each revision saves verified sentences only, leaves the reviewer's own and the conclusion alone, or says why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from drafted_case import ACUPUNCTURE, KNEE, RememberingTools

from assistant.chat.context import ChatContext
from assistant.chat.turn import respond
from assistant.domain import Decision, Determination, Move, Outcome, Verdict


def texts(tools: RememberingTools, issue: int = 0) -> list[str]:
    return [sentence.text for sentence in tools.now.issues[issue].sentences]


def test_a_fact_is_added_verified_before_the_gap(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("mention the 6/10 pain", one, single_tools)
    assert answer.changed
    added = next(s for s in single_tools.now.issues[0].sentences if "6/10" in s.text)
    assert added.verdict is Verdict.PASSED
    assert texts(single_tools).index(added.text) < texts(single_tools).index(
        "The summary does not state functional improvement."
    )


def test_what_nothing_says_is_not_added(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("add her broken elbow", one, single_tools)
    assert answer.text.startswith("Nothing was added")
    assert not answer.changed
    assert single_tools.done == []


def test_a_point_is_dropped_by_its_words(one: ChatContext, single_tools: RememberingTools) -> None:
    assert respond("leave out the blood pressure", one, single_tools).changed
    assert "Her blood pressure is normal." not in texts(single_tools)


def test_the_reviewers_own_sentence_is_dropped_by_number_only(one: ChatContext, single_tools: RememberingTools) -> None:
    assert not respond("drop the sentence about whom I spoke with", one, single_tools).changed
    assert respond("drop sentence 5", one, single_tools).changed
    assert "I spoke with nobody." not in texts(single_tools)


def test_a_kept_sentence_is_the_reviewers_own(one: ChatContext, single_tools: RememberingTools) -> None:
    assert respond("keep sentence 4", one, single_tools).changed
    assert single_tools.now.issues[0].sentences[3].own


def test_another_citation_rewrites_the_rule_only(one: ChatContext, single_tools: RememberingTools) -> None:
    before = texts(single_tools)[1:]
    answer = respond("cite MTUS Knee Complaints 2004 / Special Studies", one, single_tools)
    assert answer.changed
    assert "about other services" in answer.text
    rules = [s for s in single_tools.now.issues[0].sentences if s.move is Move.RULE]
    assert [s.verdict for s in rules] == [Verdict.PASSED]
    assert {s.id for rule in rules for s in rule.supports} == {KNEE.id}
    assert texts(single_tools)[1:] == before


def test_a_guideline_that_is_not_held_is_not_cited(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("cite the ODG instead", one, single_tools)
    assert answer.text.startswith("Nothing was changed: the library holds no")
    assert single_tools.done == []


def test_two_acts_in_one_message_are_both_done(two: ChatContext, tools: RememberingTools) -> None:
    answer = respond("uphold the second and drop sentence 4 of issue 1", two, tools)
    assert answer.changed
    assert [done[0] for done in tools.done] == ["set", "drop"]


def test_beside_a_question_an_act_is_only_offered(one: ChatContext, single_tools: RememberingTools) -> None:
    answer = respond("why is it upheld? overturn it", one, single_tools)
    assert not answer.changed
    assert single_tools.done == []
    assert "set issue 1 to overturned" in [link.say for link in answer.links]


def test_a_decision_is_held_against_the_case(one: ChatContext, single_tools: RememberingTools) -> None:
    decision = Decision(
        "Acupuncture for the neck",
        Outcome.OVERTURNED,
        None,
        ACUPUNCTURE.guideline,
        (),
        "A functional gain is on file. It rained.",
    )
    letter = Determination(
        None, None, None, date(2016, 1, 2), None, None, None, None, None, (decision,), illustrative=True
    )
    tools = replace(single_tools, letters={"ill-neck:0": letter})
    answer = respond("compare with the first one", replace(one, shown=("ill-neck:0",)), tools)
    assert "theirs Overturned, ours Upheld" in answer.text
    assert "binds nobody" in answer.text
    assert answer.blocks[0].text == "A functional gain is on file."
