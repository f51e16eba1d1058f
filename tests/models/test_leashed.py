"""A server may do what it likes: the caller has an answer or one sentence, within the time that was set."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from pydantic import BaseModel

from assistant.errors import ModelFailed
from assistant.models.choice import Models
from assistant.models.leashed import LeashedChat
from assistant.models.session import Session
from assistant.settings import Settings
from tests.models import babbling_server as server

PROMPT = """---
name: ask
version: 3
inputs: [case, question]
output: text
---
You answer a question.

{case}

{question}
"""
CASE = "Jane Roe has low back pain."
LONG = 20.0  # seconds; far more than any of these may take
SHORT = 0.6  # seconds that a call may take where it is to run out


class Said(BaseModel):
    """An answer as data."""

    quote: str
    answer: bool


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / "ask.md").write_text(PROMPT, "utf-8")
    return folder


def models(url: str, prompts: Path, **more: object) -> Models:
    given = {"chat_timeout": LONG, "chat_draft_seconds": LONG, **more}
    return Models(
        Settings(
            chat_model="openai:m", chat_url=url, chat_key="sk-secret", prompts_dir=prompts, data_dir=prompts, **given
        )
    )


def session(url: str, prompts: Path, **more: object) -> Session:
    made = models(url, prompts, **more).session()
    assert made is not None
    made.chat.first_pause = 0.01
    return made


def ask(asks: Session) -> str:
    return asks.text("ask", {"case": CASE, "question": "Where is the pain?"})


def test_an_answer_comes_back_and_what_was_used_is_told(prompts: Path) -> None:
    with server.babbling(server.says("In the ", "low back.")) as babbling:
        asks = session(babbling.url, prompts, chat_price_in=1000.0, chat_price_out=2000.0)
        assert ask(asks) == "In the low back."
    use = asks.use()
    assert (use.model, use.prompts, use.calls, use.notice) == ("openai:m", ("ask 3",), 1, None)
    assert use.tokens_in > 0 < use.tokens_out
    assert use.cost == pytest.approx((use.tokens_in * 1000 + use.tokens_out * 2000) / 1_000_000)
    assert [sent.role for sent in asks.chat.sent] == ["system", "human"]
    assert CASE in asks.chat.sent[1].text


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (server.hangs, "did not answer"),
        (server.hangs_in_the_middle, "did not answer"),
        (server.drips, "did not answer"),
        (server.never_ends, "cut off"),
        (server.breaks_off, "broke off"),
        (server.closes, "cannot be reached"),
        (server.garbage, "not understood"),
        (server.page, "not understood"),
        (server.wrong_shape, "broke off"),
        (server.empty, "not understood"),
        (server.endless_line, "did not answer"),
        (server.fails(500), "failed"),
        (server.fails(401), "refused the key"),
        (server.fails(404), "no such model"),
        (server.fails(429), "too much to do"),
        (server.fails(400), "refused the request"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_bad_server_gives_one_sentence_that_tells_nothing_of_case_or_key(
    act: server.Act, words: str, prompts: Path
) -> None:
    slow = act in (server.endless_line, server.hangs, server.hangs_in_the_middle, server.drips)
    with server.babbling(act) as babbling:
        asks = session(babbling.url, prompts, chat_timeout=SHORT if slow else LONG)
        before = time.monotonic()
        with pytest.raises(ModelFailed) as failed:
            ask(asks)
        assert time.monotonic() - before < LONG
    sentence = str(failed.value)
    assert words in sentence
    assert sentence.endswith(".")
    assert "Roe" not in sentence
    assert "secret" not in sentence
    assert failed.value.__cause__ is None


def test_nobody_listening_is_one_sentence(prompts: Path) -> None:
    with server.babbling(server.empty) as babbling:
        gone = babbling.url
    with pytest.raises(ModelFailed, match="cannot be reached"):
        ask(session(gone, prompts))


@pytest.mark.parametrize("act", [server.fails(429), server.fails(503), server.closes], ids=["429", "503", "closes"])
def test_a_server_that_fails_once_is_asked_again(act: server.Act, prompts: Path) -> None:
    with server.babbling(act, server.says("Low back.")) as babbling:
        assert ask(session(babbling.url, prompts)) == "Low back."
        assert len(babbling.asked) == 2


def test_what_is_over_is_not_asked_again(prompts: Path) -> None:
    with server.babbling(server.fails(401)) as babbling:
        asks = session(babbling.url, prompts)
        for _ in range(2):
            with pytest.raises(ModelFailed, match="refused the key"):
                ask(asks)
        assert len(babbling.asked) == 1
        assert "refused the key" in (asks.use().notice or "")


def test_the_whole_time_is_kept_over_many_calls(prompts: Path) -> None:
    with server.babbling(server.says("Yes."), server.hangs) as babbling:
        asks = session(babbling.url, prompts, chat_draft_seconds=SHORT * 2)
        assert ask(asks) == "Yes."
        with pytest.raises(ModelFailed, match="did not answer"):
            ask(asks)


def test_tokens_and_cost_are_capped(prompts: Path) -> None:
    with server.babbling(server.says("Yes.")) as babbling:
        asks = session(babbling.url, prompts)
        ask(asks)
        once = asks.use().tokens_in + asks.use().tokens_out
        price = {"chat_cost": once * 1.5, "chat_price_in": 1e6, "chat_price_out": 1e6}
        for caps in ({"chat_tokens": int(once * 1.5)}, price):
            asks, before = session(babbling.url, prompts, **caps), len(babbling.asked)
            ask(asks)
            with pytest.raises(ModelFailed, match="the most it may use"):
                ask(asks)
            assert len(babbling.asked) == before + 1
            assert len(asks.chat.sent) == 2


def test_a_text_that_goes_beyond_the_tokens_is_not_sent(prompts: Path) -> None:
    with server.babbling(server.says("Yes.")) as babbling:
        with pytest.raises(ModelFailed, match="the most it may use"):
            ask(session(babbling.url, prompts, chat_tokens=5))
        assert babbling.asked == []


def test_what_cannot_be_hidden_is_not_sent(prompts: Path) -> None:
    class Broken:
        def hide(self, text: str) -> None:
            raise RuntimeError(text)

        def restore(self, text: str) -> str:
            return text

    with server.babbling(server.says("Yes.")) as babbling:
        asks = models(babbling.url, prompts).session(hides=Broken())
        assert asks is not None
        with pytest.raises(ModelFailed, match="nothing was sent") as failed:
            ask(asks)
        assert "Roe" not in str(failed.value)
        assert babbling.asked == []


def test_data_is_turned_back_after_it_is_read(prompts: Path) -> None:
    class Quoting:
        def hide(self, text: str) -> Masked:
            return Masked().hide(text)

        def restore(self, text: str) -> str:
            return text.replace("PERSON-1", 'Jane "JJ"\nRoe')

    with server.babbling(server.says('{"quote": "PERSON-1 limps", "answer": true}')) as babbling:
        asks = models(babbling.url, prompts).session(hides=Quoting())
        assert asks is not None
        said = asks.data("ask", {"case": CASE, "question": "?"}, Said)
        assert said.quote == 'Jane "JJ"\nRoe limps'


def test_nothing_is_traced_whatever_is_asked_for_around(prompts: Path) -> None:
    from langsmith.run_helpers import get_tracing_context, tracing_context

    seen: list[object] = []

    class Looking(Masked):
        def hide(self, text: str) -> Masked:
            seen.append(get_tracing_context()["enabled"])
            return super().hide(text)

    with server.babbling(server.says("Yes.")) as babbling, tracing_context(enabled="local"):
        asks = models(babbling.url, prompts).session(hides=Looking())
        assert asks is not None
        asks.chat.invoke("Where?")
        assert [str(chunk.text) for chunk in asks.chat.stream("Where?")][0] == "Yes."
        assert get_tracing_context()["enabled"] == "local"
    assert seen == [False, False]


def test_a_redirect_is_not_followed(prompts: Path) -> None:
    with server.babbling(server.says("Yes.")) as other, server.babbling(server.leads_to(other)) as babbling:
        with pytest.raises(ModelFailed, match="307"):
            ask(session(babbling.url, prompts))
        assert other.asked == []


def test_variables_of_other_programs_lead_nowhere(prompts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_BASE", "OPENAI_BASE_URL", "OPENAI_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-server")
    with server.babbling(server.says("Yes.")) as babbling:
        asks = Models(
            Settings(chat_model="openai:m", chat_url=babbling.url, prompts_dir=prompts, data_dir=prompts)
        ).session()
        assert asks is not None
        assert ask(asks) == "Yes."
        assert babbling.keys == ["Bearer none"]


def test_what_left_is_remembered_over_sessions_with_its_prompt(prompts: Path) -> None:
    with server.babbling(server.says("Yes.")) as babbling:
        made = models(babbling.url, prompts)
        for _ in range(2):
            asks = made.session()
            assert asks is not None
            ask(asks)
        bound = asks.chat.bind_tools([])
        bound.invoke("More?")
    assert [(sent.role, sent.prompt) for sent in made.sent()] == [("system", "ask 3"), ("human", "ask 3")] * 2 + [
        ("human", "")
    ]
    assert len(asks.chat.sent) == 3


def test_stopping_ends_a_call_under_way(prompts: Path) -> None:
    stop = threading.Event()
    with server.babbling(server.hangs) as babbling:
        asks = models(babbling.url, prompts).session(cancelled=stop)
        assert asks is not None
        failed: list[ModelFailed] = []

        def call() -> None:
            try:
                ask(asks)
            except ModelFailed as error:
                failed.append(error)

        caller = threading.Thread(target=call)
        caller.start()
        stop.set()
        caller.join(LONG)
        assert "stopped" in str(failed[0])


def test_data_is_read_out_of_what_a_model_says_around_it(prompts: Path) -> None:
    with server.babbling(server.says('Sure!\n```json\n{"quote": "pain", "answer": true}\n``` Bye')) as babbling:
        asks = session(babbling.url, prompts)
        said = asks.data("ask", {"case": CASE, "question": "?"}, Said)
        assert said == Said(quote="pain", answer=True)
        assert babbling.asked[0]["response_format"]["json_schema"]["schema"] == Said.model_json_schema()


def test_a_server_without_schemas_is_told_the_schema_in_words(prompts: Path) -> None:
    with server.babbling(server.fails(400), server.says('{"quote": "", "answer": false}')) as babbling:
        asks = session(babbling.url, prompts)
        for _ in range(2):
            assert asks.data("ask", {"case": CASE, "question": "?"}, Said).answer is False
        assert ["response_format" in request for request in babbling.asked] == [True, False, False]


def test_an_answer_that_is_not_understood_is_no_reason_to_ask_without_the_schema(prompts: Path) -> None:
    with server.babbling(server.garbage, server.says('{"quote": "x", "answer": true}')) as babbling:
        asks = session(babbling.url, prompts)
        with pytest.raises(ModelFailed, match="not understood"):
            asks.data("ask", {"case": CASE, "question": "?"}, Said)
        assert asks.data("ask", {"case": CASE, "question": "?"}, Said).answer
        assert all("response_format" in request for request in babbling.asked)


def test_malformed_data_may_be_mended_once(prompts: Path) -> None:
    with server.babbling(server.says("{"), server.says('{"quote": "x", "answer": true}')) as babbling:
        assert session(babbling.url, prompts).data("ask", {"case": CASE, "question": "?"}, Said).answer
    with server.babbling(server.says('{"quote": 3}')) as babbling:
        asks = session(babbling.url, prompts)
        with pytest.raises(ModelFailed, match="in the form"):
            asks.data("ask", {"case": CASE, "question": "?"}, Said)
        assert len(babbling.asked) == 2
        assert "quote: string_type" in babbling.asked[1]["messages"][-1]["content"]
        assert "in the form" in (asks.use().notice or "")


class Masked:
    """Hides one name."""

    def hide(self, text: str) -> Masked:
        self.text = text.replace("Jane Roe", "PERSON-1")
        return self

    def restore(self, text: str) -> str:
        return text.replace("PERSON-1", "Jane Roe")


def test_nothing_leaves_but_what_is_hidden_and_it_is_turned_back(prompts: Path) -> None:
    with server.babbling(server.says("It is PERS", "ON-1's ", "low back. PERSON", "-1.")) as babbling:
        asks = models(babbling.url, prompts).session(hides=Masked(), deidentified="shift")
        assert asks is not None
        assert ask(asks) == "It is Jane Roe's low back. Jane Roe."
        streamed = [str(chunk.text) for chunk in asks.chat.stream([HumanMessage("Jane Roe?")])]
        assert "".join(streamed) == "It is Jane Roe's low back. Jane Roe."
        assert "Jane" not in str(babbling.asked)
    assert all("Jane" not in sent.text for sent in asks.chat.sent)
    assert asks.use().deidentified == "shift"


def test_tool_calls_come_through_and_are_turned_back(prompts: Path) -> None:
    tool = {"name": "look", "description": "Look.", "parameters": {"type": "object", "properties": {}}}
    with server.babbling(server.calls("look", '{"words": "PERSON-1"}')) as babbling:
        asks = models(babbling.url, prompts).session(hides=Masked())
        assert asks is not None
        bound = asks.chat.bind_tools([tool])
        assert isinstance(bound, LeashedChat)
        before = [
            HumanMessage("Jane Roe?"),
            AIMessage("", tool_calls=[{"name": "look", "args": {"words": "Jane Roe"}, "id": "a"}]),
            ToolMessage("Jane Roe", tool_call_id="a"),
        ]
        said = bound.invoke(before)
        assert [(call["name"], call["args"]) for call in said.tool_calls] == [("look", {"words": "Jane Roe"})]
        assert "Jane" not in str(babbling.asked)
        assert babbling.asked[0]["tools"][0]["function"]["name"] == "look"
        streamed = [call for chunk in bound.stream(before) for call in chunk.tool_call_chunks]
        assert [call["name"] for call in streamed] == ["look"]


def test_no_model_is_no_session_and_a_wrong_one_is_one_sentence(prompts: Path) -> None:
    assert Models(Settings(prompts_dir=prompts, data_dir=prompts)).session() is None
    from assistant.errors import AssistantError

    for name in ("nosuch:thing", "anthropic:x"):
        with pytest.raises(AssistantError) as error:
            Models(Settings(chat_model=name, chat_key="sk-secret", prompts_dir=prompts, data_dir=prompts)).session()
        assert "secret" not in str(error.value)
