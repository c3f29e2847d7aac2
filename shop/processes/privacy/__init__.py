"""What the law gives people: everything about them in one file, and to be forgotten."""
