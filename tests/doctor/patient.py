"""`sendsecret doctor` and its neighbours for tests: typed as an operator does, and what came of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from click.testing import CliRunner

from sendsecret.__main__ import main
from tests.stores import Home

NOBODY = "http://localhost:9"
"""Nobody listens there."""
TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-canary-of-the-bot",
    "SLACK_APP_TOKEN": "xapp-canary-of-the-app",
    "AUDIT_CHANNEL": "C0AUDIT001",
    "ADMINS": "U0SAM00001",
}


@dataclass(frozen=True)
class Said:
    """How a command ended, and its lines."""

    code: int
    out: str
    err: str

    def about(self, subject: str, level: str = "") -> list[str]:
        """The lines on a subject, those of a level or all of them."""
        lines = [line.partition(" ") for line in self.out.splitlines()]
        found = [(one, rest.strip()) for one, _, rest in lines]
        return [rest for one, rest in found if rest.startswith(f"{subject}:") and level in ("", one)]

    def require(self, subject: str, level: str, words: str) -> None:
        """One line on this subject, of this level, has these words."""
        assert any(words in line for line in self.about(subject, level)), self.out + self.err


@dataclass(frozen=True)
class Patient:
    """An installation, and the settings that it is typed with beside its own."""

    home: Home
    settings: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Slack and PUBLIC_URL are there, and nobody answers, unless a test says otherwise."""
        own = {"PUBLIC_URL": NOBODY, "SLACK_API_URL": f"{NOBODY}/api/", **TOKENS}
        return self.home.environment() | own | dict(self.settings)

    async def type(self, *words: str, typed: str = "", **changed: str) -> Said:
        """Any command, in a thread of its own: it has a loop of its own.  An empty setting counts as none."""
        environment = self.environment() | changed

        def act() -> Said:
            done = CliRunner(env=environment).invoke(main, [*words], input=typed)
            assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
            return Said(done.exit_code, done.stdout, done.stderr)

        return await asyncio.to_thread(act)

    async def doctor(self, *words: str, typed: str = "", **changed: str) -> Said:
        """`sendsecret doctor`."""
        return await self.type("doctor", *words, typed=typed, **changed)
