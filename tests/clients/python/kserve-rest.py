"""kserve: InferenceRESTClient with both protocols of KServe, version 1 and version 2."""

import asyncio

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig

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
    is_retry_after,
    run,
    same,
    says,
)

LABELS = ["POSITIVE", "NEGATIVE", "POSITIVE"]


def v1(method, *arguments, **options):
    return call("v1", method, *arguments, **options)


def v2(method, *arguments, **options):
    return call("v2", method, *arguments, **options)


def call(protocol, method, *arguments, url=URL, **options):
    async def ask():
        client = InferenceRESTClient(RESTConfig(protocol=protocol))
        try:
            return await getattr(client, method)(url, *arguments, **options)
        finally:
            await client.close()

    return asyncio.run(ask())


def request(texts):
    return InferRequest(MODEL, [InferInput("text", [len(texts)], "BYTES", data=texts)])


def binary_request(texts):
    given = InferInput("text", [len(texts)], "BYTES")
    given.set_data_from_numpy(np.array([text.encode() for text in texts], dtype=np.object_))
    return InferRequest(MODEL, [given])


def output(answer, name):
    return next(one for one in answer.outputs if one.name == name)


def labels(answer):
    array = output(answer, "label").as_numpy().flatten()
    return [one.decode() if isinstance(one, bytes) else one for one in array]


def v1_it_is_live_and_ready():
    holds(v1("is_server_live"), "not live")
    holds(v1("is_model_ready", MODEL), "model not ready")


def v1_a_batch_in_order():
    answer = v1("infer", {"instances": [LOVE, HATE, LOVE]}, model_name=MODEL)
    same(len(answer["predictions"]), 3)
    same([best(one) for one in answer["predictions"]], LABELS)


def best(scores):
    return max(scores, key=lambda one: one["score"])["label"]


def v1_a_blank_text_is_refused_with_a_reason():
    bad = {"instances": [LOVE, " "]}
    error = error_of(httpx.HTTPStatusError, lambda: v1("infer", bad, model_name=MODEL))
    same(error.response.status_code, 422)
    says(error, "blank")


def v2_it_is_live_and_ready():
    holds(v2("is_server_live"), "not live")
    holds(v2("is_server_ready"), "not ready")
    holds(v2("is_model_ready", MODEL), "model not ready")


def v2_a_batch_in_order():
    same(labels(v2("infer", request([LOVE, HATE, LOVE]), model_name=MODEL)), LABELS)


def v2_binary_tensors_in_order():
    same(labels(v2("infer", binary_request([LOVE, HATE, LOVE]), model_name=MODEL)), LABELS)


def v2_probabilities():
    answer = v2("infer", request([LOVE, HATE]), model_name=MODEL)
    probabilities = output(answer, "probabilities").as_numpy().reshape(2, 2)
    holds(np.allclose(probabilities.sum(axis=1), 1, atol=1e-5), "probabilities do not sum to 1")


def v2_a_blank_text_is_refused_with_a_reason():
    bad = request([LOVE, " "])
    error = error_of(httpx.HTTPStatusError, lambda: v2("infer", bad, model_name=MODEL))
    same(error.response.status_code, 422)
    says(error, "blank")


def an_unknown_model_is_refused_with_a_reason():
    for protocol in ["v1", "v2"]:
        given = {"instances": [LOVE]} if protocol == "v1" else request([LOVE])
        error = error_of(
            httpx.HTTPStatusError, lambda: call(protocol, "infer", given, model_name="unknown")
        )
        same(error.response.status_code, 404)
        says(error, "model")


def an_unknown_key_is_refused_with_a_reason():
    options = {"url": GUARDED_URL, "model_name": MODEL, "headers": {"Authorization": "Bearer no"}}
    error = error_of(httpx.HTTPStatusError, lambda: v2("infer", request([LOVE]), **options))
    same(error.response.status_code, 401)
    says(error, "key")


def the_rate_limit_says_when_to_come_back():
    headers = {"Authorization": f"Bearer {KEY}"}
    batch = {"instances": [LOVE] * TEXTS_PER_MINUTE}
    options = {"url": GUARDED_URL, "model_name": MODEL, "headers": headers}
    v1("infer", batch, **options)
    error = error_of(httpx.HTTPStatusError, lambda: v1("infer", batch, **options))
    same(error.response.status_code, 429)
    is_retry_after(error.response.headers.get("Retry-After"))
    says(error, "rate limit")


run(
    "kserve",
    [
        v1_it_is_live_and_ready,
        v1_a_batch_in_order,
        v1_a_blank_text_is_refused_with_a_reason,
        v2_it_is_live_and_ready,
        v2_a_batch_in_order,
        v2_binary_tensors_in_order,
        v2_probabilities,
        v2_a_blank_text_is_refused_with_a_reason,
        an_unknown_model_is_refused_with_a_reason,
        an_unknown_key_is_refused_with_a_reason,
        the_rate_limit_says_when_to_come_back,
    ],
)
