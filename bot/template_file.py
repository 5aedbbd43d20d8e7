"""
The file of templates as YAML has it: which templates it names, which rules each has, and on which line.

What is wrong is said with the template's name, the rule's name and the line; nothing of a value is repeated, nor a name
that is none.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from bot import yaml_file
from bot.yaml_file import line, on

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
        return yaml_file.read(path, _MOST_BYTES)
    except ValueError as error:
        raise TemplatesError([str(error)]) from None


def entries(text: bytes, known: frozenset[str]) -> list[Entry]:
    """The templates in it, each with its rules, which are of those `known`.  Raises TemplatesError."""
    try:
        pairs = yaml_file.pairs(text, "holds no templates, each as `name:` with its rules under it")
    except ValueError as error:
        raise TemplatesError([str(error)]) from None
    if len(pairs) > MOST_TEMPLATES:
        raise TemplatesError([f"holds more than {MOST_TEMPLATES} templates"])
    problems: list[str] = []
    found: dict[str, Entry] = {}
    bad, twice = "a template's name is of small letters, digits and dashes", "template {name} stands there twice"
    for name, key, value in yaml_file.named(pairs, _NAME.fullmatch, bad, twice, problems):
        found[name] = Entry(name, line(key), _rules(name, value, known, problems))
    if problems:
        raise TemplatesError(problems)
    return list(found.values())


def _rules(template: str, node: yaml.Node, known: frozenset[str], problems: list[str]) -> dict[str, Rule]:
    if isinstance(node, yaml.ScalarNode) and not node.value:
        return {}
    if not isinstance(node, yaml.MappingNode):
        problems.append(f"template {template} has no rules, each on a line as `name: value`{on(node)}")
        return {}
    bad, twice = f"template {template} has a rule that I do not know", f"template {template} has {{name}} twice"
    rules = yaml_file.named(node.value, known.__contains__, bad, twice, problems)
    return {name: Rule(name, value, line(value)) for name, _, value in rules}
