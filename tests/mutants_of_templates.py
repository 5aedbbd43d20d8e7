"""The named defects of templates: each hands something over in another way than its template says, or says too much."""

from tests.mutant import Mutant

FORM = "tests/bot/test_template_form.py"
FILE = "tests/bot/test_templates.py"
ANYTHING = "tests/bot/test_template_anything.py"

MUTANTS_OF_TEMPLATES = (
    Mutant(
        "the passphrase goes with the link",
        "bot/sealing.py",
        "            label=order.label,\n            until_ms",
        "            label=order.label + (order.passphrase.text if order.passphrase else ''),\n            until_ms",
        ("tests/bot/test_two_channels.py", "-k", "digits"),
    ),
    Mutant(
        "a passphrase is left out where nobody is asked to press",
        "bot/templates.py",
        "    if template.passphrase is Scheme.NONE and template.verify is not Verify.SLACK:\n",
        "    if False:\n",
        (FILE, "-k", "refused"),
    ),
    Mutant(
        "a link that needs a press goes any way",
        "bot/template_checks.py",
        "if template.verify is Verify.SLACK and way is not Way.DM else None",
        "if False else None",
        (FORM, "-k", "of_before or dm_only"),
    ),
    Mutant(
        "what is ordered without a form forgets the company's own template of anything",
        "bot/assembling.py",
        "        return self.settings.templates[ANYTHING]\n",
        "        return Template(ANYTHING)\n",
        (ANYTHING, "-k", "client or asked_for or for_a_message"),
    ),
    Mutant(
        "a company's key is good for ever unless its template says otherwise",
        "bot/templates.py",
        '"rotate_by" not in entry.rules',
        "False",
        (FILE, "-k", "until_when"),
    ),
    Mutant(
        "a broader key is sent without a question",
        "bot/confirming.py",
        "[] if checked.is_outside else template_checks.doubts(checked.template, checked.secret)",
        "[]",
        (FORM, "-k", "broader"),
    ),
    Mutant(
        "a broader key is not known by its line of a file",
        "bot/template_checks.py",
        "    texts = {secret.strip(), _value(secret.strip())}\n",
        "    texts = {secret.strip()}\n",
        (FILE, "-k", "what_is_right"),
    ),
    Mutant(
        "a template's span gives way to the policy's in silence",
        "bot/templates.py",
        "    elif template.expires is not None and spans is not None and template.expires not in spans:\n",
        "    elif False:\n",
        (FILE, "-k", "policy_has_its_say"),
    ),
    Mutant(
        "a template's hint goes with words that a page made",
        "bot/submission.py",
        "    return None if is_of_another else given.hint or None\n",
        "    return given.hint or None\n",
        (FORM, "-k", "same_rules"),
    ),
    Mutant(
        "a tick for one doubt is one for another",
        "bot/form.py",
        "for person in people), *doubts])",
        "for person in people)])",
        (FORM, "-k", "broader"),
    ),
    Mutant(
        "a secret may choose what programs run",
        "bot/template_rules.py",
        "    if _CHANGES_PROGRAMS.fullmatch(name):\n",
        "    if False:\n",
        (FILE, "-k", "refused"),
    ),
    Mutant(
        "a pattern of nothing, repeated for hours",
        "bot/patterns.py",
        "        if not parts:\n",
        "        if False:\n",
        ("tests/bot/test_patterns.py", "-k", "empty"),
    ),
    Mutant(
        "a pattern looks at the same states again with every character",
        "bot/patterns.py",
        "            if taken not in known:\n",
        "            if True:\n",
        ("tests/bot/test_patterns.py", "-k", "runs_away"),
    ),
    Mutant(
        "what is sealed outside leaves out the press that was ordered",
        "store/vouching.py",
        "drop.template, drop.verify.value, drop.variable)",
        "drop.template, terms.verify, drop.variable)",
        ("tests/store/test_orders.py", "-k", "vouch and sqlite"),
    ),
    Mutant(
        "terms of before have another hash",
        "store/formats/order_v1.py",
        " if value != usual[name]}",
        "}",
        ("tests/formats/test_order.py", "-k", "of_before"),
    ),
)
