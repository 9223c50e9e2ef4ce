"""The floor: the least that a Rasa bot with a custom action does for a reply."""
