"""Small trees of files, for tests of what reads them."""

from pathlib import Path


def tree(root: Path, files: dict[str, str]) -> Path:
    """Files by their names below a folder, with the text of each."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root
