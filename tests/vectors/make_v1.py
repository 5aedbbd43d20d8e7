"""Writes the frozen vectors of format v1, and the Unicode table: python -m tests.vectors.make_v1

Nothing random goes in. Frozen means frozen: a file that comes out different is another format, and needs
another version. The table comes from Python's own Unicode 14 and can be made with Python 3.11 only.
"""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import get_args

from store.formats.errors import PassphraseFault
from tests.vectors import by_the_letter as v1
from tests.vectors.bad_drop_cases_v1 import bad_drops
from tests.vectors.canon_cases_v1 import ZERO_WIDTH, cases
from tests.vectors.drop_cases_v1 import Drop, Json, good_drops, octets
from tests.vectors.record_page_cases_v1 import bad_page_links, bad_pages, good_pages

HERE = Path(__file__).parent
TABLE = HERE.parents[1] / "store" / "formats" / "passphrase_v1.json"


def unicode_table() -> str:
    """Which code points are assigned, white, deleted and refused: first, last, first, last, …"""
    if unicodedata.unidata_version != "14.0.0":
        raise RuntimeError("the table of Unicode 14 can be made with Python 3.11 only")
    categories = [unicodedata.category(chr(point)) for point in range(sys.maxunicode + 1)]

    def ranges(belongs: Callable[[int], bool]) -> list[int]:
        bounds: list[int] = []
        for point in filter(belongs, range(sys.maxunicode + 1)):
            if bounds and bounds[-1] == point - 1:
                bounds[-1] = point
            else:
                bounds += [point, point]
        return bounds

    table = {
        "assigned": ranges(lambda point: categories[point] not in ("Cn", "Cs")),
        "deleted": ranges(lambda point: chr(point) in ZERO_WIDTH),
        "space": ranges(lambda point: categories[point] == "Zs"),
        "unprintable": ranges(lambda point: categories[point] in ("Cc", "Cf", "Co", "Zl", "Zp")),
    }
    return json.dumps({"unicode": "14.0.0", "ranges": table}, separators=(",", ":")) + "\n"


def passphrases() -> Json:
    made: list[Json] = []
    for form, (name, typed, becomes) in cases():
        case: Json = {"name": name, "form": form, "typed": typed}
        refused = becomes.startswith("!") and becomes[1:] in get_args(PassphraseFault)
        made.append(case | ({"refuse": becomes[1:]} if refused else {"hex": becomes.encode().hex()}))
    return {"cases": made}


def links() -> Json:
    samples = [Drop("link", "p"), Drop("link", "n"), *(Drop(f"link {n}", "pn"[n % 2]) for n in range(8))]
    good = [
        {
            "id": s.id.hex(),
            "key": s.key.hex(),
            "mode": s.mode,
            **s.link(),
            "link_proof": s.keys().link_proof.hex(),
        }
        for s in (Drop(s.name, s.mode, canonical=None) for s in samples)
    ]
    one = samples[0]
    id_text, whole = v1.b64(one.id), v1.fragment(one.id, one.key, "p")
    key = whole[3:46]
    wrong: dict[str, tuple[str, str, str]] = {
        "no fragment": (id_text, "", "cut"),
        **{f"{n} characters left": (id_text, whole[:n], "cut") for n in (1, 2, 3, 20, 46, 47, 50)},
        "full stop after it": (id_text, whole + ".", "cut"),
        "bracket after it": (id_text, whole + ">", "cut"),
        "space after it": (id_text, whole + " ", "cut"),
        "twice": (id_text, whole + whole, "cut"),
        "id cut": (id_text[:-1], whole, "cut"),
        "id empty": ("", whole, "cut"),
        "id longer": (id_text + "A", whole, "cut"),
        "id of another link": (v1.b64(octets("elsewhere", 16)), whole, "cut"),
        "key's first character changed": (id_text, whole[:3] + _other(whole[3]) + whole[4:], "cut"),
        "key in small letters": (id_text, f"1p.{key.lower()[:-1]}c{whole[46:]}", "cut"),
        "checksum changed": (id_text, whole[:-1] + _other(whole[-1]), "cut"),
        "mode changed to n": (id_text, "1n" + whole[2:], "cut"),
        "version 2": (id_text, "2" + whole[1:], "malformed"),
        "version 2 of another length": (id_text, "2p.short", "malformed"),
        "hash mark in front": (id_text, "#" + whole, "malformed"),
        "percent sign in front": (id_text, "%31" + whole[1:], "malformed"),
        "mode unknown": (id_text, "1x" + whole[2:], "malformed"),
        "mode in capitals": (id_text, "1P" + whole[2:], "malformed"),
        "first full stop missing": (id_text, "1p-" + whole[3:], "malformed"),
        "second full stop missing": (id_text, whole[:46] + "-" + whole[47:], "malformed"),
        "key with a plus sign": (id_text, f"1p.+{key[1:]}{whole[46:]}", "malformed"),
        "key with a slash": (id_text, f"1p./{key[1:]}{whole[46:]}", "malformed"),
        "key with padding": (id_text, f"1p.{key[:-1]}={whole[46:]}", "malformed"),
        "key with a space": (id_text, f"1p. {key[1:]}{whole[46:]}", "malformed"),
        "key with a letter outside ASCII": (id_text, f"1p.\u00e9{key[1:]}{whole[46:]}", "malformed"),
        "key with unused bits": (id_text, f"1p.{'A' * 42}B.AAAA", "malformed"),
        "checksum with a plus sign": (id_text, whole[:-1] + "+", "malformed"),
        "id with a plus sign": ("+" + id_text[1:], whole, "malformed"),
        "id with a slash": ("/" + id_text[1:], whole, "malformed"),
        "id with unused bits": ("A" * 21 + "B", whole, "malformed"),
        "id with a line break": (id_text[:-1] + "\n", whole, "malformed"),
        "id outside ASCII": ("\uff21" + id_text[1:], whole, "malformed"),
    }
    return {
        "good": good,
        "bad": [
            {"name": name, "id_text": ident, "fragment": fragment, "expect": expect}
            for name, (ident, fragment, expect) in wrong.items()
        ],
    }


def _other(character: str) -> str:
    return "B" if character == "A" else "A"


def base64url() -> Json:
    samples = [
        b"",
        *(octets(f"base64url {length}", length) for length in (*range(1, 10), 16, 32, 33)),
        b"\xfb\xff\xfe",
    ]
    texts = (
        "A",
        "AAAAA",
        "AB",
        "A-",
        "AAB",
        "AA_",
        "AA==",
        "AAA=",
        "AA=A",
        "=",
        "+AAA",
        "/AAA",
        "AA A",
        " AAAA",
    )
    more = (
        "AAAA\n",
        "AA\r\nAA",
        "AA.A",
        "AA%3D",
        "\u00e9AAA",
        "\uff21AAA",
        "\u212aAAA",
        "A\u0000AA",
        "\ud800AAA",
    )
    return {
        "good": [{"hex": raw.hex(), "text": v1.b64(raw)} for raw in samples],
        "bad": [{"text": text} for text in (*texts, *more)],
    }


def build() -> Iterable[tuple[Path, str]]:
    """Every frozen vector file with its text."""
    files = {
        "base64url_v1.json": base64url(),
        "passphrase_v1.json": passphrases(),
        "link_v1.json": links(),
        "drop_v1.json": {"good": good_drops(), "bad": bad_drops()},
        "record_page_v1.json": {"good": good_pages(), "bad": bad_pages(), "bad_links": bad_page_links()},
    }
    for name, content in files.items():
        yield HERE / name, json.dumps(content, indent=1, sort_keys=False) + "\n"


if __name__ == "__main__":
    for path, text in (*build(), (TABLE, unicode_table())):
        path.write_text(text, "utf-8")
