"""
The file of webhooks: which endpoints it names, where each is, what it is told, and with what that is signed.

What is wrong is said with the endpoint's name, the rule's name and the line; nothing of a value is repeated, nor of a
secret's file.
"""

import base64
import binascii
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

import yaml

from bot import webhook_addresses, yaml_file
from bot.webhook_endpoint import Endpoint
from bot.yaml_file import on
from store.words import Event

MOST_ENDPOINTS: Final = 20
PREFIX: Final = "whsec_"
_MOST_BYTES: Final = 64 * 1024
_MOST_IN_URL: Final = 2000
_MOST_IN_SECRET: Final = 512
_SECRET_BYTES: Final = range(24, 65)
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_RULES: Final = ("url", "secret_file", "events", "network")
_BEGINNINGS: Final = frozenset(f"{event.split('.')[0]}." for event in Event)
_LIKE_AN_ADDRESS: Final = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?", re.IGNORECASE)
_Rules = dict[str, yaml.Node]
T = TypeVar("T")


class WebhooksError(ValueError):
    """What is wrong with a file, each problem a sentence's end with its line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read(path: Path) -> tuple[Endpoint, ...]:
    """The endpoints in a file, with their secrets.  Raises WebhooksError."""
    try:
        pairs = yaml_file.pairs(yaml_file.read(path, _MOST_BYTES), "holds no endpoints, each as `name:` with its rules")
    except ValueError as error:
        raise WebhooksError([str(error)]) from None
    if len(pairs) > MOST_ENDPOINTS:
        raise WebhooksError([f"holds more than {MOST_ENDPOINTS} endpoints"])
    problems: list[str] = []
    found: dict[str, Endpoint | None] = {}
    bad, twice = "an endpoint's name is of small letters, digits and dashes", "endpoint {name} stands there twice"
    for name, _, value in yaml_file.named(pairs, _NAME.fullmatch, bad, twice, problems):
        found[name] = _endpoint(name, value, path.parent, problems)
    if problems:
        raise WebhooksError(problems)
    return tuple(endpoint for endpoint in found.values() if endpoint is not None)


def _endpoint(name: str, node: yaml.Node, folder: Path, problems: list[str]) -> Endpoint | None:
    rules = _rules(name, node, problems)
    missing = [needed for needed in ("url", "secret_file") if needed not in rules]
    problems += [f"endpoint {name} has no {needed}{on(node)}" for needed in missing]
    if missing:
        return None
    before = len(problems)

    def judged(rule: str, read_as: Callable[[yaml.Node], T], otherwise: T) -> T:
        if rule not in rules:
            return otherwise
        try:
            return read_as(rules[rule])
        except ValueError as error:
            problems.append(f"endpoint {name}, {rule} {error}{on(rules[rule])}")
            return otherwise

    is_private = judged("network", _is_private, "network" in rules)
    url = judged("url", partial(_url, is_private=is_private), "")
    secrets: tuple[str, ...] = judged("secret_file", partial(_secrets, folder), ())
    events: tuple[str, ...] = judged("events", _events, ())
    return Endpoint(name, url, secrets, events, is_private) if len(problems) == before else None


def _rules(endpoint: str, node: yaml.Node, problems: list[str]) -> _Rules:
    if not isinstance(node, yaml.MappingNode):
        return {}
    bad, twice = f"endpoint {endpoint} has a rule that I do not know", f"endpoint {endpoint} has {{name}} twice"
    known = yaml_file.named(node.value, _RULES.__contains__, bad, twice, problems)
    return {name: value for name, _, value in known}


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise ValueError("must be a text, and not an empty one")
    return str(node.value).strip()


def _texts(node: yaml.Node) -> list[str]:
    return [_text(one) for one in node.value] if isinstance(node, yaml.SequenceNode) else [_text(node)]


def _is_private(node: yaml.Node) -> bool:
    if _text(node) != "private":
        raise ValueError("must be private, or not stand there")
    return True


def _url(node: yaml.Node, *, is_private: bool) -> str:
    url = _text(node)
    try:
        parts = urlsplit(url)
        host, is_whole = parts.hostname or "", parts.port != 0
    except ValueError:
        raise ValueError("is not an address") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and is_private):
        raise ValueError("must begin with https:// (http:// only with network: private)")
    if not host or not is_whole or len(url) > _MOST_IN_URL:
        raise ValueError("is not an address")
    if not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>'):
        raise ValueError("must be in ASCII (an international name in its xn-- form), without white space")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("must hold no user name, no password before an @, and no #")
    address = webhook_addresses.of(host)
    if address is None and _LIKE_AN_ADDRESS.fullmatch(host.removesuffix(".").rpartition(".")[2]):
        # Systems read 127.1 and 0x7f000001 as addresses, each in its own way.
        raise ValueError("has an address in a form that is not read everywhere: write it as four numbers")
    if address is not None and not is_private and not webhook_addresses.is_public(host):
        raise ValueError("is at an address that not everybody can reach: that needs network: private")
    return url


def _secrets(folder: Path, node: yaml.Node) -> tuple[str, ...]:
    names = _texts(node)
    if not 1 <= len(names) <= 2:
        raise ValueError("must name one file, or two while a secret is replaced, the newer first")
    secrets = tuple(_secret(folder / name) for name in names)
    if len(set(secrets)) != len(secrets):
        raise ValueError("names the same secret twice")
    return secrets


def _secret(path: Path) -> str:
    try:
        text = yaml_file.read(path, _MOST_IN_SECRET).decode().strip()
        raw = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (UnicodeDecodeError, binascii.Error):
        text, raw = "", b""
    if not text.startswith(PREFIX) or len(raw) not in _SECRET_BYTES:
        raise ValueError(f"names a file that must hold {PREFIX} and 24 to 64 bytes in base64, and nothing else")
    return text


def _events(node: yaml.Node) -> tuple[str, ...]:
    events = tuple(_texts(node))
    if not events:
        raise ValueError("must name one at least, or not stand there")
    if not all(event in _BEGINNINGS or event in set(Event) for event in events):
        raise ValueError("must be event words like drop.claimed, or their beginnings like drop. with the dot")
    return events
