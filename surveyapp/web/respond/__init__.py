"""What the respondent meets: the questions, the thanks, the page for the code in a letter."""
