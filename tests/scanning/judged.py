"""Findings that were looked at, each with its reason. Whatever is not here fails the scan."""

import re
from typing import Final

JUDGED: Final = {
    r"HTTP Methods: .* on \S+: (OPTIONS \(405\)( POST \((401|415)\))?)?": (
        "a method that is not the route's is refused; the scanner lists that of OPTIONS, and of a POST without a body"
    ),
    r"Spring4Shell: GET /api/v1/\S+: .*": "there is no Java; an unknown member of the query is refused, with 400",
    r"Backup file: GET /evidence/[0-9a-f]{32}\.zip: .*": (
        "the pack itself, for whoever has its 128-bit address; its page links to it"
    ),
    r"LDAP Injection: GET /r/\S+: .* via injection in the query string": (
        "there is no LDAP; the two answers that differ are 401, and 429 after too many wrong keys from one address"
    ),
    r"LDAP Injection: GET /metrics: .*": "there is no LDAP; the answer differs because time goes on: it tells figures",
}


def reason(finding: str) -> str | None:
    """Why it is none, or None where nobody has looked."""
    return next((why for pattern, why in JUDGED.items() if re.fullmatch(pattern, finding)), None)
