#!/usr/bin/env python3
"""Writes the random full-size DistilBERT for every stack: one folder, the same weights for all.

`onnx/model_quantized.onnx` is what Polarity and onnxruntime run, `model.safetensors` what torch does.
"""

import argparse
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "model/tools"
sys.path.append(str(TOOLS))
from random_model import write_random_distilbert  # noqa: E402

SEED = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder of the tokenizer")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    args = parser.parse_args()
    export = [sys.executable, TOOLS / "export.py", "--random", "distilbert"]
    where = ["--tokenizer", args.tokenizer, "--out", args.out, "--seed", str(SEED)]
    subprocess.run([*export, *where], check=True)
    # It overwrites config.json with equivalent contents.
    write_random_distilbert(args.out, SEED)


if __name__ == "__main__":
    main()
