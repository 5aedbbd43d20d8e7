"""Whether a request is Slack's: against Slack's own example, its own library, and what an attacker tries."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slack_sdk.signature import Clock, SignatureVerifier

from bot import signatures
from bot.signatures import NotFromSlackError, Presented, Reason, Signatures, presented
from tests.bot.signing import SECRET, signature

NOW = 1_800_000_000
EXAMPLE_AT = "1531420618"
EXAMPLE = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack."
    b"com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc"
    b"887a14d10d2c447fce8b6703c"
)
EXAMPLE_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


class Held:
    """A clock that stands still until it is moved."""

    def __init__(self, at: float = NOW) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def refused(checking: Signatures, claimed: Presented, body: bytes) -> NotFromSlackError:
    """The refusal of a request."""
    with pytest.raises(NotFromSlackError) as error:
        checking.check(claimed, body)
    return error.value


def signed(body: bytes = b"body", at: int = NOW, secret: str = SECRET) -> Presented:
    """A rightly signed request."""
    return Presented(str(at), signature(body, str(at), secret))


def test_slacks_own_example_is_believed() -> None:
    """The request that Slack's documentation signs for everybody to try."""
    checking = Signatures([SECRET], Held(int(EXAMPLE_AT) + 7))
    assert checking.check(presented([EXAMPLE_AT], [EXAMPLE_SIGNATURE]), EXAMPLE) == 7


@given(body=st.text().map(str.encode), secret=st.text(min_size=16, alphabet=st.characters(codec="ascii")))
def test_slacks_library_signs_what_we_believe(body: bytes, secret: str) -> None:
    """Another implementation's signature of any body, under any secret."""

    class Now(Clock):
        def now(self) -> float:
            return NOW

    verifier = SignatureVerifier(secret, Now())
    made = verifier.generate_signature(timestamp=str(NOW), body=body)
    assert made is not None
    assert Signatures([secret], Held()).check(Presented(str(NOW), made), body) == 0


@pytest.mark.parametrize(
    ("timestamps", "signed_by"),
    [
        ([], ["v0=a"]),
        (["1800000000"], []),
        ([], []),
        (["1800000000", "1800000000"], ["v0=a"]),
        (["1800000000"], ["v0=a", "v0=a"]),
        ([""], ["v0=a"]),
        (["zzz"], ["v0=a"]),
        (["180000000"], ["v0=a"]),
        (["18000000000"], ["v0=a"]),
        (["+180000000"], ["v0=a"]),
        (["-180000000"], ["v0=a"]),
        (["1800000000\n"], ["v0=a"]),
        ([" 180000000"], ["v0=a"]),
        (["180000000.0"], ["v0=a"]),
        (["1_80000000"], ["v0=a"]),
        (["\uff11\uff18" + "\uff10" * 8], ["v0=a"]),
        (["\u0661\u0668" + "\u0660" * 8], ["v0=a"]),
    ],
)
def test_headers_that_are_not_slacks_are_malformed(timestamps: list[str], signed_by: list[str]) -> None:
    """One timestamp of ten ASCII digits and one signature, or it is not looked at."""
    with pytest.raises(NotFromSlackError) as error:
        presented(timestamps, signed_by)
    assert (error.value.reason, error.value.skew) == (Reason.MALFORMED, None)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "v0=",
        "v0",
        signature(b"body", str(NOW)).upper(),
        signature(b"body", str(NOW)).removeprefix("v0="),
        signature(b"body", str(NOW))[:-1],
        signature(b"body", str(NOW)) + " ",
        "v1=" + signature(b"body", str(NOW))[3:],
        signature(b"another", str(NOW)),
        signature(b"body", str(NOW - 1)),
        signature(b"body", str(NOW), SECRET + "x"),
        signature(b"body", str(NOW), ""),
        "v0=ü" + "0" * 63,
        "\udcff\udcfe",
        "v0=" + "\u06f0" * 64,
    ],
)
def test_a_signature_that_is_not_right_is_forged(given: str) -> None:
    """Whatever stands there, in whatever script, it is a refusal and no error."""
    error = refused(Signatures([SECRET], Held()), Presented(str(NOW), given), b"body")
    assert (error.reason, error.is_signed) == (Reason.FORGED, False)
    assert "v0" not in str(error)


@pytest.mark.parametrize("skew", [300, -300, 0, 61])
def test_five_minutes_are_believed(skew: int) -> None:
    """In both directions, and the age is what is answered."""
    assert Signatures([SECRET], Held()).check(signed(at=NOW - skew), b"body") == skew


@pytest.mark.parametrize("skew", [301, -301, 86400])
def test_a_second_more_is_stale(skew: int) -> None:
    """And it is known to have been signed, so that a wrong clock can be told of."""
    error = refused(Signatures([SECRET], Held()), signed(at=NOW - skew), b"body")
    assert (error.reason, error.skew, error.is_signed) == (Reason.STALE, skew, True)


def test_what_is_stale_and_unsigned_is_forged() -> None:
    """Nobody without the secret can make us speak of clocks."""
    error = refused(Signatures([SECRET], Held()), signed(at=NOW - 400, secret="x" * 32), b"body")
    assert (error.reason, error.is_signed) == (Reason.FORGED, False)


@given(
    ahead=st.integers(-300, 300),
    fraction=st.floats(0, 0.999),
    later=st.floats(0, 900, allow_nan=False),
    far=st.booleans(),
)
@example(ahead=300, fraction=0.0, later=0.0, far=True)  # the very last moment, which chance does not always find
def test_no_request_is_believed_twice(ahead: int, fraction: float, later: float, far: bool) -> None:
    """Whatever its age and whenever it comes again, also in the last fraction of the last second."""
    clock = Held(NOW + fraction)
    checking = Signatures([SECRET], clock)
    once = signed(at=NOW + ahead)
    checking.check(once, b"body")
    clock.at = NOW + (600.999 if far else fraction + later)
    checking.check(signed(b"other", at=int(clock.at)), b"other")
    assert refused(checking, once, b"body").reason in (Reason.REPLAYED, Reason.STALE)


def test_what_is_over_is_forgotten() -> None:
    """The memory holds what could still be believed, and no more."""
    clock = Held()
    checking = Signatures([SECRET], clock)
    for number in range(20):
        clock.at = NOW + number * 100
        checking.check(signed(at=int(clock.at)), b"body")
    assert len(checking._seen) == 7


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is full the oldest goes, and the newest are still told apart."""
    monkeypatch.setattr(signatures, "MOST_REMEMBERED", 3)
    checking = Signatures([SECRET], Held())
    for number in range(10):
        checking.check(signed(b"%d" % number), b"%d" % number)
    assert len(checking._seen) == 3
    assert refused(checking, signed(b"9"), b"9").reason is Reason.REPLAYED


def test_a_forgery_is_not_remembered() -> None:
    """Somebody who guesses signatures fills nothing, and cannot use up the right one."""
    checking = Signatures([SECRET], Held())
    for number in range(5):
        refused(checking, Presented(str(NOW), f"v0={number}"), b"body")
    assert not checking._seen
    checking.check(signed(), b"body")


def test_both_secrets_sign_while_one_is_replaced() -> None:
    """The new one and the old one; a third does not."""
    new, old = "n" * 32, "o" * 32
    checking = Signatures([new, old], Held())
    checking.check(signed(secret=new), b"body")
    checking.check(signed(secret=old), b"body")
    assert refused(checking, signed(secret=SECRET), b"body").reason is Reason.FORGED


@pytest.mark.parametrize("secrets", [[], [""], [SECRET, ""]])
def test_no_secret_is_no_check(secrets: list[str]) -> None:
    """An HMAC under an empty key can be made by everybody."""
    with pytest.raises(ValueError, match="empty signing secret"):
        Signatures(secrets)
