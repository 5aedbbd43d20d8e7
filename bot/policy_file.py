"""
The policy's file: YAML, one rule on a line, read when the bot starts.

A rule that was misspelt and ignored would be one that everybody believes in.  So whatever is not understood is refused,
with its line, and nothing of a value is repeated.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

from bot import durations, yaml_file
from bot.policy import MOST_LEAST, OnTheLine, Outside, Policy, Senders, Typed, Verification
from bot.yaml_file import on
from store.passphrase_form import FEWEST_CHARACTERS

_MOST_BYTES: Final = 64 * 1024
_MOST_SPANS: Final = 20
_Word = TypeVar("_Word", bound=StrEnum)


def read(path: Path) -> Policy:
    """The policy in a file.  Raises ValueError, which says what is wrong and on which line."""
    return parse(yaml_file.read(path, _MOST_BYTES))


def spans(path: Path | None) -> Sequence[int] | None:
    """The only spans that a link may live by the policy in a file, if there is one; None for any.  Raises as `read`."""
    return None if path is None else read(path).expires


def parse(text: bytes) -> Policy:
    """As `read`, for what the file holds."""
    rules: dict[str, Any] = {}
    for name, value in yaml_file.pairs(text, "holds no rules, each on a line as `name: value`"):
        known = _RULES.get(name.value) if isinstance(name, yaml.ScalarNode) else None
        if known is None:
            raise ValueError(f"has a rule that I do not know{on(name)}; I know {', '.join(_RULES)}")
        if name.value in rules:
            raise ValueError(f"has {name.value} twice{on(name)}")
        try:
            rules[name.value] = known(value)
        except ValueError as error:
            raise ValueError(f"has a value for {name.value} that is not {error}{on(value)}") from None
    return Policy(**rules, named=frozenset(rules))


def _word(words: type[_Word]) -> Callable[[yaml.Node], _Word]:
    def read_word(value: yaml.Node) -> _Word:
        try:
            return words(_scalar(value))
        except ValueError:
            raise ValueError(" or ".join(one.value for one in words)) from None

    return read_word


def _spans(value: yaml.Node) -> tuple[int, ...]:
    spans = value.value if isinstance(value, yaml.SequenceNode) else []
    try:
        found = tuple(durations.seconds(_scalar(one)) for one in spans)
    except ValueError:
        found = ()
    if not found or len(found) > _MOST_SPANS or len(set(found)) < len(found) or min(found) < durations.LEAST_SECONDS:
        raise ValueError(
            f"a list of spans like [1h, 24h, 3d], each once, {durations.spoken(durations.LEAST_SECONDS)} at least and "
            f"{_MOST_SPANS} of them at most"
        )
    return tuple(sorted(found))


def _least(value: yaml.Node) -> int:
    text = _scalar(value)
    if not (text.isascii() and text.isdecimal()) or not FEWEST_CHARACTERS <= int(text[:9]) <= MOST_LEAST:
        raise ValueError(
            f"a number of characters from {FEWEST_CHARACTERS} to {MOST_LEAST}, which is how long those are that I make"
        )
    return int(text)


def _scalar(value: yaml.Node) -> str:
    return str(value.value) if isinstance(value, yaml.ScalarNode) else ""


_RULES: Final[dict[str, Callable[[yaml.Node], Any]]] = {
    "who_may_send": _word(Senders),
    "expires": _spans,
    "passphrase_least": _least,
    "secrets_typed": _word(Typed),
    "outside_recipients": _word(Outside),
    "text_on_the_line": _word(OnTheLine),
    "verify": _word(Verification),
}
