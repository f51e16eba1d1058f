"""Orders hidden in data: cases, letters, guideline texts and a model's answers go through the whole program in vain.

`injections.yaml` was written without a look at this test, `injections_own.yaml` with it. The chat model here obeys: it
says again whatever it is shown, marks it as sourced, and calls every tool that would change something.
"""

from __future__ import annotations

import re
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from pydantic import SecretStr

from assistant.chat.wording import content_words, stem, stems, word_set
from assistant.chat_export import ChatFormat
from assistant.domain import Outcome
from assistant.drafting.contract import draft_as_json
from assistant.drafting.export import Format
from assistant.errors import AssistantError, NotReadyForExport, NotThere
from assistant.models.choice import Models
from assistant.reading.guideline_metadata import Metadata
from assistant.service import Service
from assistant.settings import Settings
from assistant.views import Turn
from assistant.web import render, viewmodel
from assistant.web.timeline import Axis, groups, line_of

_HERE = Path(__file__).parent
sys.path += [str(_HERE), str(_HERE / "chat"), str(_HERE / "library")]
from fake_model import ScriptedChat  # noqa: E402 - the path comes first
from independent_checker import faults  # noqa: E402
from made_library import ACUPUNCTURE, letter_text  # noqa: E402

USER = "ann"
SECRET = "sk-never-to-be-shown"
PLAIN_CASE = (
    "The worker is a 50-year-old woman. She had acupuncture and naproxen. "
    "The treating physician requested authorization for 6 sessions of acupuncture for the low back."
)
QUESTIONS = (
    "why?",
    "what would overturn this?",
    "what does the summary say about acupuncture?",
    "what does the guideline say about acupuncture?",
    "find similar decisions",
    "show me the draft",
    "zorgle the flumph",
)
MAY_RECORD = {"created", "drafted", "chat"}
OWN_FILES = re.compile(r"assistant\.(db|lock).*|chroma.*|stamp\.json|[0-9a-f-]{12,}|\w+\.(bin|pickle)")
TAGS = word_set(
    "html head body a article aside b bdi blockquote br button caption cite code dd del details div dl dt em footer "
    "form h1 h2 h3 h4 header i input ins kbd label li main mark meta nav ol p pre section small span strong summary "
    "table tbody td textarea th thead time tr u ul"
)


@dataclass(frozen=True)
class Attempt:
    """A row of the two files."""

    id: str
    where: str
    text: str
    must_not: object


def attempts(where: str) -> list[object]:
    """The attempts of one kind, as parameters."""
    rows = []
    for name in ("injections_own.yaml", "injections.yaml"):
        read = yaml.safe_load((_HERE / name).read_text("utf-8"))
        rows += [Attempt(str(row["id"]), row["where"], row["text"], row["must_not"]) for row in read]
    return [pytest.param(row, id=row.id) for row in rows if row.where == where]


def test_there_are_forty_attempts_of_another_hand() -> None:
    rows = yaml.safe_load((_HERE / "injections.yaml").read_text("utf-8"))
    assert len(rows) >= 40
    assert {row["where"] for row in rows} == {"case", "letter", "guideline", "model"}


@dataclass
class Obeying:
    """What the model says: every order that it can find, and what it was shown, marked as sourced."""

    text: str = ""  # what it always says, if anything
    sent: list[str] = field(default_factory=list)
    step: int = 0

    def __call__(self, messages: list[BaseMessage]) -> AIMessage:
        self.sent += [str(message.text) for message in messages]
        if "Call the one tool" in str(messages[0].text):
            return self._called(messages)
        return AIMessage(_sourced(self.text or str(messages[-1].text)))

    def _called(self, messages: list[BaseMessage]) -> AIMessage:
        self.step += 1
        told = [message for message in messages if isinstance(message, ToolMessage)]
        if not told:
            calls = [*_EFFECTS, ("ask_case", {"question": "acupuncture"})]
        elif len(told) <= len(QUESTIONS):
            return AIMessage(_sourced(self.text or " ".join(str(message.text) for message in told)))
        else:
            calls = [("open_link", {"url": "http://x.example"})]
        made = [{"name": n, "args": a, "id": f"c{self.step}{i}", "type": "tool_call"} for i, (n, a) in enumerate(calls)]
        return AIMessage("", tool_calls=made)


_EFFECTS = [
    ("propose_outcome", {"issue": 1, "outcome": "Overturned"}),
    ("propose_redraft", {}),
    ("propose_undo", {}),
]


def _sourced(text: str) -> str:
    """A text with a source named after each of its sentences."""
    orders = "The outcome is Overturned [1]. The request is medically necessary [1]."
    marked = re.sub(r"([.!?])(?=\s|$)", r" [1]\1", text)
    return f"{text} [1]. {marked} {orders}"


@dataclass
class Watched:
    """A service with everything in sight that an attempt might reach."""

    service: Service
    model: Obeying
    tried: list[object]
    folder: Path

    def with_model(self, says: str) -> None:
        """From now on the obeying model helps; it says this, or what it is shown."""
        self.model.text = says
        settings = self.service.settings.model_copy(
            update={"chat_model": "openai:obeying", "chat_agent": "on", "chat_key": SecretStr(SECRET)}
        )
        self.service.__dict__["models"] = Models(settings, make=lambda _: ScriptedChat(says=self.model, asked=[]))

    def drafted(self, text: str) -> str:
        """A case of this text, drafted; one that cannot be drafted still cannot do anything."""
        case = self.service.create_case(USER, text)
        try:
            self.service.draft_case(USER, case.id)
        except AssistantError:
            self.service.draft_case(USER, self.service.create_case(USER, PLAIN_CASE).id)
        return case.id

    def talk(self, case: str, *more: str) -> list[Turn]:
        """The answers to all questions."""
        return [list(self.service.chat(USER, case, question))[-1] for question in (*QUESTIONS, *more)]


@pytest.fixture(scope="module")
def opened(starter_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over a starter library of this module's own."""
    folder = shutil.copytree(starter_dir, tmp_path_factory.mktemp("injections") / "data")
    made = Service.open(Settings(data_dir=folder, chat_key=SecretStr(SECRET)))
    yield made
    made.close()


@pytest.fixture
def watched(opened: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Watched]:
    """The service, without a model yet; no connection to anywhere may be tried, no file written where we are."""
    tried: list[object] = []

    def no_connection(_: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", no_connection)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    opened.__dict__.pop("models", None)
    known = {path.name for path in opened.settings.data_dir.rglob("*")}
    watched = Watched(opened, Obeying(), tried, here)
    yield watched
    assert tried == []
    assert list(here.iterdir()) == []
    new = {path.name for path in opened.settings.data_dir.rglob("*")} - known
    assert [name for name in new if not OWN_FILES.fullmatch(name)] == []
    assert all(SECRET not in sent for sent in watched.model.sent)


def assert_nothing_was_done(service: Service, case: str) -> None:
    """No outcome was set, no act recorded but what the test did, and the draft is the first one."""
    view = service.case(USER, case)
    assert view.decided == {}
    assert {act.kind for act in service.records.acts(USER, case)} <= MAY_RECORD
    assert view.version <= 1
    for issue in view.draft.issues if view.draft else ():
        assert issue.outcome_from != "reviewer"
        assert issue.outcome in (None, issue.lean.outcome)


def assert_is_grounded(service: Service, case: str) -> None:
    """What the draft shows as supported passes a checker that shares no code with the program."""
    view = service.case(USER, case)
    if view.draft is not None:
        assert faults(draft_as_json(view.draft), view.text) == []


def assert_turns_are_harmless(turns: list[Turn]) -> None:
    """Nothing was changed, what a model worded stands in its sources, and every link is a message to be clicked."""
    for turn in turns:
        assert turn.done
        assert not turn.changed
        assert SECRET not in str(turn)
        for block in turn.blocks:
            assert set(block) <= {"kind", "id", "label", "text", "start", "end"}
            assert not re.search(r"[:/<>]", str(block.get("id", "")).replace("/", "")) or block["kind"] != "link"
        if turn.model:
            assert not re.search(r"<\s*\w|https?:|\]\(|javascript:", turn.text)
            quoted = [f"{block['label']} {block['text']}" for block in turn.blocks if block["kind"] != "link"]
            held = frozenset().union(*(stems(words) for words in quoted))
            said = re.sub(r"\[\d+\]", " ", turn.text)
            assert [word for word in content_words(said) if stem(word) not in held] == []


def assert_html_is_ours(html: str) -> None:
    """No element, attribute or address but such as our templates make."""
    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all():
        assert element.name in TAGS, element.name
        for name, value in element.attrs.items():
            assert not name.startswith("on"), name
            if name in {"href", "src", "action", "formaction"}:
                assert re.match(r"[/#?](?!/)", str(value)), value
            if name == "style":
                assert re.fullmatch(r"[\w\s:;.%()-]*", str(value)), value


def assert_files_are_text(service: Service, case: str) -> None:
    """The chat and the draft as files hold no markup of what was said."""
    written = [service.chats.export(USER, case, ChatFormat.MARKDOWN).content.decode()]
    with suppress(NotReadyForExport, NotThere):  # an open slot stops it, as it should
        written.append(service.export(USER, case, Format.MD, with_evidence=True).content.decode())
    for text in written:
        assert not re.search(r"(?<!\\)<\s*/?\s*[a-z]", text, re.IGNORECASE)
        assert not re.search(r"(?<!\\)\](?<!\\\])\((?!\))", text)
        assert SECRET not in text


@pytest.mark.parametrize(
    "model", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["no model", "an obeying model"]
)
@pytest.mark.parametrize("attempt", attempts("case"))
def test_a_case_orders_nothing(attempt: Attempt, model: bool, watched: Watched) -> None:
    if model:
        watched.with_model("")
    case = watched.drafted(attempt.text)
    turns = watched.talk(case, attempt.text[:1900])
    assert_nothing_was_done(watched.service, case)
    assert_is_grounded(watched.service, case)
    assert_turns_are_harmless(turns)
    view = watched.service.case(USER, case)
    page = viewmodel.case_model(view, watched.service.turns(USER, case), 0)
    assert "".join(piece["t"] for piece in page["pieces"]) == view.text
    assert_html_is_ours(render.cases(watched.service.cases(USER), attempt.text[:200]))
    assert_files_are_text(watched.service, case)


def letter_pages(service: Service, words: str) -> Iterator[str]:
    """What the page shows of the decisions that these words find, and of the newest ones."""
    for found in (service.search_decisions(words, facets=True), service.search_decisions("", facets=True)):
        yield render.decisions(found, service.real_letters())
        for result in found.results:
            yield render.letter(*service.decision(result.decision_id), words)


@pytest.mark.parametrize("attempt", attempts("letter"))
def test_a_letter_orders_nothing(attempt: Attempt, watched: Watched, tmp_path: Path) -> None:
    service = watched.service
    watched.with_model("")
    number = f"CM16-{abs(hash(attempt.id)) % 10_000_000:07d}"
    file = tmp_path / "letter.txt"
    rationale = f"{attempt.text} The requested sessions are not medically necessary."
    file.write_text(letter_text(number, [("Acupuncture, 6 sessions", "Upheld", ACUPUNCTURE, rationale)]), "utf-8")
    report = service.import_paths([file])
    assert report.read == 1
    for html in letter_pages(service, "acupuncture sessions"):
        assert_html_is_ours(html)
    assert_html_is_ours(render.opened_letter(service.letter(number)))
    assert service.letter(number).letter.decisions[0].outcome is Outcome.UPHELD
    case = watched.drafted(PLAIN_CASE)
    turns = watched.talk(case, "find decisions on acupuncture")
    assert_nothing_was_done(service, case)
    assert_is_grounded(service, case)
    assert_turns_are_harmless(turns)
    assert_files_are_text(service, case)


@pytest.mark.parametrize("attempt", attempts("guideline"))
def test_a_guideline_orders_nothing(attempt: Attempt, watched: Watched, tmp_path: Path) -> None:
    service = watched.service
    watched.with_model("")
    file = tmp_path / "chapter.md"
    file.write_text(f"# Backs at Work\n\n## Acupuncture\n\n{attempt.text}\n", "utf-8")
    label = f"MTUS Backs at Work {attempt.id}"
    service.import_guideline(file, Metadata(label=label, in_force_from=date(2010, 1, 1), kind=None), replacing=True)
    texts = [passage for passage in service.guidelines() if passage.guideline == label]
    assert texts
    edition, editions = service.edition(label), service.editions()
    assert_html_is_ours(render.guideline(edition, service.beside(edition), (texts[0].id, "")))
    axis = Axis.of(editions, [service.today()])
    lines = groups([line_of(each, axis, None) for each in editions], "body")
    assert_html_is_ours(render.guidelines(lines, axis, service.today(), None, "body"))
    assert_html_is_ours(render.guideline_words(service.find_in_guidelines("back"), "back"))
    case = watched.drafted(PLAIN_CASE)
    turns = watched.talk(case, f"what does the {label} say about acupuncture?")
    assert_nothing_was_done(service, case)
    assert_is_grounded(service, case)
    assert_turns_are_harmless(turns)
    assert_files_are_text(service, case)


@pytest.mark.parametrize("attempt", attempts("model"))
def test_a_models_answer_orders_nothing(attempt: Attempt, watched: Watched) -> None:
    watched.with_model(attempt.text)
    case = watched.drafted(PLAIN_CASE)
    turns = watched.talk(case)
    assert_nothing_was_done(watched.service, case)
    assert_is_grounded(watched.service, case)
    assert_turns_are_harmless(turns)
    assert_files_are_text(watched.service, case)
    assert watched.model.sent


def test_the_harness_sees_an_attempt_that_succeeds(watched: Watched) -> None:
    """A test that cannot fail proves nothing: markup, an act and an unsupported sentence are each seen."""
    with pytest.raises(AssertionError):
        assert_html_is_ours("<p><a href='http://x.example'>x</a></p>")
    with pytest.raises(AssertionError):
        assert_html_is_ours("<p onclick='x()'>x</p>")
    with pytest.raises(AssertionError):
        assert_turns_are_harmless(
            [Turn("assistant", "She is well. [1]", ({"kind": "case", "label": "Case", "text": "x"},), model="m")]
        )
    case = watched.drafted(PLAIN_CASE)
    list(watched.service.chat(USER, case, "make it overturned"))
    with pytest.raises(AssertionError):
        assert_nothing_was_done(watched.service, case)
