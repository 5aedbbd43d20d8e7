"""What every drop and record is promised, with the keys on a server (KEYRING_URL): tests of a folder's, run over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keyring_on_server import moved
from tests.originals import Original
from tests.postgres import Postgres
from tests.store.test_endings import (  # noqa: F401
    test_a_claim_that_meets_an_erased_key_of_an_ending_is_told_the_ending,
    test_a_revoked_drop_is_dead_when_revoke_returns,
    test_an_erased_key_is_lost_and_costs_no_guess,
    test_the_sweeper_ends_what_is_overdue,
)
from tests.store.test_life import (  # noqa: F401
    test_a_right_passphrase_releases_what_was_sealed,
    test_a_taken_id_and_a_false_header_are_refused,
    test_strict_mode_sends_once,
)
from tests.store.test_orders import (  # noqa: F401
    test_a_crash_between_key_and_commit_loses_nothing,
    test_the_same_drop_at_once_is_one,
)
from tests.store.test_records import (  # noqa: F401
    bot,
    test_a_rotated_key_is_dead_at_once,
    test_what_was_revoked_holds_nothing,
)
from tests.store.test_retention import (  # noqa: F401
    test_a_month_waits_for_its_last_drop,
    test_several_programs_say_it_once,
)
from tests.stores import Home


@pytest.fixture
def home(on_postgresql: Original, postgres: Postgres, tmp_path: Path) -> Iterator[Home]:
    """An installation whose keyring is a database of the same server; which server it is, is not the point here."""
    home = moved(on_postgresql.copied_to(tmp_path), postgres.new_database())
    yield home
    postgres.forget(home.keyring_url)
    postgres.forget(home.database_url)
