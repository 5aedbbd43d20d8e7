"""
What happened to one drop, step by step in words: its events, and from where they were, as far as that is still kept.

Pure.  Times are local to whoever reads; where somebody was seen is a network's prefix and a browser's family.
"""

from collections.abc import Sequence

from bot import access_log_wording as wording
from bot.audit_messages import entry
from bot.mrkdwn import Markup, fill
from store.history import Step


def lines(steps: Sequence[Step]) -> list[Markup]:
    """A line for each step, in their order."""
    return [_line(step) for step in steps]


def _line(step: Step) -> Markup:
    told = Markup(entry({**step.facts, "event": step.event, "at": step.at}).text)
    seen = seen_from(step)
    return told if seen is None else fill(wording.SEEN, told=told, seen=seen)


def seen_from(step: Step) -> Markup | None:
    """From where somebody was seen; None where nobody was, or it is erased."""
    match step.network, step.browser:
        case None, None:
            return None
        case network, None:
            return fill(wording.NETWORK, network=network)
        case None, browser:
            return fill(wording.BROWSER, browser=browser)
        case network, browser:
            return fill(wording.BOTH, network=network, browser=browser)
