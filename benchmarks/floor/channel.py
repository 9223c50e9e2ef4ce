"""Rasa's REST channel, with the action result's schema check that takes most of a turn prepared."""

from rasa.core.channels.rest import RestInput

from footnote.rasa_patches import actions, stores


class FloorInput(RestInput):
    """Stands in for Rasa's `rest`, under the same name and address."""

    def blueprint(self, on_new_message):  # type: ignore[no-untyped-def]
        """Return the channel's routes."""
        actions.validate_with_one_validator()
        stores.remember_event_classes()
        return super().blueprint(on_new_message)
