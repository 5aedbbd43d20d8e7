"""
The composer's page as finished bytes: one shell for every order, its script and style pinned by hash.

As the reader's page it is built once and the same for everybody; its modules are its own, the reader's where they say
the same, and the libraries that the reader's page has no use for.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Final

from reveal_web import assets
from reveal_web.assets import Assets
from reveal_web.machines import shells

NAME: Final = "composer"
_BROWSER: Final = files("reveal_web.machines.browser")
_HPKE: Final = "hpke-"
# Where HPKE's files name each other: by paths, and by the package that half of them is published in.
_BY_PATH: Final = re.compile(r'from "\.\.?/(?:[\w.]+/)*([\w.]+\.js)"')
_BY_PACKAGE: Final = 'from "@hpke/common"'


@cache
def load(public_url: str, *, demo: bool = False) -> Assets:
    """Build the page for people who reach us at `public_url`.  Raises MissingLibrariesError."""
    styles = ("page.css", "controls.css", "composer.css")
    return shells.build(public_url, NAME, styles, demo=demo, source=source, module=module)


def module(name: str) -> str:
    """The text of a module of the script: a library's as published, but for where its parts are found."""
    if name.startswith(_HPKE):
        named = _BY_PATH.sub(rf'from "./{_HPKE}\1"', assets.library(name))
        return named.replace(_BY_PACKAGE, 'from "./hpke_parts.js"')
    return assets.library(name) if name == "bip39-english.js" else source(name)


def source(name: str) -> str:
    """The text of one of the page's own files, else of one that it has in common with the reader's page."""
    own = _BROWSER.joinpath(name)
    return own.read_text("utf-8") if own.is_file() else assets.source(name)
