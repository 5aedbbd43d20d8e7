"""The bill of materials: whole, by the rules of CycloneDX 1.6 that it uses, and the same for everybody."""

import re
from typing import Any

import jsonschema_rs
import pytest

from deploy.supply import sbom
from deploy.supply.pins import libraries, pins
from reveal_web.browser.vendor import FILES

# CycloneDX 1.6 for the fields that are used, and no others: what the standard's own schema refuses, this refuses.
_LICENCE = {
    "oneOf": [
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["license"],
            "properties": {
                "license": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id"],
                    "properties": {"id": {"type": "string", "pattern": "^[A-Za-z0-9.-]+$"}},
                }
            },
        },
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["expression"],
            "properties": {"expression": {"type": "string", "minLength": 1}},
        },
    ]
}
_COMPONENT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "name"],
    "properties": {
        "type": {"enum": ["application", "library"]},
        "bom-ref": {"type": "string", "minLength": 1},
        "name": {"type": "string", "minLength": 1},
        "version": {"type": "string"},
        "scope": {"enum": ["required", "optional", "excluded"]},
        "hashes": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["alg", "content"],
                "properties": {
                    "alg": {"enum": ["SHA-256", "SHA-512"]},
                    "content": {"type": "string", "pattern": "^([a-f0-9]{64}|[a-f0-9]{128})$"},
                },
            },
        },
        "licenses": {"type": "array", "items": _LICENCE, "minItems": 1, "maxItems": 1},
        "purl": {"type": "string", "pattern": "^pkg:(pypi|npm)/"},
        "properties": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "value"],
                "properties": {"name": {"type": "string"}, "value": {"type": "string"}},
            },
        },
    },
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "dependencies"],
    "properties": {
        "bomFormat": {"const": "CycloneDX"},
        "specVersion": {"const": "1.6"},
        "serialNumber": {"type": "string", "pattern": "^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
        "version": {"type": "integer", "minimum": 1},
        "metadata": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "timestamp": {"type": "string", "format": "date-time"},
                "tools": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"components": {"type": "array", "items": _COMPONENT}},
                },
                "component": _COMPONENT,
            },
        },
        "components": {"type": "array", "items": _COMPONENT, "uniqueItems": True},
        "dependencies": {
            "type": "array",
            "uniqueItems": True,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["ref"],
                "properties": {
                    "ref": {"type": "string"},
                    "dependsOn": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
                },
            },
        },
    },
}


def test_it_is_what_the_standard_takes() -> None:
    """Every field is one of CycloneDX 1.6, of its kind."""
    validator = jsonschema_rs.Draft7Validator(SCHEMA, validate_formats=True)
    assert list(validator.iter_errors(sbom.bill())) == []
    assert not validator.is_valid(sbom.bill() | {"components": [{"type": "library"}]})


def test_it_names_everything_that_a_wheel_brings_along() -> None:
    """Each pinned distribution and each library of the pages, once, with version and licence."""
    parts = {part["purl"]: part for part in sbom.bill()["components"]}
    assert len(parts) == len(pins("product")) + len(libraries())
    for pin in pins("product"):
        part = parts[f"pkg:pypi/{pin.name}@{pin.version}"]
        assert part.get("licenses") or pin.marker, pin.name
        assert {one["value"] for one in part["properties"]} >= set(pin.hashes)
    for one in libraries():
        part = parts[f"pkg:npm/{one.name.replace('@', '%40')}@{one.version}"]
        assert (part["licenses"], part["hashes"][0]["content"]) == ([{"license": {"id": one.licence}}], one.sha512)


def test_every_vendored_file_is_of_a_library_that_it_names() -> None:
    """Nobody's code stands in the pages unnamed."""
    named = {one.name for one in libraries()}
    sources = {re.match(r"(@[^/]+/)?[^/]+", path)[0] for path in FILES}  # type: ignore[index]
    assert sources
    assert sources <= named


def test_what_depends_on_what_is_closed() -> None:
    """Every reference is of a part, and every part is reached from ours."""
    bill = sbom.bill()
    refs = {part["bom-ref"] for part in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    depends = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert depends.keys() == refs
    reached, left = set(), [bill["metadata"]["component"]["bom-ref"]]
    while left:
        one = left.pop()
        assert one in refs
        if one not in reached:
            reached.add(one)
            left += depends[one]
    # What other systems need is needed by something that says so for them only.
    elsewhere = {part["bom-ref"] for part in bill["components"] if part.get("scope") == "optional"}
    assert refs - reached <= elsewhere


def test_the_same_state_makes_the_same_bill(monkeypatch: pytest.MonkeyPatch) -> None:
    """No clock and no chance is in it; with SOURCE_DATE_EPOCH it is dated."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert sbom.bill() == sbom.bill()
    assert "timestamp" not in sbom.bill()["metadata"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert sbom.bill()["metadata"]["timestamp"] == "2023-11-14T22:13:20Z"
