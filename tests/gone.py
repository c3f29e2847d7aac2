"""Whether a process has ended."""

from pathlib import Path


def is_gone(pid: int) -> bool:
    """Gone, or only waiting to be collected by whoever inherited it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"
