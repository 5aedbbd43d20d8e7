"""
What a keyring can do, wherever its keys are: in a folder, or on a server of their own (KEYRING_URL).

Every method blocks, for a second and a half at most where a server does not answer; call them in a thread.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from store.errors import StoreMismatchError
from store.keyring import ON_SERVER, Keyring, KeyState, id_and_peppers
from store.keyring_server import KeyringServer
from store.keys_on_server import KeyringOnServer
from store.months import Months
from store.months_on_server import MonthsOnServer
from store.peppers import Peppers


class Keys(Protocol):
    """Keys of one kind; `store.keyring.KeyFolder` says what each method promises."""

    def create(self, key_id: bytes, /) -> bytes: ...
    def state(self, key_id: bytes, /) -> KeyState: ...
    def read(self, key_id: bytes, /) -> bytes | None: ...
    def erase(self, key_id: bytes, /) -> bool: ...
    def put_back_erased(self, key_id: bytes, /) -> None: ...
    def unlink(self, key_id: bytes, /) -> None: ...
    def ids(self) -> list[tuple[bytes, float]]: ...


class AnyKeyring(Keys, Protocol):
    """The keys of drops, as `records` those of records, the peppers, and which keyring it is."""

    id: str
    peppers: Peppers

    @property
    def records(self) -> Keys: ...
    def medium(self, drop_id: bytes, /) -> str: ...
    def is_at(self, directory: Path, /) -> bool: ...
    def tidy(self, *, look: bool = False) -> None: ...
    def close(self) -> None: ...


class Held(NamedTuple):
    """A keyring, and the months that belong to it."""

    keyring: AnyKeyring
    months: Months


@contextmanager
def months_at(directory: Path, url: str = "") -> Iterator[Months]:
    """The months alone, which a folder has without a whole keyring.  Raises as `hold`."""
    if not url:
        yield Months(directory)
        return
    held = hold(directory, url)
    with closing(held.keyring):
        yield held.months


def hold(directory: Path, url: str = "") -> Held:
    """
    The keyring in KEYRING_DIR, with its keys on the server of KEYRING_URL where one is named; close it at the end.

    Raises StoreMismatchError where there is none, or another kind, and StoreUnavailableError where its server does not
    answer.
    """
    if not url:
        return Held(Keyring(directory), Months(directory))
    keyring_id, _ = id_and_peppers(directory)
    if not keyring_id.startswith(ON_SERVER):
        raise StoreMismatchError(
            "KEYRING_URL is set, and the keyring in KEYRING_DIR has its keys in that folder; nothing was changed. Do "
            "not set it for this installation (docs/deploying.md, Several hosts)"
        )
    server = KeyringServer(url, keyring_id)
    try:
        keyring = KeyringOnServer(directory, server)
        keyring.require_there()
        return Held(keyring, MonthsOnServer(server))
    except BaseException:
        server.close()
        raise
