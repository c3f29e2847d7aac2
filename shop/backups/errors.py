"""What keeps a backup from being made or used."""


class BackupFailed(Exception):
    """One sentence for the person at the terminal: what is wrong and what to do about it."""


class NotEmpty(BackupFailed):
    """The database that was to be filled holds rows already."""


class Busy(BackupFailed):
    """Another run is at it."""
