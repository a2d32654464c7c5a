"""tritonclient[grpc]: the Open Inference Protocol by gRPC."""

import queue

import numpy as np
import tritonclient.grpc as triton
from tritonclient.utils import InferenceServerException

from checks import (
    GRPC_TARGET,
    GUARDED_GRPC_TARGET,
    HATE,
    KEY,
    LOVE,
    MODEL,
    TEXTS_PER_MINUTE,
    error_of,
    holds,
    run,
    same,
    says,
)

client = triton.InferenceServerClient(GRPC_TARGET)
guarded = triton.InferenceServerClient(GUARDED_GRPC_TARGET)

LABELS = ["POSITIVE", "NEGATIVE", "POSITIVE"]


def tensor(texts, shape=None, name="text"):
    array = np.array([text.encode() for text in texts], dtype=np.object_)
    array = array.reshape(shape or [len(texts)])
    given = triton.InferInput(name, list(array.shape), "BYTES")
    given.set_data_from_numpy(array)
    return [given]


def infer(inputs, on=client, **options):
    return on.infer(MODEL, inputs, **options)


def labels(result):
    return [one.decode() for one in result.as_numpy("label").flatten()]


def it_is_live_and_ready():
    holds(client.is_server_live(), "not live")
    holds(client.is_server_ready(), "not ready")
    holds(client.is_model_ready(MODEL), "model not ready")


def metadata():
    holds(client.get_server_metadata().name, "no name")
    model = client.get_model_metadata(MODEL)
    same(model.name, MODEL)
    same([(one.datatype, list(one.shape)) for one in model.inputs], [("BYTES", [-1])])
    same([one.name for one in model.outputs], ["label", "score", "probabilities"])


def a_batch_in_order():
    same(labels(infer(tensor([LOVE, HATE, LOVE]))), LABELS)


def every_output():
    result = infer(tensor([LOVE, HATE]))
    scores, probabilities = result.as_numpy("score"), result.as_numpy("probabilities")
    same(scores.dtype, np.float32)
    same(probabilities.shape, (2, 2))
    holds(np.allclose(probabilities.sum(axis=1), 1, atol=1e-5), "probabilities do not sum to 1")
    holds(np.allclose(probabilities.max(axis=1), scores.flatten()), "score is not the highest")


def outputs_that_were_asked_for():
    result = infer(tensor([LOVE]), outputs=[triton.InferRequestedOutput("score")])
    same([one.name for one in result.get_response().outputs], ["score"])


def a_column_under_another_name():
    same(labels(infer(tensor([LOVE, HATE, LOVE], shape=[3, 1], name="input-1"))), LABELS)


def an_id():
    same(infer(tensor([LOVE]), request_id="mine").get_response().id, "mine")


def gzip_and_deflate():
    for coding in ["gzip", "deflate"]:
        same(labels(infer(tensor([LOVE, HATE, LOVE] * 50), compression_algorithm=coding)), LABELS * 50)


def a_deadline_that_is_met():
    same(labels(infer(tensor([LOVE]), client_timeout=30)), ["POSITIVE"])


def asynchronous_calls():
    answers = queue.Queue()
    for _ in range(3):
        client.async_infer(MODEL, tensor([LOVE]), lambda result, error: answers.put((result, error)))
    for _ in range(3):
        result, error = answers.get(timeout=30)
        holds(error is None, f"{error}")
        same(labels(result), ["POSITIVE"])


def a_blank_text_is_refused_with_a_reason():
    error = error_of(InferenceServerException, lambda: infer(tensor([LOVE, " "])))
    same(error.status(), "StatusCode.INVALID_ARGUMENT")
    says(error, "blank")


def another_datatype_is_refused_with_a_reason():
    numbers = triton.InferInput("text", [1], "FP32")
    numbers.set_data_from_numpy(np.array([1], dtype=np.float32))
    error = error_of(InferenceServerException, lambda: infer([numbers]))
    same(error.status(), "StatusCode.INVALID_ARGUMENT")
    says(error, "BYTES")


def an_unknown_model_is_refused_with_a_reason():
    error = error_of(InferenceServerException, lambda: client.infer("unknown", tensor([LOVE])))
    same(error.status(), "StatusCode.NOT_FOUND")
    says(error, "model")


def what_is_not_served_is_said_to_be_so():
    error = error_of(InferenceServerException, lambda: client.get_model_config(MODEL))
    same(error.status(), "StatusCode.UNIMPLEMENTED")


def an_unknown_key_is_refused_with_a_reason():
    headers = {"authorization": "Bearer unknown"}
    error = error_of(InferenceServerException, lambda: infer(tensor([LOVE]), guarded, headers=headers))
    same(error.status(), "StatusCode.UNAUTHENTICATED")
    says(error, "key")


def the_rate_limit_is_told_with_a_reason():
    headers = {"x-api-key": KEY}
    batch = tensor([LOVE] * TEXTS_PER_MINUTE)
    infer(batch, guarded, headers=headers)
    error = error_of(InferenceServerException, lambda: infer(batch, guarded, headers=headers))
    same(error.status(), "StatusCode.RESOURCE_EXHAUSTED")
    says(error, "rate limit")


run(
    "tritonclient",
    [
        it_is_live_and_ready,
        metadata,
        a_batch_in_order,
        every_output,
        outputs_that_were_asked_for,
        a_column_under_another_name,
        an_id,
        gzip_and_deflate,
        a_deadline_that_is_met,
        asynchronous_calls,
        a_blank_text_is_refused_with_a_reason,
        another_datatype_is_refused_with_a_reason,
        an_unknown_model_is_refused_with_a_reason,
        what_is_not_served_is_said_to_be_so,
        an_unknown_key_is_refused_with_a_reason,
        the_rate_limit_is_told_with_a_reason,
    ],
)
