"""What members of Block Kit objects may be: texts, flags, choices, URLs, days, lists and objects."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from sandbox.block_kit.shapes import Breach, Shape


class Flat:
    """A kind with nothing inside."""

    said = ""

    def wrong(self, value: Any) -> str | None:
        raise NotImplementedError

    def inside(self, value: Any, pointer: str) -> Iterator[Breach]:
        yield from ()


class String(Flat):
    """A bare string of `least` to `most` characters."""

    def __init__(self, most: int, least: int = 1) -> None:
        self.least, self.most = least, most
        self.said = f"a string of {least} to {most} characters"

    def wrong(self, value: Any) -> str | None:
        if not isinstance(value, str):
            return "must be a string"
        if not self.least <= len(value) <= self.most:
            return f"must be {self.least} to {self.most} characters, is {len(value)}"
        return None


class Flag(Flat):
    said = "true or false"

    def wrong(self, value: Any) -> str | None:
        return None if isinstance(value, bool) else "must be true or false"


class Choice(Flat):
    def __init__(self, *words: str) -> None:
        self.words = words
        self.said = "one of " + ", ".join(words)

    def wrong(self, value: Any) -> str | None:
        return None if value in self.words else f"must be {self.said}"


class Whole(Flat):
    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most
        self.said = f"a whole number from {least} to {most}"

    def wrong(self, value: Any) -> str | None:
        right = isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most
        return None if right else f"must be {self.said}"


class Url(Flat):
    """An absolute http(s) address without spaces."""

    def __init__(self, most: int = 3000) -> None:
        self.most = most
        self.said = f"a URL of at most {most} characters"

    def wrong(self, value: Any) -> str | None:
        if not isinstance(value, str) or len(value) > self.most:
            return f"must be {self.said}"
        try:
            parts = urlsplit(value)
            host = parts.hostname
        except ValueError:
            return "invalid url"
        fine = parts.scheme in ("http", "https") and host and not re.search(r"[\s<>\"]", value)
        return None if fine else "invalid url"


class Day(Flat):
    said = "a day written YYYY-MM-DD"

    def wrong(self, value: Any) -> str | None:
        try:
            datetime.date.fromisoformat(value)
        except (TypeError, ValueError):
            return f"must be {self.said}"
        return None if len(value) == 10 else f"must be {self.said}"


class Matching(Flat):
    """A string of a given form, e.g. a user id."""

    def __init__(self, pattern: str, said: str) -> None:
        self.pattern, self.said = re.compile(pattern), said

    def wrong(self, value: Any) -> str | None:
        fine = isinstance(value, str) and self.pattern.fullmatch(value)
        return None if fine else f"must be {self.said}"


class Text(Flat):
    """A text object; plain_text only unless `mrkdwn`."""

    def __init__(self, most: int, *, mrkdwn: bool = False) -> None:
        self.most, self.mrkdwn = most, mrkdwn
        self.said = f"{'plain_text or mrkdwn' if mrkdwn else 'plain_text'} of 1 to {most} characters"

    def wrong(self, value: Any) -> str | None:
        if not isinstance(value, dict):
            return "must be a text object"
        kind, text = value.get("type"), value.get("text")
        allowed = ("plain_text", "mrkdwn") if self.mrkdwn else ("plain_text",)
        if kind not in allowed:
            return f"must be {' or '.join(allowed)}"
        if not isinstance(text, str) or not 1 <= len(text) <= self.most:
            return f"must be 1 to {self.most} characters"
        return None

    def inside(self, value: Any, pointer: str) -> Iterator[Breach]:
        from sandbox.block_kit.objects import MRKDWN, PLAIN

        yield from (PLAIN if value["type"] == "plain_text" else MRKDWN).breaches(value, pointer)


class Nested:
    """One object of a known shape."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.said = f"a {shape.name} object"

    def wrong(self, value: Any) -> str | None:
        return None if isinstance(value, dict) else f"must be {self.said}"

    def inside(self, value: Any, pointer: str) -> Iterator[Breach]:
        yield from self.shape.breaches(value, pointer)


class Typed:
    """One object whose `type` says which of several shapes it has."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self.shapes = shapes
        self.said = "one of " + ", ".join(shapes)

    def wrong(self, value: Any) -> str | None:
        if not isinstance(value, dict):
            return "must be an object"
        kind = value.get("type")
        return None if isinstance(kind, str) and kind in self.shapes else f"unsupported type: {kind}"

    def inside(self, value: Any, pointer: str) -> Iterator[Breach]:
        yield from self.shapes[value["type"]].breaches(value, pointer)


class Many:
    """A list of `least` to `most` parts."""

    def __init__(self, part: Any, most: int, least: int = 1) -> None:
        self.part, self.least, self.most = part, least, most
        self.said = f"a list of {least} to {most} items, each {part.said}"

    def wrong(self, value: Any) -> str | None:
        if not isinstance(value, list):
            return "must be a list"
        if len(value) > self.most:
            return f"no more than {self.most} items allowed"
        if len(value) < self.least:
            return f"no fewer than {self.least} items allowed"
        for one in value:
            said: str | None = self.part.wrong(one)
            if said:
                return said
        return None

    def inside(self, value: Any, pointer: str) -> Iterator[Breach]:
        for place, one in enumerate(value):
            yield from self.part.inside(one, f"{pointer}/{place}")
