"""The named defects of pages that are sent as gzip: to whom nobody asked, mixed up by a cache, or more than pages."""

from tests.mutant import Mutant

PACKED = "tests/web/test_packed.py"

MUTANTS_OF_PACKED = (
    Mutant(
        "whoever takes no gzip gets it",
        "reveal_web/packed.py",
        "            if takes_gzip(",
        "            if True or takes_gzip(",
        (PACKED, "-k", "takes_it"),
    ),
    Mutant(
        "whoever refuses gzip gets it",
        "reveal_web/packed.py",
        "            return _REFUSED.fullmatch(weight.strip().lower()) is None\n",
        "            return True\n",
        (PACKED, "-k", "says_so"),
    ),
    Mutant(
        "a cache gives packed pages to whoever cannot unpack them",
        "reveal_web/packed.py",
        '            answer.headers["Vary"] = "Accept-Encoding"\n',
        "",
        (PACKED, "-k", "takes_it"),
    ),
    Mutant(
        "what holds something of a drop is packed",
        "reveal_web/packed.py",
        "        smaller = packed.get(answer.body) if isinstance(answer.body, bytes) else None\n",
        "        smaller = gzip.compress(answer.body)\n",
        (PACKED, "-k", "never_packed"),
        also=(("reveal_web/packed.py", " or answer.content_type not in _KINDS", ""),),
    ),
)
