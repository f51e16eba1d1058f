"""The container's lock file: it satisfies pyproject.toml, every package has a hash, and no address stands in it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

_ROOT = Path(__file__).parents[1]
_LOCK = (_ROOT / "requirements.lock").read_text("utf-8")
_ENTRY = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)
_PYTHON = re.search(r"--python-version (\S+)", (_ROOT / "Makefile").read_text("utf-8"))


def _pins() -> dict[str, Version]:
    return {canonicalize_name(match[1]): Version(match[2]) for match in _ENTRY.finditer(_LOCK)}


def test_every_line_belongs_to_a_package_with_hashes() -> None:
    rest = [line for line in _ENTRY.sub("", _LOCK).splitlines() if line and not line.lstrip().startswith("#")]
    assert rest == []
    assert len(_pins()) > 100


def test_the_lock_fits_the_ranges_that_the_container_needs() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    makefile = (_ROOT / "Makefile").read_text("utf-8")
    (extras,) = re.findall(r"^LOCK_EXTRAS := (.*)$", makefile, re.MULTILINE)
    named = [name for name in extras.split() if name != "--extra"]
    wanted = [*project["dependencies"], *(d for name in named for d in project["optional-dependencies"][name])]
    pins = _pins()
    unmet = []
    for text in wanted:
        requirement = Requirement(text)
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None or not requirement.specifier.contains(pin, prereleases=True):
            unmet.append(f"{text}, locked: {pin}; run make lock")
    assert unmet == []


def test_no_index_of_a_machine_stands_in_the_lock() -> None:
    assert re.findall(r"^.*(?:://|--index|--find-links|--trusted|file:| @ |-e ).*$", _LOCK, re.MULTILINE) == []


def test_torch_is_the_build_for_processors() -> None:
    pins = _pins()
    assert pins["torch"].local == "cpu"
    assert [name for name in pins if name.startswith(("nvidia-", "triton"))] == []


def test_the_list_of_parts_names_every_locked_package_with_its_sums(tmp_path: Path) -> None:
    makefile = (_ROOT / "Makefile").read_text("utf-8")
    (arguments,) = re.findall(r"^\t\$\(BIN\)/python (scripts/sbom.py .*) dist/sbom.cdx.json$", makefile, re.MULTILINE)
    made = [tmp_path / "once.json", tmp_path / "twice.json"]
    for path in made:
        subprocess.run([sys.executable, *arguments.split(), path], cwd=_ROOT, capture_output=True, check=True)
    first, second = (path.read_text("utf-8") for path in made)
    assert first == second
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(first) is None
    told = json.loads(first)
    parts = told["components"]
    assert {canonicalize_name(part["name"]): Version(part["version"]) for part in parts} == _pins()
    assert [part["name"] for part in parts if not any(r.get("hashes") for r in part["externalReferences"])] == []
    needs = {one["ref"].partition("@")[0]: one.get("dependsOn", []) for one in told["dependencies"]}
    assert any(each.startswith("pkg:pypi/rpds-py@") for each in needs["pkg:pypi/jsonschema"])
    assert needs.keys() - {"root"} <= {each.partition("@")[0] for needed in needs.values() for each in needed}


def test_the_image_has_the_python_that_was_locked_for() -> None:
    images = re.findall(
        r"^FROM python:(\d+\.\d+)\.\d+-slim", (_ROOT / "Containerfile").read_text("utf-8"), re.MULTILINE
    )
    assert _PYTHON is not None
    assert images == [_PYTHON[1]] * 2
