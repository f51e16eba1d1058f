"""Looks the locked packages up in the advisory data by pip-audit; says so, and passes, where that cannot be reached."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

_SERVICES = ("pypi", "osv")
_UNREACHABLE = ("ConnectionError", "Failed to resolve", "Connection refused", "timed out", "Max retries exceeded")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to say, and the exit code: 0 where nothing is known or nothing could be asked, 1 otherwise."""

    said: str
    code: int


def pinned(lock: str) -> list[str]:
    """`name==version` of each package of a lock file; a build's local part (`+cpu`) is left out."""
    found = []
    for line in lock.splitlines():
        if line[:1].isalnum():
            requirement = Requirement(line.rstrip(" \\"))
            (pin,) = requirement.specifier
            found.append(f"{requirement.name}=={Version(pin.version).public}")
    return found


def judged(output: str, errors: str) -> Verdict | None:
    """pip-audit's JSON as a verdict; None when the advisory data could not be reached."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        if any(sign in errors for sign in _UNREACHABLE):
            return None
        last = (errors.strip().splitlines() or ["no output"])[-1]
        return Verdict(f"pip-audit failed: {last}", 1)
    asked = [package for package in packages if "skip_reason" not in package]
    if not asked:
        return None
    holes = [f"{p['name']} {p['version']}: {v['id']}" for p in asked for v in p.get("vulns", [])]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    said = [*holes, f"{len(asked)} packages were looked up, {len(holes)} advisories found."]
    if unknown:
        said.append(f"Not known to the advisory data: {', '.join(unknown)}.")
    return Verdict("\n".join(said), 1 if holes else 0)


def main(lock: Path) -> int:
    """Ask one advisory service after the other until one answers."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "pinned.txt"
        listed.write_text("\n".join(pinned(lock.read_text("utf-8"))), "utf-8")
        for service in _SERVICES:
            command = [sys.executable, "-m", "pip_audit", "--requirement", str(listed), "--no-deps", "--disable-pip"]
            command += ["--format", "json", "--progress-spinner", "off", "--vulnerability-service", service]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            verdict = judged(done.stdout, done.stderr)
            if verdict is not None:
                print(verdict.said)
                return verdict.code
    print("Nothing was audited: the advisory data of PyPI and of OSV cannot be reached from this machine.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
