"""The page that lets a stranger write a client knows every answer that this server gives."""

from pathlib import Path

import pytest

from reveal_web.reader.answers import PROBLEMS

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")


@pytest.mark.parametrize("word", PROBLEMS)
def test_every_problem_is_explained(word: str) -> None:
    """Each word stands in the table of errors, with the status that it is sent with."""
    status, _ = PROBLEMS[word]
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{word}` |")]
    assert str(status) in row.split("|")[2]


@pytest.mark.parametrize("state", ["sealed", "locked", "paused"])
def test_every_state_of_a_door_is_explained(state: str) -> None:
    """The table of the door names it."""
    (row,) = [line for line in PAGE.splitlines() if line.startswith('| `state` | `"')]
    assert f'`"{state}"`' in row
