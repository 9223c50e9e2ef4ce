"""The action server, on loopback only: it has no authentication of its own."""

from __future__ import annotations

import logging

from footnote.serving.environment import LOOPBACK, hide_deprecations, require_free


def run(port: int) -> int:
    """Serve the actions until told to stop.

    Rasa's SDK listens on every address, whatever it is told; hence our own start of it.
    """
    hide_deprecations()

    from rasa_sdk.endpoint import create_app

    from actions.base import knowledge, settings, wording
    from footnote.operations import logs

    require_free(LOOPBACK, port, "The action server", "--port")

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logs.install()
    # Read both now, so that a broken file is one clear error at the start.
    knowledge()
    settings()
    wording()
    create_app("actions", cors_origins=[]).run(
        LOOPBACK, port, access_log=False, motd=False, register_sys_signals=True
    )
    return 0
