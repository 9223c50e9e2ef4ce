"""Understanding a question: Rasa graph components and the small functions they wrap."""
