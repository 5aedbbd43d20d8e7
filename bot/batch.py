"""
The drops of one submitted form while they are on their way, as the window shows them.

Pure.  Nothing here calls Slack or the store; whoever delivers says what became of each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot import sent_views, sent_wording, too_much, zones
from bot.block_kit import Json
from bot.mrkdwn import Markup, fill
from bot.people import Person
from bot.sealing import SealedDrop
from bot.sent_views import RotateBy, Row
from bot.storing import Refused
from store.creation import reminded_at
from store.drops import Drop
from store.formats import base64url
from store.words import OPEN, Way


@dataclass
class Batch:
    """
    The rows of the window, and the stored drops that are to be delivered, by their row's number.

    `notes` concern all, and so does `on_original`, about the message that is replaced; `on_passphrase` is said as long
    as a link is left that needs one.
    """

    public_url: str
    notes: list[Markup] = field(default_factory=list)
    on_original: list[Markup] = field(default_factory=list)
    on_passphrase: list[Markup] = field(default_factory=list)
    pasted: Markup | None = None
    to_deliver: dict[int, SealedDrop] = field(default_factory=dict)
    has_earlier: bool = False
    """Whether this form has made drops before, which have arrived or are on their way."""
    _rows: list[Row] = field(default_factory=list)
    _arrived: set[int] = field(default_factory=set)
    _is_over: bool = False

    def begins(self, sealed: SealedDrop) -> None:
        """A stored drop, whose link is about to go out."""
        self.to_deliver[len(self._rows)] = sealed
        self._rows.append(self._row(sealed, Markup(sent_wording.SENDING)))

    def refuses(self, person: Person, refused: Refused) -> None:
        """Somebody for whom nothing was stored."""
        sentence, why = sent_wording.NOT_STORED, refused.too_much
        if why is not None:
            sentence = too_much.told(why, sent_wording.NOT_STORED_TOO_OFTEN, sent_wording.NOT_STORED_TOO_MANY)
        self._rows.append(Row(person, Markup(sentence)))

    def finds(self, person: Person, drop: Drop | None) -> None:
        """Somebody to whom this form was sent before; None while that is being done elsewhere."""
        self.has_earlier = True
        if drop is None:
            self._rows.append(Row(person, Markup(sent_wording.BEING_SENT)))
            return
        is_open = drop.state in OPEN
        status = sent_views.status_of(drop)
        self._rows.append(Row(person, status, drop=base64url.encode(drop.id), is_revocable=is_open))

    def waits(self, number: int, seconds: float) -> None:
        """Slack, or the mail server, wants to be left alone before it takes this link."""
        is_mail = self.to_deliver[number].order.way is Way.MAIL
        status = fill(sent_wording.SLOWED_MAIL if is_mail else sent_wording.SLOWED, seconds=round(seconds))
        self._rows[number] = self._row(self.to_deliver[number], status)

    def arrived(self, number: int) -> None:
        """This link went its way."""
        self._arrived.add(number)
        sealed = self.to_deliver[number]
        until_ms = (sealed.order.created_at + sealed.order.lives_seconds) * 1000
        status = sent_views.sent(sealed.order.way, until_ms)
        self._rows[number] = replace(self._row(sealed, status), is_revocable=True)

    def failed(self, number: int, why: Markup, *, has_arrived: bool = False) -> None:
        """This link did not, or nobody knew until it was opened; its passphrase opens nothing any more."""
        if has_arrived:
            self._arrived.add(number)
        self._rows[number] = Row(self.to_deliver[number].order.recipient, why)

    def of_arrived(self) -> SealedDrop | None:
        """The first whose link went its way, or was opened all the same."""
        return next((self.to_deliver[number] for number in sorted(self._arrived)), None)

    def over(self, drops: Sequence[Drop]) -> None:
        """All have gone or failed.  `drops` are as they stand: one may have been revoked while others were waiting."""
        self._is_over = True
        ended = {drop.id: drop for drop in drops if drop.outcome is not None}
        for number, sealed in self.to_deliver.items():
            if self._rows[number].is_revocable and sealed.new.id in ended:
                self._rows[number] = Row(sealed.order.recipient, sent_views.status_of(ended[sealed.new.id]))

    def view(self) -> Json:
        """The window."""
        # Passing on a passphrase of which every link failed would send somebody to a link that never came.
        has_links = any(self._rows[number].drop is not None for number in self.to_deliver)
        notes = [*self.notes, *self.on_original, *(self.on_passphrase if has_links else [])]
        # What a press changes here, the next row that arrives would put back.
        rows = self._rows if self._is_over else [replace(row, is_revocable=False) for row in self._rows]
        return sent_views.view(rows, notes, self.pasted, self._rotate_by())

    def _rotate_by(self) -> RotateBy | None:
        for sealed in self.to_deliver.values():
            by = sealed.order.rules.rotate_by
            if by is not None:
                at = reminded_at(by * 1000, sealed.order.created_at * 1000)
                return RotateBy(at, zones.day_of(by, sealed.order.sender.zone))
        return None

    def _row(self, sealed: SealedDrop, status: Markup) -> Row:
        passphrase = sealed.order.passphrase
        return Row(
            person=sealed.order.recipient,
            status=status,
            drop=base64url.encode(sealed.new.id),
            passphrase=passphrase.text if passphrase is not None and passphrase.was_made else None,
            link=sealed.link.url(self.public_url) if sealed.order.way is Way.SHOWN else None,
        )
