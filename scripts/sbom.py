"""Writes the locked packages as a CycloneDX list of parts (SBOM): the same lock gives the same bytes."""

from __future__ import annotations

import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.utils import canonicalize_name
from packaging.version import Version

_ENTRY = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+) \\\n((?: +--hash=\S+(?: \\)?\n)+)((?: +#.*\n)*)", re.MULTILINE)
_NEEDED_BY = re.compile(r"^ +#(?: via)? +(\S+)", re.MULTILINE)
_SUM = re.compile(r"sha256:([0-9a-f]{64})")
_PUBLIC = "https://pypi.org/simple/"
_CPU_BUILDS = "https://download.pytorch.org/whl/cpu/"  # a local version (`+cpu`) is in no public index but this


def parts(lock: str) -> Iterator[tuple[Component, list[str]]]:
    """Each package of a lock file, with the sums of the files that may be installed for it; and what needs it."""
    for match in _ENTRY.finditer(lock):
        name, version = canonicalize_name(match[1]), match[2]
        purl = PackageURL("pypi", name=name, version=version)
        place = f"{_CPU_BUILDS if Version(version).local else _PUBLIC}{name}/"
        files = ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION,
            url=XsUri(place),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in _SUM.findall(match[3])],
        )
        part = Component(name=name, version=version, purl=purl, bom_ref=str(purl), external_references=[files])
        yield part, [canonicalize_name(other) for other in _NEEDED_BY.findall(match[4])]


def listed(lock: str, project: str) -> str:
    """The list as JSON, for a lock file and the pyproject.toml that it was made of."""
    told = tomllib.loads(project)["project"]
    whole = Component(name=told["name"], version=told.get("version"), type=ComponentType.APPLICATION, bom_ref="root")
    found = list(parts(lock))
    bom = Bom(
        components=[part for part, _ in found],
        metadata=BomMetaData(component=whole, timestamp=datetime.fromtimestamp(0, UTC)),  # of the lock, not of the run
        serial_number=uuid.UUID(bytes=sha256(lock.encode()).digest()[:16], version=4),
    )
    named = {part.name: part for part in [whole, *bom.components]}
    for name, part in named.items():
        bom.register_dependency(part, [needed for needed, by in found if name in by])
    return JsonV1Dot6(bom).output_as_string(indent=2)


if __name__ == "__main__":
    _lock, _project, _to = map(Path, sys.argv[1:])
    _to.parent.mkdir(exist_ok=True)
    _to.write_text(listed(_lock.read_text("utf-8"), _project.read_text("utf-8")), "utf-8")
    print(_to)
