"""What the log has and has not let out is not told: a restored database would not know of it."""

from unittest.mock import patch

import pytest

from store import webhooks
from store.log import sequencer as stepping
from store.words import Event
from tests.store.faults import Crash
from tests.store.living import created
from tests.store.test_log import drained
from tests.store.webhooks import SIEM, drain, enrolled, everything, told
from tests.stores import Home


async def test_what_is_not_published_is_not_told(home: Home) -> None:
    """Between the leaf and its publication nothing goes out; afterwards it does."""
    async with home.open("bot") as store:
        sequencer = await enrolled(store, home)
        await created(store)
        with patch.object(stepping, "publish", side_effect=Crash), pytest.raises(Crash):
            await sequencer.step()
        assert not await webhooks.fan_out(store, SIEM, everything)
        await drained(sequencer)
        await told(store)
        assert [one.event for one in await drain(store)] == [Event.CREATED]
