"""Whose licences are agreed to: everything that comes along is on the list, and whatever is not stops it."""

import importlib.metadata
from email.message import Message

import pytest

from deploy.supply import licences
from deploy.supply.licences import LicenceError, is_allowed, licence_of, page
from deploy.supply.pins import Library, libraries, pins


def test_the_list_is_as_it_would_be_made_now() -> None:
    """THIRD_PARTY.md names what is pinned; `make sbom` makes it anew."""
    assert licences.PATH.read_text() == page()
    named = [(pin.name, pin.version) for pin in (*pins("product"), *pins("development"))]
    named += [(one.name, one.version) for one in libraries()]
    assert [one for one in named if f"| {one[0]} | {one[1]} |" not in licences.PATH.read_text()] == []


def saying(monkeypatch: pytest.MonkeyPatch, **fields: str) -> None:
    """Every distribution says this of itself."""
    message = Message()
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    monkeypatch.setattr(importlib.metadata, "metadata", lambda _: message)


@pytest.mark.parametrize(
    ("fields", "expression"),
    [
        ({"License_Expression": "MIT"}, "MIT"),
        ({"License_Expression": "Apache-2.0 OR BSD-2-Clause"}, "Apache-2.0 OR BSD-2-Clause"),
        ({"License": "Apache 2.0"}, "Apache-2.0"),
        ({"License": "The text of a whole licence", "Classifier": "License :: OSI Approved :: MIT License"}, "MIT"),
    ],
)
def test_a_licence_is_read_wherever_it_is_said(
    monkeypatch: pytest.MonkeyPatch, fields: dict[str, str], expression: str
) -> None:
    """An expression, a word of before, or a classifier."""
    saying(monkeypatch, **fields)
    assert licence_of("some-package") == expression


@pytest.mark.parametrize(
    "fields",
    [
        {"License_Expression": "GPL-3.0-only"},
        {"License_Expression": "MIT AND AGPL-3.0-or-later"},
        {"License": "Proprietary"},
        {"Classifier": "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"},
        {"Classifier": "License :: OSI Approved :: BSD License"},
        {},
    ],
)
def test_what_is_unknown_or_forbidden_stops_it(monkeypatch: pytest.MonkeyPatch, fields: dict[str, str]) -> None:
    """A new dependency under a licence that nobody has read is noticed before it is shipped."""
    saying(monkeypatch, **fields)
    with pytest.raises(LicenceError, match="some-package"):
        licence_of("some-package")


def test_a_library_of_the_pages_is_judged_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs in a reader's browser is passed on to them."""
    monkeypatch.setattr(licences, "libraries", lambda: (Library("left-pad", "1.0.0", "GPL-2.0-only", "00"),))
    with pytest.raises(LicenceError, match="left-pad: GPL"):
        page()


@pytest.mark.parametrize(
    ("expression", "is_taken"),
    [("MIT", True), ("GPL-3.0-only OR MIT", True), ("MIT AND GPL-3.0-only", False), ("SSPL-1.0", False), ("", False)],
)
def test_either_side_of_an_or_is_enough(expression: str, *, is_taken: bool) -> None:
    """And of an AND both are needed."""
    assert is_allowed(expression) is is_taken
