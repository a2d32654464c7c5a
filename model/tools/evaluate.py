#!/usr/bin/env python3
"""Measures an exported ONNX classifier: accuracy and calibration on labelled texts, as JSON.

Without TSV files it takes the standard sets: SST-2 dev and the parts of RT, CustRev, Airline and
IMDB that training never saw. With --write-sets it only writes those, and SST-2 dev as people would
have typed it, for `npm run model:eval`.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
from batches import by_length, logits_of, open_session, to_ids
from data import READERS, Row, held_out_sets, read_quoted_tsv
from distillation.held_out import neutral_sentences
from distillation.rewritings import REWRITINGS, rewritten
from failure import Failure
from metrics import accuracy, calibration_floor, expected_calibration_error
from package import max_tokens
from parity import write_parity
from source import existing, read_config, read_tokenizer
from tqdm import tqdm


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("tsv", type=Path, nargs="*", help="files of text<TAB>label (0 or 1)")
    parser.add_argument("--model", type=Path, help="exported folder")
    parser.add_argument("--file", default="onnx/model_quantized.onnx", help="which of its files")
    parser.add_argument("--data", type=Path, help="folder of the standard sets, if no file is named")
    parser.add_argument("--json", type=Path, help="also write the result here")
    parser.add_argument(
        "--parity",
        type=Path,
        help="only write our own texts with ids and scores here; npm run model:parity comes next",
    )
    parser.add_argument("--write-sets", type=Path, help="only write the sets of --data here, as TSV")
    parser.add_argument("--max-tokens", type=int, default=512, help="longest text")
    parser.add_argument("--batch", type=int, default=16, help="texts per run")
    parser.add_argument("--threads", type=int, default=0, help="0: every core")
    args = parser.parse_args()
    if args.write_sets and args.data is None:
        parser.error("--write-sets needs --data")
    if not args.write_sets and args.model is None:
        parser.error("--model is missing")
    return args


def write_sets(data: Path, out: Path) -> int:
    """Writes the held-out sets, SST-2 dev rewritten, and sentences without an opinion. Returns how
    many files."""
    dev = READERS["sst2-dev"](data)
    sets = {**held_out_sets(data), **{f"dev, {name}": rewritten(dev, name) for name in REWRITINGS}}
    files = {
        f"{name.replace(', ', '-').replace(' ', '-')}.tsv": [
            f"{' '.join(row.text.split())}\t{row.label}" for row in rows
        ]
        for name, rows in sets.items()
    }
    files["neutral.txt"] = [" ".join(text.split()) for text in neutral_sentences(data)]
    out.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        (out / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(files)


def read_sets(files: list[Path], data: Path | None) -> dict[str, list[Row]]:
    """Rows by the name of their set."""
    if not files and data is None:
        raise Failure("name files, or the folder of the standard sets with --data")
    try:
        sets = {path.stem: read_quoted_tsv(path) for path in files}
        if data is not None:
            sets = sets or held_out_sets(data)
    except OSError as error:
        raise Failure(f"{error.filename}: {error.strerror}") from error
    for name, rows in sets.items():
        if not rows:
            raise Failure(f"{name} has no rows of text<TAB>label")
    return sets


def measure(args: argparse.Namespace) -> dict:
    """Rows, accuracy and expected calibration error (15 bins) of each set, and the error that a
    perfectly calibrated model would show; for two classes."""
    config = read_config(args.model)
    path = args.model / args.file
    if not path.is_file():
        raise Failure(f"no such file: {path}")
    tokenizer, _ = read_tokenizer(args.model)
    session = open_session(existing(path), args.threads)
    longest = min(args.max_tokens, max_tokens(config))
    found = {}
    for name, rows in read_sets(args.tsv, args.data).items():
        ids = to_ids(tokenizer, [row.text for row in rows], longest)
        batches = tqdm(list(by_length(ids, args.batch)), desc=name, unit="batch", mininterval=2)
        logits = logits_of(session, ids, batches, config.get("pad_token_id") or 0)
        labels = np.array([row.label for row in rows])
        found[name] = {
            "rows": len(rows),
            "accuracy": accuracy(logits, labels),
            "ece": expected_calibration_error(logits, labels),
            "ece_floor": calibration_floor(logits),
        }
    return found


def main() -> int:
    args = parse_args()
    started = time.time()
    try:
        if args.write_sets:
            print(f"{write_sets(args.data, args.write_sets)} files in {args.write_sets}")
            return 0
        if args.parity:
            print(f"{write_parity(args.model, args.parity)} texts in {args.parity}")
            return 0
        sets = measure(args)
    except Failure as failure:
        print(f"evaluate: {failure}", file=sys.stderr)
        return 1
    seconds = round(time.time() - started)
    result = {"file": args.file, "max_tokens": args.max_tokens, "seconds": seconds, "sets": sets}
    text = json.dumps(result, indent=2)
    print(text)
    if args.json:
        args.json.write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
