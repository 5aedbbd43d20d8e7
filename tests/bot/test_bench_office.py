"""The office of the bench: fifty people, the real bot, and a relay that knows what went by."""

import pytest

from bench.office import office
from tests.e2e.workplace import Mode
from tests.stores import Home


@pytest.mark.parametrize("mode", list(Mode), ids=str)
async def test_each_command_is_found_again_at_its_form(sqlite_home: Home, mode: Mode) -> None:
    """One for each of them; at first the bot has to ask who they are, and then it knows."""
    async with office(sqlite_home, mode, 1) as at:
        for is_known in (False, True):
            opened = await at.type_all(at.people[0][:3])
            assert [one.is_known for one in opened] == [is_known] * 3
            assert all(one.ours > 0 for one in opened)
        told = await at.counted()
        assert told.value("sealing_waiting") == 0
