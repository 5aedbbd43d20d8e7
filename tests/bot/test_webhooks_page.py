"""docs/webhooks.md: what stands there to be copied works."""

import asyncio
import re
import threading
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot import webhook_file
from bot.webhook_call import Answer, Caller
from bot.webhook_endpoint import Endpoint
from tests.bot.consumer import new_secret

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "webhooks.md").read_text()
TEXT = '{"type":"drop.created","timestamp":"2026-01-01T00:00:00.000Z","data":{}}'


def copied(language: str) -> str:
    """The one block of this language."""
    [block] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return str(block)


def test_the_file_is_understood(tmp_path: Path) -> None:
    """Both endpoints, with the secrets that it names."""
    for name in ("siem", "tickets", "tickets-new"):
        (tmp_path / f"{name}.secret").write_text(new_secret())
    (tmp_path / "webhooks.yml").write_text(copied("yaml"))
    siem, tickets = webhook_file.read(tmp_path / "webhooks.yml")
    assert (siem.is_private, len(siem.secrets), siem.events) == (False, 1, ())
    assert (tickets.is_private, len(tickets.secrets), tickets.events[-1]) == (True, 2, "token.")


@pytest.mark.parametrize("page", ["webhooks.md", "threat-model.md"])
def test_what_is_read_of_an_answer_is_said(page: str) -> None:
    """Its status, and Retry-After, which the program obeys (tests/bot/test_webhooks.py)."""
    [said] = re.findall(r"of an answer nothing is read but its status([^;.]*)", (DOCS / page).read_text())
    assert "`Retry-After`" in said


async def test_the_consumer_believes_us_and_nobody_else() -> None:
    """Its ten lines, as they stand there."""
    secret, taken = new_secret(), []
    known: dict[str, Any] = {"SECRET": secret, "take": lambda id_, event: taken.append((id_, event["type"]))}
    exec(copied("python"), known)  # noqa: S102 - the page's own lines
    known["Hook"].log_message = lambda *_: None
    with HTTPServer(("127.0.0.1", 0), known["Hook"]) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        try:
            for ours in (secret, new_secret()):
                caller = Caller(Endpoint("siem", url, (ours,), (), is_private=True))
                answer = await asyncio.wait_for(caller.post("ev_1", TEXT), 30)
                await caller.close()
                assert answer == (Answer() if ours == secret else Answer("answered_401"))
        finally:
            server.shutdown()
    assert taken == [("ev_1", "drop.created")]
