"""What an edit changes, in words: two states of a workspace, and their answers, held against each other."""
