"""What keeps a person's words and identity out of the stores: redaction, hashed ids, retention."""
