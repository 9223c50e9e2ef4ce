"""What the people who run the bot need: health, metrics, logs, checked configuration."""
