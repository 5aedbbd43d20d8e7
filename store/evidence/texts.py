"""The pack's README.md: what each file is, and the commands with which somebody checks them without us."""

from importlib.resources import files
from typing import Final

from store.evidence.pack import Pack

_README: Final = "readme.txt"


def readme(pack: Pack) -> str:
    """The text; its commands are the same in every pack."""
    standing = pack.standing
    names = "With names: whoever gets this folder can read them." if pack.request.with_names else "Without names."
    said = {
        "PERIOD": pack.request.period,
        "RECIPIENTS": pack.request.of_whom,
        "NAMES": names,
        "INSTALLATION": pack.issuer,
        "ORIGIN": standing.origin,
        "SIZE": str(standing.size),
        "WAITING": str(standing.waiting),
        "REFUSED": str(standing.refused),
    }
    text = files(__package__ or "").joinpath(_README).read_text("utf-8")
    for name, value in said.items():
        text = text.replace(f"<{name}>", value)
    return text
