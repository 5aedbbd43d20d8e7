"""What is said of endpoints that are told of events: in Home, and at the command line."""

from typing import Final

from store.words import WebhookFault

FAILED: Final = (
    "*Webhook `{endpoint}`*: {count} events were not taken and are tried no more, since {since}. {why}. None is lost."
)
FAILED_ONE: Final = (
    "*Webhook `{endpoint}`*: one event was not taken and is tried no more, since {since}. {why}. It is not lost."
)
STUCK: Final = (
    "*Webhook `{endpoint}`* has not taken events, since {since}. {why}. Waiting: {count}, and {ahead} of the log. "
    "Each is tried for three days, and then stands here."
)
FAILED_MORE: Final = "Events for more webhooks were not taken: `sendsecret webhook list` names them."
REPLAY: Final = "Replay"

TELL_FAILING: Final = (
    ":warning: *Webhook `{endpoint}`* has not taken what I send it for an hour, since {since}. {why}. Waiting: "
    "{count}. Nothing is lost: each event is tried for three days, and is in the log. Somebody has to look at what "
    "listens there; *Replay* in my Home tab then sends at once what waits."
)
TELL_GIVEN_UP: Final = (
    ":warning: *Webhook `{endpoint}`* did not take events that I try no more, since {since}: {count} so far. {why}. "
    "They are kept for ninety days: once it works again, *Replay* in my Home tab sends them."
)
TELL_OVER: Final = ":white_check_mark: *Webhook `{endpoint}`* works again: nothing is left that it did not take."
TELL_FORGOTTEN: Final = (
    "*Webhook `{endpoint}`*: nothing is left to send again, though it did not take everything. What I gave up I kept "
    "for ninety days, and then forgot; the events themselves still stand in the log."
)

REPLAYED: Final = (
    "Webhook `{endpoint}`: {count} will be sent again now, and then what waits behind. What is not taken stands here "
    "once more."
)
NOTHING_TO_REPLAY: Final = (
    "Webhook `{endpoint}` has nothing that is tried no more, or later. Somebody may have pressed Replay before you."
)
MAY_NOT_REPLAY: Final = "Only administrators and auditors can have webhooks sent again. Nothing was changed."
NO_SUCH_WEBHOOK: Final = "There is no such webhook any more; WEBHOOKS_FILE says which there are. Nothing was changed."
NOT_REPLAYED: Final = "I could not reach my store just now. Nothing was changed, nothing is lost. Press Replay again."

WHY: Final = {
    WebhookFault.NAME: "Its name leads to no address",
    WebhookFault.ADDRESS: "It is at an address that not everybody can reach, which needs `network: private`",
    WebhookFault.AWAY: "Nobody answers there",
    WebhookFault.UNTRUSTED: "Its certificate is not to be believed",
    WebhookFault.UNANSWERED: "It did not answer within ten seconds",
    WebhookFault.NO_HTTP: "What answers there does not speak HTTP",
}
ANSWERED: Final = "It answered {status}"
REDIRECTED: Final = "It answered {status}, and redirects are not followed"


def why(code: str) -> str:
    """Why an endpoint did not take an event, as a sentence without its end; `code` as the store keeps it."""
    if code in WHY:
        return WHY[WebhookFault(code)]
    status = code.rpartition("_")[2]
    return (REDIRECTED if status.startswith("3") else ANSWERED).format(status=status)
