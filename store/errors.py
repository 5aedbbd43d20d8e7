"""
What can be wrong, in the words of the domain.

Errors carry facts, never sentences for people and never anything secret: the bot and the web program find the
words.  `StoreUnavailableError` is the only one that means "try again, nothing happened".
"""

from store.words import Outcome, RecordState


class StoreError(Exception):
    """Base; never raised itself."""


class StoreUnavailableError(StoreError):
    """The database or the keyring did not answer; nothing was changed that the caller was told of."""


class ConflictError(StoreError):
    """What was to be written is there already, by somebody else; nothing was changed."""


class StoreMismatchError(StoreError):
    """The database, its schema and the keyring do not belong together; no program may start."""


class NoLogError(StoreMismatchError):
    """There is no such log, or nothing of it was published so far; its text is a sentence for operators."""


class SeveralLogsError(StoreMismatchError):
    """There are several logs, and none was named; its text is a sentence for operators."""


class LogStoppedError(StoreError):
    """
    Nothing more is put into the log until an operator has looked: database, last checkpoint and key do not fit.

    Its text is a sentence for operators.  Drops live and end as before; their events wait and are not lost.
    """


class UnknownDropError(StoreError):
    """No such id, or the link proof is wrong, or nothing here may be acknowledged: one answer for all."""


class NothingClaimedError(UnknownDropError):
    """The link is right and the claim is not: answered alike, and no guess at a link that a limit would count."""


class UnknownReceiptError(StoreError):
    """No such receipt, or a token that was never given out for it: one answer for both."""


class NamesOverError(StoreError):
    """The token was given out for this receipt, and its thirty days are over."""


class UnknownSheetError(StoreError):
    """No list was given out by this link, or its time is over: one answer for both."""


class DuplicateDropError(StoreError):
    """A drop of this id exists already."""


class AlreadySubmittedError(StoreError):
    """This form was submitted before, for this recipient."""

    def __init__(self, drop_id: bytes) -> None:
        super().__init__("submitted before")
        self.drop_id = drop_id


class UnknownOrderError(StoreError):
    """No such order, or a wrong token, or its time is over: one answer for all."""


class AskedOtherwiseError(StoreError):
    """Something else was asked for under the same key."""


class BeingAskedError(StoreError):
    """What was asked for under the same key is being made, and nobody can tell so far what comes of it."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("being asked")
        self.retry_after_seconds = retry_after_seconds


class UnknownTokenError(StoreError):
    """No such token, or it has expired, or was revoked, or its owner was forgotten: one answer for all."""


class WrongScopeError(UnknownTokenError):
    """The token is for something else; `scope` is what it would have to be for."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"the token is not for {scope}")
        self.scope = scope


class SendingTooMuchError(StoreError):
    """This person has sent as much as anybody may; nothing of this was kept.  Never raised itself."""


class SendingTooOftenError(SendingTooMuchError):
    """As much as anybody may within ten minutes; then there is room again."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"retry after {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class TooManyOpenError(SendingTooMuchError):
    """As many of theirs are open as anybody may have at once."""


class TooManyTokensError(StoreError):
    """This person has as many tokens as anybody may have at once."""


class TooManyRecordsError(StoreError):
    """This person has as many records as anybody may have at once."""


class RecordTooLongError(StoreError):
    """A record of somebody's is to live longer than any may."""


class UnknownRecordError(StoreError):
    """No such record, or a wrong key, or it has ended: one answer for all."""


class NoPageError(StoreError):
    """The record is live, and has no page: there is neither link nor lock."""


class RecordEndedError(StoreError):
    """The record that this link leads to has ended; `at` is milliseconds since 1970."""

    def __init__(self, state: RecordState, at: int) -> None:
        super().__init__(f"ended: {state}")
        self.state = state
        self.at = at


class RecordChangedError(StoreError):
    """Somebody else has rotated or ended the record in the meantime; nothing of this was kept."""


class EscrowAbsentError(StoreError):
    """No copy of the record's value is kept that we could open: it has to be given anew."""


class EscrowUnreadableError(StoreError):
    """
    A record's escrow cannot be opened, or none can be made; nothing was changed.

    Its text says why, for operators, as the second half of a sentence: "its master key 2 is absent".
    """


class NoBotError(StoreUnavailableError):
    """No bot has been here so far: there is nobody to whom anything could be sealed."""


class OrderUsedError(StoreError):
    """Another drop was sealed under this order, or its time was over just now."""


class UnacceptableDropError(StoreError):
    """The header says something other than the request, or a size is out of bounds."""


class UnacceptableRecordError(StoreError):
    """What a client has sealed for a record's page does not belong together; its text says what, to a person."""


class DropEndedError(StoreError):
    """
    The drop has ended, or another page holds the one claim.

    `at` is milliseconds since 1970; 0 for a claim that won and is sent nothing, since its key could not be erased.
    """

    def __init__(self, outcome: Outcome, at: int) -> None:
        super().__init__(f"ended: {outcome}")
        self.outcome = outcome
        self.at = at


class DropLockedError(StoreError):
    """All guesses of this round are used up; the sender may unlock."""


class DropPausedError(StoreError):
    """The recipient did not expect it; nobody may open it until the sender says that it is right."""


class TooSoonError(StoreError):
    """The next guess is not due yet; nothing was paid."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"retry after {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class TooManyLargeError(StoreUnavailableError):
    """As many large envelopes are on their way as this program can hold: nothing was paid."""


class KeyUnreadableError(StoreUnavailableError):
    """A live drop's key is absent or unreadable: nothing was paid, and somebody must mount the keyring."""


class PageNamesError(KeyUnreadableError):
    """What the page of a record says cannot be kept, for the key of its month is away: it can only be ended."""


class WrongPassphraseError(StoreError):
    """A guess was paid and was wrong."""

    def __init__(self, tries_left: int, retry_after_seconds: int) -> None:
        super().__init__("wrong passphrase")
        self.tries_left = tries_left
        self.retry_after_seconds = retry_after_seconds


class NotPausedError(StoreError):
    """There is nothing to resume: the drop is not paused, or has ended."""


class NotVerifiedError(StoreError):
    """The recipient's own Slack account must press its button first, or must do so again; no guess was used."""


class NothingToRotateError(StoreError):
    """Nobody has seen this key, or somebody has said already that it was rotated."""


class CannotUnlockError(StoreError):
    """The drop, or the record, is not locked, or was unlocked twice already."""


class NothingToRemindError(StoreError):
    """Nobody can open it just now, or its recipient cannot be told."""


class RemindedLatelyError(StoreError):
    """The recipient was reminded within the hour; `at` is milliseconds since 1970."""

    def __init__(self, at: int) -> None:
        super().__init__("reminded within the hour")
        self.at = at
