"""The reader's page as finished bytes: one shell for every drop, and files named by what is in them.

Built once at start from the sources in `browser/` and the libraries in `browser/vendor/`. Pure afterwards: no
framework, no clock, no request. The shell is the same for every id, so that looking at a link tells a
preview bot nothing; the page reads the id from its own address.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from urllib.parse import urlsplit

from reveal_web.browser import page_headers
from reveal_web.browser.one_script import one_script

_BROWSER = files("reveal_web.browser")
_VENDOR = _BROWSER.joinpath("vendor")
_LIBRARY = "hash-wasm-argon2.js"
SCRIPT, STYLE = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
ICON = "image/svg+xml; charset=utf-8"


class MissingLibrariesError(Exception):
    """The libraries of the page were never fetched; the message names the command that does it."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One immutable file: its bytes, its media type, and the headers it must be sent with (not Content-Type)."""

    body: bytes
    content_type: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Assets:
    """`shell` answers every well-formed `GET /s/{id}`; `files` maps request paths ("/assets/…") to files."""

    shell: bytes
    shell_headers: Mapping[str, str]
    files: Mapping[str, Asset]


class ImmutableFiles:
    """Files named by what is in them, below `folder`, for readers who reach us at `public_url`."""

    def __init__(self, public_url: str, folder: str = "/assets") -> None:
        address = urlsplit(public_url)
        self._secure, self._folder = address.scheme == "https", folder
        # A proxy may publish the page below a path; requests reach us without it, the browser needs it.
        self._before = address.path.rstrip("/")
        self.found: dict[str, Asset] = {}

    def add(self, name: str, text: str, content_type: str, policy: str = page_headers.NOTHING_POLICY) -> str:
        """Take a file in; the path by which a browser asks for it."""
        body = text.encode("utf-8")
        stem, _, ending = name.rpartition(".")
        path = f"{self._folder}/{stem}-{hashlib.sha256(body).hexdigest()[:20]}.{ending}"
        self.found[path] = Asset(body, content_type, page_headers.for_file(policy, secure=self._secure))
        return self._before + path


def load(public_url: str, *, demo: bool = False) -> Assets:
    """Build the page for readers who reach it at `public_url`; `demo` marks it as a demonstration.

    Raises MissingLibrariesError, and UnsupportedModuleError when a source uses an import form that cannot be joined.
    """
    immutable = ImmutableFiles(public_url)
    add = immutable.add
    script = page_script("page.js", workers(immutable))
    style, icon = source("page.css") + source("controls.css"), source("icon.svg")
    shell = Template(source("shell.html")).substitute(
        demo="yes" if demo else "no",
        script=add("page.js", script, SCRIPT),
        script_integrity=integrity(script),
        style=add("page.css", style, STYLE),
        style_integrity=integrity(style),
        icon=add("icon.svg", icon, ICON),
    )
    secure = urlsplit(public_url).scheme == "https"
    return Assets(shell.encode("utf-8"), page_headers.for_shell(secure=secure), immutable.found)


def workers(immutable: ImmutableFiles) -> Mapping[str, str]:
    """The paths of the workers that derive keys, "wasm" and "plain", taken in among the files of a page.

    Raises MissingLibrariesError.
    """
    return {
        "wasm": immutable.add("kdf-wasm.js", _wasm_worker(), SCRIPT, page_headers.WASM_WORKER_POLICY),
        "plain": immutable.add("kdf-plain.js", one_script("kdf_plain.js", _vendored), SCRIPT),
    }


def page_script(entry: str, workers: Mapping[str, str], source_of: Callable[[str], str] | None = None) -> str:
    """Return the script that runs `entry`, the paths of its `workers` ("wasm", "plain") written into it.

    `source_of` serves pages other than the reader's: it maps a module's file name to its text.
    """
    # The same frozen Unicode table that Python reads, so that both spell a passphrase alike.
    table = json.loads(files("store.formats").joinpath("passphrase_v1.json").read_text("utf-8"))["ranges"]
    generated = {
        "passphrase_v1_table.js": f"export const RANGES = {json.dumps(table, separators=(',', ':'))};\n",
        # Inside the script, so that its integrity hash vouches for the names, and with them the bytes, of the workers.
        "worker_paths.js": f"export const WORKER_PATHS = {json.dumps(dict(workers))};\n",
    }
    return one_script(entry, lambda name: generated.get(name) or (source_of or source)(name))


def source(name: str) -> str:
    """Return the text of one of the page's own source files."""
    return _BROWSER.joinpath(name).read_text("utf-8")


def library(name: str) -> str:
    """Return the text of one of the vendored files.  Raises MissingLibrariesError."""
    try:
        return _VENDOR.joinpath(name).read_text("utf-8")
    except FileNotFoundError:
        raise MissingLibrariesError(
            f"The pages lack {name}. Run `python -m reveal_web.browser.vendor` once (it needs npm and the "
            "network), then start again. Nothing else is wrong and nothing is lost."
        ) from None


def _vendored(name: str) -> str:
    return source(name) if name.startswith("kdf_") else library(name)


def _wasm_worker() -> str:
    # One classic file: its policy forbids it to load anything, its own parts included.
    return f"{library(_LIBRARY)}\n{source('kdf_wasm.js')}"


def integrity(text: str) -> str:
    """The hash by which a page pins a script or a style (Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(text.encode("utf-8")).digest()).decode("ascii")
