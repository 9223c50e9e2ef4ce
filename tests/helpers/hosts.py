"""A site of another origin, as one that embeds the widget."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@contextmanager
def serve_page(port: int) -> Iterator[Callable[..., str]]:
    """Serve one page; give a function that sets its HTML and headers and returns its address."""
    content: dict[str, Any] = {"html": "", "headers": {}}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/"
            self.send_response(200 if found else 204)
            for name, value in content["headers"].items():
                self.send_header(name, value)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            if found:
                self.wfile.write(content["html"].encode())

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def serve(html: str, headers: dict[str, str] | None = None) -> str:
        content.update(html=html, headers=headers or {})
        return f"http://127.0.0.1:{port}/"

    try:
        yield serve
    finally:
        server.shutdown()
        server.server_close()
