"""huggingface_hub: InferenceClient and AsyncInferenceClient on text classification."""

import asyncio

from huggingface_hub import AsyncInferenceClient, InferenceClient
from huggingface_hub.errors import HfHubHTTPError

from checks import (
    GUARDED_URL,
    HATE,
    KEY,
    LOVE,
    URL,
    error_of,
    is_retry_after,
    refusal_of,
    run,
    same,
    says,
)

client = InferenceClient(base_url=URL)


def labels(answer):
    return [one.label for one in answer]


def every_label_best_first():
    answer = client.text_classification(LOVE)
    same(labels(answer), ["POSITIVE", "NEGATIVE"])
    same(labels(client.text_classification(HATE)), ["NEGATIVE", "POSITIVE"])
    same(round(sum(one.score for one in answer), 5), 1.0)


def the_address_as_a_model():
    same(labels(InferenceClient(model=URL).text_classification(LOVE))[0], "POSITIVE")
    same(labels(InferenceClient().text_classification(LOVE, model=f"{URL}/predict"))[0], "POSITIVE")


def top_k():
    same(labels(client.text_classification(LOVE, top_k=1)), ["POSITIVE"])


def a_function_to_apply():
    softmax = client.text_classification(LOVE, function_to_apply="softmax")
    same(labels(softmax), ["POSITIVE", "NEGATIVE"])
    same(round(sum(one.score for one in softmax), 5), 1.0)


def the_asynchronous_client():
    async def ask():
        return await asyncio.gather(
            *(AsyncInferenceClient(base_url=URL).text_classification(text) for text in [LOVE, HATE])
        )

    same([labels(one)[0] for one in asyncio.run(ask())], ["POSITIVE", "NEGATIVE"])


def a_blank_text_is_refused_with_a_reason():
    error = error_of(HfHubHTTPError, lambda: client.text_classification(" "))
    same(error.response.status_code, 422)
    says(error, "blank")


def a_key():
    guarded = InferenceClient(base_url=GUARDED_URL, token=KEY)
    same(labels(guarded.text_classification(LOVE))[0], "POSITIVE")


def an_unknown_key_is_refused_with_a_reason():
    guarded = InferenceClient(base_url=GUARDED_URL, token="unknown")
    error = error_of(HfHubHTTPError, lambda: guarded.text_classification(LOVE))
    same(error.response.status_code, 401)
    says(error, "key")


def the_rate_limit_says_when_to_come_back():
    guarded = InferenceClient(base_url=GUARDED_URL, token=KEY)
    error = refusal_of(HfHubHTTPError, lambda: guarded.text_classification(LOVE))
    same(error.response.status_code, 429)
    is_retry_after(error.response.headers.get("Retry-After"))
    says(error, "rate limit")


run(
    "huggingface_hub",
    [
        every_label_best_first,
        the_address_as_a_model,
        top_k,
        a_function_to_apply,
        the_asynchronous_client,
        a_blank_text_is_refused_with_a_reason,
        a_key,
        an_unknown_key_is_refused_with_a_reason,
        the_rate_limit_says_when_to_come_back,
    ],
)
