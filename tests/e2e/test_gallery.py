"""Whatever the bot can show has a picture, and can be drawn on a phone."""

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.async_api import Page

import bot
from bot import (
    access_log,
    anchor_messages,
    audit_messages,
    composer_views,
    dispute_views,
    form,
    home_view,
    incident_links,
    incident_views,
    leak_messages,
    pack_messages,
    press_views,
    recipient_messages,
    record_form,
    record_messages,
    record_views,
    request_messages,
    sender_messages,
    sender_news,
    sent_views,
    template_step,
    token_views,
)
from tests.bot.shapes import shapes
from tests.browser.chromium import running as chromium
from tests.e2e.gallery import draw, homes, sheets, views
from tests.e2e.story import PANELS

BUILDERS = (
    access_log,
    home_view,
    form,
    sent_views,
    recipient_messages,
    sender_messages,
    sender_news,
    audit_messages,
    record_form,
    record_messages,
    record_views,
    anchor_messages,
    pack_messages,
    composer_views,
    request_messages,
    press_views,
    template_step,
    leak_messages,
    incident_links,
    incident_views,
    dispute_views,
    token_views,
)
SHOWN = ("Message", "Message | None", "Json")


def _builders(module: ModuleType) -> list[str]:
    """The public functions of a module that make a message or a view."""
    functions = ast.parse(inspect.getsource(module)).body
    return [
        made.name
        for made in functions
        if isinstance(made, ast.FunctionDef)
        and not made.name.startswith("_")
        and made.returns is not None
        and ast.unparse(made.returns) in SHOWN
    ]


def _noting(called: set[str], name: str, make: Callable[..., Any]) -> Callable[..., Any]:
    def made(*given: Any, **named: Any) -> Any:
        called.add(name)
        return make(*given, **named)

    return made


def test_every_view_and_message_has_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes something for Slack to show is called for the pictures; a new one without a picture fails here."""
    called: set[str] = set()
    wanted = {f"{module.__name__}.{name}" for module in BUILDERS for name in _builders(module)}
    for module in BUILDERS:
        for name in _builders(module):
            noting = _noting(called, f"{module.__name__}.{name}", getattr(module, name))
            monkeypatch.setattr(module, name, noting)
    for _ in shapes():
        pass
    assert len(wanted) >= 10
    assert called == wanted


def test_nobody_else_makes_messages() -> None:
    """A module that builds a message stands in the list above, or only carries a sentence of a catalogue."""
    known = {Path(inspect.getfile(module)).name for module in BUILDERS}
    makes = set()
    for path in Path(inspect.getfile(bot)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Message":
                makes.add(path.name)
    assert makes - known <= {"admins.py", "replies.py", "sealed_deliveries.py"}


async def test_all_of_them_can_be_drawn_on_a_phone() -> None:
    """Nothing is wider than the screen, and no script fails; every picture has its own name."""
    names: list[str] = []
    failures: list[str] = []

    async def look(name: str, page: Page) -> None:
        if not names:
            page.on("pageerror", lambda error: failures.append(str(error)))
        names.append(name)
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            failures.append(f"{name} is wider than the screen")

    async with chromium() as browser:
        await draw(browser, look, tallest=844, viewport={"width": 390, "height": 844})
    assert failures == []
    assert len(names) == len(set(names)) == len(views()) + len(homes()) + len(list(sheets()))


def test_the_story_has_five_parts() -> None:
    """Form, DM, page, tombstone and audit thread."""
    assert [name.split("-", 2)[2] for name in PANELS] == ["form", "recipient", "shown", "tombstone", "audit"]
