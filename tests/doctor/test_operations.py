"""docs/operations.md says of every alarm what it means: whoever is woken by one searches for its words."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIREN = ":rotating_light:"
_TELLING = 12


def sentences(thing: object) -> Iterator[str]:
    """Every text of a catalogue, however deep."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        for one in thing.values():
            yield from sentences(one)


def alarms() -> list[str]:
    """The words by which each can be searched for: those after the siren, up to the first thing that varies."""
    found = set()
    for path in sorted((ROOT / "bot").glob("*wording.py")):
        for name, value in vars(import_module(f"bot.{path.stem}")).items():
            if not name.startswith("__"):
                found |= {text.split(SIREN, 1)[1] for text in sentences(value) if SIREN in text}
    return sorted({words(text) for text in found})


def words(text: str) -> str:
    """The first stretch of a sentence that says something and that no value interrupts, without its stars."""
    plain = text.replace("*", "").replace("`", "")
    parts = [part.strip(" ”“,") for part in re.split(r"\{[^}]*\}|[.:;(“”]|\n", plain)]
    return next(part for part in parts if len(part) >= _TELLING)


@pytest.mark.parametrize("alarm", alarms())
def test_every_alarm_is_in_the_runbook(alarm: str) -> None:
    """With the words in which it comes."""
    assert alarm in (ROOT / "docs" / "operations.md").read_text().replace("\n", " ")


def test_the_runbook_is_where_doctor_says() -> None:
    """Each of its headings that doctor names stands there, and the README and the map lead to it."""
    text = (ROOT / "docs" / "operations.md").read_text()
    named = set()
    for path in (ROOT / "sendsecret" / "doctoring").glob("*.py"):
        named |= set(re.findall(r"docs/operations\.md, ([A-Z][a-z ]+[a-z])", path.read_text()))
    assert len(named) >= 4
    for heading in named:
        assert f"## {heading}\n" in text, heading
    for page in ("README.md", "docs/architecture.md"):
        assert "operations.md" in (ROOT / page).read_text()
