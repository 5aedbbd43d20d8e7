"""The named defects of the receipt's page: each lets it show or believe what the receipt does not say."""

from tests.mutant import Mutant

OWN = "reveal_web/proofs/browser"
FORMATS = "tests/browser/test_receipt_formats.py"
NAMES = "tests/browser/test_receipt_names.py"
PAGE = "tests/web/test_receipt_page.py"

MUTANTS_OF_RECEIPTS_PAGE = (
    Mutant(
        "names are shown without looking at their digests",
        f"{OWN}/disclosure_v1.js",
        "  if (!Array.isArray(digests) || !digests.includes(digest)) throw",
        "  if (false) throw",
        (NAMES, "-k", "does_not_mean"),
    ),
    Mutant(
        "an inclusion proof may lead anywhere",
        f"{OWN}/merkle_v1.js",
        '  if (!sameBytes(result, root)) throw new UnprovenError("root");\n',
        "",
        (FORMATS, "-k", "small_trees"),
    ),
    Mutant(
        "the page takes another log's key",
        f"{OWN}/checkpoint_v1.js",
        '  if (checkpoint.origin !== origin) throw new UnprovenError("origin");\n',
        "",
        (FORMATS, "-k", "other_keys"),
    ),
    Mutant(
        "the signature of the log is not checked",
        f"{OWN}/checkpoint_v1.js",
        "  if (!(await isSignedBy(key, ours[0].blob.subarray(ID_BYTES), utf8(checkpoint.body)))) throw",
        "  if (false) throw",
        (FORMATS, "-k", "index_size_or_root"),
    ),
    Mutant(
        "the key that was kept is not used",
        f"{OWN}/receipt_check.js",
        "  if (kept) {\n",
        "  if (false) {\n",
        (FORMATS, "-k", "other_keys"),
    ),
    Mutant(
        "what the page leaves out is not missed",
        f"{OWN}/shown.js",
        '  if (shown.length !== signed.size) throw new UnprovenError("not-shown");\n',
        "",
        ("tests/browser/test_receipt_page.py", "-k", "something_else"),
    ),
    Mutant(
        "the receipt's page does not escape",
        "store/html_template.py",
        "autoescape=True",
        "autoescape=False",
        (PAGE, "-k", "never_markup"),
    ),
    Mutant(
        "a receipt elsewhere is offered as a link",
        "reveal_web/browser/receipt_link.js",
        "text === `${location.origin}${base}/receipts/${path}` ? text : null",
        "path ? text : null",
        ("tests/browser/test_receipt_link.py", "-k", "no_other_address"),
    ),
    Mutant(
        "names are given to another site's page",
        "reveal_web/proofs/receipt_routes.py",
        "        bodies.require_own_page(request, parts.settings.origin)\n",
        "",
        ("tests/web/test_receipt_names_route.py", "-k", "come_from_the_page"),
    ),
)
