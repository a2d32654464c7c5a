"""kserve: InferenceGRPCClient."""

import asyncio

import grpc
import numpy as np
from kserve import InferenceGRPCClient, InferInput, InferRequest

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


def call(method, *arguments, target=GRPC_TARGET, **options):
    async def ask():
        async with InferenceGRPCClient(target) as client:
            return await getattr(client, method)(*arguments, **options)

    return asyncio.run(ask())


def request(texts, model=MODEL):
    encoded = [text.encode() for text in texts]
    return InferRequest(model, [InferInput("text", [len(texts)], "BYTES", data=encoded)])


def raw_request(texts):
    given = InferInput("text", [len(texts)], "BYTES")
    given.set_data_from_numpy(np.array([text.encode() for text in texts], dtype=np.object_))
    return InferRequest(MODEL, [given])


def labels(answer):
    array = next(one for one in answer.outputs if one.name == "label").as_numpy().flatten()
    return [one.decode() if isinstance(one, bytes) else one for one in array]


def it_is_live_and_ready():
    holds(call("is_server_live"), "not live")
    holds(call("is_server_ready"), "not ready")
    holds(call("is_model_ready", MODEL), "model not ready")


def contents_by_type_in_order():
    same(labels(call("infer", request([LOVE, HATE, LOVE]))), ["POSITIVE", "NEGATIVE", "POSITIVE"])


def raw_contents_in_order():
    answer = call("infer", raw_request([LOVE, HATE, LOVE]))
    same(labels(answer), ["POSITIVE", "NEGATIVE", "POSITIVE"])


def a_blank_text_is_refused_with_a_reason():
    error = error_of(grpc.RpcError, lambda: call("infer", request([LOVE, " "])))
    same(error.code(), grpc.StatusCode.INVALID_ARGUMENT)
    says(error.details(), "blank")


def an_unknown_model_is_refused_with_a_reason():
    error = error_of(grpc.RpcError, lambda: call("infer", request([LOVE], "unknown")))
    same(error.code(), grpc.StatusCode.NOT_FOUND)
    says(error.details(), "model")


def an_unknown_key_is_refused_with_a_reason():
    options = {"target": GUARDED_GRPC_TARGET, "headers": [("authorization", "Bearer unknown")]}
    error = error_of(grpc.RpcError, lambda: call("infer", request([LOVE]), **options))
    same(error.code(), grpc.StatusCode.UNAUTHENTICATED)
    says(error.details(), "key")


def the_rate_limit_says_when_to_come_back():
    options = {"target": GUARDED_GRPC_TARGET, "headers": [("authorization", f"Bearer {KEY}")]}
    batch = request([LOVE] * TEXTS_PER_MINUTE)
    call("infer", batch, **options)
    error = error_of(grpc.RpcError, lambda: call("infer", batch, **options))
    same(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
    says(error.details(), "rate limit")
    told = {**dict(error.initial_metadata() or []), **dict(error.trailing_metadata() or [])}
    holds(1 <= int(told["retry-after"]) <= 60, f"retry-after is {told.get('retry-after')}")


run(
    "kserve",
    [
        it_is_live_and_ready,
        contents_by_type_in_order,
        raw_contents_in_order,
        a_blank_text_is_refused_with_a_reason,
        an_unknown_model_is_refused_with_a_reason,
        an_unknown_key_is_refused_with_a_reason,
        the_rate_limit_says_when_to_come_back,
    ],
)
