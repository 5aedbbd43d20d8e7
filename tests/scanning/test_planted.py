"""A scanner that was given something to find has shown that it looks by that finding alone."""

import pytest

from tests.scanning.planted import PLANTS, noticed

SHOWN = {
    "policy": "Observatory: door: content-security-policy: csp-not-implemented",
    "nosniff": "Wapiti: web: HTTP Secure Headers: GET /: X-Content-Type-Options is not set",
    "label": 'door, phone, dark: label: Form elements do not have associated labels [{"node":{}}]',
}
SILENT = "door, phone, dark: not judged: no answer in 180 s"


@pytest.mark.parametrize("plant", sorted(PLANTS))
def test_only_its_own_finding_shows_that_a_plant_was_found(plant: str) -> None:
    """Not another plant's, a program that complains, another header, nor anything beside a page without an answer."""
    others = [says for name, says in SHOWN.items() if name != plant]
    others += ["the program complains: {}", "Wapiti: web: HTTP Secure Headers: GET /: Referrer-Policy is not set"]
    assert not noticed(PLANTS[plant], [*others, SILENT])
    assert not noticed(PLANTS[plant], others)
    assert noticed(PLANTS[plant], [*others, SHOWN[plant]])
    assert not noticed(PLANTS[plant], [SHOWN[plant], SILENT])
