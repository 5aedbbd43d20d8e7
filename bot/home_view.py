"""
The Home tab: what needs somebody, what is outstanding, what is over.  Pure.

A view takes 100 blocks and 250 kB (surfaces/app-home), so that the overview shows the first few of each section, and a
section of its own is read in pages.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from bot import home_webhooks, record_views
from bot import home_wording as wording
from bot.block_kit import Json, actions, button, context, divider, person_picker, section, words
from bot.home_rows import Reader, row
from bot.home_webhooks import Untold
from bot.mrkdwn import Markup, fill
from store.drops import Drop
from store.formats import base64url
from store.formats.errors import MalformedError
from store.listing import MOST_LATELY, MOST_STANDING, After, Counts, Section
from store.records import Held

SHOW: Final = "home_show"
SENDER: Final = f"{SHOW}_sender"
SEND: Final = "home_send"
TOKENS: Final = "home_tokens"
RECORDS: Final = "home_records"
CODE: Final = "home_code"
ON_OVERVIEW: Final[Mapping[Section, int]] = {Section.ATTENTION: 10, Section.OUTSTANDING: 10, Section.HISTORY: 5}
ON_PAGE: Final = 20
_MOST_RULES: Final = 2000
_PLACE: Final = re.compile(r"(mine|all(?:@([A-Z0-9]{1,30}))?)(?:\.([a-z]+)(?:\.([0-9]{1,15})\.([A-Za-z0-9_-]{22}))?)?")


@dataclass(frozen=True)
class Place:
    """
    Where somebody is in their Home tab; `section` None is the overview.

    `sender` narrows everybody's to what one person sent.  It names no secret, and nobody but whom its reader chose.
    """

    of_all: bool = False
    section: Section | None = None
    after: After | None = None
    sender: str | None = None

    def encode(self) -> str:
        """For a button's value and the view's private metadata."""
        text = "mine" if not self.of_all else "all" if self.sender is None else f"all@{self.sender}"
        if self.section is None:
            return text
        text = f"{text}.{self.section}"
        return text if self.after is None else f"{text}.{self.after.created_at}.{base64url.encode(self.after.id)}"


def place_in(text: str) -> Place:
    """The place that `encode` wrote; the overview for anything else."""
    match = _PLACE.fullmatch(text)
    if match is None:
        return Place()
    try:
        section_of = Section(match[3]) if match[3] else None
        after = After(int(match[4]), base64url.decode(match[5], 16)) if match[4] else None
    except (ValueError, MalformedError):
        return Place()
    return Place(match[1] != "mine", section_of, after, match[2])


@dataclass(frozen=True)
class Listed:
    """Some rows of a section; `after` where more begin, `answered` what a press on one of them was answered with."""

    section: Section
    rows: Sequence[tuple[Drop, Reader]]
    after: After | None = None
    answered: tuple[bytes, Markup] | None = None


@dataclass(frozen=True)
class Home:
    """All that is shown.  `rules` are the policy's sentences, `said` what a press beside no row was answered with."""

    place: Place
    lists: Sequence[Listed]
    counts: Counts
    sees_everybodys: bool = False
    may_send: bool = True
    outside_only: bool = False
    rules: Sequence[Markup] = ()
    untold: Sequence[Untold] = ()
    said: Markup | None = None
    due: Sequence[Held] = ()
    """Records of theirs that are over, while nobody has said that their key was rotated at its provider."""
    due_count: int = 0


def view(home: Home) -> Json:
    """The whole tab."""
    blocks = [words(_title(home.place)), *_top(home), *home_webhooks.blocks(home.untold)]
    blocks += record_views.at_home(home.due, home.due_count)
    if home.said is not None:
        blocks.append(context(home.said))
    if _is_empty(home):
        first = wording.FIRST_RUN_OUTSIDE if home.outside_only else wording.FIRST_RUN
        blocks.append(section(Markup(first if home.may_send else wording.MAY_NOT_SEND)))
    else:
        blocks += [actions(*_filters(home)), *_lately(home.counts)]
        for listed in home.lists:
            blocks += _list(home, listed)
    if home.rules:
        blocks += [divider(), context(fill(wording.RULES, rules=_that_fit(home.rules)))]
    return _home(home.place, blocks)


def _that_fit(rules: Sequence[Markup]) -> Markup:
    """As many whole sentences as there is room for."""
    sizes = accumulate(len(rule) + 1 for rule in rules)
    return Markup("\n".join(rule for rule, size in zip(rules, sizes, strict=True) if size <= _MOST_RULES))


def failed(place: Place, sentence: str) -> Json:
    """What stands there when there is nothing to show: why, and a button to look again."""
    again = button(wording.AGAIN, SHOW, place.encode())
    return _home(place, [section(Markup(sentence)), actions(again)])


def _home(place: Place, blocks: list[Json]) -> Json:
    return {"type": "home", "private_metadata": place.encode(), "blocks": blocks}


def _is_empty(home: Home) -> bool:
    """Nothing was ever sent: three lines and one button say more than three empty lists."""
    return home.place == Place() and not any(listed.rows for listed in home.lists)


def _title(place: Place) -> str:
    if not place.of_all:
        return wording.TITLE
    return wording.TITLE_OF_ALL if place.sender is None else wording.TITLE_OF_ONE


def _top(home: Home) -> list[Json]:
    place = home.place
    shown = []
    if home.may_send:
        code = [] if home.outside_only else [button(wording.CODE, CODE, "code")]
        shown += [
            button(wording.SEND, SEND, "send", style="primary"),
            *code,
            button(wording.RECORDS, RECORDS, "records"),
            button(wording.TOKENS, TOKENS, "tokens"),
        ]
    if place.of_all:
        shown.append(button(wording.MINE, f"{SHOW}_mine", Place().encode()))
    if home.sees_everybodys and (not place.of_all or place.sender is not None):
        everybodys = replace(place, sender=None, after=None) if place.of_all else Place(of_all=True)
        shown.append(button(wording.EVERYBODYS, f"{SHOW}_all", everybodys.encode()))
    if place.of_all:
        shown.append(person_picker(SENDER, wording.SENT_BY, place.sender))
    return [actions(*shown)] if shown else []


def _filters(home: Home) -> list[Json]:
    known = {Section.ATTENTION: home.counts.attention, Section.OUTSTANDING: home.counts.outstanding}
    places: dict[Section | None, str] = {None: wording.OVERVIEW}
    for one, name in _names(home).items():
        places[one] = name
        if one in known:
            places[one] = wording.COUNTED.format(name=name, count=_number(known[one], MOST_STANDING))
    return [
        button(
            name,
            f"{SHOW}_{one or 'overview'}",
            replace(home.place, section=one, after=None).encode(),
            style="primary" if one is home.place.section else None,
        )
        for one, name in places.items()
    ]


def _names(home: Home) -> Mapping[Section, str]:
    return wording.SECTIONS_OF_ALL if home.place.of_all else wording.SECTIONS


def _lately(counts: Counts) -> list[Json]:
    if not counts.opened and not counts.unopened:
        return []
    known = {
        "opened": _number(counts.opened, MOST_LATELY),
        "unopened": _number(counts.unopened, MOST_LATELY),
    }
    if counts.seconds_to_open is None:
        return [context(fill(wording.LATELY, **known))]
    return [context(fill(wording.LATELY_IN, span=_span(counts.seconds_to_open), **known))]


def _number(count: int, most: int) -> str:
    return f"{count:,}" if count <= most else wording.OVER.format(count=f"{most:,}")


def _span(seconds: int) -> str:
    if seconds < 90:
        return wording.SECONDS
    if seconds < 90 * 60:
        return wording.MINUTES.format(count=-(-seconds // 60))
    if seconds < 36 * 3600:
        return wording.HOURS.format(count=-(-seconds // 3600))
    return wording.DAYS.format(count=-(-seconds // 86400))


def _list(home: Home, listed: Listed) -> list[Json]:
    name = _names(home)[listed.section]
    blocks = [divider(), section(Markup(f"*{name}*"))]
    if not listed.rows:
        nothing = wording.NOTHING_OF_ALL if home.place.of_all else wording.NOTHING
        blocks.append(context(Markup(wording.NO_MORE if home.place.after else nothing[listed.section])))
    for drop, reader in listed.rows:
        answer = listed.answered[1] if listed.answered and listed.answered[0] == drop.id else None
        blocks += row(drop, listed.section, reader, answer)
    if home.place.section is None:
        return [*blocks, context(fill(wording.MORE, name=name))] if listed.after else blocks
    turns = []
    if home.place.after is not None:
        turns.append(button(wording.NEWEST, f"{SHOW}_newest", replace(home.place, after=None).encode()))
    if listed.after is not None:
        turns.append(button(wording.OLDER, f"{SHOW}_older", replace(home.place, after=listed.after).encode()))
    return [*blocks, actions(*turns)] if turns else blocks
