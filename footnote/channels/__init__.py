"""Our input channels: thin subclasses of Rasa's, with triage and one payload a message."""
