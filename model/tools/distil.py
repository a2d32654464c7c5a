#!/usr/bin/env python3
"""Distils a teacher into the small classifier, step by step, from whatever state it finds.

Each step writes its result in one piece; with --resume, steps whose result is there are passed
over, and a training that was interrupted goes on from its last checkpoint (every five minutes).
Several single-thread processes work side by side.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from checks.cases import all_texts
from data import READERS
from distillation.encoders import fetch
from distillation.files import write_json
from distillation.held_out import choice_sets, measured
from distillation.report import Look, write_report
from distillation.student import Lesson, train_student
from distillation.teacher import Work, load, train_teacher
from distillation.teacher_logits import Asking, answers, label_parts, logits_file
from distillation.transfer import Plan, build
from failure import Failure
from transformers import AutoTokenizer

FOLDER = Path("model/distillation")
#: Tokens of a review that the teacher's temperature is fitted on.
FITTING = 192


class Step(NamedTuple):
    name: str
    result: Callable[[argparse.Namespace], Path]
    """File or folder that is there when the step is done."""
    work: Callable[[argparse.Namespace], None]


def encoders(args: argparse.Namespace) -> None:
    fetch(args.out / "encoders")


def teacher(args: argparse.Namespace) -> None:
    encoder, out = args.out / "encoders/teacher", args.out / "teacher"
    work = Work(encoder, args.data, out, args.seed, args.limit)
    train_teacher(work, args.workers)


def temperature(args: argparse.Namespace) -> None:
    """Held-out rows tell how sure the teacher may be; SST-2 dev is only reported."""
    encoder = args.out / "encoders/teacher"
    model = load(encoder, args.out / "teacher/teacher.pt")
    tokenizer = AutoTokenizer.from_pretrained(encoder)

    def ask(texts: list[str]):
        return answers(model, tokenizer, texts, FITTING)

    found = measured(ask, choice_sets(args.data, args.limit))
    dev = {"sst2-dev": READERS["sst2-dev"](args.data)[: args.limit]}
    looked_at = measured(ask, dev, found["temperature"])["sets"]
    write_json(args.out / "teacher/held-out.json", {**found, **looked_at})


def transfer(args: argparse.Namespace) -> None:
    build(Plan(args.data, args.out / "transfer", args.seed, all_texts(), args.limit))


def count_of(args: argparse.Namespace) -> int:
    """Parts to use: those asked for, or all there are."""
    there = json.loads((args.out / "transfer/transfer.json").read_text())["parts"]
    return min(args.parts or there, there)


def logits(args: argparse.Namespace) -> None:
    trained = args.out / "teacher/teacher.pt"
    asking = Asking(args.out / "encoders/teacher", trained, args.out / "transfer", count_of(args))
    label_parts(asking, args.workers)


def student_folder(args: argparse.Namespace) -> Path:
    """One folder for each plan, so that a longer one does not go on from a shorter one's end."""
    return args.out / f"student-l{args.layers}-p{count_of(args)}-e{args.epochs}"


def student(args: argparse.Namespace) -> None:
    fitted = json.loads((args.out / "teacher/held-out.json").read_text())["temperature"]
    lesson = Lesson(
        args.out / "encoders/student", args.out / "transfer", student_folder(args), fitted,
        count_of(args), args.epochs, args.layers, args.seed,
    )  # fmt: skip
    train_student(lesson, args.workers)


def report(args: argparse.Namespace) -> None:
    write_report(student_folder(args) / "model", Look(args.data, args.neutral, args.limit))


STEPS = [
    Step("encoders", lambda args: args.out / "encoders/student", encoders),
    Step("teacher", lambda args: args.out / "teacher/teacher.pt", teacher),
    Step("temperature", lambda args: args.out / "teacher/held-out.json", temperature),
    Step("transfer", lambda args: args.out / "transfer/transfer.json", transfer),
    Step("logits", lambda args: logits_file(args.out / "transfer", count_of(args) - 1), logits),
    Step("student", lambda args: student_folder(args) / "model", student),
    Step("report", lambda args: student_folder(args) / "model/report.json", report),
]


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    names = [step.name for step in STEPS]
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of all results")
    parser.add_argument("--data", type=Path, required=True, help="folder of the texts")
    parser.add_argument("--resume", action="store_true", help="go on in a folder that has results")
    parser.add_argument("--only", choices=names, nargs="+", help="these steps alone")
    parser.add_argument("--workers", type=int, default=2, help="single-thread processes")
    parser.add_argument("--parts", type=int, help="parts of the transfer set, all if not given")
    parser.add_argument("--epochs", type=int, default=2, help="of the student")
    parser.add_argument("--layers", type=int, default=6, help="of the student; 3 is the small one")
    parser.add_argument("--neutral", type=Path, help="file of neutral sentences for the report")
    parser.add_argument("--limit", type=int, help="this many texts only, to try things out")
    parser.add_argument("--seed", type=int, default=20)
    return parser.parse_args()


def run(args: argparse.Namespace) -> None:
    if args.out.is_dir() and any(args.out.iterdir()) and not args.resume:
        raise Failure(f"{args.out} has results: go on with --resume, or name another folder")
    for step in STEPS:
        if args.only and step.name not in args.only:
            continue
        if step.result(args).exists():
            print(f"{step.name}: there already", flush=True)
            continue
        started = time.monotonic()
        print(f"{step.name}: begun {time.strftime('%H:%M:%S')}", flush=True)
        step.work(args)
        print(f"{step.name}: done in {time.monotonic() - started:.0f} s", flush=True)


def main() -> int:
    args = parse_args()
    try:
        run(args)
    except Failure as failure:
        print(f"distil: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
