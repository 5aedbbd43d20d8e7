"""The page as bytes: the same for everybody, named by content, pinned by hash, made of what the sources say."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

import reveal_web.browser
from reveal_web import assets
from reveal_web.browser.one_script import UnsupportedModuleError, one_script

SOURCES = Path(reveal_web.browser.__file__).parent


def test_the_shell_is_the_same_every_time() -> None:
    """Building twice gives the same bytes, so that a published hash can be compared."""
    one, two = assets.load("https://s.example.com"), assets.load("https://s.example.com")
    assert one.shell == two.shell
    assert dict(one.files) == dict(two.files)


def test_scripts_and_styles_are_pinned() -> None:
    """Each script and stylesheet of the shell carries the hash of the very bytes that are served."""
    page = assets.load("https://s.example.com")
    tags = re.findall(r'(?:src|href)="(/assets/[^"]+)"[^>]* integrity="sha384-([^"]+)"', page.shell.decode())
    assert len(tags) == 2
    for path, digest in tags:
        assert base64.b64encode(hashlib.sha384(page.files[path].body).digest()).decode() == digest
    assert page.shell.count(b"<script") == 1


def test_files_are_immutable_and_named_by_content() -> None:
    """A file's name changes with its bytes, so it may be kept for ever."""
    for path, file in assets.load("https://s.example.com").files.items():
        assert hashlib.sha256(file.body).hexdigest()[:20] in path
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert file.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert file.content_type.endswith("; charset=utf-8")
        assert "Strict-Transport-Security" in file.headers


def test_workers_may_compute_and_nothing_else() -> None:
    """The WebAssembly worker may compile; no worker may load or reach anything; the page may not compile."""
    page = assets.load("https://s.example.com")
    policies = {path.split("-")[1]: file.headers["Content-Security-Policy"] for path, file in page.files.items()}
    compile_only = "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'none'; frame-ancestors 'none'"
    assert policies["wasm"] == compile_only
    assert policies["plain"] == "default-src 'none'; frame-ancestors 'none'"
    assert "unsafe" not in page.shell_headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in page.shell_headers["Content-Security-Policy"]


def test_plain_http_promises_no_transport_security() -> None:
    """A localhost page does not pin itself to https."""
    page = assets.load("http://localhost:8080", demo=True)
    assert "Strict-Transport-Security" not in page.shell_headers
    assert b'data-demo="yes"' in page.shell


def test_a_page_below_a_path_names_its_files_there() -> None:
    """Behind a proxy that publishes the server below a path, the browser asks below that path too."""
    page = assets.load("https://example.com/secrets/")
    linked = re.findall(rb'(?:src|href)="([^"]+)"', page.shell)
    assert linked
    assert all(path.startswith(b"/secrets/assets/") for path in linked)
    assert all(path.startswith("/assets/") for path in page.files)


def test_the_way_to_the_door_is_small() -> None:
    """All that a first visit loads is under 150,000 bytes, and under 55,000 packed."""
    page = assets.load("https://s.example.com")
    loaded = [page.shell, *(file.body for path, file in page.files.items() if "/kdf-plain-" not in path)]
    assert len(loaded) == 5
    assert sum(map(len, loaded)) < 150_000
    assert sum(len(gzip.compress(body)) for body in loaded) < 55_000


def test_missing_libraries_are_named_with_their_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the vendored files the error says what to run."""
    monkeypatch.setattr(assets, "_VENDOR", tmp_path)
    with pytest.raises(assets.MissingLibrariesError, match=r"python -m reveal_web\.browser\.vendor"):
        assets.load("http://localhost:8080")


def test_the_page_loads_nothing_from_elsewhere_and_builds_no_markup() -> None:
    """Sources hold no foreign address and none of the ways in which text becomes markup or code."""
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    forbidden = rf"{markup}|https?://|localStorage|sessionStorage|document\.cookie"
    for source in [*SOURCES.glob("*.js"), *SOURCES.glob("*.css"), SOURCES / "shell.html"]:
        assert not re.findall(forbidden, source.read_text("utf-8")), source.name


def test_the_lock_pins_hashes_and_names_no_registry() -> None:
    """Every package of the lock has an integrity hash and no address, so that any registry serves the same bytes."""
    lock = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    names = {"hash-wasm", "@noble/hashes", "@hpke/core", "@hpke/common", "@scure/bip39"}
    assert set(packages) == {f"node_modules/{name}" for name in names}
    for entry in packages.values():
        assert entry["integrity"].startswith("sha512-")
        assert "resolved" not in entry


def test_modules_are_joined_in_order_and_once() -> None:
    """A module that two others import runs once, before both, and names stay apart."""
    sources = {
        "page.js": 'import { one } from "./one.js";\nimport * as all from "./two.js";\nconst shared = one + all.two;\n',
        "one.js": 'import { base as start } from "./base.js";\nconst shared = 1;\nexport const one = start + shared;\n',
        "two.js": 'import { base } from "./base.js";\nfunction half() {}\nexport { base as two, half };\n',
        "base.js": "export function base() {}\n",
    }
    script = one_script("page.js", sources.__getitem__)
    assert script.count("function base()") == 1
    assert re.findall(r"^// ---- (\S+)$", script, re.MULTILINE) == ["base.js", "one.js", "two.js", "page.js"]
    assert "const { base: start } = module_base;" in script
    assert "return { two: base, half };" in script


@pytest.mark.parametrize(
    "line",
    [
        'import x from "./base.js";',
        'import { x } from "https://else.where/x.js";',
        "export default 1;",
        "export let x;",
    ],
)
def test_what_cannot_be_joined_is_refused(line: str) -> None:
    """An import or export of another form stops the build by file name instead of breaking the page."""
    with pytest.raises(UnsupportedModuleError, match=r"page\.js"):
        one_script("page.js", {"page.js": line, "base.js": ""}.__getitem__)


def test_a_circle_of_imports_is_refused() -> None:
    """Two modules that need each other first have no order."""
    sources = {"a.js": 'import { b } from "./b.js";', "b.js": 'import { a } from "./a.js";'}
    with pytest.raises(UnsupportedModuleError, match="imports itself"):
        one_script("a.js", sources.__getitem__)
