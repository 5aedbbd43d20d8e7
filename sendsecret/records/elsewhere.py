"""
What `sendsecret record --with-login` does: over the API of a server, which need not be this computer's.

The key is drawn and the value sealed here; who makes it is whoever is logged in.
"""

import os
from datetime import UTC, datetime
from typing import NoReturn

from sendsecret.operating import refuse
from sendsecret.records import handing_over, wording
from sendsecret.records.handing_over import Handed, To
from sendsecret.sending import login_file, record_making
from sendsecret.sending.ending import say
from sendsecret.sending.record_making import Made
from sendsecret.sending.stopping import Exit, StoppedError
from sendsecret.talking.strangers_text import harmless
from store import record_lines
from store.formats import record_v1
from store.formats.asked_record_v1 import Wanted
from store.tells import tells

_NOTHING_CHANGED = 2
_NOT_KNOWN = 3


def make(wanted: Wanted, value: str, to: To) -> None:
    """Make it, and let its key go; where it goes nowhere, that is said with the record's id."""
    if tells(wanted.label, value):
        refuse(wording.LABEL_TELLS, _NOTHING_CHANGED)
    record_v1.encoded(value)
    try:
        made = record_making.make(login_file.find(os.environ), wanted, value, say)
    except StoppedError as stopped:
        _stop(stopped)
    except KeyboardInterrupt:
        refuse(wording.LOST_ELSEWHERE, _NOT_KNOWN)
    day = datetime.fromtimestamp(made.until, UTC).strftime("%Y-%m-%d")
    reads = wording.how_often(wanted.most_reads)
    say(wording.MADE.format(record=made.key.id_text, label=wanted.label, until=day, reads=reads))
    if value.endswith("\n"):
        say(wording.ENDS_WITH_BREAK)
    _let_go(made, wanted.label, to)


def _let_go(made: Made, label: str, to: To) -> None:
    record, text = made.key.id_text, record_lines.lines(made.key, made.public_url)
    if to.recipient is None:
        if not handing_over.show(text):
            refuse(wording.LEFT_ELSEWHERE.format(record=record), 1)
        say(wording.SHOWN_ELSEWHERE)
        return
    match handing_over.hand_to(to.recipient, label, text, is_sure=to.is_sure, environment=os.environ):
        case Handed.YES:
            say(wording.HANDED_ELSEWHERE.format(to=harmless(to.recipient)))
        case Handed.NO:
            refuse(wording.LEFT_ELSEWHERE.format(record=record), 1)
        case Handed.PERHAPS:
            refuse(wording.PERHAPS_ELSEWHERE.format(record=record), 6)


def _stop(stopped: StoppedError) -> NoReturn:
    is_known = stopped.code != Exit.NO_ANSWER or stopped.problem == "unavailable"
    refuse(stopped.sentence, _NOTHING_CHANGED if is_known else _NOT_KNOWN)
