"""Google's CSP Evaluator, over policies as they are sent."""

import json
import subprocess
from collections.abc import Sequence

from tests.browser.page_checks import HERE, node, package

# It goes on "JSONP, AngularJS or user uploaded files": none of these is hosted.
_HOSTS_NOTHING = "script-src 'self': 'self' can be problematic if you host"


def weaknesses(policies: Sequence[str]) -> dict[str, list[str]]:
    """What is wrong, by policy; of every severity; those without a fault are left out."""
    package("csp_evaluator")
    asked = json.dumps(list(policies)).encode()
    done = subprocess.run([node(), str(HERE / "csp.mjs")], input=asked, capture_output=True, timeout=60, check=True)
    found = {
        policy: [one["says"] for one in some if not one["says"].startswith(_HOSTS_NOTHING)]
        for policy, some in zip(policies, json.loads(done.stdout), strict=True)
    }
    return {policy: some for policy, some in found.items() if some}
