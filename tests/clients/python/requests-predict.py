"""requests: `POST /predict` as docs/api.md has it."""

import gzip
import json

import requests

from checks import (
    GUARDED_URL,
    HATE,
    KEY,
    LOVE,
    TEXTS_PER_MINUTE,
    URL,
    holds,
    is_retry_after,
    run,
    same,
    says,
)

session = requests.Session()


def predict(texts, url=URL, **options):
    return session.post(f"{url}/predict", json={"text": texts}, **options)


def best(scores):
    return max(scores, key=lambda one: one["score"])["label"]


def a_batch_in_order():
    answer = predict([LOVE, HATE, LOVE])
    same(answer.status_code, 200)
    predictions = answer.json()["predictions"]
    same([best(one) for one in predictions], ["POSITIVE", "NEGATIVE", "POSITIVE"])
    same([one["label"] for one in predictions[0]], ["NEGATIVE", "POSITIVE"])


def a_body_in_gzip():
    body = gzip.compress(json.dumps({"text": [LOVE]}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = session.post(f"{URL}/predict", data=body, headers=headers)
    same(answer.status_code, 200)
    same(best(answer.json()["predictions"][0]), "POSITIVE")


def an_answer_in_gzip():
    answer = predict([LOVE] * 100, headers={"Accept-Encoding": "gzip"})
    same(answer.headers["Content-Encoding"], "gzip")
    same(len(answer.json()["predictions"]), 100)


def a_blank_text_is_refused_by_its_position():
    answer = predict([LOVE, " "])
    same(answer.status_code, 422)
    same(answer.headers["Content-Type"], "application/problem+json")
    same(answer.json()["errors"], [{"path": "text[1]", "message": "Must not be blank."}])


def an_unknown_key_is_refused():
    answer = predict([LOVE], GUARDED_URL, headers={"Authorization": "Bearer unknown"})
    same(answer.status_code, 401)
    says(answer.json()["detail"], "not known")


def the_rate_limit_says_when_to_come_back():
    headers = {"Authorization": f"Bearer {KEY}"}
    same(predict([LOVE] * TEXTS_PER_MINUTE, GUARDED_URL, headers=headers).status_code, 200)
    answer = predict([LOVE] * TEXTS_PER_MINUTE, GUARDED_URL, headers=headers)
    same(answer.status_code, 429)
    is_retry_after(answer.headers.get("Retry-After"))
    holds("RateLimit" in answer.headers, "no RateLimit header")


run(
    "requests",
    [
        a_batch_in_order,
        a_body_in_gzip,
        an_answer_in_gzip,
        a_blank_text_is_refused_by_its_position,
        an_unknown_key_is_refused,
        the_rate_limit_says_when_to_come_back,
    ],
)
