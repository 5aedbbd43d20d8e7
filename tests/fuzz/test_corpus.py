"""What fuzzing found once stays found: every kept input is judged again, and by others where there are others."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from dnsid.c2sp_tlog import parse_c2sp_policy_file, verify_c2sp_tlog_proof
from dnsid.c2sp_tlog.checkpoint import parse_checkpoint
from tlog_scales import signing, tlog

from store.formats import checkpoint_v1, jws_v1
from tests.fuzz import browser, corpus, log
from tests.fuzz.target import ACCEPTED, Target, b64url, text_of
from tests.fuzz.targets import TARGETS, named

MOST_FILES = 60


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_kept_inputs_are_judged_as_before(target: Target) -> None:
    """Each input stands its judge and gets the verdict that its name says; each target has some of both kinds."""
    paths = corpus.kept(target)
    assert 2 <= len(paths) <= MOST_FILES
    found = {corpus.name_of(target.judge(path.read_bytes()), path.read_bytes()) for path in paths}
    assert found == {path.name for path in paths}
    assert len({name.partition(".")[0] for name in found}) > 1
    for seed in target.seeds:
        target.judge(seed)


def test_pages_read_what_we_read() -> None:
    """The modules of the pages, run by node, take and refuse every kept input as ours do, and read the same in it."""
    pairs = [(target, path) for target in TARGETS if target.browser for path in corpus.kept(target)]
    cases = [(str(target.browser), path.read_bytes()) for target, path in pairs]
    assert {reader for reader, _ in cases} == set(browser.GIVEN)
    assert browser.disagreements(cases) == []


def accepted(name: str) -> list[bytes]:
    """The kept inputs of a target that it takes, and its seeds."""
    target = named(name)
    inputs = [*target.seeds, *(path.read_bytes() for path in corpus.kept(target))]
    return [raw for raw in inputs if target.judge(raw) == ACCEPTED]


def test_two_others_take_the_checkpoints_that_we_take() -> None:
    """dnsid and tlog-scales read the same size and root in each, and find our signature."""
    notes = [log.note_of(raw) for raw in accepted("checkpoint")]
    assert notes
    for note in notes:
        ours = checkpoint_v1.verify(note, log.KEY)
        theirs = parse_checkpoint(note)
        assert (theirs.origin, theirs.tree_size, theirs.root_hash) == (ours.origin, ours.size, ours.root)
        tlog.Checkpoint.from_text(note).verify(signing.Vkey.from_string(log.KEY.text))


def test_another_takes_the_proofs_that_we_take() -> None:
    """dnsid verifies each, for the same leaf."""
    policy = parse_c2sp_policy_file(f"log {log.KEY.text}\nquorum none\n")
    proofs = [text_of(raw) for raw in accepted("tlog-proof")]
    assert proofs
    for proof in proofs:
        assert verify_c2sp_tlog_proof(log.LEAVES[5], proof, policy, origin=log.KEY.origin).index == 5


def test_another_reads_the_receipts_and_leaves_that_we_take() -> None:
    """PyJWT, as an auditor has it, verifies what we verify and reads the same claims."""
    head = b'{"alg":"EdDSA","kid":"x","typ":"deletion-receipt+sd-jwt"}'
    leaves = [log.leaf_of(raw) for raw in accepted("leaf")]
    signed = [f"{b64url(head)}.{b64url(raw)}".encode() for raw in accepted("receipt")]
    leaves += [one + b"." + b64url(log.PRIVATE.sign(one)).encode() for one in signed]
    key = Ed25519PublicKey.from_public_bytes(log.PUBLIC)
    assert len(leaves) > 2
    for leaf in leaves:
        claims = jwt.decode(leaf, key, algorithms=["EdDSA"], options={"verify_iat": False})
        assert json.dumps(claims) == json.dumps(jws_v1.parse(leaf).claims)
