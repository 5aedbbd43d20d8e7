"""
The policy: what this company lets people do, in one YAML file, read when the bot starts.

A rule that was misspelt and ignored would be one that everybody believes in.  So whatever is not understood is refused,
with its line, and nothing of a value is repeated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import yaml

_MOST_BYTES: Final = 64 * 1024


class Typed(StrEnum):
    """Where secrets may be typed: in Slack's form too, or in a page or program outside Slack only."""

    ANYWHERE = "anywhere"
    OUTSIDE_SLACK = "outside-slack"


@dataclass(frozen=True)
class Policy:
    """The rules; as they stand here where the file does not name them."""

    secrets_typed: Typed = Typed.ANYWHERE

    @property
    def outside_only(self) -> bool:
        """Whether no secret may be typed into Slack."""
        return self.secrets_typed is Typed.OUTSIDE_SLACK


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
    except (yaml.YAMLError, UnicodeDecodeError):
        raise ValueError("names a file that is not YAML") from None
    if whole is None:
        return Policy()
    if not isinstance(whole, yaml.MappingNode):
        raise ValueError(  # noqa: TRY004 - what is wrong is the file's text
            "names a file that holds no rules, each on a line as `name: value`"
        )
    rules: dict[str, Typed] = {}
    for name, value in whole.value:
        known = _RULES.get(name.value) if isinstance(name, yaml.ScalarNode) else None
        if known is None:
            raise ValueError(f"has a rule that I do not know{_on(name.start_mark)}; I know {', '.join(_RULES)}")
        if name.value in rules:
            raise ValueError(f"has {name.value} twice{_on(name.start_mark)}")
        try:
            rules[name.value] = known(value.value if isinstance(value, yaml.ScalarNode) else "")
        except ValueError:
            allowed = " or ".join(one.value for one in Typed)
            raise ValueError(f"has a value for {name.value} that is not {allowed}{_on(value.start_mark)}") from None
    return Policy(**rules)


_RULES: Final[dict[str, Callable[[str], Typed]]] = {"secrets_typed": Typed}


def _on(mark: yaml.Mark | None) -> str:
    return "" if mark is None else f" (line {mark.line + 1})"
