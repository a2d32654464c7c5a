#!/usr/bin/env python3
"""Sentiment of a column, by Spark, in two ways: docs/bulk.md says when to take which.

    spark-submit spark.py command INPUT OUTPUT --column review
    spark-submit spark.py service INPUT OUTPUT --column review --url http://polarity.example.com

INPUT and OUTPUT are Parquet. Rows gain `label`, `score`, `truncated` (only by the command) and `error`.
Either way a row is answered the same whichever executor asks, so what Spark tries again does no harm.
"""

import argparse
import json
import os
import time

import requests
from pyspark.sql import DataFrame, SparkSession, functions
from requests.adapters import HTTPAdapter
from urllib3.util import Retry


def by_command(rows: DataFrame, column: str, command: str = "polarity") -> DataFrame:
    """Pipes each partition through `polarity classify`, which must be installed on every node.

    A process of its own per partition, which first loads the model: have few partitions, and one core a task.
    """
    line = f"{command} classify --from jsonl --column {column} --workers 1 --allow-bad-rows"
    # A column that a row has no value in stays a member, so that all rows are alike.
    as_json = functions.to_json(functions.struct("*"), {"ignoreNullFields": "false"})
    lines = rows.select(as_json.alias("line")).rdd.map(lambda row: row.line)
    # Without PATH the shell's words are not found; without `checkCode` a failure would be an empty partition.
    answered = lines.pipe(line, env={"PATH": os.environ["PATH"]}, checkCode=True)
    gained = "label string, score double, truncated boolean, error string"
    schema = f"{rows.schema.toDDL()}, {gained}"
    return rows.sparkSession.read.schema(schema).json(answered)


def by_service(rows: DataFrame, column: str, url: str, key: str | None = None) -> DataFrame:
    """Sends the rows to a service, which all executors share."""

    def classify(frames):
        session = open_session(key)
        for frame in frames:
            answers = ask(session, url, frame[column].tolist())
            yield frame.assign(**{name: [one.get(name) for one in answers] for name in GAINED})

    schema = f"{rows.schema.toDDL()}, label string, score double, error string"
    return rows.mapInPandas(classify, schema)


GAINED = ["label", "score", "error"]

# Rows of a request. They are answered one by one, also where some are blank or too long.
ROWS = 1000


def open_session(key: str | None) -> requests.Session:
    """Sends again what may pass, after Retry-After where the service names a time."""
    passing = Retry(
        10,
        backoff_factor=0.2,
        status_forcelist=[429, 502, 503, 504],
        allowed_methods=["POST"],
        raise_on_status=False,
    )
    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=passing))
    session.mount("https://", HTTPAdapter(max_retries=passing))
    session.headers["Content-Type"] = "application/x-ndjson"
    if key:
        session.headers["Authorization"] = f"Bearer {key}"
    return session


def ask(session: requests.Session, url: str, texts: list) -> list:
    """What the service says of each text, in order."""
    answers = []
    while len(answers) < len(texts):
        rest = texts[len(answers) : len(answers) + ROWS]
        body = "".join(f"{json.dumps(text)}\n" for text in rest)
        response = session.post(f"{url}/predict", data=body, timeout=120)
        response.raise_for_status()
        *rows, last = (json.loads(line) for line in response.iter_lines())
        answers += [to_answer(row) for row in rows]
        summary = last["summary"]
        if not summary["complete"]:
            # The rest was not answered: by a full queue, or a rate limit.
            if "retry_after" not in summary:
                raise RuntimeError(f"the service has ended the stream: {summary}")
            time.sleep(summary["retry_after"])
    return answers


def to_answer(row: dict) -> dict:
    if "error" in row:
        return {"error": row["error"]["code"]}
    return max(row["prediction"], key=lambda one: one["score"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=["command", "service"])
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--column", default="text")
    parser.add_argument("--url")
    options = parser.parse_args()
    spark = SparkSession.builder.appName("polarity").getOrCreate()
    rows = spark.read.parquet(options.input)
    if options.way == "command":
        answered = by_command(rows, options.column)
    else:
        answered = by_service(rows, options.column, options.url, os.environ.get("POLARITY_API_KEY"))
    answered.write.parquet(options.output)
    spark.stop()


if __name__ == "__main__":
    main()
