"""How a command is run and measured, and what a measurement looks like. The rows themselves: `run`."""

import dataclasses
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

MEGABYTE = 1_000_000

# An error then records where it arose. In a static program that costs 60 million instructions the first time, ten commands' worth.
os.environ.pop("RUST_BACKTRACE", None)


class Missing(Exception):
    """A row cannot be measured here: a tool or a command does not exist. It prints `n/a`."""


class Failed(Exception):
    """A command that exists did not work. The whole run ends with status 1."""


@dataclasses.dataclass
class Run:
    """One finished process."""

    wall: float  # seconds
    cpu: float  # seconds, user + system
    memory: float  # megabytes, the largest resident set

    def of(self, kind):
        """The figure that a row compares: `wall` or `cpu`."""
        return getattr(self, kind)


def run(command, stdin=None, stdout=os.devnull, environment=None, may_fail=False):
    """Runs a command to its end and measures it.

    The resident set is never seen smaller than this script's own (some 12 MB): the kernel counts what stood in the
    process before the program was loaded.
    """
    errors = tempfile.TemporaryFile()
    out = os.open(stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    source = os.open(stdin or os.devnull, os.O_RDONLY)
    actions = [(os.POSIX_SPAWN_DUP2, fd, to) for fd, to in ((source, 0), (out, 1), (errors.fileno(), 2))]
    began = time.perf_counter()
    try:
        child = os.posix_spawnp(command[0], command, {**os.environ, **(environment or {})}, file_actions=actions)
    except FileNotFoundError:
        raise Missing(f"no program `{command[0]}`") from None
    finally:
        os.close(out)
        os.close(source)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - began
    code = os.waitstatus_to_exitcode(status)
    if code and not may_fail:
        errors.seek(0)
        complain(command, code, errors.read().decode(errors="replace"))
    errors.close()
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def complain(command, code, errors):
    """Tells a command that is not there (yet) from one that does not work: wrong usage is status 2."""
    words = " ".join(command)
    text = errors.strip().splitlines()
    said = text[0] if text else f"status {code}"
    if code == 2:
        raise Missing(f"`{words}`: {said}")
    raise Failed(f"`{words}` ended with {code}: {said}")


def output(command, environment=None):
    """The standard output of a command as text; not measured."""
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(environment or {})})
    if done.returncode:
        complain(command, done.returncode, done.stderr)
    return done.stdout


def pairs(ours, theirs, rounds, kind):
    """Runs two commands by turns, `rounds` times, and compares them as `compare` does.

    `ours` and `theirs` take no argument and return a `Run`. Who goes first changes from round to round, so that
    neither always finds the warmer machine.
    """
    turns = []
    for turn in range(rounds):
        if turn % 2:
            one = ours()
            turns.append((one, theirs()))
        else:
            other = theirs()
            turns.append((ours(), other))
    return compare(turns, kind)


def compare(turns, kind):
    """Of turns of (our run, their run): the medians of both figures, the median of the ratios, and our largest memory."""
    ratios = [ours.of(kind) / max(theirs.of(kind), 1e-6) for ours, theirs in turns]
    return (
        statistics.median(ours.of(kind) for ours, _ in turns),
        statistics.median(theirs.of(kind) for _, theirs in turns),
        statistics.median(ratios),
        max(ours.memory for ours, _ in turns),
    )


def instructions(command, environment=None):
    """Counts the instructions of one run, in millions, or returns None where there is no valgrind."""
    if not shutil.which("valgrind"):
        return None
    with tempfile.TemporaryDirectory(prefix="licctl-bench-") as folder:
        tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/profile"]
        done = subprocess.run(tool + command, capture_output=True, text=True,
                              env={**os.environ, **(environment or {})})
    found = re.search(r"Collected\s*:\s*(\d+)", done.stderr)
    return int(found[1]) / 1e6 if found and done.returncode == 0 else None


def first_byte(command):
    """Seconds from the start of a command to the first byte of its output; then it is stopped."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    child.stdout.read(1)
    waited = time.perf_counter() - began
    child.send_signal(signal.SIGKILL)
    child.stdout.close()
    child.wait()
    return waited


@dataclasses.dataclass
class Result:
    """One line of the table.

    `checks` are (what, figure, limit): the row is ok when no figure is above its limit; None was not measured.
    """

    work: str
    peer: str = ""
    ours: str = ""
    ratio: float | None = None
    memory: float | None = None
    checks: list = dataclasses.field(default_factory=list)
    trouble: str = ""

    def verdict(self):
        if self.trouble:
            return self.trouble
        missed = [what for what, figure, limit in self.checks if figure is not None and figure > limit]
        unknown = [f"{what} n/a" for what, figure, _ in self.checks if figure is None]
        return ", ".join(["MISS: " + ", ".join(missed) if missed else "ok", *unknown])

    def goal(self):
        return ", ".join(f"{what} ≤ {limit:g}" for what, _, limit in self.checks)

    def cells(self):
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else ""
        memory = f"{self.memory:.0f} MB" if self.memory is not None else ""
        return [self.work, self.peer, self.ours, ratio, self.goal(), self.verdict(), memory]


HEADS = ["work", "peer", "licctl", "ratio", "goal", "verdict", "memory"]
WIDTHS = [40, 28, 34, 6, 46, 28, 8]


def show(cells, markdown):
    """Prints one line at once, so that a long run can be watched."""
    if markdown:
        print("| " + " | ".join(cells) + " |", flush=True)
    else:
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS)).rstrip(), flush=True)


def seconds(figure):
    """A time for people: three digits, ms below one second."""
    return f"{figure:.2f} s" if figure >= 1 else f"{figure * 1000:.3g} ms"


def note(text):
    """Tells on stderr what goes on meanwhile."""
    print(text, file=sys.stderr, flush=True)
