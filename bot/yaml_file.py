"""
A file of ours that people write in YAML, as its nodes: names with their values, and the line of each.

Composed, not loaded: nodes know their lines, and of two keys with one name a dict would keep one in silence.  What is
wrong is said with the line, and nothing of a value is repeated.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import yaml

Pairs = list[tuple[yaml.Node, yaml.Node]]


def read(path: Path, most_bytes: int) -> bytes:
    """What a file holds.  Raises ValueError, which says why it is not to be had."""
    try:
        with path.open("rb") as file:
            text = file.read(most_bytes + 1)
    except OSError:
        raise ValueError("names a file that cannot be read") from None
    if len(text) > most_bytes:
        raise ValueError(f"names a file that is longer than {most_bytes // 1024} KiB")
    return text


def pairs(text: bytes, else_said: str) -> Pairs:
    """The names in it with their values, in their order; of a file that has no names it is `else_said`.  As `read`."""
    try:
        whole = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ValueError(f"is not YAML{'' if mark is None else _on(mark)}") from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        # The two in the middle come of an escape like "\\UFFFFFFFF", which the library takes for a character.
        raise ValueError("is not YAML") from None
    if whole is None:
        return []
    if not isinstance(whole, yaml.MappingNode):
        raise ValueError(else_said)  # noqa: TRY004 - what is wrong is the file's text
    return list(whole.value)


def named(
    pairs: Iterable[tuple[yaml.Node, yaml.Node]],
    is_name: Callable[[str], object],
    bad: str,
    twice: str,
    problems: list[str],
) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Each name once, with its key and value; what is wrong with the others, `bad` or `twice`, goes into `problems`."""
    seen: set[str] = set()
    for key, value in pairs:
        if not isinstance(key, yaml.ScalarNode) or not is_name(key.value):
            problems.append(f"{bad}{on(key)}")
        elif key.value in seen:
            problems.append(f"{twice.format(name=key.value)}{on(key)}")
        else:
            seen.add(key.value)
            yield key.value, key, value


def line(node: yaml.Node) -> int:
    """The line on which it begins, as people count."""
    return int(node.start_mark.line) + 1


def on(node: yaml.Node) -> str:
    """The same as the end of a sentence."""
    return _on(node.start_mark)


def _on(mark: yaml.Mark) -> str:
    return f" (line {mark.line + 1})"
