"""A Spark of their own for tests: on the loopback address, started and stopped by them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: Set by continuous integration: without Spark its tests fail there.
REQUIRED = "WHOPAYS_SPARK"
_SETTINGS = "spark.executor.memory 512m\nspark.driver.memory 512m\n"
_WAIT = 120  # seconds until Spark listens


def lacking() -> str:
    """Return what is not installed of what Spark needs, or ""."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed"
    if shutil.which("java") is None:
        return "there is no Java"
    return ""


@dataclass(frozen=True)
class Cluster:
    """Where Spark runs, and the folders of workers that have processes of their own."""

    master: str
    folder: Path
    workers: tuple[Path, ...] = ()

    def decide(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run `whopays decide … --engine spark` in a process of its own."""
        command = [sys.executable, "-m", "whopays", "decide", *map(str, words)]
        command += ["--engine", "spark", "--master", self.master]
        return subprocess.run(
            command,
            env=_environment(self.folder),
            capture_output=True,
            text=True,
            check=False,
        )


def in_one_process(folder: Path) -> Cluster:
    """Return a Spark that runs two threads in the process that asks."""
    _environment(folder)
    return Cluster("local[2]", folder)


@contextmanager
def standalone(folder: Path) -> Iterator[Cluster]:
    """Yield a master with two workers; they are gone afterwards."""
    port = _free_port()
    master = f"spark://127.0.0.1:{port}"
    workers = (folder / "one", folder / "other")
    own = ["--host", "127.0.0.1", "--webui-port", "0"]
    started = [_started(folder, "master.Master", *own, "--port", str(port))]
    try:
        _wait(port, started[0])
        for each in workers:
            size = ["--cores", "1", "--memory", "512m", "--work-dir", str(each)]
            started.append(_started(folder, "worker.Worker", *own, *size, master))
        yield Cluster(master, folder, workers)
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=_WAIT)


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment in which Spark listens to this machine alone."""
    settings = folder / "conf"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "spark-defaults.conf").write_text(_SETTINGS, encoding="utf-8")
    own = {
        "SPARK_CONF_DIR": str(settings),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "PYSPARK_PYTHON": sys.executable,
    }
    return {**os.environ, **own}


def _started(folder: Path, name: str, *words: str) -> subprocess.Popen[bytes]:
    found = importlib.util.find_spec("pyspark")
    if found is None or found.origin is None:
        raise RuntimeError("pyspark is not installed")
    program = Path(found.origin).parent / "bin" / "spark-class"
    command = [str(program), f"org.apache.spark.deploy.{name}", *words]
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command, env=_environment(folder), stdout=log, stderr=log
        )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _WAIT
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("the master of Spark does not listen")
