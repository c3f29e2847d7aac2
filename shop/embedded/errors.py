"""What stops a start."""


class CannotStart(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do about it."""


class Stopped(Exception):
    """Somebody asked to stop while something was still being prepared."""
