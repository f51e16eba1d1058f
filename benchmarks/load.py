"""Many reviewers at once over PostgreSQL and a Chroma server: `python -m benchmarks.load [--kill postgres]`.

Each reviewer signs in and works as the page's script would have it, with pauses to think. Afterwards every edit,
outcome and answer that was acknowledged is looked for: through a fresh sign-in, and in the versions of the database.
With `--kill` a server gets SIGKILL at a random moment and is started again on the same data and port: what fails while
it is away is expected, in sentences; nothing that was acknowledged may be missing. Prints a table; ends with 1 where an
act failed, an edit is lost, or `doctor` or `audit verify` finds something.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.database import open_database
from assistant.errors import NotThere
from assistant.records import Records
from benchmarks.load_reviewers import WORDS, Acknowledged, Browser, Failed, Log, Noted, Reviewer
from benchmarks.load_servers import Servers, running

KILLS = ("chroma", "postgres", "app")
_AWAY = 2.0  # seconds that a killed server stays away
_GRACE = 3.0  # seconds after its return in which a request that began before may still fail
_RAMP = 0.35  # seconds between two reviewers who come in
_END_WITHIN = 240  # seconds that the last acts may take


@dataclass
class Outage:
    """When a server was away (monotonic), and how long it took to start."""

    of: str
    began: float
    back: float

    def explains(self, noted: Noted) -> bool:
        """Whether an act may have failed for it: in that time, and in words, save where the page itself was away."""
        within = noted.began <= self.back + _GRACE and noted.began + noted.seconds >= self.began
        silent = noted.failed.startswith("no answer") and self.of == "app"
        return (
            within and self.of != "chroma" and (silent or "NOT A SENTENCE" not in noted.failed and not _silent(noted))
        )


def _silent(noted: Noted) -> bool:
    return noted.failed.startswith("no answer")


@dataclass
class Found:
    """What a load has shown. `amiss` is each a sentence; none: all is well."""

    noted: list[Noted]
    seconds: float
    outages: list[Outage] = field(default_factory=list)
    checked: Counter[str] = field(default_factory=Counter)
    amiss: list[str] = field(default_factory=list)
    app: dict[str, float] = field(default_factory=dict)

    @property
    def unexpected(self) -> list[Noted]:
        """The acts that failed though every server was there."""
        return [n for n in self.noted if n.failed and not any(outage.explains(n) for outage in self.outages)]


def load(folder: Path, *, reviewers: int, seconds: float, kills: Sequence[str] = (), seed: int = 8) -> Found:
    """Run one load in an empty folder; the servers of `kills` are killed one after the other."""
    with running(folder, reviewers) as servers:
        _warm(servers)
        log, over = Log(), threading.Event()
        people = [
            Reviewer(name, servers.app.port, log, over, seed=seed, wait=_RAMP * number)
            for number, name in enumerate(servers.reviewers)
        ]
        began = time.monotonic()
        for person in people:
            person.start()
        chance, outages = random.Random(seed), list[Outage]()  # noqa: S311 - repeatable, nothing secret
        for number, name in enumerate(kills, 1):
            # A random moment of its part of the time, the first of which is for coming in.
            moment = began + seconds * (number + chance.random() / 2) / (len(kills) + 1)
            time.sleep(max(0.0, moment - time.monotonic()))
            outages.append(_killed(servers, name))
        over.wait(max(0.0, began + seconds - time.monotonic()))
        over.set()
        for person in people:
            person.join(max(0.1, began + seconds + _END_WITHIN - time.monotonic()))
        found = Found(log.noted, time.monotonic() - began, outages)
        found.amiss += [f"{p.name} stopped: {p.fault}." for p in people if p.fault]
        found.amiss += [f"{p.name} has not come to an end." for p in people if p.is_alive()]
        _look_for(servers, people, found)
        _examine(servers, found)
    found.app = {"cpu_seconds": servers.app.cpu_seconds, "peak_mb": servers.app.peak_mb}
    return found


def _warm(servers: Servers) -> None:
    """Wait until the models are loaded, which the page does in the background when it starts."""
    browser = Browser(servers.app.port)
    browser.sign_in(servers.reviewers[0])
    browser.call("find_decisions", words=WORDS[0])
    browser.close()


def _killed(servers: Servers, name: str) -> Outage:
    """Kill a server, and start it again."""
    server, began = servers.by_name[name], time.monotonic()
    server.kill()
    time.sleep(_AWAY)
    server.start()
    return Outage(name, began, time.monotonic())


# --- afterwards -------------------------------------------------------------------------------------------------


def _look_for(servers: Servers, people: Sequence[Reviewer], found: Found) -> None:
    """Everything that was acknowledged, as a reviewer who comes in anew sees it and as the database holds it."""
    engine = open_database(servers.settings.data_dir, servers.settings.database_url.get_secret_value())
    try:
        records = Records(engine)
        for person in people:
            browser = Browser(servers.app.port)
            browser.sign_in(person.name)
            listed = _listed(browser)
            for case, kept in person.kept.items():
                found.checked["cases"] += 1
                if case not in listed:
                    found.amiss.append(f"A case of {person.name} is not in the list.")
                try:
                    seen = browser.call("open_case", case=case)["case"]
                    numbers = {row["number"] for row in browser.call("list_versions", case=case)["versions"]}
                except Failed as failed:
                    found.amiss.append(f"A case of {person.name} cannot be opened: {failed.sort}")
                    continue
                found.amiss += _lost_to_the_eye(person.name, kept, seen, numbers, found.checked)
                found.amiss += _lost_in_the_database(records, person.name, case, kept)
            browser.close()
    finally:
        engine.dispose()


def _listed(browser: Browser) -> str:
    """The list of cases, all its pages."""
    html, offset = "", 0
    while True:
        page = browser.call("list_cases", offset=offset)
        html, offset = html + page["html"], offset + page["page"]
        if offset >= page["total"]:
            return html


def _lost_to_the_eye(
    name: str, kept: Acknowledged, seen: dict[str, Any], numbers: set[int], checked: Counter[str]
) -> list[str]:
    text = " ".join(s["t"] for issue in seen["issues"] for s in issue["sentences"])
    marks = kept.typed | {mark for mark in kept.versions.values() if mark}
    checked.update(edits=sum(map(bool, kept.versions.values())), versions=len(kept.versions), typed=len(kept.typed))
    checked.update(outcomes=len(kept.outcomes), answers=len(kept.turns))
    lost = [f"The words {mark} do not stand in their case." for mark in marks if f"{mark} has added" not in text]
    lost += [f"Version {number} of a case of {name} is not listed." for number in set(kept.versions) - numbers]
    for issue, outcome in kept.outcomes.items():
        decided = seen["issues"][issue]["decided"]
        if decided is None or decided["outcome"] != outcome:
            lost.append(f"An outcome that {name} set is not there.")
    turns = {turn["id"] for turn in seen["turns"]}
    return lost + [f"An answer to {name} is not kept." for _ in kept.turns - turns]


def _lost_in_the_database(records: Records, name: str, case: str, kept: Acknowledged) -> list[str]:
    lost = []
    for number, mark in kept.versions.items():
        try:
            draft = records.version(name, case, number).draft
        except NotThere:
            lost.append(f"The database has no version {number} of a case of {name}.")
            continue
        text = " ".join(sentence.text for issue in draft.issues for sentence in issue.sentences)
        if mark and f"{mark} has added" not in text:
            lost.append(f"Version {number} does not hold the words {mark}.")
    return lost


def _examine(servers: Servers, found: Found) -> None:
    """What the program itself says of its data, and whether it wrote of a fault."""
    told = servers.app.command("doctor", "--json")
    checks = [json.loads(line) for line in told.stdout.splitlines()]
    if told.returncode or not checks:
        faults = [f"{c['name']}: {c['message']}" for c in checks if not c["ok"]] or [told.stderr[-300:]]
        found.amiss.append(f"doctor finds a fault: {'; '.join(faults)}")
    chain = servers.app.command("audit", "verify")
    if chain.returncode:
        found.amiss.append(f"audit verify finds a fault: {chain.stdout[-300:]}{chain.stderr[-300:]}")
    if "Traceback" in (said := servers.app.said()):
        found.amiss.append(f"The page wrote of a fault: {said[-3000:]}")


# --- told -------------------------------------------------------------------------------------------------------


def as_table(found: Found) -> str:
    """Act, how often, errors, milliseconds."""
    acts: dict[str, list[Noted]] = defaultdict(list)
    for noted in found.noted:
        acts[noted.act].append(noted)
    lines = [f"{'act':<30} {'count':>7} {'errors':>7} {'p50 ms':>8} {'p95 ms':>8} {'max ms':>8}"]
    for act, noted in sorted(acts.items()):
        errors = sum(bool(n.failed) for n in noted)
        took = sorted(n.seconds * 1000 for n in noted if not n.failed) or [0.0]
        half, most = took[len(took) // 2], took[min(len(took) - 1, round(0.95 * len(took)))]
        lines.append(f"{act:<30} {len(noted):>7} {errors:>7} {half:>8.0f} {most:>8.0f} {took[-1]:>8.0f}")
    return "\n".join(lines)


def done_after(found: Found, outage: Outage) -> list[Noted]:
    """The acts that were begun after a server had come back, and succeeded."""
    return [n for n in found.noted if not n.failed and n.began > outage.back]


def as_text(found: Found) -> str:
    """The whole of what a load has shown."""
    unexpected = found.unexpected
    parts = [as_table(found), ""]
    for outage in found.outages:
        again = min((n.began + n.seconds - outage.back for n in done_after(found, outage)), default=float("inf"))
        away = outage.back - outage.began
        parts.append(f"{outage.of} was killed and was back after {away:.1f} s; an act was done {again:.1f} s later.")
    sorts = Counter((n.failed, n in unexpected) for n in found.noted if n.failed)
    parts += [f"{count} x {'UNEXPECTED ' if bad else ''}{sort}" for (sort, bad), count in sorts.most_common()]
    checked = ", ".join(f"{count} {what}" for what, count in found.checked.items())
    parts.append(f"Looked for afterwards: {checked}.")
    parts.append(
        f"{found.seconds:.0f} s; the page used {found.app['cpu_seconds']:.0f} s of processor, at most"
        f" {found.app['peak_mb']:.0f} MB."
    )
    parts += found.amiss[:50] or ["Everything that was acknowledged is there; doctor and audit verify find no fault."]
    return "\n".join(parts)


def main() -> None:
    """Run, print, and end with 1 where something is amiss."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reviewers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--kill", choices=KILLS, action="append", default=[], help="may be given several times")
    parser.add_argument("--seed", type=int, default=8)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="imr-load-") as folder:
        found = load(Path(folder), reviewers=asked.reviewers, seconds=asked.seconds, kills=asked.kill, seed=asked.seed)
    print(as_text(found))
    sys.exit(1 if found.unexpected or found.amiss else 0)


if __name__ == "__main__":
    main()
