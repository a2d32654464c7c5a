"""tritonclient[http]: the Open Inference Protocol by HTTP, as JSON and as binary tensors."""

import numpy as np
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from checks import (
    GUARDED_URL,
    HATE,
    KEY,
    LOVE,
    MODEL,
    TEXTS_PER_MINUTE,
    URL,
    error_of,
    holds,
    host_of,
    run,
    same,
    says,
)

client = triton.InferenceServerClient(host_of(URL))
guarded = triton.InferenceServerClient(host_of(GUARDED_URL))

LABELS = ["POSITIVE", "NEGATIVE", "POSITIVE"]


def tensor(texts, binary=True, shape=None, name="text"):
    array = np.array([text.encode() for text in texts], dtype=np.object_)
    array = array.reshape(shape or [len(texts)])
    given = triton.InferInput(name, list(array.shape), "BYTES")
    given.set_data_from_numpy(array, binary_data=binary)
    return [given]


def infer(inputs, on=client, **options):
    return on.infer(MODEL, inputs, **options)


def decoded(array):
    """Strings come as bytes from binary tensors, and as str from JSON."""
    return [one.decode() if isinstance(one, bytes) else one for one in array.flatten()]


def labels(result):
    return decoded(result.as_numpy("label"))


def it_is_live_and_ready():
    holds(client.is_server_live(), "not live")
    holds(client.is_server_ready(), "not ready")
    holds(client.is_model_ready(MODEL), "model not ready")
    holds(not client.is_model_ready("unknown"), "an unknown model is ready")


def metadata():
    holds(client.get_server_metadata()["name"], "no name")
    model = client.get_model_metadata(MODEL)
    same(model["name"], MODEL)
    same(model["inputs"][0]["datatype"], "BYTES")
    same([one["name"] for one in model["outputs"]], ["label", "score", "probabilities"])


def configuration_statistics_and_repository():
    same(client.get_model_config(MODEL)["name"], MODEL)
    same(client.get_inference_statistics(MODEL)["model_stats"][0]["name"], MODEL)
    same([one["name"] for one in client.get_model_repository_index()], [MODEL])


def binary_tensors_in_order():
    same(labels(infer(tensor([LOVE, HATE, LOVE]))), LABELS)


def json_tensors_in_order():
    outputs = [triton.InferRequestedOutput("label", binary_data=False)]
    same(labels(infer(tensor([LOVE, HATE, LOVE], binary=False), outputs=outputs)), LABELS)


def every_output():
    result = infer(tensor([LOVE, HATE]))
    scores, probabilities = result.as_numpy("score"), result.as_numpy("probabilities")
    same(scores.dtype, np.float32)
    same(probabilities.shape, (2, 2))
    holds(np.allclose(probabilities.sum(axis=1), 1, atol=1e-5), "probabilities do not sum to 1")
    holds(np.allclose(probabilities.max(axis=1), scores.flatten()), "score is not the highest")


def outputs_that_were_asked_for():
    result = infer(tensor([LOVE]), outputs=[triton.InferRequestedOutput("score")])
    same([one["name"] for one in result.get_response()["outputs"]], ["score"])


def a_column_under_another_name():
    same(labels(infer(tensor([LOVE, HATE, LOVE], shape=[3, 1], name="input-1"))), LABELS)


def an_id():
    same(infer(tensor([LOVE]), request_id="mine").get_response()["id"], "mine")


def gzip_and_deflate():
    for coding in ["gzip", "deflate"]:
        options = {"request_compression_algorithm": coding, "response_compression_algorithm": coding}
        same(labels(infer(tensor([LOVE, HATE, LOVE] * 50), **options)), LABELS * 50)


def letters_of_all_scripts():
    same(len(labels(infer(tensor(["Schöne Grüße", "素晴らしい", "💙"])))), 3)


def asynchronous_calls():
    calls = [client.async_infer(MODEL, tensor([text])) for text in [LOVE, HATE, LOVE]]
    same([labels(call.get_result())[0] for call in calls], LABELS)


def a_blank_text_is_refused_with_a_reason():
    error = error_of(InferenceServerException, lambda: infer(tensor([LOVE, " "])))
    same(error.status(), "422")
    says(error, "blank")


def another_datatype_is_refused_with_a_reason():
    numbers = triton.InferInput("text", [1], "FP32")
    numbers.set_data_from_numpy(np.array([1], dtype=np.float32))
    says(error_of(InferenceServerException, lambda: infer([numbers])), "BYTES")


def an_unknown_model_is_refused_with_a_reason():
    error = error_of(InferenceServerException, lambda: client.infer("unknown", tensor([LOVE])))
    same(error.status(), "404")
    says(error, "model")


def an_unknown_key_is_refused_with_a_reason():
    headers = {"Authorization": "Bearer unknown"}
    error = error_of(InferenceServerException, lambda: infer(tensor([LOVE]), guarded, headers=headers))
    same(error.status(), "401")
    says(error, "key")


def the_rate_limit_is_told_with_a_reason():
    headers = {"Authorization": f"Bearer {KEY}"}
    batch = tensor([LOVE] * TEXTS_PER_MINUTE)
    infer(batch, guarded, headers=headers)
    error = error_of(InferenceServerException, lambda: infer(batch, guarded, headers=headers))
    same(error.status(), "429")
    says(error, "rate limit")


run(
    "tritonclient",
    [
        it_is_live_and_ready,
        metadata,
        configuration_statistics_and_repository,
        binary_tensors_in_order,
        json_tensors_in_order,
        every_output,
        outputs_that_were_asked_for,
        a_column_under_another_name,
        an_id,
        gzip_and_deflate,
        letters_of_all_scripts,
        asynchronous_calls,
        a_blank_text_is_refused_with_a_reason,
        another_datatype_is_refused_with_a_reason,
        an_unknown_model_is_refused_with_a_reason,
        an_unknown_key_is_refused_with_a_reason,
        the_rate_limit_is_told_with_a_reason,
    ],
)
