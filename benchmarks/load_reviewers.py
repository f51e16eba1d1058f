"""A reviewer at work, as the page's script would have it: signs in, drafts, edits, searches, asks, and pauses to think.

What the program acknowledged is noted, to be looked for afterwards.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.load_servers import PASSWORD

SAMPLES = (
    "acupuncture-low-back",
    "MRI-lumbar-new-weakness",
    "therapy-after-shoulder-surgery",
    "six-services-for-one-worker",
)
WORDS = ("acupuncture low back", "MRI lumbar radiculopathy", "physical therapy shoulder", "opioid taper", "epidural")
QUESTIONS = ("Why?", "What does the guideline say?", "Find similar decisions", "What is documented about work status?")
_FOLLOW_EVERY = 0.22  # seconds, as assets/case.js
_AGAIN = 2.0  # seconds after which the page tries once more to save
_KEPT_ALIVE = 4.0  # seconds; the server closes a connection that rests for longer
_TIMEOUT = 120  # seconds
_DRAFT_TIMEOUT = 180
_OK, _SEE_OTHER = 200, 303
_FORM = re.compile(r'name="form" value="([0-9a-f]+)"')
_IMPORTED = re.compile(r'"/page/([\w-]+\.js)"')
_SENTENCE = re.compile(r"[A-Z“][^\n]{8,400}[.?]")


class Failed(Exception):
    """A request without the answer that was asked for; `sort` tells it from others in the table of errors."""

    def __init__(self, sort: str) -> None:
        super().__init__(sort)
        self.sort = sort


@dataclass(frozen=True, slots=True)
class Noted:
    """One act: when it began (monotonic), how long it took, and how it failed, if it did."""

    act: str
    began: float
    seconds: float
    failed: str = ""


@dataclass
class Log:
    """The acts of all reviewers."""

    noted: list[Noted] = field(default_factory=list)  # list.append is atomic

    def timed(self, name: str, work: Any, /, *arguments: Any, **named: Any) -> Any:
        """Do an act and note it; what it raises passes."""
        began = time.monotonic()
        try:
            done = work(*arguments, **named)
        except Failed as failed:
            self.noted.append(Noted(name, began, time.monotonic() - began, failed.sort))
            raise
        self.noted.append(Noted(name, began, time.monotonic() - began))
        return done


class Browser:
    """What a browser does of the page: a cookie, one connection, the scripts that a view names, and its acts."""

    def __init__(self, port: int) -> None:
        self._port, self._cookies = port, dict[str, str]()
        self._connection: http.client.HTTPConnection | None = None
        self._used = 0.0
        self._components: dict[str, int] = {}

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def request(self, method: str, path: str, body: str | None = None, kind: str = "") -> tuple[int, str]:
        """Status and body; Failed where no whole answer came."""
        if self._connection is None or time.monotonic() - self._used > _KEPT_ALIVE:
            self.close()
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_TIMEOUT)
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if method != "GET":
            headers |= {"origin": f"http://127.0.0.1:{self._port}", "content-type": kind}
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read().decode("utf-8")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Failed(f"no answer ({type(error).__name__})") from None
        self._used = time.monotonic()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                pair = value.split(";")[0]
                self._cookies[pair.partition("=")[0]] = pair.partition("=")[2]
        return answer.status, content

    def got(self, path: str) -> str:
        """The body of what must be there."""
        status, content = self.request("GET", path)
        if status != _OK:
            raise Failed(f"HTTP {status}: {_told(content)}")
        return content

    def sign_in(self, name: str) -> None:
        """By the form."""
        form = _FORM.search(self.got("/sign-in"))
        if form is None:
            raise Failed("no form to sign in")
        fields = urlencode({"name": name, "password": PASSWORD, "next": "/", "form": form[1]})
        status, content = self.request("POST", "/sign-in", fields, "application/x-www-form-urlencoded")
        if status != _SEE_OTHER:
            raise Failed(f"HTTP {status}: {_told(content)}")

    def view(self, path: str, module: str) -> None:
        """Open a view: its page, and each of its scripts, none of which the browser may keep."""
        self.got(path)
        self.got("/who")
        seen, wanted = set[str](), ["shell.js", module]
        while wanted:
            name = wanted.pop()
            if name not in seen:
                seen.add(name)
                wanted += _IMPORTED.findall(self.got(f"/page/{name}"))

    def call(self, act: str, /, **values: Any) -> dict[str, Any]:
        """An act of the page; Failed for an error, with its sentence."""
        if not self._components:
            components = json.loads(self.got("/config"))["components"]
            self._components = {n: c["id"] for c in components for n in c["props"].get("server_fns") or []}
        asked = {"session_hash": "load", "component_id": self._components[act], "fn_name": act, "data": values}
        status, content = self.request("POST", "/gradio_api/component_server/", json.dumps(asked), "application/json")
        if status != _OK:
            raise Failed(f"HTTP {status}: {_told(content)}")
        answer: dict[str, Any] = json.loads(content)
        if answer.get("error"):
            raise Failed(f"{answer.get('kind')}: {_told(answer['error'])}")
        return answer


def _told(content: str) -> str:
    """An error as the reviewer reads it; what is no sentence is marked as a fault of the program."""
    if content.startswith("{"):
        content = str(json.loads(content).get("error", content))
    return content if _SENTENCE.fullmatch(content.strip()) else f"NOT A SENTENCE {content[:100]!r}"


@dataclass
class Acknowledged:
    """What the program has said is kept, of one case."""

    versions: dict[int, str] = field(default_factory=dict)  # by number, the mark that its text must hold
    typed: set[str] = field(default_factory=set)  # marks of words kept as they were typed
    outcomes: dict[int, str] = field(default_factory=dict)  # by issue, what was chosen last
    turns: set[int] = field(default_factory=set)  # the ids of answered questions


class Reviewer(threading.Thread):
    """Works until `over` is set, and then ends what is begun."""

    def __init__(self, name: str, port: int, log: Log, over: threading.Event, *, seed: int, wait: float) -> None:
        super().__init__(name=name, daemon=True)
        self.log, self.over = log, over
        self.random = random.Random(f"{seed} {name}")  # noqa: S311 - repeatable, nothing secret
        self.browser, self._wait = Browser(port), wait
        self.kept: dict[str, Acknowledged] = defaultdict(Acknowledged)
        self.fault = ""
        self._marks = 0

    def run(self) -> None:
        """The day."""
        try:
            self.over.wait(self._wait)
            while not self.over.is_set() and not self._tried(self._sign_in):
                self.over.wait(_AGAIN)
            while not self.over.is_set():
                self._tried(self._one_case)
                self._think()
        except Exception as error:  # a fault of the load itself must not be taken for a quiet reviewer
            self.fault = f"{type(error).__name__}: {error}"
            raise
        finally:
            self.browser.close()

    def _tried(self, work: Any) -> bool:
        try:
            work()
        except Failed:
            self.over.wait(_AGAIN)
            return False
        return True

    def _think(self) -> None:
        self.over.wait(self.random.uniform(1.0, 4.0))

    def _act(self, act: str, /, **values: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.log.timed(act, self.browser.call, act, **values)
        return found

    def _sign_in(self) -> None:
        self.log.timed("sign in", self.browser.sign_in, self.name)

    def _one_case(self) -> None:
        case = self._begun()
        acknowledged = self.kept[case]
        self.log.timed("open a view", self.browser.view, f"/case?id={quote(case)}", "case.js")
        opened = self._act("open_case", case=case)
        opened = self.log.timed("a draft, until it is shown", self._drafted, case, opened)
        for step in self.random.sample((self._edit, self._edit, self._edit, self._search, self._choose, self._ask), 6):
            if self.over.is_set():
                return
            self._think()
            opened = step(case, opened, acknowledged)

    def _begun(self) -> str:
        """A case of a sample, from the list of cases."""
        self.log.timed("open a view", self.browser.view, "/", "cases.js")
        self._act("list_cases")
        self._act("unsent_case")
        sample = self._act("sample_case", name=self.random.choice(SAMPLES))
        self._think()
        kept = self._act("keep_unsent", fields={"text": sample["text"], "day": sample["day"]}, base=None)
        assert kept["entry"]
        case: str = self._act("create_case", text=sample["text"], day=sample["day"])["id"]
        self.kept[case] = Acknowledged()
        return case

    def _drafted(self, case: str, opened: dict[str, Any]) -> dict[str, Any]:
        """Follow the draft as the page does; where the work is gone with the program, ask for it anew."""
        until = time.monotonic() + _DRAFT_TIMEOUT
        while not opened["case"]["version"]:
            if time.monotonic() > until:
                raise Failed("no draft within three minutes")
            try:
                job = opened["job"] or self._act("draft_case", case=case)["job"]
                while not job["done"]:
                    time.sleep(_FOLLOW_EVERY)
                    job = self._act("follow", case=case)["job"] or {"done": True, "error": None}
                if job["error"]:
                    self.log.noted.append(Noted("draft_case", time.monotonic(), 0.0, f"job: {_told(job['error'])}"))
                    self._act("draft_case", case=case)
                    time.sleep(_AGAIN)
                opened = self._act("open_case", case=case)
            except Failed:
                time.sleep(_AGAIN)
                if self.over.is_set():
                    raise
        self.kept[case].versions.setdefault(opened["case"]["version"], "")
        return opened

    # --- steps, in a random order; each gives the case as it stands after it -------------------------------------

    def _edit(self, case: str, opened: dict[str, Any], acknowledged: Acknowledged) -> dict[str, Any]:
        """Words are checked and kept as they are typed, then saved; the page saves until it is told that they are."""
        self._marks += 1
        mark = f"{self.name}-{self._marks:04d}"
        issue = self.random.randrange(len(opened["case"]["issues"]))
        sentences = [sentence["t"] for sentence in opened["case"]["issues"][issue]["sentences"]]
        text, base = " ".join([*sentences, f"This is what {mark} has added."]), opened["case"]["version"]
        try:
            self._act("check_text", case=case, issue=issue, text=text)
            self._act("keep_typed", case=case, issue=issue, text=text, base=base)
            acknowledged.typed.add(mark)
        except Failed:
            pass  # saving says what is wrong
        saved = self._saved(case, issue, text, base)
        acknowledged.versions[saved["case"]["version"]] = mark
        return saved

    def _saved(self, case: str, issue: int, text: str, base: int) -> dict[str, Any]:
        until = time.monotonic() + _TIMEOUT
        while True:
            try:
                return self._act("save_text", case=case, issue=issue, text=text, base=base)
            except Failed as failed:
                if failed.sort.startswith("Conflict") or time.monotonic() > until:
                    raise
            time.sleep(_AGAIN)

    def _choose(self, case: str, opened: dict[str, Any], acknowledged: Acknowledged) -> dict[str, Any]:
        issue, outcome = (
            self.random.randrange(len(opened["case"]["issues"])),
            self.random.choice(("Upheld", "Overturned")),
        )
        chosen = self._act("choose_outcome", case=case, issue=issue, outcome=outcome)
        acknowledged.outcomes[issue] = outcome
        acknowledged.versions.setdefault(chosen["case"]["version"], "")
        return chosen

    def _search(self, _case: str, opened: dict[str, Any], _: Acknowledged) -> dict[str, Any]:
        self.log.timed("open a view", self.browser.view, "/decisions", "decisions.js")
        self._act("find_decisions", words=self.random.choice(WORDS))
        self._think()
        self._act("list_cases", words=self.random.choice(("acupuncture", "", "MRI")))
        return opened

    def _ask(self, case: str, opened: dict[str, Any], acknowledged: Acknowledged) -> dict[str, Any]:
        job = self._act("ask", case=case, message=self.random.choice(QUESTIONS))["job"]
        while job is not None and not job["done"]:
            time.sleep(_FOLLOW_EVERY)
            job = self._act("follow", case=case)["job"]
        if job is not None and job["error"]:
            self.log.noted.append(Noted("ask", time.monotonic(), 0.0, f"job: {_told(job['error'])}"))
        elif job is not None and job["turn"] and job["turn"]["done"] and job["turn"]["id"]:
            acknowledged.turns.add(job["turn"]["id"])
        return self._act("open_case", case=case)
