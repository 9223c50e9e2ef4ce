"""What Footnote costs beside other Rasa bots, measured in one run: `make bench`."""
