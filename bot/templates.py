"""
Templates: for each kind of credential how it is handed over, read from one YAML file when the bot starts.

Those in bot/templates.yml come with the program; a company's own file replaces them by name, each as a whole, and adds
to them.  A rule that was misspelt and ignored would be one that everybody believes in: whatever is not understood is
refused, with the template's name, the rule's and the line.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from bot import template_file
from bot.template import Scheme, Template
from bot.template_file import Entry, TemplatesError
from bot.template_rules import RULES, TAKEN_WORDS
from store.words import Verify

SHIPPED: Final = Path(__file__).with_name("templates.yml")

Templates = Mapping[str, Template]
"""By name; ANYTHING is always among them."""


def read(path: Path | None, expires_most: int, spans: Collection[int] | None = None) -> Templates:
    """
    The shipped templates, and over them those in a file.

    `expires_most` is the longest that a link may live, in seconds; `spans` are the only ones that a policy allows, None
    where it allows all.  Raises TemplatesError.
    """
    shipped = parse(template_file.read(SHIPPED), expires_most, spans)
    own = {} if path is None else parse(template_file.read(path), expires_most, spans)
    return {**shipped, **own}


def page_of_provider(templates: Templates, name: str) -> str | None:
    """Where what a template of this name hands over is rotated; None where it does not say, or is there no more."""
    known = templates.get(name)
    return (known.rotate_url or None) if known else None


def pages_of_providers(templates: Templates) -> Mapping[str, str]:
    """Where what each template hands over is rotated, by the names of those that say so."""
    return {name: known.rotate_url for name, known in templates.items() if known.rotate_url}


def parse(text: bytes, expires_most: int, spans: Collection[int] | None = None) -> Templates:
    """As `read`, for what one file holds."""
    problems: list[str] = []
    found = {
        entry.name: _template(entry, expires_most, spans, problems)
        for entry in template_file.entries(text, frozenset(RULES))
    }
    if problems:
        raise TemplatesError(problems)
    return found


def _template(entry: Entry, expires_most: int, spans: Collection[int] | None, problems: list[str]) -> Template:
    # Match the engagement, not infinity: only who says so hands over a key without being asked until when.
    said: dict[str, object] = {"until_engagement_ends": "rotate_by" not in entry.rules}

    def wrong(name: str, line: int, why: str) -> None:
        problems.append(f"template {entry.name}, {name} (line {line}): {why}")

    if entry.name in TAKEN_WORDS:
        wrong("its name", entry.line, "is a word that the command has another meaning for")
    for rule in entry.rules.values():
        try:
            said |= RULES[rule.name](rule)
        except ValueError as error:
            wrong(rule.name, rule.line, str(error))
    template = Template(entry.name, **said)  # type: ignore[arg-type]
    if template.expires is not None and template.expires > expires_most:
        wrong("expires", entry.rules["expires"].line, "is longer than EXPIRES_MAX")
    elif template.expires is not None and spans is not None and template.expires not in spans:
        # Another span in its place would be one that nobody has said.
        wrong("expires", entry.rules["expires"].line, "is not among the spans of expires in POLICY_FILE")
    if template.passphrase is Scheme.NONE and template.verify is not Verify.SLACK:
        wrong("passphrase", entry.rules["passphrase"].line, "may be none only where verify is slack")
    return template
