"""Paper forms: keying those that came back, counting those that went out."""
