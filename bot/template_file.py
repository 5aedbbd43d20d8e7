"""
The file of templates as YAML has it: which templates it names, which rules each has, and on which line.

Composed, not loaded: nodes know their lines, and of two keys with one name a dict would keep one in silence.  What is
wrong is said with the template's name, the rule's name and the line; nothing of a value is repeated, nor a name that
is none.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

MOST_TEMPLATES: Final = 90
"""With those that come with the program they stand in one of Slack's menus, which takes a hundred."""
_MOST_BYTES: Final = 256 * 1024
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class Rule:
    """One rule of one template as it is written, and the line on which its value begins."""

    name: str
    node: yaml.Node = field(repr=False)
    line: int

    @property
    def text(self) -> str:
        """A value of one piece.  Raises ValueError for a list or a mapping, and for none."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            raise ValueError("must be a text, and not an empty one")
        return str(self.node.value)


@dataclass(frozen=True)
class Entry:
    """One template as it is written."""

    name: str
    line: int
    rules: dict[str, Rule]


class TemplatesError(ValueError):
    """What is wrong with a file, each problem a sentence's end with its line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read(path: Path) -> bytes:
    """What a file holds.  Raises TemplatesError."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES + 1)
    except OSError:
        raise TemplatesError(["names a file that cannot be read"]) from None
    if len(text) > _MOST_BYTES:
        raise TemplatesError([f"names a file that is longer than {_MOST_BYTES // 1024} KiB"])
    return text


def entries(text: bytes, known: frozenset[str]) -> list[Entry]:
    """The templates in it, each with its rules, which are of those `known`.  Raises TemplatesError."""
    try:
        whole = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        on = "" if mark is None else f" (line {mark.line + 1})"
        raise TemplatesError([f"is not YAML{on}"]) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise TemplatesError(["is not YAML"]) from None
    if whole is None:
        return []
    if not isinstance(whole, yaml.MappingNode):
        raise TemplatesError(["holds no templates, each as `name:` with its rules under it"])
    if len(whole.value) > MOST_TEMPLATES:
        raise TemplatesError([f"holds more than {MOST_TEMPLATES} templates"])
    problems: list[str] = []
    found: dict[str, Entry] = {}
    for key, value in whole.value:
        name = key.value if isinstance(key, yaml.ScalarNode) and _NAME.fullmatch(key.value) else None
        if name is None:
            problems.append(f"a template's name is of small letters, digits and dashes{_on(key)}")
        elif name in found:
            problems.append(f"template {name} stands there twice{_on(key)}")
        else:
            found[name] = Entry(name, _line(key), _rules(name, value, known, problems))
    if problems:
        raise TemplatesError(problems)
    return list(found.values())


def _rules(template: str, node: yaml.Node, known: frozenset[str], problems: list[str]) -> dict[str, Rule]:
    if isinstance(node, yaml.ScalarNode) and not node.value:
        return {}
    if not isinstance(node, yaml.MappingNode):
        problems.append(f"template {template} has no rules, each on a line as `name: value`{_on(node)}")
        return {}
    rules: dict[str, Rule] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) and key.value in known else None
        if name is None:
            problems.append(f"template {template} has a rule that I do not know{_on(key)}")
        elif name in rules:
            problems.append(f"template {template} has {name} twice{_on(key)}")
        else:
            rules[name] = Rule(name, value, _line(value))
    return rules


def _on(node: yaml.Node) -> str:
    return f" (line {_line(node)})"


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
