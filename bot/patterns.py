"""
Patterns that a template brings, matched against what a sender pasted, in a time that grows with its length only.

A regular expression engine that backtracks can be kept busy for hours by a harmless looking pattern, and would hold
up everybody.  So a pattern is a machine of a few hundred states that all go on at once (Thompson 1968), each a bit of
one number: what needs backtracking (references, looking ahead) is refused when the file is read.  What a text leads to
is remembered while it is read and no longer, because it is somebody's secret.
"""

import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Final

MOST_CHARACTERS: Final = 300
MOST_STATES: Final = 600
_EIGHTS: Final = MOST_STATES // 8
_END: Final = 1
"""The set of the state at which a pattern is over, which is the first that is made."""
_QUANTIFIER: Final = re.compile(r"[?*+]|\{([0-9]{1,3})(?:(,)([0-9]{1,3})?)?\}")
# One character: a set, an escape, any but a line break, or itself.
_ONE: Final = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\[dDsSwWnrt]|\\[^A-Za-z0-9]|\.|[^\\()\[\]{}?*+|^$]", re.DOTALL)

# Given the number of the state after it, the number of its own first state.
_Part = Callable[[int], int]


class UnusablePatternError(ValueError):
    """Not a pattern, or one that would need backtracking; nothing of it is repeated."""


@dataclass
class Pattern:
    """A pattern; it fits a text as a whole or not at all."""

    _ones: list["re.Pattern[str] | None"] = field(default_factory=list)
    _nexts: list[list[int]] = field(default_factory=list)
    _first: int = 0
    _after: list[int] = field(default_factory=list)
    _takers: dict["re.Pattern[str]", int] = field(default_factory=dict)

    def fits(self, text: str) -> bool:
        """Whether the whole text is of this pattern."""
        usual, unusual = self._takers_of(text)
        states, known, eights = self._first, dict[int, int](), [list[int]()] * _EIGHTS
        for character in text:
            taken = states & (usual ^ unusual[character])
            if not taken:
                return False
            if taken not in known:
                known[taken] = self._reached(taken, eights)
            states = known[taken]
        return bool(states & _END)

    def begins(self, first: int) -> None:
        """All states are there, and this one is the first: note for each which of those that take it leads to."""
        reached = [_END, *(0 for _ in self._ones[1:])]
        is_new = True
        while is_new:
            # Once for each loop inside another: all other ways lead to states of before.
            is_new = False
            for state, one in enumerate(self._ones[1:], 1):
                leads_to = 1 << state if one is not None else _union(reached[after] for after in self._nexts[state])
                is_new = is_new or leads_to != reached[state]
                reached[state] = leads_to
        takers: dict[re.Pattern[str], int] = defaultdict(int)
        for state, one in enumerate(self._ones):
            if one is not None:
                takers[one] |= 1 << state
        self._first, self._takers = reached[first], dict(takers)
        self._after = [0 if one is None else reached[self._nexts[state][0]] for state, one in enumerate(self._ones)]

    def _takers_of(self, text: str) -> tuple[int, dict[str, int]]:
        """The states that take most of a text's characters, and for each character those that take it otherwise."""
        usual, unusual = 0, dict.fromkeys(text, 0)
        each = "".join(unusual)
        for one, states in self._takers.items():
            taken = one.findall(each)
            is_usual = len(taken) > len(each) // 2
            usual ^= states if is_usual else 0
            for character in unusual.keys() - taken if is_usual else taken:
                unusual[character] ^= states
        return usual, unusual

    def _reached(self, taken: int, eights: list[list[int]]) -> int:
        """Where these states lead to together, eight by eight: whole sets are too many to have been met before."""
        reached = 0
        for place, eight in enumerate(taken.to_bytes(_EIGHTS, "little")):
            if eight:
                unions = eights[place]
                if not unions:
                    unions = eights[place] = _unions(self._after[place * 8 : place * 8 + 8])
                reached |= unions[eight]
        return reached

    def add(self, one: "re.Pattern[str] | None", nexts: list[int]) -> int:
        """Another state: one that takes a character and goes on, or one that goes on to any of `nexts` by itself."""
        if len(self._ones) >= MOST_STATES:
            raise UnusablePatternError(f"a pattern that is too large (repeated parts count as often, {MOST_STATES})")
        self._ones.append(one)
        self._nexts.append(nexts)
        return len(self._ones) - 1


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)


def _unions(sets: Iterable[int]) -> list[int]:
    """The union of each choice of these sets, where the bits of its number say which."""
    unions = [0]
    for one in sets:
        unions += [one | union for union in unions]
    return unions


def compiled(text: str) -> Pattern:
    """The machine of a pattern.  Raises UnusablePatternError."""
    if not 0 < len(text) <= MOST_CHARACTERS:
        raise UnusablePatternError(f"a pattern of no or more than {MOST_CHARACTERS} characters")
    made = Pattern()
    end = made.add(None, [])  # the state of _END
    reading = _Reading(made, text)
    part = reading.alternatives()
    if reading.at < len(text):
        raise UnusablePatternError("a pattern with a ) too many")
    made.begins(part(end))
    return made


@dataclass
class _Reading:
    made: Pattern
    text: str
    at: int = 0

    def alternatives(self) -> _Part:
        parts = [self._row()]
        while self._next_is("|"):
            parts.append(self._row())
        return parts[0] if len(parts) == 1 else lambda after: self.made.add(None, [part(after) for part in parts])

    def _row(self) -> _Part:
        parts: list[_Part] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            parts.append(self._repeated(self._part()))
        # Every part adds a state: else nested repetitions of nothing would go on for hours below the limit.
        if not parts:
            raise UnusablePatternError("a pattern in which a part is empty")

        def row(after: int) -> int:
            for part in reversed(parts):
                after = part(after)
            return after

        return row

    def _part(self) -> _Part:
        if self._next_is("("):
            if not self._next_is("?:") and self.text[self.at : self.at + 1] == "?":
                raise UnusablePatternError("a pattern that looks ahead or behind, names a group or sets a flag")
            inner = self.alternatives()
            if not self._next_is(")"):
                raise UnusablePatternError("a pattern with a ( that is not closed")
            return inner
        found = _ONE.match(self.text, self.at)
        if found is None:
            raise UnusablePatternError("a pattern that I do not know (it is matched as a whole, without ^ and $)")
        self.at = found.end()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # of a set that another version will read otherwise
                one = re.compile(found[0])
        except (re.error, Warning):
            raise UnusablePatternError("a pattern with a [set] that is none") from None
        return lambda after: self.made.add(one, [after])

    def _repeated(self, part: _Part) -> _Part:
        found = _QUANTIFIER.match(self.text, self.at)
        if found is None:
            return part
        self.at = found.end()
        if _QUANTIFIER.match(self.text, self.at):
            raise UnusablePatternError("a pattern that repeats a repetition")
        least, most = _times(found)
        if most is not None and not 0 < most >= least:
            raise UnusablePatternError("a pattern that repeats nothing, or less than it must")
        return lambda after: self._times(part, least, most, after)

    def _times(self, part: _Part, least: int, most: int | None, after: int) -> int:
        if most is None:
            loop = self.made.add(None, [after])
            self.made._nexts[loop].append(part(loop))  # noqa: SLF001 - its maker
            after = loop
        else:
            end = after
            for _ in range(most - least):
                after = self.made.add(None, [part(after), end])
        for _ in range(least):
            after = part(after)
        return after

    def _next_is(self, text: str) -> bool:
        is_next = self.text.startswith(text, self.at)
        self.at += len(text) if is_next else 0
        return is_next


def _times(found: "re.Match[str]") -> tuple[int, int | None]:
    if found[0] in "?*+":
        return (int(found[0] == "+"), 1 if found[0] == "?" else None)
    least = int(found[1])
    if found[2] is None:
        return least, least
    return least, None if found[3] is None else int(found[3])
