"""What schemathesis has to know of our description, and what it checks of us beside it.

Loaded by schemathesis (SCHEMATHESIS_HOOKS), which test_schemathesis.py runs.
"""

from __future__ import annotations

import os

import schemathesis
from hypothesis import strategies as st

SECRET = os.environ.get("FOOTNOTE_TEST_SECRET", "")
"""Something that another person said; set by the test."""

# The description says in words what JSON Schema has no portable pattern for.
schemathesis.openapi.format(
    "printable",
    st.text(min_size=1, max_size=60).filter(
        lambda text: (
            text.isprintable() and text.strip() and not text.strip().lower().startswith("web-")
        )
    ),
)


@schemathesis.check
def nobody_elses_data(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """Hold that no answer tells what another person said, nor where the code failed."""
    body = response.content.decode("utf-8", "replace")
    assert not SECRET or SECRET not in body, "the answer holds what another person said"
    assert "Traceback" not in body, "the answer holds a traceback"
