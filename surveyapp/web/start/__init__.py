"""The start page and what belongs to no feature."""
