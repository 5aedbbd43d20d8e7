"""The passphrase of a page that somebody chose, typed twice or out of a file."""

from pathlib import Path

from sendsecret.operating import refuse
from sendsecret.records import by_hand, wording
from sendsecret.sending import chosen_passphrase
from sendsecret.sending.chosen_passphrase import Passphrase
from sendsecret.sending.stopping import StoppedError
from store.tells import tells, tells_words


def chosen(file: Path | None, label: str, value: str) -> Passphrase:
    """From the file, or typed.  One that cannot be used, or is told elsewhere, ends the program with code 2."""
    try:
        with by_hand.stopped(wording.STOPPED, 2):
            it = chosen_passphrase.asked() if file is None else chosen_passphrase.of_file(file)
    except StoppedError as stopped:
        refuse(stopped.sentence, 2)
    except EOFError:
        refuse(wording.NOT_TYPED_PASSPHRASE, 2)
    canonical = it.canonical.decode()
    if tells(label, canonical) or (it.form == "words" and tells_words(label, canonical)):
        refuse(wording.PASSPHRASE_TELLS, 2)
    if it.typed.strip() == value.strip():
        refuse(wording.PASSPHRASE_IS_IT, 2)
    return it
