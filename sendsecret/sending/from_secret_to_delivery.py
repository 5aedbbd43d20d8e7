"""The whole way in its order: login, what it is called, secret, order, passphrase, sealed, handed in, delivered."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sendsecret.sending import chosen_passphrase, ending, handing_in, login_file, sealing, secret_in, wording
from sendsecret.sending.answers import Before, Open
from sendsecret.sending.chosen_passphrase import Passphrase
from sendsecret.sending.handing_in import MaybeError
from sendsecret.sending.order_routes import OrderRoutes
from sendsecret.sending.ordering import Ordered, order
from sendsecret.sending.sealing import Ready
from sendsecret.sending.stopping import Exit, StoppedError
from sendsecret.talking import terminal
from sendsecret.talking.strangers_text import harmless
from store.formats.asked_order_v1 import LINK_BACK, TO_RECIPIENT, Wishes
from store.formats.payload_v1 import File, Text
from store.tells import tells, tells_words

Say = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What stood on the command line."""

    to: str
    label: str | None
    hint: str | None
    template: str | None
    engagement_ends: str | None
    lives_seconds: int | None
    reference: str | None
    file: Path | None
    passphrase_file: Path | None
    asks_passphrase: bool
    is_sure: bool
    shows_link: bool
    key: str | None
    waits: bool
    as_json: bool


@dataclass(frozen=True)
class Result:
    """How it ended, and the object for programs."""

    code: Exit
    said: dict[str, object]


@dataclass
class Afoot:
    """How far it went, for whatever ends the command: `said` from the first byte on that is handed in."""

    said: dict[str, object] | None = field(default=None, repr=False)
    is_in: bool = False
    is_shown: bool = False


def send(asked: Asked, say: Say, afoot: Afoot) -> Result:
    """Send it; whatever keeps it from that is a StoppedError, or what `afoot` is for."""
    _require_streams()
    login = login_file.find(os.environ)
    wishes = Wishes(
        to=asked.to.strip(),
        label=_label(asked),
        hint=asked.hint,
        lives_seconds=asked.lives_seconds,
        reference=asked.reference,
        anyway=asked.is_sure,
        template=asked.template,
        engagement_ends=asked.engagement_ends,
        delivery=LINK_BACK if asked.shows_link else TO_RECIPIENT,
    )
    _require_text(wishes)
    # After the label: what follows the first of several pasted lines must not be taken for one, and sent in clear.
    secret = secret_in.read(asked.file)
    chosen = _chosen(asked)
    _require_silence(wishes, secret, chosen)
    with asyncio.Runner() as runner:
        routes = OrderRoutes(login, runner)
        ordered = order(routes, wishes, say, asked.key)
        if isinstance(ordered, Before):
            return _sent_before(ordered, say)
        chosen = chosen or _owed(asked, ordered.terms)
        # Also of what the template filled in.
        _require_silence(replace(wishes, label=ordered.terms.label, hint=ordered.terms.hint), secret, chosen)
        passphrase = chosen or chosen_passphrase.make()
        say("Sealing it on this computer…")
        ready = sealing.sealed(ordered.link, ordered.terms, ordered.now, passphrase, secret)
        return _handed_in(asked, routes, ordered, passphrase, ready, say, afoot)


def _sent_before(before: Before, say: Say) -> Result:
    say(wording.SENT_BEFORE.format(drop=before.drop, now=before.now))
    said = {"drop": before.drop, "now": before.now, "delivery": before.delivery}
    return Result(Exit.DELIVERED, {"state": "sent-before", **said, "passphrase": None, "link": None})


def _handed_in(
    asked: Asked,
    routes: OrderRoutes,
    ordered: Ordered,
    passphrase: Passphrase,
    ready: Ready,
    say: Say,
    afoot: Afoot,
) -> Result:
    is_kept = ready.link is not None
    about = {"recipient": harmless(ordered.terms.recipient), "lives": wording.lives(ordered.terms.lives_seconds)}
    said: dict[str, object] = {
        "drop": ready.drop,
        "recipient": ordered.terms.recipient,
        "recipient_class": ordered.terms.recipient_class,
        "label": ordered.terms.label,
        "template": ordered.terms.template,
        "rotate_by": ordered.terms.rotate_by or None,
        "variable": ordered.terms.variable or None,
        "passphrase": passphrase.shown,
        "link": ready.link,
    }
    afoot.said = said
    try:
        handing_in.hand_in(routes, ordered.link, ready.body, say)
    except MaybeError as maybe:
        _show(asked, said, afoot)
        problem = "interrupted" if maybe.was_stopped else "unsure"
        raise StoppedError(problem, wording.UNSURE_KEPT if is_kept else wording.UNSURE, **said) from None
    afoot.is_in = True
    _show(asked, said, afoot)
    if not asked.waits:
        say((wording.SEALED_KEPT if is_kept else wording.SEALED).format(**about))
        return Result(Exit.DELIVERED, {"state": "sealed", **said})
    state = handing_in.delivery(routes, ordered.link, say)
    if state == "delivered":
        say((wording.KEPT if is_kept else wording.DELIVERED).format(**about))
        return Result(Exit.DELIVERED, {"state": "delivered", **said})
    if state == "undelivered":
        sentence = wording.KEPT_ENDED if is_kept else wording.UNDELIVERED
        raise StoppedError("undelivered", sentence, **said | {"passphrase": None, "link": None})
    raise StoppedError("waiting", wording.KEPT_WAITING if is_kept else wording.STILL_WAITING, **said)


def _show(asked: Asked, said: Mapping[str, object], afoot: Afoot) -> None:
    """Once; in the object for programs instead, where there is one."""
    if not asked.as_json:
        ending.show(said)
    afoot.is_shown = True


def _owed(asked: Asked, terms: Open) -> Passphrase | None:
    """The passphrase that a template wants from its sender, who did not know so before."""
    if terms.passphrase != "own":
        return None
    if asked.as_json or not terminal.is_there():
        raise StoppedError("needs-passphrase", wording.NEEDS_PASSPHRASE)
    return chosen_passphrase.asked()


def _label(asked: Asked) -> str | None:
    """What it is called; None where a template may say."""
    label = asked.label
    if label is None and asked.template is not None:
        return None
    if label is None and not asked.as_json and terminal.is_there():
        label = terminal.visible(wording.ASK_LABEL)
    if not (label or "").strip():
        raise StoppedError("no-label", wording.NO_LABEL)
    return str(label).strip()


def _chosen(asked: Asked) -> Passphrase | None:
    if asked.passphrase_file is not None:
        return chosen_passphrase.of_file(asked.passphrase_file)
    return chosen_passphrase.asked() if asked.asks_passphrase else None


def _require_silence(wishes: Wishes, secret: Text | File, chosen: Passphrase | None) -> None:
    """A label or a hint that holds the secret or the passphrase undoes everything else, and it happens."""
    if chosen is not None and chosen.typed.strip() == secret_in.words_of(secret).strip():
        raise StoppedError("unusable-passphrase", wording.THE_SECRET)
    for what, text in (("label", wishes.label or ""), ("hint", wishes.hint or "")):
        if tells(text, secret_in.words_of(secret)):
            raise StoppedError("tells-secret", wording.LABEL_TELLS.format(what=what, told="secret"))
        if chosen is None:
            continue
        canonical = chosen.canonical.decode()
        if tells(text, canonical) or (chosen.form == "words" and tells_words(text, canonical)):
            raise StoppedError("tells-secret", wording.LABEL_TELLS.format(what=what, told="passphrase"))


def _require_text(wishes: Wishes) -> None:
    """Bytes of the line that are no UTF-8 come as half characters, and nobody could read them."""
    said = {"recipient": wishes.to, "label": wishes.label, "hint": wishes.hint, "reference": wishes.reference}
    said["template"] = wishes.template
    for what, text in said.items():
        if any("\ud800" <= character <= "\udfff" for character in text or ""):
            raise StoppedError("wrong-use", wording.NO_TEXT.format(what=what))


def _require_streams() -> None:
    # The number of a closed stream goes to whatever is opened next, and a passphrase would be written into that.
    if None in (sys.stdin, sys.stdout, sys.stderr):
        sentence = f"Standard input, output and error must be open; /dev/null will do. {wording.NOTHING}"
        raise StoppedError("wrong-use", sentence)
