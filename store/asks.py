"""What a holder can say without opening anything: "that was not me", "I need something from the sender"."""

from store import recurrences
from store.drops import held
from store.opened import Store
from store.words import Ask, Event


async def not_me(store: Store, drop_id: bytes, link_proof: bytes) -> None:
    """The holder denies having opened it, or expected it.  Raises UnknownDropError."""
    await held(store, drop_id, link_proof)
    await recurrences.note(store, Event.NOT_ME, drop_id)


async def ask(store: Store, drop_id: bytes, link_proof: bytes, what: Ask) -> None:
    """The holder asks the sender for the passphrase, a new drop, or more tries.  Raises UnknownDropError."""
    await held(store, drop_id, link_proof)
    await recurrences.note(store, Event.ASKED, drop_id, what=what)
