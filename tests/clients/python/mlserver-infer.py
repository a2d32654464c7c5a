"""mlserver: its command `mlserver infer`, which sends a file of requests, and its codecs."""

import json
import pathlib
import subprocess
import sys
import tempfile

import requests
from mlserver.codecs import StringCodec
from mlserver.types import InferenceRequest, InferenceResponse

from checks import HATE, LOVE, MODEL, URL, host_of, run, same

TEXTS = [LOVE, HATE, LOVE, HATE]
LABELS = ["POSITIVE", "NEGATIVE", "POSITIVE", "NEGATIVE"]
COMMAND = pathlib.Path(sys.executable).with_name("mlserver")


def request(texts):
    """As MLServer's documentation makes one: shape [n, 1], and the content type beside it."""
    return InferenceRequest(inputs=[StringCodec.encode_input("text", texts)])


def infer(requests_to_send, *options):
    with tempfile.TemporaryDirectory() as folder:
        given, got = pathlib.Path(folder, "in.jsonl"), pathlib.Path(folder, "out.jsonl")
        given.write_text("".join(f"{one.json()}\n" for one in requests_to_send))
        paths = ["--input-data-path", str(given), "--output-data-path", str(got)]
        command = [str(COMMAND), "infer", "--url", host_of(URL), "--model-name", MODEL]
        subprocess.run([*command, *paths, *options], check=True, capture_output=True)
        answers = [json.loads(line) for line in got.read_text().splitlines()]
    return sorted(answers, key=lambda one: one["parameters"]["batch_index"])


def labels(answer):
    return next(one for one in answer["outputs"] if one["name"] == "label")["data"]


def a_file_of_requests():
    same([labels(one)[0] for one in infer([request([text]) for text in TEXTS])], LABELS)


def micro_batches():
    answers = infer([request([text]) for text in TEXTS], "--batch-size", "4")
    same([labels(one)[0] for one in answers], LABELS)


def binary_tensors():
    answers = infer([request([text]) for text in TEXTS], "--binary-data")
    same([labels(one)[0] for one in answers], LABELS)


def a_failed_request_is_in_its_place():
    first, second = infer([request([LOVE]), request([" "])], "--retries", "1")
    same(labels(first), ["POSITIVE"])
    same("blank" in second["error"]["msg"], True)


def its_own_types_and_codecs():
    path = f"{URL}/v2/models/{MODEL}/infer"
    answer = requests.post(path, data=request(TEXTS).json())
    response = InferenceResponse.parse_raw(answer.text)
    output = next(one for one in response.outputs if one.name == "label")
    same(StringCodec.decode_output(output), LABELS)


run(
    "mlserver",
    [
        a_file_of_requests,
        micro_batches,
        binary_tensors,
        a_failed_request_is_in_its_place,
        its_own_types_and_codecs,
    ],
)
