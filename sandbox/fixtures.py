"""Who and what is in the workspace at the start. The ids are constants that tests may import.

Three people are played on the page: Maya sends, Dana (a single-channel guest) receives, Sam watches.
The others exist because a bot must treat each of them differently.
"""

from __future__ import annotations

from sandbox.conversations import Conversation
from sandbox.people import Person

TEAM = "T0SANDBOX1"
OTHER_TEAM = "T0PARTNER1"
TEAM_DOMAIN = "pretend"
TEAM_NAME = "Pretend workspace"

MAYA = "U0MAYA0001"
DANA = "U0DANA0001"
SAM = "U0SAM00001"
NOOR = "U0NOOR0001"
"""Another full member."""
LEE = "U0LEE00001"
"""A multi-channel guest."""
PIA = "U0PIA00001"
"""Of another company, in a channel shared with this workspace."""
KAI = "U0KAI00001"
"""Of another company, sharing no channel."""
OLD = "U0OLD00001"
"""Deactivated."""
ROBOT = "U0ROBOT001"
"""Another app's bot user."""
SLACKBOT = "USLACKBOT"
PLAYED = (MAYA, DANA, SAM)

APP = "A0SENDSEC1"
BOT = "B0SENDSEC1"
BOT_USER = "U0SENDSEC1"
BOT_NAME = "Sendsecret"

ANCHOR_BOT = "B0ANCHORS1"
ANCHOR_USER = "U0ANCHORS1"
"""Of a second app, which has an incoming webhook and nothing else."""

AUDIT = "C0AUDIT001"
ANCHORS = "C0ANCHORS1"
GENERAL = "C0GENERAL1"
PROJECT = "C0PROJECT1"
"""The one channel Dana is in."""
PARTNERS = "C0PARTNER1"
"""Shared with another company."""
ARCHIVED = "C0ARCHIVE1"
MAYA_DANA = "D0MAYADANA"

WEBHOOKS = {"anchors": ANCHORS}
"""The last part of an incoming webhook's address, and its channel."""

COMMAND = "/sendsecret"
SHORTCUT = "replace_message"
SCOPES = ("commands", "chat:write", "im:write", "users:read")


def people() -> list[Person]:
    """Everybody, fresh."""
    return [
        Person(MAYA, "maya", "Maya Castillo", TEAM, title="Platform engineer", is_admin=True),
        Person(DANA, "dana", "Dana Okafor", TEAM, title="Contractor, data pipelines",
               tz="America/New_York", tz_offset=-18000, is_restricted=True, is_ultra_restricted=True),
        Person(SAM, "sam", "Sam Lindqvist", TEAM, title="Security", tz="Europe/Stockholm"),
        Person(NOOR, "noor", "Noor Haddad", TEAM, title="Backend engineer"),
        Person(LEE, "lee", "Lee Fontaine", TEAM, title="Agency designer", is_restricted=True),
        Person(PIA, "pia", "Pia Moreau", OTHER_TEAM, title="Partner engineer", is_stranger=False),
        Person(KAI, "kai", "Kai Ito", OTHER_TEAM, title="Partner sales", is_stranger=True),
        Person(OLD, "olga", "Olga Brandt", TEAM, title="Left in March", deleted=True),
        Person(ROBOT, "buildbot", "Build Bot", TEAM, is_bot=True),
        # Slack itself says is_bot = false for Slackbot; an app must know the id.
        Person(SLACKBOT, "slackbot", "Slackbot", TEAM),
        Person(BOT_USER, "sendsecret", BOT_NAME, TEAM, is_bot=True),
        Person(ANCHOR_USER, "anchors", "Log anchors", TEAM, is_bot=True),
    ]  # fmt: skip


def conversations() -> list[Conversation]:
    """Every conversation there is before anybody does anything."""
    return [
        Conversation(GENERAL, "general", "channel", {MAYA, SAM, NOOR}, topic="Everything and nothing"),
        Conversation(AUDIT, "security-audit", "private", {SAM, MAYA, BOT_USER}, topic="Every step of every hand-over"),
        Conversation(ANCHORS, "audit-anchors", "private", {SAM}, topic="The log's checkpoints, kept apart"),
        Conversation(PROJECT, "pipelines", "channel", {MAYA, DANA, LEE}, topic="The data pipelines project"),
        Conversation(PARTNERS, "partners", "channel", {MAYA, PIA, BOT_USER}, is_ext_shared=True, topic="With Partner"),
        Conversation(ARCHIVED, "old-launch", "channel", {MAYA, SAM, BOT_USER}, archived=True),
        Conversation(MAYA_DANA, "maya-dana", "im", {MAYA, DANA}),
    ]  # fmt: skip
