"""The page of a receipt as the server writes it: complete without JavaScript, and no word in it becomes markup."""

import base64
import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from reveal_web.browser import page_headers
from reveal_web.proofs import receipt_assets, receipt_page
from reveal_web.proofs.receipt_wording import WORDS, medium_in_words
from reveal_web.settings import WebSettings
from store.errors import StoreUnavailableError
from store.formats import base64url, receipt_v1
from store.log.proofs import Proven, Standing
from store.words import Actor, Event, Outcome, SealedBy
from tests.browser.real_receipts import Receipts, real_receipts
from tests.store.test_receipts import WAYS
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_headers import CANARY, check_guard
from tests.web.test_receipts import integrate, viewed

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SECTIONS = [
    "Who", "When", "What was checked", "What was destroyed, and how", "What this proves", "What it does not prove",
    "Check it", "What happened", "For the technical reader",
]  # fmt: skip


class Read(HTMLParser):
    """What stands on a page: its text, the texts of its headings and of its list items, and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.pieces: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count it."""
        self.tags[tag] += 1
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag in {"h1", "h2", "li", "dd", "p"}:
            self._open.append(tag)
            self.pieces.append((tag, ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Take it to what stands last."""
        if self._open:
            tag, text = self.pieces[-1]
            self.pieces[-1] = (tag, text + data)

    def texts(self, *tags: str) -> list[str]:
        """The texts of these elements, spaces as a reader sees them."""
        return [" ".join(text.split()) for tag, text in self.pieces if tag in tags]


async def ask(shown: Receipts, path: str, **headers: str) -> wire.Reply:
    """One exchange with that server."""
    return await wire.exchange(int(shown.url.rpartition(":")[2]), wire.get(path, **headers))


async def signed(shown: Receipts, rid: str) -> dict[str, Any]:
    """What the receipt says."""
    leaf = (await ask(shown, f"/receipts/{rid}.jws")).body
    said: dict[str, Any] = json.loads(base64url.decode(leaf.split(b".")[1].decode()))
    return said


@pytest.mark.parametrize("outcome", WAYS)
async def test_the_page_says_all_of_it(tmp_path: Path, outcome: str) -> None:
    """For each outcome: how it ended, both lists word for word, every event, every time, in the promised order."""
    async with real_receipts(tmp_path) as shown:
        rid = await shown.ended(outcome)
        reply = await ask(shown, f"/receipts/{rid}")
        receipt = await signed(shown, rid)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    check_guard(reply)
    page = Read(reply.body.decode())
    assert page.texts("h1") == ["Receipt of destruction"]
    assert page.texts("h2") == SECTIONS
    assert page.texts("p")[0] == WORDS["outcome"][outcome]
    items = page.texts("li")
    first = items.index(receipt["attests"][0])
    both = [*receipt["attests"], *receipt["does_not_attest"]]
    assert items[first : first + len(both)] == both
    assert items[-len(receipt["events"]) :] == [f"{e['n']}. {WORDS['event'][e['evt']]}" for e in receipt["events"]]
    facts = " ".join(page.texts("dd", "li"))
    for said in (
        rid,
        receipt["drop"],
        receipt["object"]["sha256"],
        "localhost",
        "UTC",
        receipt["destruction"][0]["where"],
    ):
        assert said in facts
    assert ("Released never" in " ".join(page.texts("dd")) or "never" in page.texts("dd")) == (not receipt["sends"])
    assert not re.search("Maya|Dana|UMAYA|Stripe", reply.body.decode())


async def test_a_receipt_that_the_log_does_not_hold_yet_is_shown(tmp_path: Path) -> None:
    """The page says that its place in the log comes in a moment, and afterwards it is there with the proof."""
    async with real_receipts(tmp_path) as shown:
        rid = await shown.ended(integrated=False)
        early = (await ask(shown, f"/receipts/{rid}")).body.decode()
        await shown.integrate()
        later = (await ask(shown, f"/receipts/{rid}")).body.decode()
        proof = (await ask(shown, f"/receipts/{rid}.tlog-proof")).body.decode()
    assert "does not hold this receipt so far" in early
    assert ".tlog-proof" not in early
    assert "does not hold this receipt so far" not in later
    _, _, note = proof.partition("\n\n")
    origin, size, root = note.split("\n")[:3]
    index = proof.split("\n")[1].removeprefix("index ")
    facts = Read(later).texts("dd")
    assert {origin, index, f"{size} leaves, root {root}"} <= set(facts)


@pytest.mark.parametrize("demo", [True, False])
def test_what_was_signed_is_never_markup(demo: bool) -> None:
    """A receipt full of markup gives the same elements as one without, and every character of it as text."""
    settings = WebSettings(public_url="https://s.example.com", database_url="sqlite+aiosqlite:///x", demo=demo)
    plain, sharp = ("x", "\"'><img src=x><script>alert(1)</script>&amp;")
    pages = [
        Read(receipt_page.page(settings, "0" * 32, Proven(leaf(text), Standing.WAITING))) for text in (plain, sharp)
    ]
    assert pages[0].tags == pages[1].tags
    assert sum(sharp in text for text in pages[1].texts("p", "dd", "li")) >= 15


def test_a_receipt_of_very_many_events_says_what_it_leaves_out() -> None:
    """Where the receipt names the first and the last events alone, the page says that there are others in between."""
    settings = WebSettings(public_url="https://s.example.com", database_url="sqlite+aiosqlite:///x")
    earlier = [receipt_v1.Earlier(n, "drop.asked", b"") for n in range(1, 304)]
    page = Read(receipt_page.page(settings, "0" * 32, Proven(leaf("x", earlier), Standing.WAITING)))
    events = page.texts("li")[-101:]
    asked = WORDS["event"]["drop.asked"]
    assert events[49:52] == [f"50. {asked}", "Events in between are not named one by one.", f"254. {asked}"]
    assert any(text.startswith("303 in all before this receipt.") for text in page.texts("p"))


def leaf(text: str, earlier: Sequence[receipt_v1.Earlier] = ()) -> bytes:
    """A receipt in which `text` stands wherever a text stands."""
    ending = receipt_v1.Ending(
        outcome=text, ended_by=text, sealed_by=text, created_at=0, expires_at=1, claimed_at=None, ended_at=2,
        destroyed_at=2, sends=1, may_repeat=True, passphrase=text, failed_guesses=0, verification=text,
        second_consumers=receipt_v1.SecondConsumers(),
        object={"sha256": text, "bytes": 1}, medium=f"ext4 on {text}", database=text, version=text,
        earlier=earlier or [receipt_v1.Earlier(1, text, b"")],
    )  # fmt: skip
    said = {**receipt_v1.facts(ending), "jti": text, "drop": text, "iss": text}
    said |= {"attests": [text], "does_not_attest": [text]}
    parts = (json.dumps({"kid": text}), json.dumps(said), "")
    return ".".join(base64url.encode(part.encode()) for part in parts).encode()


async def test_files_are_pinned_and_the_policy_names_what_the_page_needs(world: World) -> None:
    """Script and style carry the hashes of the bytes that are served; nothing stands inline."""
    rid = await viewed(world)
    reply = await world.ask(wire.get(f"/receipts/{rid}", **HTML))
    check_guard(reply)
    assert reply.headers["content-security-policy"] == page_headers.RECEIPT_POLICY
    assert "unsafe" not in page_headers.RECEIPT_POLICY
    assert reply.headers["integrity-policy"] == "blocked-destinations=(script)"
    page = reply.body.decode()
    tags = re.findall(r'(?:src|href)="(/proofs/[^"]+)"[^>]* integrity="sha384-([^"]+)"', page)
    assert len(tags) == 2
    for path, digest in tags:
        file = await world.ask(wire.get(path))
        check_guard(file, cache="public, max-age=31536000, immutable")
        assert base64.b64encode(hashlib.sha384(file.body).digest()).decode() == digest
    assert page.count("<script") == 1
    assert "<style" not in page
    assert (await world.ask(wire.get(f"/proofs/{CANARY}.js"))).slug == "not-found"


def test_the_page_is_small_and_builds_no_markup() -> None:
    """The script is under 20,000 bytes as a proxy compresses it, and no source holds a way from text to markup."""
    found = receipt_assets.load("https://s.example.com").files
    assert sum(len(gzip.compress(file.body)) for file in found.values()) < 20_000
    own = Path(receipt_assets.__file__).with_name("browser")
    for source in [*own.glob("*.js"), *own.glob("*.css"), *own.glob("*.html")]:
        forbidden = (
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://|\|\s*safe\b"
        )
        assert not re.findall(forbidden, source.read_text("utf-8")), source.name


async def test_everything_can_be_taken_along(tmp_path: Path) -> None:
    """Four downloads under names of their own, each of them there; the printed sheet has the whole address."""
    async with real_receipts(tmp_path) as shown:
        rid = await shown.ended()
        page = (await ask(shown, f"/receipts/{rid}")).body.decode()
        downloads = re.findall(r'href="([^"]+)" download="([^"]+)"', page)
        assert [(await ask(shown, path)).status for path, _ in downloads] == [200] * 4
    names = [f"receipt-{rid[:8]}.jws", f"receipt-{rid[:8]}.tlog-proof", "log.vkey", "jwks.json"]
    assert [name for _, name in downloads] == names
    assert f"{shown.url}/receipts/{rid}</footer>" in page


@pytest.mark.parametrize("rid", ["0" * 32, "x", f"{CANARY}%3Cscript%3E"])
async def test_an_unknown_id_is_said_in_words_to_a_browser(world: World, rid: str) -> None:
    """A browser gets a small page with the same status, a program the usual problem."""
    reply = await world.ask(wire.get(f"/receipts/{rid}", **HTML))
    assert reply.status == 404
    check_guard(reply)
    assert Read(reply.body.decode()).texts("h1") == ["There is no such receipt"]
    assert (await world.ask(wire.get(f"/receipts/{rid}"))).slug == "not-found"


async def test_a_database_that_is_away_is_said_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 and when to come back, as a page for a browser and as a problem for a program."""

    async def away(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr("store.log.proofs.of_event", away)
    reply = await world.ask(wire.get(f"/receipts/{'0' * 32}", **HTML))
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert "Nothing is lost" in reply.body.decode()
    assert (await world.ask(wire.get(f"/receipts/{'0' * 32}"))).slug == "unavailable"


async def test_the_keys_of_the_log_are_one_a_line(world: World, tmp_path: Path) -> None:
    """`/log/vkey` is text, and the key by which others know this log."""
    await integrate(world, tmp_path / "signing")
    reply = await world.ask(wire.get("/log/vkey"))
    check_guard(reply)
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert re.fullmatch(r"localhost:8080/audit\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n", reply.body.decode())


def test_every_stored_word_has_its_words() -> None:
    """No outcome, event of a drop, sealer or cause stands on the page as the bare word of the database."""
    assert set(WORDS["outcome"]) == set(Outcome)
    assert set(WORDS["event"]) == {event for event in Event if event.startswith("drop.")}
    assert set(WORDS["sealed_by"]) == set(SealedBy)
    assert set(WORDS["ended_by"]) == {*Actor, "null"}
    assert set(WORDS["passphrase"]) == {"verified", "not verified", "none needed"}


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("keyring, ext4 on dm-crypt", ["encrypted disk"]),
        ("keyring, btrfs on block device", ["no encryption of it was seen", "new place"]),
        ("keyring, tmpfs on memory", ["in memory"]),
        ("keyring, unknown", ["did not say"]),
        ("sqlite, live row", []),
    ],
)
def test_the_medium_is_explained(where: str, said: list[str]) -> None:
    """What was measured stands there in plain words; what was not is not guessed."""
    sentences = medium_in_words(where)
    assert len(sentences) == len(said)
    assert all(part in sentence for part, sentence in zip(said, sentences, strict=True))
