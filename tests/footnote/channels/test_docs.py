"""What the docs say of a channel is so: paths, variables, and the tests they point to."""

from __future__ import annotations

import re

import pytest

from footnote import paths
from footnote.channels.setup import SETUPS, Setup

DOCS = paths.ROOT / "docs" / "channels"
HERE = paths.ROOT / "tests" / "footnote" / "channels"
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)(?:\[[\w.-]+\])?`")


@pytest.mark.parametrize("setup", SETUPS, ids=lambda setup: setup.channel)
def test_each_channel_has_a_page_with_its_address_and_variables(setup: Setup) -> None:
    page = (DOCS / f"{setup.input_class.split('.')[2]}.md").read_text(encoding="utf-8")
    assert setup.path in page
    for variable in (*setup.needs, *setup.may_have):
        assert f"`{variable.name}`" in page, variable.name


@pytest.mark.parametrize("page", ["docs/channels/defects.md", "README.md"])
def test_every_test_that_is_named_exists(page: str) -> None:
    named = NAMED.findall((paths.ROOT / page).read_text(encoding="utf-8"))
    assert len(named) > 4
    for file, test in named:
        assert f"def {test}(" in (HERE / file).read_text(encoding="utf-8"), (file, test)
