#!/usr/bin/env python3
"""Presses TAB in real shells and looks at what they make of it.

usage: complete.py LICCTL [SHELL ...]

Each shell runs on a terminal of its own with the script of `licctl completions SHELL`, as a user has it. The store holds names that
are hard to complete: with blanks, quotes, a dollar sign, a star, a semicolon, letters beyond ASCII. A case types the head of a
command line and TAB, then Enter: `licctl` is a stand-in by then that writes the words it was given to a file, so that what counts is
what a program would have got. Fails when a name arrives as other words than it is stored, and when a name runs something. Shells
that are not installed are left out, and said so.
"""

import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# Names as they are stored; the head that is typed is unique among them.
NAMES = ["kms01.corp.example", "two words", "quo'te", 'dou"ble', "dol$HOME", "semi;touch ran", "star*", "back`touch ran`", "bücher", "colon:one"]

# What is typed, and the words that `licctl` must get.
CASES = [
    ("a name", "licctl kms service show --machine kms", ["kms", "service", "show", "--machine", "kms01.corp.example"]),
    ("a name behind an equals sign", "licctl kms service show --machine=kms", ["kms", "service", "show", "--machine=kms01.corp.example"]),
    ("a blank", "licctl kms service show --machine two", ["kms", "service", "show", "--machine", "two words"]),
    ("a quote", "licctl kms service show --machine quo", ["kms", "service", "show", "--machine", "quo'te"]),
    ("a double quote", "licctl kms service show --machine dou", ["kms", "service", "show", "--machine", 'dou"ble']),
    ("a dollar sign", "licctl kms service show --machine dol", ["kms", "service", "show", "--machine", "dol$HOME"]),
    ("a semicolon", "licctl kms service show --machine semi", ["kms", "service", "show", "--machine", "semi;touch ran"]),
    ("a star", "licctl kms service show --machine star", ["kms", "service", "show", "--machine", "star*"]),
    ("backticks", "licctl kms service show --machine back", ["kms", "service", "show", "--machine", "back`touch ran`"]),
    ("a colon", "licctl kms service show --machine col", ["kms", "service", "show", "--machine", "colon:one"]),
    ("a head with a colon", "licctl kms service show --machine colon:o", ["kms", "service", "show", "--machine", "colon:one"]),
    ("a head with a backslash", "licctl kms service show --machine two\\ w", ["kms", "service", "show", "--machine", "two words"]),
    ("a head in single quotes", "licctl kms service show --machine 'two w", ["kms", "service", "show", "--machine", "two words"]),
    ("a head in double quotes", 'licctl kms service show --machine "two w', ["kms", "service", "show", "--machine", "two words"]),
    ("a dollar sign in double quotes", 'licctl kms service show --machine "dol', ["kms", "service", "show", "--machine", "dol$HOME"]),
    ("a blank behind an equals sign", "licctl kms service show --machine=two", ["kms", "service", "show", "--machine=two words"]),
    ("letters beyond ASCII", "licctl kms service show --machine bü", ["kms", "service", "show", "--machine", "bücher"]),
    ("an operand", "licctl kms machine remove two", ["kms", "machine", "remove", "two words"]),
    ("an operand after --", "licctl kms machine remove -- two", ["kms", "machine", "remove", "--", "two words"]),
    ("a command", "licctl kms serv", ["kms", "service"]),
    ("an option", "licctl kms service show --mach", ["kms", "service", "show", "--machine"]),
    ("the value of an option", "licctl status --domain vsp", ["status", "--domain", "vsphere"]),
    ("a snapshot", "licctl snapshot show be", ["snapshot", "show", "before it"]),
]

SETUP = {
    "bash": "PS1='READY> '; bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; source {script}\n",
    "zsh": "PS1='READY> '; unsetopt beep zle_bracketed_paste; autoload -Uz compinit && compinit -u -D; source {script}\n",
    "fish": "function fish_prompt; echo 'READY> '; end; function fish_greeting; end; source {script}\n",
}
START = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"], "fish": ["fish", "--no-config", "-i"]}


class Terminal:
    """A shell on a terminal of its own."""

    def __init__(self, shell, folder, environment):
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvpe(START[shell][0], START[shell], environment)
        self.seen = ""

    def read(self, seconds):
        """What the shell says until it is silent for a while."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            ready, _, _ = select.select([self.end], [], [], 0.05)
            if ready:
                try:
                    self.seen += os.read(self.end, 65536).decode("utf-8", "replace")
                except OSError:
                    return

    def type(self, text):
        os.write(self.end, text.encode())

    def wait(self, wanted, seconds):
        """Whether something came true in time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.read(0.1)
            if wanted():
                return True
        return False

    def close(self):
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        os.close(self.end)


def prepared(licctl, folder):
    """A store with the names, and the environment of a user of it."""
    environment = {
        "PATH": f"{folder}/bin:/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "TERM": "xterm", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8",
        "LICCTL_STORE": str(folder / "store.db"), "COLUMNS": "200", "LINES": "50", "GOT": str(folder / "got"),
    }
    (folder / "bin").mkdir()
    # At TAB the program itself answers; a command that is run only notes its words down.
    stand_in = folder / "bin/licctl"
    stand_in.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"if os.environ.get('COMPLETE'): os.execv({str(licctl)!r}, ['licctl', *sys.argv[1:]])\n"
        "open(os.environ['GOT'] + '.new', 'w').write(json.dumps(sys.argv[1:])); os.rename(os.environ['GOT'] + '.new', os.environ['GOT'])\n"
    )
    stand_in.chmod(0o755)
    for name in NAMES:
        subprocess.run([licctl, "--quiet", "kms", "machine", "add", "--", name], env=environment, check=True)
    subprocess.run([licctl, "--quiet", "snapshot", "save", "before it"], env=environment, check=True)
    return environment


def complaints(shell, licctl, folder, environment):
    script = folder / f"licctl.{shell}"
    made = subprocess.run([licctl, "completions", shell], env=environment, check=True, capture_output=True, text=True)
    script.write_text(made.stdout)
    got = folder / "got"
    for what, typed, wanted in CASES:
        got.unlink(missing_ok=True)
        terminal = Terminal(shell, folder, environment)
        try:
            terminal.read(0.5)
            terminal.type(SETUP[shell].format(script=script))
            terminal.wait(lambda: re.search(r"READY> ?[^']*$", terminal.seen[-200:]), 20)
            terminal.read(0.5)
            terminal.seen = ""
            terminal.type(typed + "\t")
            # A shell asks the program, which is quick; how long is enough depends on the machine alone.
            terminal.wait(lambda: len(terminal.seen) > len(typed) + 1, 10)
            terminal.read(1.0)
            terminal.type("\r")
            terminal.wait(got.exists, 20)
        finally:
            terminal.close()
        words = json.loads(got.read_text()) if got.exists() else None
        if words != wanted:
            yield f"{shell}: {what}: `{typed}` and TAB gave {words}, not {wanted}; the terminal showed {terminal.seen[-300:]!r}"
        if (folder / "ran").exists():
            yield f"{shell}: {what}: completing ran a command"
            (folder / "ran").unlink()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    licctl, wrong = pathlib.Path(sys.argv[1]).resolve(), []
    for shell in sys.argv[2:] or START:
        if shutil.which(shell) is None:
            print(f"{shell}: left out, it is not installed")
            continue
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            found = list(complaints(shell, licctl, folder, prepared(licctl, folder)))
        print(f"{shell}: {len(CASES)} cases, {len(found)} wrong")
        wrong += found
    for complaint in wrong:
        print(complaint)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
