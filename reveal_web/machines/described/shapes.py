"""
How a value is described: small builders of JSON Schema (2020-12), and of what an operation answers.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from reveal_web.machines import problems as machines
from reveal_web.reader import answers as reader

Json = dict[str, Any]

PROBLEM_JSON: Final = "application/problem+json"
_URN: Final = "urn:sendsecret:problem:"
_NAME: Final = "problem-"


def text(description: str, **more: Any) -> Json:
    """A string."""
    return {"type": "string", "description": description, **more}


def base64url(size: int, description: str) -> Json:
    """So many bytes as unpadded base64url."""
    length = -(-size * 4 // 3)
    return text(f"{description}; {size} bytes", pattern=f"^[A-Za-z0-9_-]{{{length}}}$")


def whole(description: str, **more: Any) -> Json:
    """A whole number, none below 0."""
    return {"type": "integer", "minimum": 0, "description": description, **more}


def moment(description: str) -> Json:
    """A time."""
    return whole(f"{description}, in Unix seconds")


def word(words: type[StrEnum] | Sequence[str], description: str) -> Json:
    """One of several words."""
    return {"type": "string", "enum": [str(one) for one in words], "description": description}


def or_null(shape: Json) -> Json:
    """The same, or null."""
    return {"anyOf": [{key: value for key, value in shape.items() if key != "description"}, {"type": "null"}]} | {
        "description": shape.get("description", "") or "Or null"
    }


def members(properties: Mapping[str, Json], *, optional: Sequence[str] = (), description: str = "") -> Json:
    """An object with just these members, all of them unless they are optional."""
    shape: Json = {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "properties": dict(properties),
        "additionalProperties": False,
    }
    return shape | ({"description": description} if description else {})


def ref(name: str) -> Json:
    """A schema that stands among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def answer(description: str, shape: Json, *, headers: Mapping[str, Json] | None = None) -> Json:
    """An answer of JSON."""
    content = {"application/json": {"schema": shape}}
    told: Json = {"description": description, "content": content}
    return told if headers is None else {**told, "headers": headers}


def body(shape: Json) -> Json:
    """What a request holds, as JSON."""
    return {"required": True, "content": {"application/json": {"schema": shape}}}


RETRY_AFTER: Final[Json] = {
    "Retry-After": {"description": "Whole seconds to wait", "schema": {"type": "integer", "minimum": 0}}
}

_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "wrong-scope": ("scope",),
    "too-late": ("state", "outcome", "at"),
    "ended": ("state", "at"),
    "wrong-passphrase": ("tries_left", "retry_after_seconds"),
    "too-soon": ("retry_after_seconds",),
    "slow-down": ("retry_after_seconds",),
    "wrong-tokens": ("retry_after_seconds",),
    "asked-too-often": ("retry_after_seconds",),
    "sent-too-often": ("retry_after_seconds",),
    "busy": ("retry_after_seconds",),
    "idempotency-running": ("retry_after_seconds",),
    "unavailable": ("retry_after_seconds",),
    "key-unreadable": ("retry_after_seconds",),
    "unacceptable": ("why",),
    "unacceptable-record": ("why",),
}
"""What stands beside type, title and status."""
_SHAPES: Final[Mapping[str, Json]] = {
    "scope": text("What the token would have to be for"),
    "state": text("How the drop stands, or how it ended"),
    "outcome": text("How the drop ended"),
    "at": or_null(moment("When")),
    "why": text("What does not fit"),
    "tries_left": whole("Guesses before the drop locks"),
    "retry_after_seconds": whole("Whole seconds to wait"),
}


def problems(*slugs: str, late_body: bool = False) -> Json:
    """The problems of an operation, by their status; `late_body` where a body may come too slowly."""
    by_status: dict[int, list[str]] = {}
    for slug in slugs:
        by_status.setdefault(status_of(slug), []).append(slug)
    if late_body:
        by_status[408] = ["malformed"]
    return {str(status): _problem(found) for status, found in sorted(by_status.items())}


def status_of(slug: str) -> int:
    """The usual status of a problem."""
    return (machines.TITLES.get(slug) or reader.PROBLEMS[slug])[0]


def title_of(slug: str) -> str:
    """What a problem says."""
    return (machines.TITLES.get(slug) or reader.PROBLEMS[slug])[1]


def _problem(slugs: Sequence[str]) -> Json:
    shapes = [ref(_NAME + slug) for slug in slugs]
    told: Json = {
        "description": "; ".join(f"`{slug}`: {title_of(slug)}" for slug in slugs),
        "content": {PROBLEM_JSON: {"schema": shapes[0] if len(shapes) == 1 else {"oneOf": shapes}}},
    }
    if any("retry_after_seconds" in _MEMBERS.get(slug, ()) for slug in slugs):
        told["headers"] = RETRY_AFTER
    return told


def every_problem() -> dict[str, Json]:
    """The schema of each, for the components."""
    return {_NAME + slug: _one(slug) for slug in sorted({*machines.TITLES, *reader.PROBLEMS})}


def _one(slug: str) -> Json:
    properties: dict[str, Json] = {
        "type": {"const": _URN + slug},
        "title": {"type": "string"},
        # A body that comes too slowly is malformed, too.
        "status": {"enum": [400, 408]} if slug == "malformed" else {"const": status_of(slug)},
        **{name: _SHAPES[name] for name in _MEMBERS.get(slug, ())},
    }
    return members(properties, optional=("retry_after_seconds",), description=title_of(slug))
