"""What the receipt's page checks, in Chromium, against the formats as Python has them."""

import base64
import hashlib
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.async_api import Browser, Page

from reveal_web.assets import Asset, load
from reveal_web.browser.one_script import one_script
from reveal_web.proofs.receipt_assets import module
from store.formats import checkpoint_v1, event_v1, merkle_v1, tlog_proof_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import FormatError
from store.log.log_key import LogSigner
from store.signer import Signer
from tests.browser.serving import application, serving
from tests.browser.test_vectors import run

pytestmark = pytest.mark.asyncio(loop_scope="session")
HERE = Path(__file__).parent
RID = "0123456789abcdef" * 2
ORIGIN = "drops.example/audit"
OK = ["ok", "ok", "ok"]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def proofs(chromium: Browser) -> AsyncIterator[Page]:
    """A page under a policy as strict as the receipt's that holds the checks as `formats`."""

    def source_of(name: str) -> str:
        return (HERE / name).read_text("utf-8") if name == "proofs_page.js" else module(name)

    script = one_script("proofs_page.js", source_of).encode()
    digest = base64.b64encode(hashlib.sha384(script).digest())
    tag = b'<script type="module" src="/assets/proofs.js" integrity="sha384-%s"></script>' % digest
    extra = {"/assets/proofs.js": Asset(script, "text/javascript; charset=utf-8", {})}
    app = application(load("http://127.0.0.1"), extra, b"<!doctype html><title>proofs</title>" + tag)
    async with serving(app) as url:
        page = await chromium.new_page()
        await page.goto(f"{url}/s/x")
        await page.wait_for_function("globalThis.formats !== undefined")
        yield page
        await page.close()


class Evidence:
    """A receipt, really signed, among the leaves of a log, really signed."""

    def __init__(self, folder: Path, size: int = 13, index: int = 9) -> None:
        Signer.make(folder / "event.key")
        signer = Signer("web", folder / "event.key")
        self.shown = event_v1.disclose("sender_name", "Maya Okafor", bytes(16))
        payload = event_v1.payload(
            issuer="https://drops.example",
            at_ms=1,
            jti=f"rc_{RID}",
            event="drop.receipt",
            drop="A" * 22,
            n=3,
            facts={"outcome": "viewed", "note": "é ", "nothing": None},
            digests=[self.shown.digest, event_v1.disclose("label", "x", bytes(16)).digest],
        )
        leaf = signer.sign(payload, "deletion-receipt+sd-jwt").leaf
        hashes = [merkle_v1.leaf_hash(bytes([n])) for n in range(size)]
        hashes[index] = merkle_v1.leaf_hash(leaf)
        complete = merkle_v1.over(hashes)
        private = Ed25519PrivateKey.generate()
        note = checkpoint_v1.sign(Checkpoint(ORIGIN, size, merkle_v1.root(size, complete)), private)
        path = [merkle_v1.range_hash(part, complete) for part in merkle_v1.inclusion_ranges(index, size)]
        self.key = LogKey(ORIGIN, private.public_key().public_bytes_raw())
        other = LogKey("drops.example/audit-2", self.key.public)
        self.files: dict[str, str | None] = {
            "jws": leaf.decode(),
            "jwks": f'{{"keys":[{signer.key.public_jwk}]}}',
            "proof": tlog_proof_v1.encode(index, path, note),
            "vkeys": f"{self.key.text}\n{other.text}\n",
        }
        tlog_proof_v1.verify(leaf, str(self.files["proof"]), self.key)

    def case(self, kept: str = "", rid: str = RID, **changed: str | None) -> dict[str, Any]:
        """The files, some of them changed, as the page has them."""
        return {"rid": rid, "files": {**self.files, **changed}, "kept": kept}

    def with_flipped(self, name: str, at: int) -> dict[str, Any]:
        """One character of a file replaced by another that may stand there."""
        text = str(self.files[name])
        return self.case(**{name: text[:at] + ("B" if text[at] != "B" else "C") + text[at + 1 :]})


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    """One for each test."""
    return Evidence(tmp_path)


def states(answer: dict[str, Any]) -> list[str]:
    """What came of signature, inclusion and checkpoint, with the reasons."""
    return [
        found["state"] if found["state"] == "ok" else f"{found['state']}: {found['why']}" for found in answer.values()
    ]


async def test_every_leaf_of_small_trees_is_found_and_no_other(proofs: Page) -> None:
    """Trees of 1 to 20 leaves and some large ones: the page agrees with Python on true proofs and on changed ones."""
    seeded, cases = random.Random(6962), []  # noqa: S311 - which leaves are looked at
    trees = [(size, index) for size in range(1, 21) for index in range(size)]
    trees += [(size, seeded.randrange(size)) for size in (255, 256, 257, 1000, 4097)]
    for size, index in trees:
        hashes = [merkle_v1.leaf_hash(b"%d" % n) for n in range(size)]
        complete = merkle_v1.over(hashes)
        path = [merkle_v1.range_hash(part, complete).hex() for part in merkle_v1.inclusion_ranges(index, size)]
        root = merkle_v1.root(size, complete).hex()
        true = {"index": str(index), "size": str(size), "leaf": hashes[index].hex(), "proof": path, "root": root}
        wrong = [{**true, "index": str(index + 1)}, {**true, "leaf": "00" * 32}, {**true, "proof": [*path, root]}]
        wrong += [{**true, "root": "00" * 32}]
        if path:
            wrong += [{**true, "proof": path[1:]}, {**true, "proof": ["00" * 32, *path[1:]]}]
        cases += [(true, "ok"), *((case, "failed") for case in wrong)]
    answers = await run(proofs, "inclusion", [case for case, _ in cases])
    judged = zip(cases, answers, strict=True)
    # The mismatches alone: pytest takes minutes to print how two lists of 1,500 differ.
    assert [case for (case, expected), answer in judged if answer["state"] != expected][:3] == []


async def test_a_log_of_more_leaves_than_numbers_can_count_is_walked(proofs: Page) -> None:
    """Beyond 2^53 an index is still exact: the length of the path is the one that Python gives."""
    size, index = 10**18 + 7, 2**53 + 1
    length = len(merkle_v1.inclusion_ranges(index, size))
    case = {"index": str(index), "size": str(size), "leaf": "00" * 32, "root": "00" * 32}
    one, other = await run(proofs, "inclusion", [{**case, "proof": ["00" * 32] * n} for n in (length, length - 1)])
    assert (one["why"], other["why"]) == ("root", "length")


async def test_true_evidence_holds(proofs: Page, evidence: Evidence) -> None:
    """By the keys that the server shows, and by the key that the person kept."""
    for answer in await run(proofs, "files", [evidence.case(), evidence.case(kept=evidence.key.text)]):
        assert states(answer) == OK
        assert answer["inclusion"]["facts"]["index"] == "9"
        assert answer["inclusion"]["facts"]["size"] == "13"


async def test_every_changed_character_of_a_receipt_is_named(proofs: Page, evidence: Evidence) -> None:
    """Header, payload or signature: neither the signature nor the proof holds, and the checkpoint still does."""
    text = str(evidence.files["jws"])
    cases = [evidence.with_flipped("jws", at) for at in range(0, len(text), 3)]
    for at, answer in enumerate(await run(proofs, "files", cases)):
        signature, inclusion, checkpoint = states(answer)
        assert signature in (
            "failed: malformed",
            "failed: signature",
            "failed: unknown-key",
            "failed: other-receipt",
        ), at
        assert (inclusion, checkpoint) == ("failed: root", "ok"), at


async def test_every_changed_character_of_a_proof_is_named(proofs: Page, evidence: Evidence) -> None:
    """Index, hashes, and of the checkpoint name, size, root, key and signature: what was changed does not hold."""
    text = str(evidence.files["proof"])
    note = text.index("\n\n") + 2
    size_line = text.index("\n", note) + 1
    signature_line = text.index("\u2014")
    blob = text.rindex(" ") + 1
    answers = await run(proofs, "files", [evidence.with_flipped("proof", at) for at in range(len(text))])
    for at, answer in enumerate(answers):
        signature, inclusion, checkpoint = states(answer)
        assert signature == "ok"
        assert (inclusion, checkpoint) != ("ok", "ok"), at
        if at < note - 2:
            assert inclusion.startswith("failed: "), at
        elif note <= at < size_line - 1:
            assert (inclusion, checkpoint) == ("ok", "failed: no-log-key"), at
        elif blob + 8 <= at < len(text) - 4:
            assert (inclusion, checkpoint) == ("ok", "failed: log-signature"), at
        elif at > signature_line:
            assert checkpoint.startswith("failed: "), at


async def test_a_changed_index_size_or_root_is_named(proofs: Page, evidence: Evidence) -> None:
    """Each stays well-formed, and leads elsewhere; a size or root that the log did not sign fails there too."""
    text, root = str(evidence.files["proof"]), str(evidence.files["proof"]).split("\n\n")[1].split("\n")[2]
    zero = base64.b64encode(bytes(32)).decode()
    cases = [
        (text.replace("index 9\n", "index 8\n"), ["ok", "failed: root", "ok"]),
        (text.replace("index 9\n", "index 13\n"), ["ok", "failed: index", "ok"]),
        # A tree of 14 leaves has the same way to leaf 9, so that only the signature tells.
        (text.replace("\n13\n", "\n14\n"), ["ok", "ok", "failed: log-signature"]),
        (text.replace("\n13\n", "\n17\n"), ["ok", "failed: length", "failed: log-signature"]),
        (text.replace("\n13\n", "\n9\n"), ["ok", "failed: index", "failed: log-signature"]),
        (text.replace(root, zero), ["ok", "failed: root", "failed: log-signature"]),
    ]
    answers = await run(proofs, "files", [evidence.case(proof=changed) for changed, _ in cases])
    assert [states(answer) for answer in answers] == [expected for _, expected in cases]


async def test_other_keys_prove_nothing(proofs: Page, evidence: Evidence) -> None:
    """Another log's key, another's key of that name, none; another signer, none, two of a name; another id."""
    foreign = LogKey(ORIGIN, Ed25519PrivateKey.generate().public_key().public_bytes_raw()).text
    other_name = LogKey("else.example/audit", evidence.key.public).text
    jwks = json.loads(str(evidence.files["jwks"]))["keys"]
    x = base64.urlsafe_b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode().rstrip("=")
    cases = [
        (evidence.case(kept=foreign), ["ok", "ok", "failed: unsigned"]),
        (evidence.case(kept=other_name), ["ok", "ok", "failed: origin"]),
        (evidence.case(kept=evidence.key.text[:-1]), ["ok", "ok", "failed: kept-key"]),
        (evidence.case(kept="x"), ["ok", "ok", "failed: kept-key"]),
        (evidence.case(vkeys=foreign), ["ok", "ok", "failed: unsigned"]),
        (evidence.case(vkeys=other_name), ["ok", "ok", "failed: no-log-key"]),
        (evidence.case(vkeys=None), ["ok", "ok", "open: unfetched"]),
        (evidence.case(jwks='{"keys":[]}'), ["failed: unknown-key", "ok", "ok"]),
        (evidence.case(jwks=json.dumps({"keys": jwks * 2})), ["failed: unknown-key", "ok", "ok"]),
        (evidence.case(jwks=json.dumps({"keys": [{**jwks[0], "x": x}]})), ["failed: signature", "ok", "ok"]),
        (evidence.case(jwks="{}"), ["failed: malformed", "ok", "ok"]),
        (evidence.case(jwks="<html>"), ["failed: malformed", "ok", "ok"]),
        (evidence.case(jwks=None), ["open: unfetched", "ok", "ok"]),
        (evidence.case(jws=None), ["open: unfetched"] * 3),
        (evidence.case(proof=None), ["ok", "open: unfetched", "open: unfetched"]),
        (evidence.case(proof="<html>"), ["ok", "failed: malformed", "open: unread"]),
        (evidence.case(rid="f" * 32), ["failed: other-receipt", "ok", "ok"]),
    ]
    answers = await run(proofs, "files", [case for case, _ in cases])
    assert [states(answer) for answer in answers] == [expected for _, expected in cases]


async def test_a_header_that_asks_for_more_is_no_receipt(proofs: Page, evidence: Evidence) -> None:
    """Another algorithm, another type, a critical extension, a missing or a repeated member: refused before any key."""
    _, payload, signature = str(evidence.files["jws"]).split(".")
    true = {"alg": "EdDSA", "kid": "k", "typ": "deletion-receipt+sd-jwt"}
    headers = [{**true, "alg": "none"}, {**true, "typ": "JWT"}, {**true, "crit": ["x"]}, {"alg": "EdDSA"}, [], 1]
    texts = [json.dumps(header) for header in headers] + ['{"alg":"EdDSA","alg":"EdDSA"}', "", "{"]
    encoded = [base64.urlsafe_b64encode(text.encode()).decode().rstrip("=") for text in texts]
    cases = [{"text": f"{header}.{payload}.{signature}"} for header in encoded] + [{"text": "a.b"}, {"text": "...."}]
    for answer in await run(proofs, "receipt", cases):
        assert answer == {"state": "failed", "why": "malformed"}


async def test_a_name_is_what_its_digest_says(proofs: Page, evidence: Evidence) -> None:
    """A disclosure of the receipt is read; a changed one and another's are not, whatever character was changed."""
    shown, digests = evidence.shown, [evidence.shown.digest]
    changed = [shown.text[:at] + ("B" if c != "B" else "C") + shown.text[at + 1 :] for at, c in enumerate(shown.text)]
    cases = [{"text": shown.text, "digests": digests}, {"text": shown.text, "digests": []}]
    cases += [{"text": text, "digests": digests} for text in (*changed, "", "W10", "IiI")]
    true, strange, *rest = await run(proofs, "disclosure", cases)
    assert true == {"state": "ok", "facts": {"name": "sender_name", "value": "Maya Okafor"}}
    assert strange == {"state": "failed", "why": "digest"}
    assert all(answer["state"] == "failed" for answer in rest)


async def test_log_keys_and_notes_are_read_as_python_reads_them(proofs: Page, tmp_path: Path) -> None:
    """A log of ours gives the same key and checkpoint in both languages; what Python refuses the page refuses."""
    Signer.make(tmp_path / "log.key")
    signer = LogSigner(tmp_path / "log.key")
    key = signer.key("localhost:8080/audit-2")
    checkpoint = Checkpoint(key.origin, 10**18, bytes(range(32)))
    note = signer.sign(checkpoint)
    [read] = await run(proofs, "key", [{"text": key.text}])
    assert read["facts"] == {"origin": key.origin, "id": key.id.hex(), "key": key.public.hex()}
    [read] = await run(proofs, "checkpoint", [{"note": note, "key": key.text}])
    assert read["facts"] == {"origin": key.origin, "size": str(10**18), "root": bytes(range(32)).hex()}
    witnessed = note + "\u2014 witness.example " + base64.b64encode(bytes(80)).decode() + "\n"
    assert checkpoint_v1.verify(witnessed, key) == checkpoint
    bad = [
        note[:-1], note + "\n", note.replace("\n\n", "\n"), note * 2, note.replace("\u2014", "-"), "", "\n\n",
        note.replace(f"{10**18}", f"0{10**18}"), note.replace("/audit", " audit"), note + "x",
        note.replace("=\n", "\n", 1),
    ]  # fmt: skip
    for text in bad:
        with pytest.raises(FormatError):
            checkpoint_v1.verify(text, key)
    good, *refused = await run(proofs, "checkpoint", [{"note": text, "key": key.text} for text in (witnessed, *bad)])
    assert good["state"] == "ok"
    assert [answer["state"] for answer in refused] == ["failed"] * len(bad)
