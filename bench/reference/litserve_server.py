"""An open-source server with the same model: LitServe, which batches requests. It has no cache."""

import os
from pathlib import Path
from typing import Any

import litserve
from classifiers import BACKENDS, Scores


class Sentiment(litserve.LitAPI):
    def setup(self, device: str) -> None:
        open_classifier = BACKENDS[os.environ["BACKEND"]]
        self.classify = open_classifier(Path(os.environ["MODEL"]), int(os.environ["THREADS"]))
        self.classify(["warm up", "a longer text to warm up with"])

    def decode_request(self, request: dict[str, Any], **_: Any) -> list[str]:
        return request["text"]

    def predict(self, x: list[list[str]], **_: Any) -> list[list[Scores]]:
        scores = iter(self.classify([text for texts in x for text in texts]))
        return [[next(scores) for _ in texts] for texts in x]

    def encode_response(self, output: list[Scores], **_: Any) -> dict[str, Any]:
        return {"predictions": output}


class NamedContent:
    """Adds a Content-Type, which the exercise's client does not send and FastAPI requires."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            rest = [header for header in scope["headers"] if header[0] != b"content-type"]
            scope["headers"] = [*rest, (b"content-type", b"application/json")]
        await self.app(scope, receive, send)


if __name__ == "__main__":
    api = Sentiment(max_batch_size=8, batch_timeout=0.002, api_path="/predict")
    workers = int(os.environ["WORKERS"])
    server = litserve.LitServer(
        api,
        accelerator="cpu",
        workers_per_device=workers,
        timeout=300,
        middlewares=[NamedContent],
    )
    port = int(os.environ["PORT"])
    server.run(host="127.0.0.1", port=port, log_level="warning", generate_client_file=False)
