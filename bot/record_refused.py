"""Why a window of records did nothing: the sentence for each reason, and the field that Slack shows it at.  Pure."""

from bot import form, record_form, too_much
from bot import record_form_wording as wording
from bot.sealing import TooBusyError
from store.errors import (
    EscrowAbsentError,
    EscrowUnreadableError,
    KeyUnreadableError,
    RecordChangedError,
    SendingTooMuchError,
    StoreUnavailableError,
    TooManyRecordsError,
)
from store.record_bounds import MOST_LIVE


class RefusedError(Exception):
    """Nothing was done; the text is the sentence for `block`."""

    def __init__(self, sentence: str, block: str = form.SECRET) -> None:
        super().__init__(sentence)
        self.block = block


def errors_of(error: Exception, whom: str, *, is_kept: bool) -> dict[str, str] | None:
    """
    What is said of it, by field; None for what nobody foresaw.

    `whom` is the field beside which all stands that is about the whole window.  `is_kept`: the credential is to stay,
    so that its escrow is opened, and not made alone.
    """
    match error:
        case RefusedError():
            said = {error.block: str(error)}
        case RecordChangedError():
            said = {form.SECRET: wording.CHANGED}
        case EscrowAbsentError():
            said = {form.SECRET: wording.NOT_ESCROWED}
        case EscrowUnreadableError():
            said = {form.SECRET: wording.UNOPENED} if is_kept else {record_form.ESCROW: wording.NO_MASTER}
        case TooManyRecordsError():
            said = {whom: wording.TOO_MANY.format(most=f"{MOST_LIVE:,}")}
        case SendingTooMuchError():
            said = {whom: too_much.told(error, wording.TOO_OFTEN, wording.TOO_MANY_OPEN)}
        case TooBusyError():
            said = {form.SECRET: wording.BUSY}
        case KeyUnreadableError():
            said = {whom: wording.RING_AWAY}
        case StoreUnavailableError():
            said = {whom: wording.AWAY}
        case _:
            return None
    return said
