"""
What a token is for, on the word of a key of the bot's that is believed, whatever else the database says.
"""

from collections.abc import Mapping

from sqlalchemy import select

from store import tokens
from store.errors import UnknownTokenError, WrongScopeError
from store.formats import jws_v1, token_grant_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.token_grant_v1 import Grant, Owner
from store.log.who_may_say import Speaker
from store.opened import Store
from store.schema_of_tokens import tokens as table
from store.signer import verify
from store.words import Scope


async def granted(store: Store, token: ApiToken, speakers: Mapping[str, Speaker], scope: Scope) -> Owner:
    """
    Whose it is, on the word of a believed key of the bot's.  Raises UnknownTokenError, and WrongScopeError.

    For the bot, before it does anything in the owner's name: what a token is for is what was signed, not what its row
    says by now.
    """
    owner, _ = await tokens.find(store, token)
    async with store.db.read() as tx:
        text = (await tx.execute(select(table.c.signed).where(table.c.id == token.id))).scalar_one_or_none()
    grant = _grant_in(str(text), speakers)
    if grant.id != token.id or not grant.is_of(owner, token.proof) or grant.until <= store.clock.now_seconds():
        raise UnknownTokenError
    if scope not in grant.scopes:
        raise WrongScopeError(scope)
    return owner


def _grant_in(text: str, speakers: Mapping[str, Speaker]) -> Grant:
    try:
        signed = jws_v1.parse(text.encode())
        speaker = speakers[signed.kid]
        # A key that was retired signed, for all that anybody knows, whatever its thief wanted.
        if signed.kind != token_grant_v1.TYPE or speaker.program != "bot" or speaker.retired is not None:
            raise UnknownTokenError  # noqa: TRY301 - answered like every other
        verify(text.encode(), speaker.jwk)
        return token_grant_v1.of_claims(signed.claims)
    except Exception:  # noqa: BLE001 - whatever a forged grant does to a library
        raise UnknownTokenError from None
