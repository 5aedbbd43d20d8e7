"""The page in a pseudo-language: longer words, other letters, another direction, and no word from elsewhere."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from reveal_web.assets import load
from store.formats.payload_v1 import Text
from tests.browser.catalogue import Entry, pseudo, read, spoken, text_of
from tests.browser.pretend_reader import PretendReader
from tests.browser.scenes import HINT, PEM, SCENES, SECRET
from tests.browser.serving import application, serving
from tests.browser.tour import Tour, touring, undated
from tests.browser.visiting import Visit, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")
LANGUAGE = "en-XA"
SPOKEN = [name for name, scene in SCENES.items() if scene.javascript]
# The product's name, what the sender wrote, what the browser spells in the reader's own way, and the secret.
OF_THE_DROP = {"Sendsecret", "Stripe restricted key", HINT, "id_ed25519", "(when)", SECRET, PEM, "•" * 16}


def pseudo_words() -> dict[str, Entry]:
    """The whole catalogue in the pseudo-language."""
    return {name: pseudo(entry) for name, entry in read().items()}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def tour(chromium: Browser) -> AsyncIterator[Tour]:
    """The page in the pseudo-language."""
    words = pseudo_words()
    with spoken(words, LANGUAGE, "ltr"):
        app = application(load("http://127.0.0.1", demo=True))
    async with serving(app) as url, touring(chromium, url, words) as guide:
        yield guide


@pytest.mark.parametrize("name", SPOKEN)
async def test_every_word_comes_from_the_catalogue_or_the_drop(tour: Tour, name: str) -> None:
    """Each text, name, title and announcement is one whole sentence of the catalogue, or a value of the drop alone."""
    seen = await tour.seen(name)
    assert len(seen.texts) > 3
    foreign = [
        (where, text)
        for where, text in ((where, undated(text).strip()) for where, text in seen.texts)
        if not re.fullmatch(r"⟦[^⟦⟧]+⟧", text) and text.replace("\r\n", "\n") not in OF_THE_DROP | {PEM.strip()}
    ]
    assert foreign == []


@pytest.mark.parametrize("name", SPOKEN)
async def test_longer_words_have_room_in_both_directions(tour: Tour, name: str) -> None:
    """With words 40 % longer nothing sticks out at 320 pixels, whichever way the language runs."""
    seen = await tour.seen(name)
    assert seen.outside == {"ltr": [], "rtl": []}
    assert seen.small == []


async def test_the_language_and_its_direction_are_set(visit: Visit) -> None:
    """A catalogue that runs from right to left turns the page, and says which language it is."""
    with spoken(read(), "en-XB", "rtl"):
        app = application(load("http://127.0.0.1", demo=True))
    pretend = PretendReader(Text("s3cret"), sender="Maya")
    async with serving(app) as url:
        await pretend.attach(visit.page)
        await visit.come(pretend.link.url(url))
        await expect(visit.page.locator("html")).to_have_attribute("dir", "rtl")
        await expect(visit.page.locator("html")).to_have_attribute("lang", "en-XB")
        field, toggle = visit.page.locator("#passphrase"), visit.page.get_by_role("button", name="Show")
        boxes = [await each.bounding_box() for each in (field, toggle)]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert boxes[0]["x"] > boxes[1]["x"]


async def test_every_entry_has_the_same_values_in_all_its_forms() -> None:
    """A plural form that forgets a value would say less than the others, and one that invents one would say nothing."""
    for name, entry in read().items():
        if isinstance(entry, dict):
            assert len({frozenset(re.findall(r"\{\w+\}", form)) for form in entry.values()}) == 1, name
            assert "{count}" in entry["other"], name


async def test_the_pseudo_language_is_longer_and_whole() -> None:
    """The judge of the other tests: every sentence is bracketed once, about 40 % longer, and keeps its values."""
    english, strange = read(), pseudo_words()
    lengths = [0, 0]
    for entry in english:
        before, after = (
            plain(text_of(words, entry, sender="", time="", count="", lines="", host="", word="", name=""))
            for words in (english, strange)
        )
        assert re.fullmatch(r"⟦[^⟦⟧]*⟧", after)
        lengths[0] += len(before)
        lengths[1] += len(after)
    assert 1.3 < lengths[1] / lengths[0] < 1.6
