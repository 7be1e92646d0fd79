"""What an answer lacks and what would change it: conditions tried, scratch copies, single changes."""
