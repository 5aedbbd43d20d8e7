"""
What a wheel brings along, as CycloneDX 1.6: the pinned distributions, and the libraries of the pages.

The same for everybody who builds the same state: no time stands in it but SOURCE_DATE_EPOCH, where that is set, and
its serial number is a hash of the rest.
"""

import importlib.metadata
import json
import os
import sys
import tomllib
import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from packaging.requirements import Requirement

from deploy.supply.licences import is_installed, licence_of
from deploy.supply.pins import ROOT, Library, Pin, libraries, normal, pins

VERSION: Final = "1.6"


def bill() -> dict[str, Any]:
    """The whole bill.  Raises LicenceError for what has no licence that is known."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    product = pins("product")
    ours = {
        "type": "application",
        "bom-ref": f"pkg:pypi/{project['name']}@{project['version']}",
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
        "purl": f"pkg:pypi/{project['name']}@{project['version']}",
    }
    wanted = [Requirement(one) for one in project["dependencies"]]
    # Like SQLAlchemy's `asyncio`: who asks for an extra has what that needs come along.
    extras = {normal(one.name): one.extras for one in wanted}
    depends = [{"ref": ours["bom-ref"], "dependsOn": sorted([*_refs(wanted, product), *map(_of_page, libraries())])}]
    for pin in product:
        needed = _refs(_needs(pin), product, extras.get(pin.name, set()))
        depends.append({"ref": _of_pin(pin), "dependsOn": sorted(needed)})
    depends += [{"ref": _of_page(one)} for one in libraries()]
    body = {
        "metadata": _made() | {"component": ours},
        "components": [*map(_distribution, product), *map(_library, libraries())],
        "dependencies": depends,
    }
    # Its own number has to be unique to what it says, and the same for whoever says the same.
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(body, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": VERSION, "serialNumber": f"urn:uuid:{number}", "version": 1}
    return head | body


def _made() -> dict[str, Any]:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    at = {"timestamp": datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} if epoch else {}
    return {**at, "tools": {"components": [{"type": "application", "name": "sendsecret deploy.supply.sbom"}]}}


def _distribution(pin: Pin) -> dict[str, Any]:
    licences = [{"expression": licence_of(pin.name)}] if is_installed(pin) else []
    pinned = [{"name": "sendsecret:file-sha256", "value": one} for one in pin.hashes]
    marker = [{"name": "sendsecret:only-where", "value": pin.marker}] if pin.marker else []
    return {
        "type": "library",
        "bom-ref": _of_pin(pin),
        "name": pin.name,
        "version": pin.version,
        "scope": "required" if not pin.marker else "optional",
        **({"licenses": licences} if licences else {}),
        "purl": _of_pin(pin),
        "properties": pinned + marker,
    }


def _library(one: Library) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": _of_page(one),
        "name": one.name,
        "version": one.version,
        "hashes": [{"alg": "SHA-512", "content": one.sha512}],
        "licenses": [{"license": {"id": one.licence}}],
        "purl": _of_page(one),
    }


def _of_pin(pin: Pin) -> str:
    return f"pkg:pypi/{pin.name}@{pin.version}"


def _of_page(one: Library) -> str:
    return f"pkg:npm/{quote(one.name, safe='/')}@{one.version}"


def _needs(pin: Pin) -> list[Requirement]:
    if not is_installed(pin):
        return []
    return [Requirement(one) for one in importlib.metadata.requires(pin.name) or []]


def _refs(wanted: list[Requirement], product: tuple[Pin, ...], extras: Collection[str] = ()) -> set[str]:
    names = {normal(one.name) for one in wanted if any(_is_wanted(one, extra) for extra in ("", *extras))}
    return {_of_pin(pin) for pin in product if pin.name in names}


def _is_wanted(one: Requirement, extra: str) -> bool:
    return one.marker is None or one.marker.evaluate({"extra": extra})


def main(path: Path) -> None:
    """Write it, for a machine and for whoever reads a difference."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(bill(), indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
