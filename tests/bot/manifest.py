"""
Reads manifest.yml: the few things of YAML that it uses, and nothing else.

Maps, lists, booleans, whole numbers, plain and double-quoted strings, comments on lines of their own.
"""

import json
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


def read(text: str) -> dict[str, Any]:
    """The manifest as JSON has it.  Raises ValueError for a line that is not of the kinds above."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    value, rest = _block([(len(line) - len(line.lstrip()), line.lstrip()) for line in lines], 0)
    if rest or not isinstance(value, dict):
        raise ValueError("indentation")
    return value


Lines = list[tuple[int, str]]


def _block(lines: Lines, indent: int) -> tuple[Any, Lines]:
    if lines and lines[0][1].startswith("- "):
        return _list(lines, indent)
    found: dict[str, Any] = {}
    while lines and lines[0][0] == indent:
        name, colon, rest = lines[0][1].partition(":")
        if not colon:
            raise ValueError(f"not a member: {lines[0][1]}")
        lines = lines[1:]
        if rest.strip():
            found[name] = _scalar(rest.strip())
        else:
            found[name], lines = _block(lines, lines[0][0])
    return found, lines


def _list(lines: Lines, indent: int) -> tuple[list[Any], Lines]:
    found: list[Any] = []
    while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
        item = lines[0][1][2:]
        if ": " in item and not item.startswith('"'):
            value, lines = _block([(indent + 2, item), *lines[1:]], indent + 2)
        else:
            value, lines = _scalar(item), lines[1:]
        found.append(value)
    return found, lines


def _scalar(text: str) -> Any:
    if text.startswith('"'):
        return json.loads(text)
    return {"true": True, "false": False}.get(text, int(text) if text.isdecimal() else text)
