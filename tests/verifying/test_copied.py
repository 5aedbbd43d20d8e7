"""Copies of real anchors, mangled as windows and exports do: what is whole is found, what is damaged is named."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import anchor_wording
from store.verifying import copied_checkpoints, copied_messages
from tests.verifying.channel import NOTES, Anchored, exported, failures, history, verify, window

MANGLED: dict[str, Callable[[str], str | bytes]] = {
    "as it was copied": lambda text: text,
    "with code fences": lambda text: re.sub(r"(?m)^(\S+/audit\n\d+\n(?:.*\n)+?— .*)$", r"```\n\1\n```", text),
    "lines of Windows": lambda text: text.replace("\n", "\r\n"),
    "other spaces": lambda text: text.replace(" ", "\u00a0"),
    "indented": lambda text: "\n".join(f"    {line}  " for line in text.split("\n")),
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "without empty lines": lambda text: re.sub(r"\n\s*\n+", "\n", text),
    "with more empty lines": lambda text: text.replace("\n", "\n\n"),
    "invisible characters": lambda text: "\ufeff" + text.replace("\n", "\u200b\n"),
    "UTF-16": lambda text: text.encode("utf-16"),
}


@pytest.mark.parametrize("mangled", MANGLED)
def test_what_was_copied_by_hand(anchored: Anchored, mangled: str) -> None:
    """Every way in which a window gives it: all are found, hold, and prove history from the first to the last."""
    done = anchored.held_to(MANGLED[mangled](window(anchored.posted.messages)))
    assert (done.exit_code, failures(done)) == (0, [])
    first, last = anchored.sizes
    assert f"proven from size {first} to size {last}: {NOTES} of {NOTES} checkpoints are extended" in history(done)
    assert "taken from here, because this channel is where whoever runs the log cannot change it" in done.output
    assert done.output.count("the present log begins with it") == NOTES


def rich(shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As a person's own message with the same text is exported: in pieces, with addresses made into links."""
    found = []
    for message in shown:
        pieces = []
        for text in (block["text"]["text"] for block in message["blocks"] if block["type"] == "section"):
            name, slash, rest = text.strip("`\n").partition("/audit\n")
            link = {"type": "link", "url": f"http://{name}/audit", "text": f"{name}/audit"}
            elements = [link, {"type": "text", "text": f"\n{rest}"}] if slash else [{"type": "text", "text": name}]
            pieces.append({"type": "rich_text_preformatted", "elements": elements})
        found.append({"ts": message["ts"], "blocks": [{"type": "rich_text", "elements": pieces}]})
    return found


def test_an_export_says_since_when(anchored: Anchored, tmp_path: Path) -> None:
    """A day's file, an answer with the newest first, a folder of days, other people's blocks: with times."""
    shown = anchored.posted.messages
    linked = exported(shown).replace("localhost:8080/audit\\n", "<http://localhost:8080/audit|localhost:8080/audit>\\n")
    assert "<http" in linked
    first, last = anchored.sizes
    for text in (
        exported(shown),
        json.dumps({"ok": True, "messages": shown[::-1]}),
        linked,
        exported(rich(shown)),
        exported([{"ts": one["ts"], "attachments": [{"blocks": one["blocks"]}]} for one in shown]),
    ):
        done = anchored.held_to(text)
        assert (done.exit_code, failures(done)) == (0, [])
        proven = (
            f"proven from size {first} (posted 2026-09-21 14:13:20 UTC) to size {last} (posted 2026-09-21 18:13:20 UTC)"
        )
        assert proven in history(done)
    for number, message in enumerate(shown):
        (tmp_path / f"2026-09-{number:02}.json").write_text(exported([message]))
    done = verify("--anchors", tmp_path, "--tiles", anchored.tiles)
    assert (done.exit_code, f"{NOTES} of {NOTES}" in history(done)) == (0, True)


def lost(pattern: str, by: str) -> Callable[[str], str]:
    """The last one of these changed."""

    def change(text: str) -> str:
        *_, last = re.finditer(pattern, text)
        return text[: last.start()] + last.expand(by) + text[last.end() :]

    return change


DAMAGED = {
    "a character of the root": (
        lost(r"(?m)^([A-Za-z0-9+/]{43}=)$", "A" * 43 + "="),
        "the signature of the checkpoint is wrong",
    ),
    "the root cut": (lost(r"(?m)^([A-Za-z0-9+/]{30})[A-Za-z0-9+/]{13}=$", r"\1"), "its root has 30 characters"),
    "the root gone": (
        lost(r"(?m)^[A-Za-z0-9+/]{43}=\n", ""),
        "its root, the line under the number of entries, is lost",
    ),
    "the root unlike one": (
        lost(r"(?m)^[A-Za-z0-9+/]{43}=$", "(root)"),
        "its root, the line under the number of entries",
    ),
    "the size": (lost(r"(?m)^\d\d+$", "7"), "the signature of the checkpoint is wrong"),
    "the size for people": (lost(r"(?m)^(\d)(\d+)$", r"\1,\2"), "written otherwise than with digits alone"),
    "the size gone": (lost(r"(?m)^\d\d+\n", ""), "the line under the log's name is not the number"),
    "the name": (lost(r"(?m)^localhost:8080/audit$", "localhost:8O80"), "the lines over its signature are lost"),
    "another name": (
        lost(r"(?m)^localhost:8080/audit$", "localhost:8081/audit"),
        "0 signatures under the log's own name",
    ),
    "the signature gone": (lost(r"(?m)^— .*$", ""), "its signature, the line that begins with an em dash, is lost"),
    "another dash": (lost(r"(?m)^— ", "-- "), "begins with another dash than the em dash"),
    "the signature cut": (lost(r"(?m)^(— .*).{20}$", r"\1"), "its signature has 72 characters and must have 92"),
    "broken at 80": (lost(r"(?m)^(— .{78})(.*)$", "\\1\n\\2"), "and must have 92: cut or broken"),
    "broken at a space": (lost(r"(?m)^(— \S+) (.*)$", "\\1\n\\2"), "its signature has 0 characters"),
    "a character of the signature": (lost(r"(?m)^(— \S+ .{50}).(.{41})$", r"\1-\2"), "its signature, the line that"),
    "joined": (lost(r"(/audit)\n(\d+)\n(.*)\n+(— )", r"\1 \2 \3 \4"), "its signature does not stand alone in its line"),
    "only the title": (lost(r"(/audit)\n(\d+)\n(.*)\n+(— .*)", ""), "only its title is here"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_what_was_damaged_in_copying_is_named(anchored: Anchored, damage: str) -> None:
    """One failure for it, with what is wrong, and one because history is not proven; the others still hold."""
    change, says = DAMAGED[damage]
    text = window(anchored.posted.messages)
    damaged = change(text)
    assert damaged != text
    done = anchored.held_to(damaged)
    assert done.exit_code == 1
    one, whole = failures(done)
    assert says in one
    assert re.search(r"copied, line \d+: ", one)
    assert f"not proven: {NOTES - 1} of {NOTES} checkpoints" in whole


def test_a_summary_without_its_blocks_proves_nothing(anchored: Anchored) -> None:
    """Some exports leave blocks out; what stays is not signed, and no success."""
    bare = [{"ts": one["ts"], "text": one["text"]} for one in anchored.posted.messages]
    done = anchored.held_to(exported(bare), "--log-key", anchored.posted.vkey)
    assert (done.exit_code, done.output.count("only its title is here")) == (1, NOTES)


def test_what_is_around_is_ignored(anchored: Anchored) -> None:
    """Talk about the log, its address, numbers, lists: no checkpoint, and no damaged one."""
    talk = (
        "\nA" + "b" * 42 + "=\nlocalhost:8080/audit\nMaya: the log - localhost:8080/audit works — I looked\n"
        "- localhost:8080/audit ok\n— Maya\n12\nhttps://localhost:8080/audit\n\n12\n"
        "Audit log checkpoint is what it is called\n"
    )
    done = anchored.held_to(talk + window(anchored.posted.messages) + talk)
    assert (done.exit_code, failures(done)) == (0, [])
    assert f"{NOTES} of {NOTES}" in history(done)


def test_the_bot_words_its_titles_as_they_are_looked_for(anchored: Anchored) -> None:
    """Each of them alone is a checkpoint that was lost."""
    for title in (anchor_wording.TITLE, anchor_wording.FIRST, anchor_wording.HEARTBEAT):
        shown = title.format(size="1,240", grown="12")
        [copied] = copied_checkpoints.find(copied_messages.read("x", shown)).checkpoints
        assert "only its title" in copied.damage
    [copied] = copied_checkpoints.find(copied_messages.read("x", anchored.posted.messages[0]["text"])).checkpoints
    assert "only its title" in copied.damage


PIECES = st.sampled_from(
    [
        "localhost/audit",
        "12",
        "A" * 43 + "=",
        "\N{EM DASH} localhost/audit " + "A" * 91 + "=",
        "localhost/audit+0a1b2c3d+" + "A" * 44,
        "Audit log checkpoint \N{MIDDLE DOT} 3 entries",
        "-- localhost/audit",
        "```",
        "\n",
        "\u00a0",
        "\ud800",
        '[{"text":"',
        '"}]',
    ]
)
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | PIECES
NAMES = st.sampled_from(["text", "type", "ts", "blocks", "elements", "messages", "attachments", "url"])
SOME_JSON = st.recursive(
    LEAF | st.just("rich_text_section"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=300)
@given(st.lists(PIECES | st.text(max_size=30), max_size=12).map("\n".join) | SOME_JSON.map(json.dumps))
def test_any_text_is_no_crash(text: str) -> None:
    """Nothing but what is signed is believed, and nothing raises."""
    found = copied_checkpoints.find(copied_messages.read("x", text))
    for copied in found.checkpoints:
        assert bool(copied.note) != bool(copied.damage)


@settings(max_examples=60)
@given(st.lists(PIECES | st.text(max_size=30), max_size=9).map("\n".join) | SOME_JSON.map(json.dumps) | st.binary())
def test_any_file_is_an_answer(anchored: Anchored, text: str | bytes) -> None:
    """Exit code 1 or 2 of the command, and never a traceback."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    assert anchored.held_to(raw, "--log-key", anchored.posted.vkey).exit_code in (1, 2)


def test_nested_beyond_every_parser(anchored: Anchored) -> None:
    """As much as a parser of JSON takes, and more: no checkpoint, and no crash."""
    for depth in (990, 5000, 200_000):
        blocks = "[" * depth + "]" * depth
        assert anchored.held_to(f'[{{"blocks":{blocks}}}]').exit_code == 2
