"""Rasa custom actions: thin, one module a concern, over the pure functions of `footnote`."""
