"""An installation for all tests of this folder that look at one or run it."""

from collections.abc import Iterator

import pytest

from tests.deploy.prefix import Prefix, installed


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefix]:
    """Users, folders and the wheel, as docs/deploying.md says."""
    with installed(tmp_path_factory.mktemp("built")) as made:
        yield made
