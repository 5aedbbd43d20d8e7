"""The headers of the reader's page and the receipt's, their files and workers: what the browser is told to forbid.

Each line answers an attack: injected script (CSP, Trusted Types, integrity), framing, referrer and history leaks,
other windows and origins (COOP, COEP, CORP), crawlers. Knows no route and no framework.
"""

from collections.abc import Mapping

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; "
    "font-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types drop-worker"
)
# The receipt's page starts no worker and writes no markup.
RECEIPT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
# A page that is printed: no script, and of all styles the one whose hash is filled in.
PRINTED_POLICY = "default-src 'none'; style-src '{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# A worker is governed by the policy of its own response. This one may compile WebAssembly and reach nobody.
WASM_WORKER_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'none'; frame-ancestors 'none'"
NOTHING_POLICY = "default-src 'none'; frame-ancestors 'none'"

_DENIED_FEATURES = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture",
    "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection",
    "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
    "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb", "xr-spatial-tracking",
)  # fmt: skip
_PERMISSIONS = ", ".join(["clipboard-write=(self)", *(f"{name}=()" for name in _DENIED_FEATURES)])

_EVERYWHERE = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive, nosnippet",
}


def for_shell(*, secure: bool, policy: str = PAGE_POLICY) -> Mapping[str, str]:
    """Headers of a page itself; `secure` is whether readers reach it by https."""
    return {
        "Content-Security-Policy": policy,
        "Integrity-Policy": "blocked-destinations=(script)",
        "Cache-Control": "no-store",
        "X-DNS-Prefetch-Control": "off",
        "Permissions-Policy": _PERMISSIONS,
        **_EVERYWHERE,
        **_transport(secure),
    }


def for_file(policy: str, *, secure: bool) -> Mapping[str, str]:
    """Headers of a file whose name changes with its bytes, under the Content-Security-Policy `policy`."""
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "public, max-age=31536000, immutable",
        **_EVERYWHERE,
        **_transport(secure),
    }


def _transport(secure: bool) -> dict[str, str]:
    # Over plain http a browser must ignore it (RFC 6797, 7.2); on localhost it would only confuse.
    return {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"} if secure else {}
