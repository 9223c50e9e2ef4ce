"""The `web` channel: chat page, widget, article and socket on one port (docs/web.md)."""

from footnote.channels.web.channel import WebInput

__all__ = ["WebInput"]
