"""What the command says and what its documents say: the page's words, the exit codes, the names of files."""

import json
import re
import subprocess
import sys
import unicodedata

import pytest
from click import Context
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as some

from sendsecret.__main__ import main
from sendsecret.opening import wording
from sendsecret.opening.pasted_link import read
from sendsecret.opening.stopping import CODES, Exit, StoppedError
from sendsecret.talking.strangers_text import file_name, harmless, is_for_a_terminal, length_of
from store.formats import link_v1
from store.formats.link_v1 import Link
from store.formats.payload_v1 import Text
from store.words import Outcome
from tests.formats.frozen import vectors
from tests.programs import ROOT

PAGE = (ROOT / "docs" / "opening.md").read_text()
READERS_WORDS = (ROOT / "reveal_web" / "browser" / "words.js").read_text()


@pytest.mark.parametrize("outcome", Outcome)
def test_an_end_is_said_as_the_page_says_it(outcome: Outcome) -> None:
    """One drop, one sentence, wherever its holder meets it."""
    (sentence,) = re.findall(rf'"dead\.{outcome}": (".*"),', READERS_WORDS)
    assert wording.ENDED[outcome] == json.loads(sentence)


def test_every_problem_and_exit_code_is_documented() -> None:
    """In the help, and each word in the page's table beside its code."""
    shown = CliRunner().invoke(main, ["open", "--help"]).output
    listed = {int(code) for code in re.findall(r"^ {4}(\d+) ", shown, re.MULTILINE)}
    assert listed == set(Exit)
    rows = dict(re.findall(r"^\| (\d+) \| (.*) \|$", PAGE, re.MULTILINE))
    for problem, code in CODES.items():
        assert f"`{problem}`" in rows[str(code.value)]
    for option in ("--output", "--force", "--passphrase-stdin", "--json"):
        assert option in shown


def test_the_page_without_scripts_names_a_command_that_there_is() -> None:
    """Whoever has no JavaScript is told of this way."""
    shell = (ROOT / "reveal_web" / "browser" / "shell.html").read_text()
    (named,) = re.findall(
        r"<code>sendsecret (\w+)</code>", shell.partition("<noscript>")[2].partition("</noscript>")[0]
    )
    assert named in main.list_commands(Context(main))


@pytest.mark.parametrize("command", ["open", "send", "login", "logout"])
def test_nothing_of_an_installation_is_loaded(command: str) -> None:
    """Somebody with a link waits for what they need, and not for a database's library."""
    asked = f"from sendsecret.__main__ import main; main(['{command}', '--help'], standalone_mode=False)"
    done = subprocess.run(
        [sys.executable, "-c", f"{asked}; import sys; print('LOADED', *sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    loaded = done.stdout.rpartition("LOADED")[2].split()
    assert "click" in loaded
    assert not {"sqlalchemy", "alembic", "pydantic", "aiohttp", "store.settings"} & set(loaded)


def test_options_complete() -> None:
    """The shell is offered the options, and files after --output."""
    asked = {"_SENDSECRET_COMPLETE": "bash_complete", "COMP_WORDS": "sendsecret open --", "COMP_CWORD": "2"}
    offered = CliRunner().invoke(main, [], env=asked, prog_name="sendsecret").output
    assert "plain,--output" in offered
    asked |= {"COMP_WORDS": "sendsecret open --output ", "COMP_CWORD": "3"}
    assert "file," in CliRunner().invoke(main, [], env=asked, prog_name="sendsecret").output


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Users\\x", "C__Users_x"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("..", "secret"),
        ("", "secret"),
        ("a\nb\x1b[2J", "a_b_[2J"),
        ("ключ 🔑.pem", "ключ 🔑.pem"),
        ("é" * 300, "é" * 100),
        ("name. ", "name"),
    ],
)
def test_a_strangers_name_becomes_a_plain_one(name: str, expected: str) -> None:
    """Never a path, hidden, an option, or too long for a file system."""
    assert file_name(name) == expected


@given(some.text())
def test_nothing_of_a_strangers_text_can_move_a_cursor(text: str) -> None:
    """Whatever it was: one line, no control, no override; and a name is one that a folder takes."""
    shown, name = harmless(text), file_name(text)
    for character in shown:
        assert unicodedata.category(character) not in {"Cc", "Cs", "Zl", "Zp"}
        assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    assert "/" not in name
    assert (name in {".", ".."}, name[:1] in {".", "-", ""}, len(name.encode()) <= 255) == (False, False, True)


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("a\nb\r\n\tc", True),
        ("a\rb", False),
        ("\x1b", False),
        ("\x9b", False),
        ("👩🏽‍💻 \u202e", True),
        ("\x7f", False),
    ],
)
def test_what_a_terminal_would_carry_out(text: str, is_plain: bool) -> None:
    """Anything of category Cc but tabs and line breaks."""
    assert is_for_a_terminal(text) is is_plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The secret is empty: the sender sealed no text."),
        ("x", "1 character."),
        ("x\n", "2 characters, ends with a line break."),
        ("a\r\nb", "3 characters in 2 lines."),
        ("a\nb\r\n", "4 characters in 2 lines, ends with a line break."),
        ("z" * 3000, "3,000 characters."),
    ],
)
def test_how_long_a_secret_is(text: str, said: str) -> None:
    """As the reader's page says it."""
    assert length_of(Text(text)) == said


# What pasting leaves at a link's end is taken off before the format is asked, here as on the page.
FORGIVEN = {"bracket after it", "space after it"}


@pytest.mark.parametrize("case", [case for case in vectors("link")["bad"] if case["name"] not in FORGIVEN])
def test_every_bad_link_of_the_vectors_is_refused(case: dict[str, str]) -> None:
    """Cut and malformed are told apart, and no sentence repeats the link."""
    with pytest.raises(StoppedError) as stopped:
        read(f"https://drops.example/s/{case['id_text']}#{case['fragment']}")
    assert stopped.value.code is Exit.NOT_ASKED
    assert len(case["fragment"]) < 9 or case["fragment"] not in stopped.value.sentence


@pytest.mark.parametrize("case", vectors("link")["good"])
def test_every_good_link_of_the_vectors_is_read(case: dict[str, str]) -> None:
    """With the server that it names, in a folder of that server too."""
    pasted = read(f"https://drops.example:8443/below/s/{case['id_text']}#{case['fragment']}")
    assert (pasted.base, pasted.host) == ("https://drops.example:8443/below", "drops.example:8443")
    assert (pasted.link.id.hex(), pasted.link.key.hex(), pasted.link.mode) == (case["id"], case["key"], case["mode"])
    assert case["fragment"] not in repr(pasted)


def test_the_link_of_a_record_is_called_that() -> None:
    """Whole as it is, it was not cut off: it is for a browser, and no server was asked."""
    link = Link(bytes(16), bytes(32), "p", link_v1.RECORD)
    for text in (link.url("https://drops.example"), link.url("https://drops.example/below").replace("#", "%23")):
        with pytest.raises(StoppedError) as stopped:
            read(text)
        assert stopped.value.problem == "unknown-link"
        assert stopped.value.sentence.startswith("This is the link of a record, which is read over and over")
        assert link.fragment() not in stopped.value.sentence
    below = Link(bytes(16), bytes(32), "p").url("https://drops.example/v")
    assert read(below).base == "https://drops.example/v"
