"""The page as bytes: the same for everybody, pinned by hash, small enough, and made of what the sources say."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import pytest

from reveal_web import assets
from reveal_web.browser import page_headers
from reveal_web.machines import composer_assets

SOURCES = Path(composer_assets.__file__).parent / "browser"
PUBLIC_URL = "https://s.example.com"


def script() -> str:
    """The page's one script."""
    page = composer_assets.load(PUBLIC_URL)
    [path] = re.findall(r'<script type="module" src="([^"]+)"', page.shell.decode())
    return page.files[path].body.decode()


def test_script_and_style_are_pinned() -> None:
    """Each carries the hash of the very bytes that are served, and there is one script."""
    page = composer_assets.load(PUBLIC_URL)
    tags = re.findall(r'(?:src|href)="(/composer/[^"]+)"[^>]* integrity="sha384-([^"]+)"', page.shell.decode())
    assert len(tags) == 2
    for path, digest in tags:
        assert base64.b64encode(hashlib.sha384(page.files[path].body).digest()).decode() == digest
        assert hashlib.sha256(page.files[path].body).hexdigest()[:20] in path
    assert page.shell.count(b"<script") == 1


def test_the_page_may_do_what_the_readers_may_and_no_more() -> None:
    """One policy for both: nothing but this server's own script, and requests to this server alone."""
    page = composer_assets.load(PUBLIC_URL)
    assert page.shell_headers["Content-Security-Policy"] == page_headers.PAGE_POLICY
    assert "connect-src 'self'" in page_headers.PAGE_POLICY
    assert page_headers.PAGE_POLICY.startswith("default-src 'none'")
    policies = {path: file.headers["Content-Security-Policy"] for path, file in page.files.items()}
    compiling = [path for path, policy in policies.items() if "unsafe" in policy]
    assert [path.rpartition("/")[2][:8] for path in compiling] == ["kdf-wasm"]


def test_a_page_below_a_path_names_its_files_there() -> None:
    """Behind a proxy that publishes the server below a path, the browser asks below that path too."""
    page = composer_assets.load("https://example.com/secrets/")
    linked = re.findall(rb'(?:src|href)="([^"]+)"', page.shell)
    assert len(linked) == 3
    assert all(path.startswith(b"/secrets/composer/") for path in linked)


def test_sources_build_no_markup_and_keep_nothing() -> None:
    """No foreign address, none of the ways in which text becomes markup or code, and no store of the browser's."""
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    kept = r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\."
    forbidden = rf"{markup}|https?://|{kept}|console\.|pushState|replaceState|sendBeacon"
    sources = [path for path in SOURCES.iterdir() if path.suffix in {".js", ".css", ".html"}]
    assert len(sources) > 15
    for path in sources:
        assert not re.findall(forbidden, path.read_text("utf-8")), path.name


def test_libraries_are_as_published() -> None:
    """Of HPKE's files nothing but where their parts are found is another; no file asks for what is not there."""
    joined = script()
    names = [name for name in re.findall(r"^// ---- (\S+)$", joined, re.MULTILINE) if name.startswith("hpke-")]
    assert len(names) == 23
    for name in names:
        ours, theirs = composer_assets.module(name).splitlines(), assets.library(name).splitlines()
        for mine, published in zip(ours, theirs, strict=True):
            assert mine == published or re.sub(r'from "[^"]*"', "", mine) == re.sub(r'from "[^"]*"', "", published)
    assert "@hpke/common" not in re.sub(r"^\s*(//|\*).*$", "", joined, flags=re.MULTILINE)


def test_what_a_visit_loads_stays_small() -> None:
    """Under 300,000 bytes with the worker, and under 90,000 packed."""
    page = composer_assets.load(PUBLIC_URL)
    loaded = [page.shell, *(file.body for path, file in page.files.items() if "/kdf-plain-" not in path)]
    assert len(loaded) == 5
    assert sum(map(len, loaded)) < 300_000
    assert sum(len(gzip.compress(body)) for body in loaded) < 90_000


def test_missing_libraries_are_named_with_their_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that an earlier version filled lacks the new ones: the error says what to run."""
    monkeypatch.setattr(assets, "_VENDOR", tmp_path)
    composer_assets.load.cache_clear()
    with pytest.raises(assets.MissingLibrariesError, match=r"python -m reveal_web\.browser\.vendor"):
        composer_assets.load("http://localhost:8080")
    composer_assets.load.cache_clear()


def test_every_sentence_is_used_and_every_used_sentence_is_there() -> None:
    """The catalogue and the modules name the same sentences, as far as names are written out."""
    words = (SOURCES / "words.js").read_text("utf-8")
    names = re.findall(r'^  "([\w.-]+)":', words, re.MULTILINE)
    assert len(names) == len(set(names)) > 100
    code = script().split("// ---- words.js")
    text = code[0] + code[1].split("\n// ---- ", 1)[1]
    used = set(re.findall(r'say\(\s*"([\w.-]+)"', text))
    assert used - set(names) <= READERS_ONLY
    quoted = set(re.findall(r'"([\w.-]+)"', text))
    built = tuple(re.findall(r"[`\"]([\w.-]+\.)\$\{", text)) + BUILT
    assert [name for name in names if name not in quoted and not name.startswith(built)] == []


# Names that modules of the reader's page ask for in functions which this page does not call.
READERS_ONLY: set[str] = set()
# Beginnings of names whose end is put together elsewhere.
BUILT = ("cut.", "newer.", "insecure.", "confused.", "broken.", "over.", "secret.length", "secret.lines")
