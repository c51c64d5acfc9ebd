"""What the office sees of its tablets: how they are, what lies aside, what is to move."""
