"""
The policy's file: YAML, one rule on a line, read when the bot starts.

A rule that was misspelt and ignored would be one that everybody believes in.  So whatever is not understood is refused,
with its line, and nothing of a value is repeated.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

from bot import durations
from bot.policy import MOST_LEAST, OnTheLine, Outside, Policy, Senders, Typed, Verification
from store.passphrase_form import FEWEST_CHARACTERS

_MOST_BYTES: Final = 64 * 1024
_MOST_SPANS: Final = 20
_Word = TypeVar("_Word", bound=StrEnum)


def read(path: Path) -> Policy:
    """The policy in a file.  Raises ValueError, which says what is wrong and on which line."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES + 1)
    except OSError:
        raise ValueError("names a file that cannot be read") from None
    if len(text) > _MOST_BYTES:
        raise ValueError(f"names a file that is longer than {_MOST_BYTES // 1024} KiB")
    return parse(text)


def parse(text: bytes) -> Policy:
    """As `read`, for what the file holds."""
    try:
        # Composed, not loaded: nodes know their lines, and of two keys with one name a dict would keep one in silence.
        whole = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise ValueError(f"names a file that is not YAML{_on(error.problem_mark or error.context_mark)}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise ValueError("names a file that is not YAML") from None
    if whole is None:
        return Policy()
    if not isinstance(whole, yaml.MappingNode):
        raise ValueError(  # noqa: TRY004 - what is wrong is the file's text
            "names a file that holds no rules, each on a line as `name: value`"
        )
    rules: dict[str, Any] = {}
    for name, value in whole.value:
        known = _RULES.get(name.value) if isinstance(name, yaml.ScalarNode) else None
        if known is None:
            raise ValueError(f"has a rule that I do not know{_on(name.start_mark)}; I know {', '.join(_RULES)}")
        if name.value in rules:
            raise ValueError(f"has {name.value} twice{_on(name.start_mark)}")
        try:
            rules[name.value] = known(value)
        except ValueError as error:
            raise ValueError(f"has a value for {name.value} that is not {error}{_on(value.start_mark)}") from None
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


def _on(mark: yaml.Mark | None) -> str:
    return "" if mark is None else f" (line {mark.line + 1})"


_RULES: Final[dict[str, Callable[[yaml.Node], Any]]] = {
    "who_may_send": _word(Senders),
    "expires": _spans,
    "passphrase_least": _least,
    "secrets_typed": _word(Typed),
    "outside_recipients": _word(Outside),
    "text_on_the_line": _word(OnTheLine),
    "verify": _word(Verification),
}
