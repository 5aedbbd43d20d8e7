"""
What each rule of a template may say.

A function for each reads its value, or says in words what it must be.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import yaml

from bot import durations, grammar
from bot.form import MOST_IN_HINT, MOST_IN_LABEL
from bot.patterns import Pattern, UnusablePatternError, compiled
from bot.template import Broad, Scheme
from bot.template_file import Rule
from store.words import Verify

Said = dict[str, Any]
_Word = TypeVar("_Word", bound=StrEnum)

TAKEN_WORDS: Final = grammar.TAKEN
"""What cannot be a template's name, because the command takes it for something else."""
ENGAGEMENT_END: Final = "engagement_end"
_NEVER: Final = "none"
_MOST_IN_URL: Final = 300
_MOST_IN_WARNING: Final = 200
_MOST_TAGS: Final = 10
_MOST_BROAD: Final = 10
_TAG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")
_VARIABLE: Final = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")
# A reader copies NAME=value into their environment: under one of these names a secret would choose what is run.
_CHANGES_PROGRAMS: Final = re.compile(
    r"(LD|DYLD|BASH|MALLOC|XDG|LC|GLIBC|DOTNET|COMPLUS|CORECLR|PIP|UV|NPM_CONFIG|BUNDLE)_[A-Z0-9_]*|[A-Z0-9_]*PATH|_+"
    r"|PYTHON(STARTUP|HOME|INSPECT|WARNINGS|BREAKPOINT|USERBASE|EXECUTABLE)|PERL5?(OPT|LIB|DB)|RUBY(OPT|LIB)|ZDOTDIR"
    r"|NODE_EXTRA_CA_CERTS|BASHOPTS|GEM_HOME"
    r"|ENV|IFS|HOME|LANG|SHELL|SHELLOPTS|PS[0-4]|PROMPT_COMMAND|EDITOR|VISUAL|PAGER|LESSOPEN|BROWSER|TERM|TMPDIR"
    r"|NODE_OPTIONS|JAVA_TOOL_OPTIONS|_?JAVA_OPTIONS|JDK_JAVA_OPTIONS|MAVEN_OPTS|RUSTC_WRAPPER"
    r"|GIT_(CONFIG[A-Z0-9_]*|SSH|SSH_COMMAND|EDITOR|PAGER|ASKPASS|EXTERNAL_DIFF|PROXY_COMMAND)|SSH_ASKPASS"
    r"|(HTTP|HTTPS|ALL|NO|FTP)_PROXY"
)


class _OnLock(StrEnum):
    LOCK = "lock"
    DESTROY = "destroy"


def _label(rule: Rule) -> Said:
    return {"label": _line(rule.text, MOST_IN_LABEL)}


def _hint(rule: Rule) -> Said:
    return {"hint": _line(rule.text, MOST_IN_HINT)}


def _expires(rule: Rule) -> Said:
    return {"expires": _span(rule)}


def _unviewed_after(rule: Rule) -> Said:
    return {"unviewed_after": _span(rule)}


def _rotate_by(rule: Rule) -> Said:
    # Without quotation marks {engagement_end} is a mapping to YAML.
    if isinstance(rule.node, yaml.MappingNode):
        names = [(key.value, value.value) for key, value in rule.node.value]
        is_end = names == [(ENGAGEMENT_END, "")]
    else:
        is_end = rule.text.strip() == f"{{{ENGAGEMENT_END}}}"
    if is_end:
        return {"until_engagement_ends": True}
    if rule.text.strip() == _NEVER:
        return {}
    try:
        return {"rotate_after": _span(rule)}
    except ValueError:
        raise ValueError(f"must be {{{ENGAGEMENT_END}}}, {_NEVER}, or a number and m, h or d, like 30d") from None


def _rotate_url(rule: Rule) -> Said:
    url = rule.text.strip()
    try:
        address = urlsplit(url)
        is_good = address.scheme == "https" and bool(address.hostname) and "@" not in address.netloc
    except ValueError:
        is_good = False
    # It stands in Slack's markup, between < and |.
    if not is_good or len(url) > _MOST_IN_URL or re.search(r"[^!-~]|[<>|]", url):
        raise ValueError(f"must be the address of a page, with https:// and of at most {_MOST_IN_URL} characters")
    return {"rotate_url": url}


def _passphrase(rule: Rule) -> Said:
    return {"passphrase": _one_of(Scheme, rule)}


def _verify(rule: Rule) -> Said:
    return {"verify": _one_of(Verify, rule)}


def _on_lock(rule: Rule) -> Said:
    return {"on_lock": _one_of(_OnLock, rule).value}


def _variable(rule: Rule) -> Said:
    name = rule.text.strip()
    if not _VARIABLE.fullmatch(name):
        raise ValueError("must be of capital letters, digits and _, like STRIPE_API_KEY")
    if _CHANGES_PROGRAMS.fullmatch(name):
        raise ValueError("must not be a name that changes how programs run")
    return {"variable": name}


def _tags(rule: Rule) -> Said:
    parts = rule.node.value if isinstance(rule.node, yaml.SequenceNode) else []
    tags = [part.value for part in parts if isinstance(part, yaml.ScalarNode) and _TAG.fullmatch(part.value)]
    if not 0 < len(parts) <= _MOST_TAGS or len(tags) < len(parts):
        raise ValueError(f"must be a list of at most {_MOST_TAGS} words of small letters, digits and dashes")
    return {"tags": tuple(tags)}


def _format(rule: Rule) -> Said:
    return {"format": _pattern(rule.text)}


def _too_broad(rule: Rule) -> Said:
    parts = rule.node.value if isinstance(rule.node, yaml.SequenceNode) else []
    if not 0 < len(parts) <= _MOST_BROAD:
        raise ValueError(f"must be a list of at most {_MOST_BROAD}, each with `pattern` and `says`")
    return {"too_broad": tuple(_broad(part) for part in parts)}


def _broad(node: yaml.Node) -> Broad:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    said = {key.value: value.value for key, value in pairs if isinstance(value, yaml.ScalarNode)}
    if len(pairs) != len(said) or said.keys() != {"pattern", "says"}:
        raise ValueError(f"each must have just `pattern` and `says` (line {node.start_mark.line + 1})")
    try:
        return Broad(_pattern(said["pattern"]), _line(said["says"], _MOST_IN_WARNING))
    except ValueError as error:
        raise ValueError(f"{error} (line {node.start_mark.line + 1})") from None


def _pattern(text: str) -> Pattern:
    try:
        return compiled(text)
    except UnusablePatternError as error:
        raise ValueError(f"is {error}") from None


def _one_of(words: type[_Word], rule: Rule) -> _Word:
    try:
        return words(rule.text.strip())
    except ValueError:
        raise ValueError(f"must be {', '.join(words)}") from None


def _span(rule: Rule) -> int:
    return durations.seconds(rule.text.strip())


def _line(text: str, most: int) -> str:
    line = text.strip()
    if not line or len(line) > most or not line.isprintable():
        raise ValueError(f"must be one line of at most {most} characters")
    return line


RULES: Final[Mapping[str, Callable[[Rule], Said]]] = {
    "label": _label,
    "expires": _expires,
    "rotate_by": _rotate_by,
    "rotate_url": _rotate_url,
    "passphrase": _passphrase,
    "hint": _hint,
    "verify": _verify,
    "on_lock": _on_lock,
    "unviewed_after": _unviewed_after,
    "variable": _variable,
    "tags": _tags,
    "format": _format,
    "too_broad": _too_broad,
}
