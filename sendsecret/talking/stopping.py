"""What ends a command before it did what it was to do: a word for programs, a sentence for people, an exit code."""

from collections.abc import Mapping
from typing import ClassVar, Final

NOT_ASKED: Final = 2


class StoppedError(Exception):
    """
    Each command has its own, with its own words.

    `facts` stand beside word and sentence in the answer for programs; none is secret.
    """

    codes: ClassVar[Mapping[str, int]] = {"no-terminal": NOT_ASKED, "wrong-use": NOT_ASKED}

    def __init__(self, problem: str, sentence: str, **facts: object) -> None:
        super().__init__(sentence)
        self.problem = problem
        self.sentence = sentence
        self.facts = facts

    @property
    def code(self) -> int:
        """With which exit code the command ends."""
        return self.codes[self.problem]
