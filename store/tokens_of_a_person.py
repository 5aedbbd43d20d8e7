"""
Ending what somebody has: all tokens of one person, because of what became of that person.

Each in a transaction of its own.  A use that is underway comes first or too late, and holds up none of the others.
"""

from store import tokens
from store.opened import Store
from store.tokens import WhyEnded
from store.words import Actor


async def owners(store: Store, team_id: str) -> list[str]:
    """Who of a workspace has a token that serves, by user id, each once; without those whose row cannot be read."""
    whose = [owner for owner, _ in await tokens.everybodys(store)]
    return list(dict.fromkeys(owner.user_id for owner in whose if owner is not None and owner.team_id == team_id))


async def end(store: Store, user_id: str, team_id: str | None, *, by: Actor, why: WhyEnded) -> int:
    """
    End those that serve, of one workspace if one is named, and say why of each; how many ended now.

    With them those whose row is damaged, which no longer says of which workspace they were.  Raises KeyUnreadableError;
    those that had ended by then stay ended: the same again goes on with the others.
    """
    ended = 0
    for one in await tokens.of_person(store, user_id, team_id=team_id):
        async with store.db.write() as tx:
            ended += await tokens.end(tx, store, one.id, by, why=why)
    return ended
