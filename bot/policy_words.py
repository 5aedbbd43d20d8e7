"""
The policy as people read it: a sentence for each rule, whether the file names it or not.

Pure.  A rule that nobody can read is one that people learn by being refused.
"""

from collections.abc import Sequence
from typing import Final

from bot import durations
from bot.mrkdwn import Markup, fill
from bot.policy import OnTheLine, Outside, Policy, Senders, Typed, Verification

SENDERS: Final = {
    Senders.MEMBERS: "Members of this workspace may send; guests may not.",
    Senders.WITH_GUESTS: "Members and guests of this workspace may send.",
}
SPANS: Final = "A link may live {spans}."
LEAST: Final = (
    "A passphrase that you choose in the form has {least} characters at least; one that we make is eight digits or "
    "three words."
)
OUTSIDE: Final = {
    Outside.ACCEPT: "Secrets may go to people of other companies and to e-mail addresses; you are asked first.",
    Outside.REFUSE: "Secrets go to members and guests of this workspace only.",
}
OUTSIDE_BY_DM: Final = (
    "Secrets may go to people of other companies who share a channel with me; you are asked first. They go to no "
    "e-mail address."
)
ON_THE_LINE: Final = {
    OnTheLine.ACCEPT: "A secret that you type behind the command is taken.",
    OnTheLine.WARN: "A secret that you type behind the command is taken, with the advice to rotate it.",
    OnTheLine.REFUSE: "A secret that you type behind the command is not taken: rotate it, and use the form.",
}
OUTSIDE_SLACK: Final = (
    "Secrets are typed on a page outside Slack or in a terminal, never into Slack; what stands behind the command is "
    "not taken."
)
VERIFY: Final = {
    Verification.AS_TEMPLATES_SAY: (
        "Whether recipients must press a button in Slack before the link opens, the template says."
    ),
    Verification.REQUIRED: (
        "Every recipient must press a button in Slack, from their own account, before the link opens; so links go to "
        "their DM only."
    ),
}


def sentences(policy: Policy, spans: Sequence[int]) -> list[Markup]:
    """The rules, in the order in which one meets them; `spans` are those that are offered, in seconds."""
    said = [Markup(SENDERS[policy.who_may_send]), fill(SPANS, spans=_either([durations.spoken(one) for one in spans]))]
    by_dm_only = policy.dm_only and policy.outside_recipients is Outside.ACCEPT
    said.append(Markup(OUTSIDE_BY_DM if by_dm_only else OUTSIDE[policy.outside_recipients]))
    if policy.secrets_typed is Typed.OUTSIDE_SLACK:
        said.append(Markup(OUTSIDE_SLACK))
    else:
        said += [Markup(ON_THE_LINE[policy.text_on_the_line]), fill(LEAST, least=policy.passphrase_least)]
    said.append(Markup(VERIFY[policy.verify]))
    return said


def _either(spans: Sequence[str]) -> str:
    *others, last = spans
    return f"{', '.join(others)} or {last}" if others else last
