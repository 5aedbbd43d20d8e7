#!/usr/bin/env python3
"""
Hand one contractor the five credentials of a data project, each from its template.

    VAULT_COMMAND="op-read onboarding" ./onboarding.py U0123456789 --engagement-ends 2026-12-31

Log in first (sendsecret login), or set SENDSECRET_URL and SENDSECRET_TOKEN_FILE.  VAULT_COMMAND is called with the name
of one item behind it, and prints that secret, byte for byte; a secret never stands on a command line.  Change HANDOVER.

It fails closed: all secrets are read before the first is sent, the first sending that fails stops it, and it says what
was sent and what was not.  Run it again then, within 24 hours: each sending has a key of contractor, template and day,
so that what was sent is not sent twice.  After midnight (UTC), name the first day with --day.  What has ended unopened
since, as by Revoke, keeps its key: another --day sends all five anew.

Each passphrase is printed once, on standard output.  Pass it on by phone; no later run knows it.

Exit code 0: all five were delivered, now or before.  1: not all; standard error says how each stands.
"""

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

# The template, and what the vault calls its secret.
HANDOVER = {
    "stripe": "stripe-restricted-key",
    "aws": "aws-access-key",
    "github": "github-token",
    "datadog": "datadog-api-key",
    "database": "database-url",
}
# How something that was sent before may stand, delivered or not: somebody with the link has opened it.
OPENED = {"claimed", "viewed", "released"}
# What may be left of the sending that stopped it.
NOTHING, UNSURE, OVER = "Not sent", "May have arrived, look into Slack", "Over, and opens nothing any more"


class StopError(Exception):
    """Why it goes no further; `left` is how the sending that failed stands."""

    def __init__(self, why: str, left: str = NOTHING) -> None:
        super().__init__(why)
        self.left = left


@dataclass(frozen=True)
class Contractor:
    """Whom it is for, until when, and on which day it was begun."""

    id: str
    engagement_ends: date
    day: date


def secret_of(item: str) -> bytes:
    """What the vault has.  Raises StopError."""
    command = [*shlex.split(os.environ.get("VAULT_COMMAND", "")), item]
    if len(command) == 1:
        raise StopError("VAULT_COMMAND is not set")
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    except OSError as error:
        raise StopError(f"VAULT_COMMAND cannot be run ({error.strerror})") from None
    if done.returncode != 0 or not done.stdout.strip():
        raise StopError(f"the vault gave no {item} (exit code {done.returncode})")
    return done.stdout


def send(to: Contractor, template: str, secret: bytes) -> str:
    """Send one; how it went, in words.  Raises StopError."""
    words = ["send", to.id, "--template", template, "--engagement-ends", to.engagement_ends.isoformat()]
    words += ["--yes", "--json", "--idempotency-key", f"{to.id}-{template}-{to.day.isoformat()}"]
    command = [*shlex.split(os.environ.get("SENDSECRET", "sendsecret")), *words]
    # Its standard error goes to ours; Ctrl-C reaches it, and it still says how far it came.
    try:
        done = subprocess.run(command, input=secret, stdout=subprocess.PIPE, check=False)
    except OSError as error:
        raise StopError(f"sendsecret cannot be run ({error.strerror})") from None
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        why = f"sendsecret said nothing that can be read (exit code {done.returncode})"
        raise StopError(why, UNSURE) from None
    if said.get("passphrase"):
        print(f"{template}: passphrase {said['passphrase']}", flush=True)
    if done.returncode == 0 and said["state"] == "delivered":
        return f"sent as drop {said['drop']}"
    if done.returncode == 0 and said["state"] == "sent-before":
        return sent_before(said["drop"], said["now"], said["delivery"])
    # From the drop's id on, the sealed secret may be with the server; of one that was not delivered nothing is left.
    is_unsure = "drop" in said and said.get("problem") != "undelivered"
    why = str(said.get("sentence", f"exit code {done.returncode}"))
    raise StopError(why, UNSURE if is_unsure else NOTHING)


def sent_before(drop: str, now: str, delivery: str) -> str:
    """What an earlier run handed in, in words.  Raises StopError where that is not enough."""
    if now in OPENED or (now, delivery) == ("sealed", "delivered"):
        return f"sent before as drop {drop}, now {now}"
    if now == "sealed":
        raise StopError(f"it was handed in before as drop {drop}, and its link is not delivered so far", UNSURE)
    if now == "locked":
        raise StopError(f"it was sent before as drop {drop}, which is locked: allow more tries in Slack", UNSURE)
    raise StopError(f"it was sent before as drop {drop}, which is now {now}", OVER)


def hand_over(to: Contractor) -> int:
    """All of it; the exit code."""
    sent: dict[str, str] = {}
    try:
        secrets = {template: secret_of(item) for template, item in HANDOVER.items()}
        for template, secret in secrets.items():
            sent[template] = send(to, template, secret)
            print(f"{template}: {sent[template]}", flush=True)
    except StopError as stop:
        failed, *left = [template for template in HANDOVER if template not in sent]
        print(f"Stopped at {failed}: {stop}", file=sys.stderr)
        print(f"Sent: {', '.join(sent) or 'nothing'}.", file=sys.stderr)
        if stop.left == NOTHING:
            left = [failed, *left]
        else:
            print(f"{stop.left}: {failed}.", file=sys.stderr)
        print(f"Not sent: {', '.join(left) or 'nothing'}.", file=sys.stderr)
        print(advice(to, stop), file=sys.stderr)
        return 1
    print("All five were sent.", flush=True)
    return 0


def advice(to: Contractor, stop: StopError) -> str:
    """What to do now."""
    if stop.left == OVER:
        again = f"Choose another --day than {to.day.isoformat()}: that sends all five anew."
        return f"{again} Revoke in Slack what still waits of this one."
    return f"Run it again, with --day {to.day.isoformat()}: what was sent is not sent twice."


def main() -> int:
    """What stands on the command line."""
    parser = argparse.ArgumentParser(description="Hand one contractor the five credentials of a data project.")
    parser.add_argument("contractor", help="their member id in Slack: a display name is its owner's choice")
    parser.add_argument("--engagement-ends", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--day", type=date.fromisoformat, default=datetime.now(UTC).date(), metavar="YYYY-MM-DD")
    given = parser.parse_args()
    # A handler of our own, which a child does not inherit: Ctrl-C stops the sending, and we go on to say how it stands.
    signal.signal(signal.SIGINT, lambda *_: None)
    return hand_over(Contractor(given.contractor, given.engagement_ends, given.day))


if __name__ == "__main__":
    sys.exit(main())
