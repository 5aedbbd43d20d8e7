"""`sendsecret forget` of somebody who has tokens and no drops."""

import pytest

from sendsecret import forget
from store import forgetting, records, tokens
from store.forgetting import Found
from store.opened import Store
from store.personal import ERASED
from store.records import Named
from store.words import Actor
from tests.stores import Home


def test_what_would_be_forgotten_names_tokens_and_records(capsys: pytest.CaptureFixture[str]) -> None:
    """Not "in 0 drops" alone: whoever is asked must know what ends."""
    with pytest.raises(SystemExit):
        forget._ask(Found([], [], 0), 2, 1)
    assert "in 0 drops and 2 tokens and 1 record." in capsys.readouterr().err


async def test_what_is_made_while_it_asks_is_forgotten_too(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator thinks for a minute, and a program goes on making records, with a token of before or a new one."""
    forget_orders, made = forgetting.forget_orders, []

    async def behind_the_question(store: Store, person: str) -> int:
        await tokens.make(store, "T1", "U0DANA")
        named = Named("Dana's key", owner="U0DANA")
        made.append((await records.make(store, named, "value", lives_seconds=3600, by=Actor.SENDER))[0])
        return await forget_orders(store, person)

    async with home.open("bot") as store:
        await tokens.make(store, "T1", "U0DANA")
        monkeypatch.setattr(forgetting, "forget_orders", behind_the_question)
        assert await forget._forget_in(store, "U0DANA", 12, is_sure=True) == 0
        assert (await records.find(store, made[0].id)).named == Named(ERASED)
        assert await tokens.of_person(store, "U0DANA") == []
    out = capsys.readouterr().out
    assert "good for nothing: 2 tokens." in out
    assert "read as before: 1 record." in out
