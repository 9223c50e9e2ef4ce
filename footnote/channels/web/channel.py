"""The `web` input channel: routes and socket, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.exceptions import MethodNotSupported
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer

from footnote import paths
from footnote.channels.gateway import gateway
from footnote.channels.web.chat import CHANNEL, Chat
from footnote.channels.web.config import WebConfig, secret
from footnote.channels.web.files import METHODS, Body, respond
from footnote.channels.web.guard import Guard, address_of, is_own_origin
from footnote.channels.web.limits import MAX_BODY, MAX_FRAME
from footnote.channels.web.pages import BUNDLE, SECURITY_HEADERS, STATIC, Pages, about_bot
from footnote.channels.web.safety import Countries
from footnote.channels.web.store import Conversations
from footnote.channels.web.tokens import Tokens
from footnote.knowledge import KnowledgeBase
from footnote.knowledge.live import LiveKnowledge
from footnote.settings import Settings

LICENCES = paths.ROOT / "web" / "dist" / "licences.txt"
SOCKET = "/web/socket/"
HTML = "text/html; charset=utf-8"
_ANY_SITE = {
    # The widget is public and may run on any page; what it may do is decided at the socket.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


class WebInput(InputChannel):
    """Serves the chat at `/`, the article at `/article`, privacy at `/about`, and the socket.

    Args:
        config: the channel's entry in credentials.yml.
    """

    def __init__(self, config: WebConfig) -> None:
        self._config = config
        self._tokens = Tokens(secret(), config.session_days)

    @classmethod
    def name(cls) -> str:
        """Return the channel's name in stored conversations."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Make the channel from its entry in credentials.yml."""
        return cls(WebConfig.of(credentials))

    def url_prefix(self) -> str:
        """Return an absolute prefix, so that pages are not below /webhooks."""
        return "/"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes."""
        config, settings = self._config, Settings.from_environment()
        live = LiveKnowledge()
        countries = Countries(live.current().helplines, settings)
        pages = Pages(config, settings)

        @lru_cache(maxsize=1)
        def chat_page(knowledge: KnowledgeBase) -> Body:
            """Return the page as packed before, until the knowledge base is another."""
            return Body(pages.chat(knowledge), HTML)

        sio = AsyncServer(
            async_mode="sanic",
            transports=list(config.transports),
            max_http_buffer_size=MAX_FRAME,
            cors_allowed_origins=lambda origin, environ: (
                origin in config.origins or is_own_origin(origin, environ)
            ),
            cors_credentials=False,
            logger=False,
            engineio_logger=False,
        )
        guard = Guard(sio, gateway().work)

        def install(app: Sanic) -> None:
            # The conversation is asked of the running agent, which Rasa puts into the app later.
            Chat(
                sio,
                config,
                self._tokens,
                countries,
                Conversations(app),
                on_new_message,
                lambda: about_bot(live.current()),
                address_of,
            )
            guard.install()
            app.enable_websocket()
            app.config.WEBSOCKET_MAX_SIZE = MAX_FRAME
            app.config.REQUEST_MAX_SIZE = min(app.config.REQUEST_MAX_SIZE, MAX_BODY)

            # Rasa answers GET / itself, and a route cannot be taken back; a middleware can.
            async def root(request: Request) -> HTTPResponse | None:
                if request.path == "/" and request.method in METHODS:
                    return respond(request, chat_page(live.current()), pages.chat_headers)
                return None

            app.register_middleware(root, "request")
            app.error_handler.add(MethodNotSupported, other_method)

            async def finish(*_: Any) -> None:
                await guard.finish()

            app.register_listener(finish, "before_server_stop")

        routes = _Blueprint("footnote_web", install)
        files = {
            "/web/footnote.js": (Body.of(BUNDLE, "text/javascript; charset=utf-8"), _ANY_SITE),
            "/web/licences.txt": (Body.of(LICENCES, "text/plain; charset=utf-8"), _ANY_SITE),
            "/web/page.css": (Body.of(STATIC / "page.css", "text/css; charset=utf-8"), None),
            "/web/icon.svg": (Body.of(STATIC / "icon.svg", "image/svg+xml"), None),
            "/favicon.ico": (Body.of(STATIC / "icon.svg", "image/svg+xml"), None),
        }
        for place, (body, headers) in files.items():
            _serve(routes, place, body, headers or SECURITY_HEADERS)

        @routes.route("/article", methods=METHODS)
        async def article(request: Request) -> HTTPResponse:
            return page(request, pages.article(live.current(), request.args.get("mark", "")))

        @routes.route("/about", methods=METHODS)
        async def about(request: Request) -> HTTPResponse:
            return page(request, pages.about(live.current()))

        @routes.route("/webhooks/web", methods=METHODS)
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route(SOCKET, methods=["GET", "POST", "OPTIONS"])
        async def socket(request: Request) -> HTTPResponse | None:
            return guard.refusal(request) or await guard.pass_on(request)

        # What Sanic asks before it lets a handler end without an answer.
        socket.is_websocket = True
        return routes


class _Blueprint(Blueprint):
    """A blueprint that also sets up what belongs to the whole application."""

    def __init__(self, name: str, install: Callable[[Sanic], None]) -> None:
        super().__init__(name)
        self.ctx.install = install

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Attach the routes to the application."""
        self.ctx.install(app)
        super().register(app, options)


def page(request: Request, html: bytes) -> HTTPResponse:
    """Return a page with its security headers."""
    return respond(request, Body(html, HTML), SECURITY_HEADERS)


async def other_method(request: Request, error: MethodNotSupported) -> HTTPResponse:
    """Answer 405 with `Allow`, which Sanic loses where a request came as JSON."""
    # Rasa's own GET / knows no HEAD.
    allowed = METHODS if request.path == "/" else error.headers["Allow"].split(", ")
    headers = {"Allow": ", ".join(sorted(allowed))}
    return response.text("This method is not allowed here.", status=405, headers=headers)


def _serve(routes: Blueprint, place: str, body: Body, headers: dict[str, str]) -> None:
    async def serve(request: Request) -> HTTPResponse:
        return respond(request, body, headers)

    routes.add_route(serve, place, methods=METHODS, name=place.strip("/").replace("/", "_"))
