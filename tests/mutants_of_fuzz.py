"""The named defects of readers of strangers' bytes: one each, which the kept inputs of the fuzzer turn red."""

from tests.mutant import Mutant

CORPUS = "tests/fuzz/test_corpus.py"


def _kept(target: str) -> tuple[str, ...]:
    return (CORPUS, "-k", f"judged_as_before and {target}")


MUTANTS_OF_FUZZ = (
    Mutant(
        "fuzz: a link's id has two spellings",
        "store/formats/base64url.py",
        '    if encode(raw) != text:\n        raise MalformedError("not canonical base64url")\n',
        "",
        _kept("link"),
    ),
    Mutant(
        "fuzz: any checksum makes a link",
        "store/formats/link_v1.py",
        "    if not hmac.compare_digest(checksum, _checksum(kind, id_text, mode, raw_key)):\n",
        "    if False:\n",
        _kept("link"),
    ),
    Mutant(
        "fuzz: true is version 1 of a header",
        "store/formats/header_v1.py",
        'type(members["v"]) is not int or ',
        "",
        _kept("header"),
    ),
    Mutant(
        "fuzz: a text has a body",
        "store/formats/payload_v1.py",
        'is_text(head["text"]) and not body:',
        'is_text(head["text"]):',
        _kept("payload"),
    ),
    Mutant(
        "fuzz: padding may say something",
        "store/formats/payload_v1.py",
        "    if padded.count(0, end) != len(padded) - end:\n",
        "    if False:\n",
        _kept("envelope"),
    ),
    Mutant(
        "fuzz: what nobody sees stays in a passphrase",
        "store/formats/passphrase_v1.py",
        "character for character in typed if character not in _DELETED)",
        "character for character in typed)",
        _kept("canon"),
    ),
    Mutant(
        "fuzz: true is the first event of a receipt",
        "store/formats/receipt_reading_v1.py",
        '    if not _same([one["n"] for one in listed], numbers):\n',
        '    if [one["n"] for one in listed] != numbers:\n',
        _kept("receipt"),
    ),
    Mutant(
        "fuzz: a checkpoint's size has two spellings",
        "store/formats/checkpoint_v1.py",
        'r"0|[1-9][0-9]{0,18}", re.ASCII)',
        'r"[0-9]{1,19}", re.ASCII)',
        _kept("checkpoint"),
    ),
    Mutant(
        "fuzz: a page and we disagree about white space",
        "reveal_web/proofs/browser/checkpoint_v1.js",
        r"([^\t-\r \x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]+)",
        r"([^\s+]+)",
        (CORPUS, "-k", "pages_read"),
    ),
    Mutant(
        "fuzz: a question that is no ASCII breaks the bot's look",
        "store/formats/sealed_question_v1.py",
        "compare_digest(str(asked).encode(), digest.encode())",
        "compare_digest(str(asked), digest)",
        _kept("question"),
    ),
    Mutant(
        "fuzz: half of a character is a name",
        "store/verifying/disclosures.py",
        "not all(map(is_text, read))",
        "not all(isinstance(one, str) for one in read)",
        _kept("disclosure"),
    ),
    Mutant(
        "fuzz: an infinite pack ends in a traceback",
        "store/evidence/pack.py",
        "    if {type(content[name]) for name in _NUMBERS} != {int} or not 0 <= content",
        "    if int(content[_NUMBERS[4]]) < 0 or not 0 <= content",
        _kept("pack"),
    ),
    Mutant(
        "fuzz: an escape that is no character ends in a traceback",
        "bot/yaml_file.py",
        "(yaml.YAMLError, ValueError, OverflowError, RecursionError)",
        "(yaml.YAMLError, UnicodeDecodeError, RecursionError)",
        _kept("policy"),
    ),
    Mutant(
        "fuzz: Slack need not say who acts",
        "bot/http_mode.py",
        "    if acts and not isinstance(who, str):\n",
        "    if False:\n",
        ("tests/bot/test_http_refusals.py", "-k", "signed_is_no_traceback"),
    ),
)
