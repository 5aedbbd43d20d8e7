"""Pages are sent as gzip to whoever takes it, and nothing else is."""

import gzip

import pytest

from reveal_web.assets import load
from reveal_web.packed import takes_gzip
from reveal_web.settings import WebSettings
from store.formats import base64url
from tests.web import wire
from tests.web.conftest import World, run_world

SHELL = f"/s/{base64url.encode(b'0123456789abcdef')}"
PACKED = "gzip, deflate, br, zstd"


def paths_of(world: World) -> list[str]:
    """The reader's shell, and every file of it."""
    return [SHELL, *world.parts.assets.files]


async def test_a_page_is_packed_for_a_browser_that_takes_it(world: World) -> None:
    """Unpacked it is what everybody else gets, byte for byte and header for header; caches are told to tell apart."""
    for path in paths_of(world):
        plain = await world.ask(wire.get(path))
        packed = await world.ask(wire.get(path, Accept_Encoding=PACKED))
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.body) == plain.body
        assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
        differ = {"content-encoding", "content-length", "date"}
        assert {n: v for n, v in packed.headers.items() if n not in differ} == {
            n: v for n, v in plain.headers.items() if n not in differ
        }


async def test_all_before_the_click_is_under_sixty_kibibytes(installed: WebSettings) -> None:
    """What a first visit loads until somebody types: shell, script, style, icon and the worker, heads among it."""
    async for world in run_world(installed, load(installed.public_url)):
        paths = [path for path in paths_of(world) if "plain" not in path]
        answers = [await world.ask(wire.get(path, Accept_Encoding=PACKED)) for path in paths]
        assert len(answers) == 5
        heads = sum(len(f"{name}: {value}\r\n") for one in answers for name, value in one.headers.items())
        assert heads + sum(len(one.body) for one in answers) < 60 * 1024


async def test_the_pages_beside_the_reader_s_are_packed_too(world: World) -> None:
    """The composer's and the viewer's."""
    for path in ("/c/0123456789abcdef", "/v/0123456789abcdef"):
        assert (await world.ask(wire.get(path, Accept_Encoding=PACKED))).headers["content-encoding"] == "gzip"


async def test_what_holds_something_of_a_drop_is_never_packed(world: World) -> None:
    """A claim's answer, the door's, and a refusal leave as they are, whoever asks for what."""
    made = await world.make()
    door = await world.post(f"{made.path}/door", made.proof, Accept_Encoding=PACKED)
    refusal = await world.ask(wire.get("/assets/none.js", Accept_Encoding=PACKED))
    for answer, status in ((door, 200), (refusal, 404)):
        assert answer.status == status
        assert "content-encoding" not in answer.headers
        assert "vary" not in answer.headers


async def test_a_head_is_answered_as_its_get(world: World) -> None:
    """With the length of what GET would send."""
    head = await world.ask(wire.get(SHELL, "HEAD", Accept_Encoding=PACKED), has_body=False)
    whole = await world.ask(wire.get(SHELL, Accept_Encoding=PACKED))
    assert head.steady_headers == whole.steady_headers


@pytest.mark.parametrize(
    ("given", "takes"),
    [
        ([], False),
        (["identity"], False),
        (["gzip"], True),
        (["br, GZIP;q=0.5"], True),
        (["br", "gzip"], True),
        (["gzip;q=0"], False),
        (["gzip ; q=0.000"], False),
        (["xgzip, gzip2"], False),
        (["*"], False),
    ],
    ids=str,
)
def test_who_takes_gzip_says_so(given: list[str], takes: bool) -> None:
    """By its name, and not with a weight of nothing."""
    assert takes_gzip(given) is takes
