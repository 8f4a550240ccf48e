"""HR at work on the list, row by row: correct, add, change, remove; and what a second file changes."""
