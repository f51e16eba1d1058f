"""Prompts: what a file must hold, what a value can never do, and the user's own in place of the program's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.prompts import DATA_RULE, WrongPrompt, fenced, load_prompts, read_prompt

ASK = """---
name: ask
version: 3
inputs: [case, question]
output: text
---
Answer in one word. An answer looks like {"answer": "yes"}.

The case:
{case}

The question: {question}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "prompts"
    made.mkdir()
    (made / "ask.md").write_text(ASK, "utf-8")
    (made / "README.md").write_text("# no prompt", "utf-8")
    return made


def test_the_fixed_comes_first_then_the_case_then_the_question(folder: Path) -> None:
    rendered = load_prompts(folder).render("ask", {"case": "He limps.", "question": "Does he limp?"})
    assert rendered.system == f'Answer in one word. An answer looks like {{"answer": "yes"}}.\n\n{DATA_RULE}'
    assert rendered.user.index("He limps.") < rendered.user.index("Does he limp?")
    assert (rendered.label, rendered.output) == ("ask 3", "text")


def test_a_value_that_names_an_input_stays_what_it_is(folder: Path) -> None:
    rendered = load_prompts(folder).render("ask", {"case": "{question} {0.__class__}", "question": "{case}?"})
    assert "{question} {0.__class__}" in rendered.user
    assert "{case}?" in rendered.user


@given(st.text() | st.text("BEGIND case\nabcd"))
def test_no_value_closes_its_fence(value: str) -> None:
    text = fenced("case", value)
    begin, end = text.strip("\n").split("\n", 1)[0], text.removesuffix("\n").rsplit("\n", 1)[1]
    mark = begin.removeprefix("BEGIN case ")
    assert end == f"END case {mark}"
    assert text.count(mark) == 2
    assert text == f"\n{begin}\n{value}\n{end}\n"


def test_values_must_be_those_that_are_asked_for(folder: Path) -> None:
    with pytest.raises(ValueError, match="asks for"):
        load_prompts(folder).render("ask", {"case": "He limps."})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Answer.", "no front matter", id="no front matter"),
        pytest.param(ASK.replace("version: 3", "version: three"), "version", id="a version in words"),
        pytest.param(ASK.replace("version: 3", "version: 3\nmodel: big"), "model", id="a field too many"),
        pytest.param(ASK.replace("[case, question]", "[case]"), "question", id="an input in the text only"),
        pytest.param(ASK.replace("{question}", "it"), "question", id="an input in the front matter only"),
        pytest.param(ASK.replace("name: ask", "name: tell"), "same", id="another name than the file's"),
        pytest.param(ASK.replace("[case, question]", "[case, question"), "YAML", id="no YAML"),
        pytest.param(ASK + "x" * 100_000, "longer", id="endless"),
    ],
)
def test_a_faulty_file_is_refused_in_a_sentence(folder: Path, text: str, words: str) -> None:
    (folder / "ask.md").write_text(text, "utf-8")
    with pytest.raises(WrongPrompt, match=words) as refused:
        load_prompts(folder)
    assert "ask.md" in str(refused.value)


def test_an_own_prompt_is_taken_and_named_as_such(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "ask.md").write_text(ASK.replace("one word", "two words"), "utf-8")
    prompts = load_prompts(folder, own)
    assert prompts.notices == ()
    assert "two words" in prompts.render("ask", {"case": "c", "question": "q"}).system
    assert prompts.get("ask").label == f"ask 3 (own, {prompts.get('ask').digest[:8]})"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        pytest.param("ask.md", ASK.replace("case", "text"), "inputs case, question", id="other inputs"),
        pytest.param("ask.md", ASK.replace("output: text", "output: facts"), "output", id="another output"),
        pytest.param("tell.md", ASK.replace("name: ask", "name: tell"), "replaces none", id="of no use"),
        pytest.param("ask.md", "Answer.", "no front matter", id="faulty"),
    ],
)
def test_an_own_prompt_that_does_not_fit_is_said_and_not_used(
    folder: Path, tmp_path: Path, name: str, text: str, words: str
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / name).write_text(text, "utf-8")
    prompts = load_prompts(folder, own)
    assert len(prompts.notices) == 1
    assert words in prompts.notices[0]
    assert prompts.get("ask").origin == "shipped"


def test_a_changed_text_has_another_digest_and_a_changed_version_has_not(folder: Path) -> None:
    before = read_prompt(folder / "ask.md").digest
    (folder / "ask.md").write_text(ASK.replace("version: 3", "version: 4"), "utf-8")
    assert read_prompt(folder / "ask.md").digest == before
    (folder / "ask.md").write_text(ASK.replace("one word", "two words"), "utf-8")
    assert read_prompt(folder / "ask.md").digest != before
