"""Runs docs/examples/spark.py on executors of their own, one of which is killed, and compares with one run.

Reads FOLDER (empty, to write into), COMMAND (of `polarity`), URL (of a service) and LIMITED_URL (of one that
takes 600 texts a minute, and waits a second for room). Prints a line of TAP for
each check.
"""

import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

import pyspark
from pyspark.sql import SparkSession

ROOT = pathlib.Path(__file__).parents[2]
FOLDER = pathlib.Path(os.environ["FOLDER"])
COMMAND = os.environ["COMMAND"]
URL = os.environ["URL"]
LIMITED_URL = os.environ["LIMITED_URL"]
TEXTS_PER_MINUTE = 600

EXAMPLE = ROOT / "docs/examples/spark.py"
sys.path.insert(0, str(EXAMPLE.parent))
import spark as example  # noqa: E402

ROWS = 50_000
PARTITIONS = 10
# Each has one core, so that it runs one task at a time.
EXECUTORS = 2
# As `polarity classify` writes a score.
SCORE_DIGITS = 6


def make_row(i):
    """Some texts have line breaks, some are blank, some are missing; each comes ten times."""
    if i % 5000 == 4999:
        return {"id": i, "review": None if i % 10_000 == 9999 else " "}
    film = i % (ROWS // 10)
    end = "\nand I would see it again" if film % 11 == 0 else ""
    word = ["good", "bad", "long", "naïve", "“quoted”", "dull, but short"][film % 6]
    return {"id": i, "review": f"Film {film} is {word}{end}"}


def by_one_run():
    """What `polarity classify` says of each row, by id."""
    file, out = FOLDER / "rows.jsonl", FOLDER / "one-run.jsonl"
    file.write_text("".join(f"{json.dumps(make_row(i))}\n" for i in range(ROWS)))
    options = ["classify", file, "--column", "review", "--out", out, "--allow-bad-rows"]
    subprocess.run([*shlex.split(COMMAND), *options], check=True)
    with out.open() as lines:
        return answers_of(map(json.loads, lines))


def answers_of(rows):
    """Label, score and whether there is an error, by id. The service has other words for errors."""
    return {row["id"]: answer_of(row) for row in rows}


def answer_of(row):
    score = row.get("score")
    return row.get("label"), score and round(score, SCORE_DIGITS), row.get("error") is not None


def executors():
    """The processes of this program's executors."""
    parents, lines = {}, {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            lines[int(folder.name)] = (folder / "cmdline").read_text()
            parents[int(folder.name)] = int(parent)
        except OSError:
            continue  # It has ended.
    return [
        pid
        for pid, line in lines.items()
        if "CoarseGrainedExecutorBackend" in line and os.getpid() in ancestors_of(pid, parents)
    ]


def ancestors_of(pid, parents):
    while pid in parents:
        pid = parents[pid]
        yield pid


class Killer(threading.Thread):
    """Kills one executor when some, but not all tasks of a stage have ended."""

    def __init__(self, context):
        super().__init__(daemon=True)
        self.tracker = context.statusTracker()
        self.stopped = threading.Event()
        self.killed_after = 0
        self.failed_tasks = 0

    def run(self):
        while not self.stopped.wait(0.05):
            for stage in self.tracker.getActiveStageIds():
                self.look_at(self.tracker.getStageInfo(stage))

    def look_at(self, stage):
        # Stages before that of the texts have as many tasks as there are files.
        if stage is None or stage.numTasks != PARTITIONS:
            return
        self.failed_tasks = max(self.failed_tasks, stage.numFailedTasks)
        if self.killed_after == 0 and stage.numCompletedTasks >= 2 and stage.numActiveTasks == EXECUTORS:
            os.kill(executors()[0], signal.SIGKILL)
            self.killed_after = stage.numCompletedTasks


def check(name, context, wanted, answer):
    killer = Killer(context)
    killer.start()
    try:
        got = answers_of(row.asDict() for row in answer().collect())
        problem = problem_of(got, wanted)
    except Exception as error:
        problem = str(error)
    killer.stopped.set()
    killer.join()
    if not problem and killer.failed_tasks == 0:
        problem = "no task was lost with an executor"
    what = f"{name}, with an executor killed after {killer.killed_after} of {PARTITIONS} tasks"
    print(f"not ok - {what}: {problem}" if problem else f"ok - {what}", flush=True)


def problem_of(got, wanted):
    if got.keys() != wanted.keys():
        return f"{len(got)} rows in place of {len(wanted)}"
    other = [one for one in wanted if got[one] != wanted[one]]
    return other and f"{len(other)} rows differ, such as {got[other[0]]} for {wanted[other[0]]}"


def main():
    print(f"# Spark {pyspark.__version__}", flush=True)
    wanted = by_one_run()
    # Executors run the same Python.
    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    spark = (
        SparkSession.builder.master(f"local-cluster[{EXECUTORS},1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    rows = spark.createDataFrame(map(make_row, range(ROWS)), "id long, review string")
    rows.write.parquet(str(FOLDER / "rows.parquet"))
    rows = spark.read.parquet(str(FOLDER / "rows.parquet")).repartition(PARTITIONS)
    context = spark.sparkContext
    context.addPyFile(str(EXAMPLE))
    check("rdd.pipe", context, wanted, lambda: example.by_command(rows, "review", COMMAND))
    check("mapInPandas", context, wanted, lambda: example.by_service(rows, "review", URL))
    spark.stop()
    # Where Spark keeps what executors print.
    shutil.rmtree(pathlib.Path(pyspark.__file__).parent / "work", ignore_errors=True)
    check_waiting()


def check_waiting():
    """More texts at once than the service takes in a minute: it is asked again for the rest."""
    texts = ["good" if i % 2 else "bad" for i in range(TEXTS_PER_MINUTE + 40)]
    began = time.monotonic()
    labels = [one["label"] for one in example.ask(example.open_session(None), LIMITED_URL, texts)]
    waited = time.monotonic() - began
    passed = labels == ["POSITIVE" if text == "good" else "NEGATIVE" for text in texts] and waited > 1
    what = f"{len(texts)} texts of a service that takes {TEXTS_PER_MINUTE} a minute, as Retry-After says"
    print(f"{'ok' if passed else 'not ok'} - {what}", flush=True)


if __name__ == "__main__":
    main()
