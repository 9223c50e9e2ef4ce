"""What strangers may send, as hypothesis makes it up."""

from __future__ import annotations

from hypothesis import strategies as st

TEXT = st.text(max_size=300)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(TEXT, children, max_size=4),
    max_leaves=12,
)
NESTED = st.integers(1, 3000).map(lambda depth: "[" * depth + "]" * depth)
NAUGHTY = st.sampled_from(
    [
        "\x00",
        "\ud83d",
        "\u202e",
        "a\u0301" * 200,
        "'; DROP TABLE events; --",
        "{{7*7}}",
        "{emergency}",
        "%s%n",
        "${jndi:ldap://x}",
        "/restart",
        '/affirm{"a": 1}',
        "../../etc/passwd",
        "<script>alert(1)</script>",
        "9" * 400,
        "\u200b" * 50,
        "ﷺ" * 100,
        "\r\nSet-Cookie: a=b",
    ]
)
