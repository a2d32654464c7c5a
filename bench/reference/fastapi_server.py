"""The exercise as published: FastAPI, one model, responses cached in Redis by request."""

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI
from fastapi_cache import FastAPICache
from fastapi_cache.backends.redis import RedisBackend
from fastapi_cache.decorator import cache
from pydantic import BaseModel, Field
from redis import asyncio as aioredis

from classifiers import BACKENDS, Scores

open_classifier = BACKENDS[os.environ["BACKEND"]]
classify = open_classifier(Path(os.environ["MODEL"]), int(os.environ["THREADS"]))
# One inference at a time: more would compete for the same cores. The event loop stays free for hits.
runner = ThreadPoolExecutor(max_workers=1)


class Texts(BaseModel):
    text: Annotated[list[str], Field(min_length=1, max_length=1000)]


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    classify(["warm up", "a longer text to warm up with"])
    FastAPICache.init(RedisBackend(aioredis.from_url(os.environ["REDIS_URL"])), prefix="polarity")
    yield


# The exercise's client sends no Content-Type.
app = FastAPI(lifespan=lifespan, strict_content_type=False)


def key_of(*_: Any, args: tuple[Any, ...], **__: Any) -> str:
    """The cache key: a request's texts, in order."""
    return hashlib.sha256(json.dumps(args).encode()).hexdigest()


@cache(expire=3600, key_builder=key_of)
async def scores_of(texts: list[str]) -> list[Scores]:
    """Not the route itself, because the decorator does not cache POST requests."""
    return await asyncio.get_running_loop().run_in_executor(runner, classify, texts)


@app.post("/predict")
async def predict(texts: Texts) -> dict[str, Any]:
    return {"predictions": await scores_of(texts.text)}


@app.get("/health")
async def health() -> dict[str, str]:
    return {"status": "healthy"}
