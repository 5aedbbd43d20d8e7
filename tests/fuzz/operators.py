"""Files in YAML that whoever runs this writes: what is wrong is said by us, never by a library that repeats it."""

import traceback
from pathlib import Path
from typing import Final

from bot import policy_file, templates
from bot.policy import Policy
from bot.template_file import TemplatesError
from tests.fuzz.target import ACCEPTED, Target, refused

_BOT: Final = Path(policy_file.__file__).parent
_MOST_SECONDS: Final = 30 * 86400


def _require_said_by_us(error: ValueError) -> None:
    """That the sentence is one of ours: one of a library's may repeat what stands in the file, and helps nobody."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    assert Path(last.filename).parent == _BOT, f"said by {Path(last.filename).name}"


def _judge_policy(raw: bytes) -> str:
    try:
        policy = policy_file.parse(raw)
    except ValueError as error:
        _require_said_by_us(error)
        assert type(error) is ValueError
        return refused(error)
    assert isinstance(policy, Policy)
    assert policy_file.parse(raw) == policy
    return ACCEPTED


def _judge_templates(raw: bytes) -> str:
    try:
        found = templates.parse(raw, _MOST_SECONDS)
    except TemplatesError as error:
        _require_said_by_us(error)
        assert error.problems
        assert all(error.problems)
        return refused(error)
    assert all(name == one.name for name, one in found.items())
    assert templates.parse(raw, _MOST_SECONDS) == found
    return ACCEPTED


_POLICY: Final = b"""who_may_send: members
expires: [1h, 24h]
passphrase_least: 12
secrets_typed: outside-slack
outside_recipients: refuse
text_on_the_line: warn
verify: required
"""
_YAML: Final = (
    *(
        b"&a ",
        b"*a",
        b"<<: ",
        b"!!int ",
        b"? ",
        b"- ",
        b"|\n",
        b'"\\UFFFFFFFF"',
        b'"\\x',
        b"%YAML 1.1\n",
        b"---\n",
        b"\t",
    ),
    *(b"{", b"}", b"[", b"]", b"#", b"\xef\xbb\xbf", b"\xff\xfe", b"'", b": ", b"%TAG ! ", b"!<", b"\xc2\x85"),
)
_MODULES: Final = ("bot.yaml_file", "yaml.scanner")

POLICY: Final = Target(
    "policy",
    _judge_policy,
    (*_MODULES, "bot.policy_file", "bot.durations"),
    (_POLICY, b"verify: other\n", b"expires: [1h, 1h]\n", b"verify: required\nverify: required\n", b""),
    (*_YAML, *(f"{name}: ".encode() for name in policy_file._RULES)),
    400,
)
TEMPLATES: Final = Target(
    "templates",
    _judge_templates,
    (*_MODULES, "bot.template_file", "bot.templates", "bot.template_rules", "bot.patterns"),
    tuple(
        b"\n" + part + b"\n"
        for part in (_BOT / "templates.yml").read_bytes().split(b"\n\n")
        if b":" in part and len(part) < 700
    ),
    (*_YAML, b"expires: ", b"verify: slack\n", b"passphrase: none\n", b"rotate_url: https://", b"pattern: ", b"tags: "),
    800,
)
