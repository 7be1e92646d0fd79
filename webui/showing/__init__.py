"""What a page is made of: panels of rows, figures, words and their meanings, style sheets."""
