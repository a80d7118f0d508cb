"""How an image in an event file is named in an event: by where it lies, so that nothing need be kept of it."""


def name(file: int, offset: int, index: int) -> str:
    """File by its number, the place of its record in it, and which of the event's values it is."""
    return f"{file}-{offset}-{index}"


def read(found: str) -> tuple[int, int, int]:
    """Raises ValueError."""
    file, offset, index = map(int, found.split("-"))
    return file, offset, index
