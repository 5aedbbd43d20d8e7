"""`sendsecret record` for tests: typed as an operator does, and what came of it."""

import asyncio
import re
from dataclasses import dataclass

from click.testing import CliRunner

from sendsecret.__main__ import main
from store.formats import record_key_v1
from store.formats.record_key_v1 import RecordKey
from tests.stores import Home

LABEL, VALUE = "Stripe restricted key", b"sk_live_canary\n"


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it wrote where."""

    code: int
    out: str
    err: str

    @property
    def key(self) -> RecordKey:
        """The key that it showed."""
        [text] = re.findall(r"ssk_[A-Za-z0-9_-]{70}", self.out)
        return record_key_v1.parse(text)


async def run(home: Home, *words: str, typed: bytes = VALUE) -> Done:
    """`sendsecret record`, in a thread of its own: it has a loop of its own."""

    def act() -> Done:
        done = CliRunner(env=home.environment()).invoke(main, ["record", *words], input=typed)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return Done(done.exit_code, done.stdout, done.stderr)

    return await asyncio.to_thread(act)
