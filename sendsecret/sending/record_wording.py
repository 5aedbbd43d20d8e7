"""What `sendsecret record --with-login` says of its server's answers."""

from typing import Final

RECORD_HANDED_IN: Final = "Sealed on this computer. Handing it in to {host}…"
RECORD_UNACCEPTABLE: Final = "The server takes no such record: {why}. Nothing was made."
RECORD_TAKEN: Final = "There is, or was, another record of this id. Nothing was made; run this again."
MAY_NOT_SEND: Final = "Whoever this token belongs to may not hand over secrets there. Nothing was made."
TOO_MANY_RECORDS: Final = (
    "You have as many records there as anybody may have at once. Nothing was made. `sendsecret record list "
    "--with-login` prints them; revoke one that nothing reads any more, and run this again."
)
TOO_OFTEN: Final = (
    "You have sent or made as much there within ten minutes as anybody may. Nothing was made. Run this again in ten "
    "minutes."
)
RECORD_NOT_FOUND: Final = "You have no such record there: `sendsecret record list --with-login` prints yours."
RECORD_TOO_LATE: Final = "It is over already: its time, or its reads. Nobody reads it any more."
RECORD_WRONG_SCOPE: Final = (
    "This token serves, and is not for this: making a record needs `send`, listing `read`, revoking `revoke`. Nothing "
    "was changed. In Slack, Home, Tokens makes one; then here: sendsecret login."
)
RECORD_NO_BOT: Final = (
    "The server's bot does not answer. It may make record {record} within two minutes all the same; then nobody can "
    "open it: revoke it."
)
RECORD_UNSURE: Final = (
    "The sealed record was on its way, and no answer came: record {record} may have been made or not. If it was, "
    "nobody can open it: revoke it, and run this again."
)
REVOKE_NO_BOT: Final = (
    "The server's bot does not answer. It may revoke record {record} within two minutes all the same; run this again, "
    "which changes nothing if it has."
)
REVOKE_UNSURE: Final = (
    "No answer came, so that nobody knows whether record {record} was revoked. Run this again, which changes nothing "
    "if it was."
)
