"""docs/deploying.md: what it names is there, and what it says of owners and modes is what is made."""

import re
import stat

from deploy.supply.pins import ROOT
from tests.deploy import units

PAGE = (ROOT / "docs" / "deploying.md").read_text()


def test_every_file_that_it_names_is_there() -> None:
    """A step that copies a file which nobody has is where an installation ends."""
    named = set(re.findall(r"deploy/(?:systemd|front|container|locks|supply)/[\w.*$-]+\w", PAGE))
    assert len(named) > 8
    missing = [name for name in named if not list(ROOT.glob(re.sub(r"\$\w+", "*", name)))]
    assert missing == []


def test_every_target_of_make_that_it_names_is_one() -> None:
    """And each is in the list that `make` alone prints."""
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"`make ([a-z]+)", PAGE))
    assert {"lock", "wheel", "sbom", "audit"} <= named
    assert {name for name in named if not re.search(rf"^{name}:.*##", makefile, re.MULTILINE)} == set()


def test_owners_and_modes_are_as_it_says() -> None:
    """The table is what an auditor reads; tmpfiles.d is what is done."""
    made = units.made()
    said = dict(re.findall(r"^\| `(/var/lib/sendsecret/\w+)` \| `([^|]*?) \|", PAGE, re.MULTILINE))
    assert len(said) == 3
    for path, owner in said.items():
        kind, mode, user, group = made[path]
        assert kind == "d"
        who = f"{user}:{group}" if user != group else user
        assert owner == f"{who}`, {mode}", path


def test_a_shared_folder_is_what_the_keyring_takes_for_one() -> None:
    """The mode of tmpfiles.d is the switch that store/key_files reads."""
    mode = int(units.made()["/var/lib/sendsecret/keyring"][1], 8)
    assert mode & stat.S_ISGID
    assert mode & stat.S_IWGRP
    assert not mode & 0o007


def test_the_numbers_of_the_images_users_are_those_of_its_folders() -> None:
    """A folder of somebody else's is found by a container that cannot start."""
    built = (ROOT / "deploy" / "container" / "Containerfile").read_text()
    numbers = set(re.findall(r"-[og] (1\d{4})", PAGE))
    assert numbers == {"10001", "10000"}
    assert all(f'"{number}"' in built for number in numbers)
