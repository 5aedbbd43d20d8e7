"""One round of every check, in the order in which one would mend what they find."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from sendsecret.doctoring import on_database, on_front, on_keyring, on_room, on_settings, on_signing, on_slack
from sendsecret.doctoring.known import Known
from sendsecret.doctoring.line import Line, bad

Check = Callable[[Known], Awaitable[list[Line]]]


async def look(known: Known, *, post: bool, limits: bool) -> AsyncIterator[Line]:
    """Each line as soon as it is known; a check that fails itself is a line, too."""
    checks: Mapping[str, Check] = {
        "settings": on_settings.check,
        "database": on_database.check,
        "keyring": on_keyring.check,
        "signing": on_signing.check,
        "room": on_room.check,
        "slack": lambda known: on_slack.check(known, post=post),
        "front": lambda known: on_front.check(known, limits=limits),
    }
    for about, check in checks.items():
        try:
            lines = await check(known)
        except Exception as error:  # noqa: BLE001 - a doctor who falls over what is broken is of no use
            # Its type alone: its text may hold an address with a password.
            lines = [bad(f"{about}: it could not be looked at to its end ({type(error).__name__})", _AS_WHOM)]
        for line in lines:
            yield line


_AS_WHOM = "Run this as the user of the programs, or as root, where `sendsecret run` is started"
