"""One installation with its programs for all tests of a file that only send, and a computer that is logged in."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.workplace import Workplace, workplace
from tests.sending.at_work import Client, new_token
from tests.stores import Home

OWN_TEMPLATES = """
badge: {label: Badge key, rotate_by: none, passphrase: own, hint: The word on your badge}
hinted: {label: Canary in the label, rotate_by: none}
"""


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def at(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Workplace]:
    """The real programs at work, with a Slack that waits for a loaded machine."""
    path = tmp_path_factory.mktemp("sending")
    home = Home(path, f"sqlite+aiosqlite:///{path}/store.db")
    await home.prepare()
    async with workplace(home) as at:
        at.sandbox.set("ack_seconds", 30)
        at.sandbox.set("trigger_seconds", 30)
        (path / "templates.yml").write_text(OWN_TEMPLATES)
        bot = await at.start_bot(TEMPLATES_FILE=str(path / "templates.yml"))
        yield at
        assert await bot.stop() == 0
        assert await at.web.stop() == 0
        assert b"Traceback" not in at.logs()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def token(at: Workplace) -> str:
    """Maya's."""
    return await new_token(at)


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def client(at: Workplace, token: str, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """Maya's computer, on which she has logged in."""
    client = Client(at, tmp_path_factory.mktemp("client"), token)
    done = await client.run("login", client.server, typed=f"{token}\n")
    assert done.code == 0, done.err
    return client
