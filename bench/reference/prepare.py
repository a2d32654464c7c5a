#!/usr/bin/env python3
"""Writes the random full-size DistilBERT for every stack: one folder, the same weights for all.

`onnx/model_quantized.onnx` is what Polarity serves, `model.safetensors` what torch loads, and
`onnx/model_int8.onnx` what onnxruntime's own quantizer makes of the float32 graph.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from onnxruntime.quantization import quantize_dynamic

TOOLS = Path(__file__).parents[2] / "model/tools"
sys.path.append(str(TOOLS))
from random_model import write_random_distilbert  # noqa: E402

SEED = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder of the tokenizer")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    args = parser.parse_args()
    export = [sys.executable, TOOLS / "export.py", "--random", "distilbert", "--fp32"]
    where = ["--tokenizer", args.tokenizer, "--out", args.out, "--seed", str(SEED)]
    subprocess.run([*export, *where], check=True)
    # It overwrites config.json with one that says the same.
    write_random_distilbert(args.out, SEED)
    onnx = args.out / "onnx"
    quantize_dynamic(onnx / "model.onnx", onnx / "model_int8.onnx")


if __name__ == "__main__":
    main()
