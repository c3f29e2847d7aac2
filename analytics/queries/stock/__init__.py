"""Stock as managers look at it: how long it lasts, what lies too long, what was lost."""
