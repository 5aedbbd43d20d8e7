"""
What can be said of a pasted secret without showing it: how long it is, and what stands at its ends.

A line break or a space that came along with a paste is the commonest reason why a handed-over key does not work.
"""

from bot import sent_wording as wording
from bot.mrkdwn import Markup


def facts(secret: str) -> Markup:
    """Sentences on the length of a secret and on spaces or line breaks that nobody sees."""
    body = secret.removesuffix("\n")
    lines = body.count("\n") + 1
    if lines > 1:
        told = [wording.PASTED_LINES.format(count=len(secret), lines=lines)]
    else:
        told = [wording.PASTED_ONE if len(secret) == 1 else wording.PASTED.format(count=len(secret))]
    if secret.endswith("\n"):
        told.append(wording.ENDS_WITH_BREAK)
    elif secret[-1:].isspace():
        told.append(wording.ENDS_WITH_SPACE)
    if secret[:1].isspace():
        told.append(wording.BEGINS_WITH_SPACE)
    return Markup(" ".join(told))
