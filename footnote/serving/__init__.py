"""Running the bot: training when needed, starting its servers, talking to them."""
