"""What `sendsecret record --with-login` says; of what opens a record, by its door."""

from dataclasses import dataclass
from typing import Final

from store.record_doors import RecordDoor


@dataclass(frozen=True)
class Words:
    """What is said of that which opens a record, once it was made."""

    shown: str
    handed: str
    taken_back: str
    left: str
    perhaps: str


_REVOKE: Final = "sendsecret record revoke {record} --with-login"
_LEFT: Final = (
    "and the record is there, for this token may not revoke: end it in Slack (Home, Records), or with a token for "
    f"`revoke`: {_REVOKE}"
)

WORDS: Final = {
    RecordDoor.API: Words(
        shown="The key is shown this once, and kept nowhere. If it is lost, revoke the record and make another.",
        handed="The key went to {to}, and stands nowhere else. If they lose it, revoke the record and make another.",
        taken_back="The key went to nobody, so the record was revoked again; nothing is left of it.",
        left=f"The key went to nobody, {_LEFT}",
        perhaps=(f"Whether the key arrived is not known: see above. If it did not, revoke the record: `{_REVOKE}`."),
    ),
    RecordDoor.PAGE: Words(
        shown=(
            "Link and passphrase are kept nowhere, and what is shown is shown this once. Give them to one person, the "
            "passphrase in another way than the link. If one is lost, revoke the record and make another."
        ),
        handed=(
            "Link and passphrase went to {to}, and stand nowhere else. If they lose one, revoke the record and make "
            "another."
        ),
        taken_back="Link and passphrase went to nobody, so the record was revoked again; nothing is left of it.",
        left=f"Link and passphrase went to nobody, {_LEFT}",
        perhaps=(
            "Whether link and passphrase arrived is not known: see above. If they did not, revoke the record: "
            f"`{_REVOKE}`."
        ),
    ),
}

NO_ESCROW: Final = "--escrow is for whoever runs the server, without --with-login. Nothing was changed."
REVOKED: Final = "Record {record} revoked. Nobody reads it any more."
LOST: Final = (
    "Stopped. It is not known whether a record was made: `sendsecret record list --with-login` says so; nobody can "
    "open it, so revoke it."
)
STOPPED: Final = f"Stopped. It is not known whether it was revoked. Run the same again: {_REVOKE}"
