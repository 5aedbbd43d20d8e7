"""Google's CSP Evaluator finds no way around any policy that the programs send."""

import pytest

from bot import http_connections
from reveal_web.browser import page_headers
from reveal_web.reader.answers import API_POLICY
from tests.browser.csp_evaluator import weaknesses

POLICIES = {
    "page": page_headers.PAGE_POLICY,
    "receipt": page_headers.RECEIPT_POLICY,
    "printed": page_headers.PRINTED_POLICY.format(style="sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    "worker": page_headers.WASM_WORKER_POLICY,
    "file": page_headers.NOTHING_POLICY,
    "answer": API_POLICY,
    "bot": http_connections._EVERYWHERE["Content-Security-Policy"],
}


def test_no_policy_has_a_way_around_it() -> None:
    """Nothing of any severity, but that 'self' would be too much where strangers' files are hosted."""
    assert weaknesses(list(POLICIES.values())) == {}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("script-src 'self'", "script-src 'self' 'unsafe-inline'", "unsafe-inline"),
        ("script-src 'self'", "script-src https:", "https: URI"),
        ("default-src 'none'; script-src 'self'; ", "", "script-src"),
    ],
)
def test_a_weak_policy_is_noticed(old: str, new: str, says: str) -> None:
    """The judge can say no, so its silence is worth something."""
    weak = page_headers.PAGE_POLICY.replace(old, new)
    assert weak != page_headers.PAGE_POLICY
    assert says in str(weaknesses([weak]))
