#!/usr/bin/env python3
"""Runs the behavioural checks against an exported model: rates by capability, failures, and how far
names of groups move a score, as JSON. With --write it only writes the checks themselves, for
`npm run model:eval -- --checks`."""

import argparse
import json
import sys
from pathlib import Path

from batches import by_length, logits_of, open_session, to_ids
from checks.cases import checks_as_json
from checks.run import run_checks
from failure import Failure
from metrics import softmax
from package import max_tokens
from source import existing, read_config, read_tokenizer


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--model", type=Path, help="exported folder")
    what.add_argument("--write", type=Path, help="write the checks to this file")
    parser.add_argument("--file", default="onnx/model_quantized.onnx", help="which of its files")
    parser.add_argument("--json", type=Path, help="also write the result here")
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    if args.write:
        args.write.write_text(checks_as_json(), encoding="utf-8")
        return 0
    try:
        config = read_config(args.model)
        tokenizer, _ = read_tokenizer(args.model)
        session = open_session(existing(args.model / args.file))
    except (Failure, OSError) as failure:
        print(f"check_behaviour: {failure}", file=sys.stderr)
        return 1

    def score(texts: list[str]) -> list[float]:
        ids = to_ids(tokenizer, texts, max_tokens(config))
        logits = logits_of(session, ids, by_length(ids, 16), config.get("pad_token_id") or 0)
        return softmax(logits)[:, 1].tolist()

    text = json.dumps(run_checks(score), indent=2, ensure_ascii=False)
    print(text)
    if args.json:
        args.json.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
