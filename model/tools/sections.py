"""Reads texts kept as plain files: "== name" opens a section, each further line is one entry."""

from pathlib import Path

from failure import Failure


def read_sections(path: Path) -> dict[str, list[str]]:
    """Entries by section, in the file's order."""
    found: dict[str, list[str]] = {}
    entries: list[str] | None = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            entries = found.setdefault(line.removeprefix("== "), [])
        elif line and entries is None:
            raise Failure(f"{path.name}: {line!r} stands in no section")
        elif line and entries is not None:
            entries.append(line)
    return found


def read_lists(path: Path) -> dict[str, list[str]]:
    """The same with several entries a line, between commas."""
    return {
        name: [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]
        for name, lines in read_sections(path).items()
    }
