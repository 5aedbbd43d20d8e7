"""The named defects of the composer's page: each lets something out, loses something, or makes two of one."""

from tests.mutant import Mutant

OWN = "reveal_web/machines/browser"
LEAVES = "tests/composer/test_what_leaves.py"
LOST = "tests/composer/test_nothing_is_lost.py"
EVERYBODY = "tests/composer/test_everybody.py"

MUTANTS_OF_COMPOSER = (
    Mutant(
        "the composer hands in the link as it is",
        f"{OWN}/sealing.js",
        "    sealed_link: encode(sealed),\n",
        "    sealed_link: encode(joined(utf8(link), sealed.subarray(0, sealed.length - link.length))),\n",
        (LEAVES, "-k", "holds_anything"),
    ),
    Mutant(
        "the composer's token goes into an address",
        f"{OWN}/orders.js",
        "post(`${address}/look`,",
        "post(`${address}/look?${link.tokenText}`,",
        (LEAVES, "-k", "this_server_alone"),
    ),
    Mutant(
        "the composer seals anew after a lost answer",
        f"{OWN}/composer.js",
        "untilTaken(() => page.orders.handIn(body, scene.share), scene.wait, scene.retry)",
        "untilTaken(async () => page.orders.handIn((await sealUnder(order, page.link.tokenText, draft.secret(), "
        "passphrase, {})).body, scene.share), scene.wait, scene.retry)",
        (LOST, "-k", "same_bytes"),
    ),
    Mutant(
        "the composer goes by the computer's clock",
        f"{OWN}/sealing.js",
        "created_at: order.now,",
        "created_at: Math.floor(Date.now() / 1000),",
        (LOST, "-k", "clock_is_wrong"),
        also=(
            (
                f"{OWN}/sealing.js",
                "  const until = order.now + order.lives_seconds;",
                "  const until = Math.floor(Date.now() / 1000) + order.lives_seconds;",
            ),
        ),
    ),
    Mutant(
        "what was typed is gone after a refusal",
        f"{OWN}/composer.js",
        "async function handIn(page, order, { body, until }) {\n",
        "async function handIn(page, order, { body, until }) {\n  draft.wipe();\n",
        (LOST, "-k", "gives_the_secret_back"),
    ),
    Mutant(
        "a field out of sight keeps the secret",
        f"{OWN}/composing.js",
        '    for (const field of form.querySelectorAll("input, textarea")) field.value = "";\n',
        "",
        (EVERYBODY, "-k", "clearing_leaves_nothing"),
    ),
    Mutant(
        "a file is read before it is weighed",
        f"{OWN}/file_taking.js",
        '  if (file.size > most) throw new RefusedFileError("too-large");\n',
        '  if ((await file.arrayBuffer()).byteLength > most) throw new RefusedFileError("too-large");\n',
        ("tests/composer/test_form.py", "-k", "is_not_read"),
    ),
    Mutant(
        "some words are likelier than others",
        f"{OWN}/passphrases.js",
        "  while (drawn[0] >= fair);\n",
        "  while (fair < 0);\n",
        ("tests/composer/test_formats.py", "-k", "likelier"),
    ),
)
