"""`sendsecret verify --pack FOLDER`: an evidence pack, checked from its folder and the keys that the caller holds."""

from pathlib import Path

from sendsecret.verify_files import WronglyCalledError, log_keys, read_file, report, tiles_of
from store.verifying import pack
from store.verifying.pack import NoPackError


def verify(folder: Path, *, keys: Path | None, log_key: str | None, as_json: bool, quiet: bool) -> int:
    """Check and print; the exit code.  Raises WronglyCalledError."""
    given = None if keys is None else read_file(keys, "--keys")
    logs = None if log_key is None else log_keys(log_key, folder)
    try:
        findings = pack.check(folder, tiles_of(folder), log_keys=logs, keys=given)
    except NoPackError as error:
        raise WronglyCalledError(f"{folder} is no evidence pack: {error}. Nothing was checked") from None
    except OSError as error:
        raise WronglyCalledError(f"{folder} cannot be read to its end ({error.strerror})") from None
    return report(findings.all, as_json=as_json, quiet=quiet)
