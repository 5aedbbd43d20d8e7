"""What the keyring lies on, as the system itself says: measured for every receipt, never configured."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Final

from store.formats.receipt_reading_v1 import MEDIUM

_MOUNTS: Final = Path("/proc/self/mountinfo")
_BLOCK: Final = Path("/sys/dev/block")
_NETWORK: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "fuse.sshfs"})


def medium(folder: Path) -> str:
    """Like `ext4 on dm-crypt`: kind of file system, and what is under it.  `unknown` where the system does not say."""
    try:
        now = folder.stat()
        # The table is read each time.  While it is the same, the same folder lies where it lay: what is under a device
        # that is mounted stays.
        found = _measured(folder, _MOUNTS.read_bytes(), now.st_dev, now.st_ino)
        # A file system of somebody's own may call itself anything, and receipts say no word that is not known.
        return found if MEDIUM.fullmatch(found) else "unknown"
    except (OSError, ValueError, IndexError):  # no ending may fail for what somebody else has mounted
        return "unknown"


@lru_cache(maxsize=4)
def _measured(folder: Path, mounts: bytes, device: int, inode: int) -> str:
    real = folder.resolve()
    found = None
    # A mount point may have any name, in any encoding.
    for line in mounts.decode(errors="surrogateescape").splitlines():
        # mountinfo: id, parent, major:minor, root, mount point, options..., "-", type, source, options; see proc(5)
        own, _, rest = line.partition(" - ")
        fields, kind = own.split(" "), rest.split(" ")[0]
        point = Path(fields[4].replace("\\040", " "))
        if real.is_relative_to(point) and (found is None or len(point.parts) >= len(found[0].parts)):
            found = (point, kind, fields[2])
    if found is None:
        return "unknown"
    number = found[2] if not found[2].startswith("0:") else f"{os.major(device)}:{os.minor(device)}"
    return f"{found[1]} on {_under(found[1], number)}"


def _under(kind: str, number: str) -> str:
    if kind in {"tmpfs", "ramfs"}:
        return "memory"
    if kind in _NETWORK:
        return "network"
    try:
        uuid = (_BLOCK / number / "dm" / "uuid").read_text()
    except OSError:
        return "block device" if (_BLOCK / number).exists() else "unknown"
    return "dm-crypt" if uuid.startswith("CRYPT-") else "device mapper"
