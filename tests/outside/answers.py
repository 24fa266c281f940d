#!/usr/bin/env python3
"""Runs every command of the README and of the stories once more with `-o json`, and holds each answer against the schema that it names.

usage: answers.py LICCTL [STORY ...]

A story runs as it is told. Beside each of its commands the same words run with `-o json` on a copy of the folder, so that the
story goes on undisturbed. Fails when an answer is no JSON document, when it does not fit its schema, when it has a member that the
schema does not name, when an error is told in another shape than that of errors, or when a command of the man pages has no
validated answer in any story. The validator is that of the `jsonschema` package, none of ours.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from jsonschema.validators import validator_for

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Commands whose whole answer is an artefact or a text, whatever `-o` says.
ARTEFACTS = {
    "completions", "config path", "help", "man", "rms reservation export", "schema", "store export", "vsphere catalogue export",
}

# What every document may have beside its own members.
ENVELOPE = {"schema": True, "warnings": True, "moreWarnings": True, "dryRun": True}

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["kind", "message"],
            "properties": {
                "kind": {"enum": ["refused", "usage", "artefact", "fault"]},
                "message": {"type": "string", "minLength": 1},
                "complaints": {"type": ["array", "null"]},
            },
        }
    },
}


def strict(schema, part=False):
    """A member that the schema does not name is no part of the contract. A part beside other members cannot say so alone."""
    if isinstance(schema, dict):
        whole = isinstance(schema.get("properties"), dict)
        joined = {"allOf", "anyOf", "oneOf"} & schema.keys()
        schema = {name: strict(inner, whole and name in joined) for name, inner in schema.items()}
        if whole and not part and not joined and "additionalProperties" not in schema:
            schema["additionalProperties"] = False
    elif isinstance(schema, list):
        schema = [strict(inner, part) for inner in schema]
    return schema


class Contract:
    def __init__(self, licctl):
        self.licctl, self.kept = licctl, {}

    def validator(self, name):
        if name not in self.kept:
            text = subprocess.run([self.licctl, "schema", name], capture_output=True, text=True)
            if text.returncode:
                return None
            schema = strict(json.loads(text.stdout))
            validator_for(schema).check_schema(schema)
            item = validator_for(schema)(schema)
            whole = {**schema, "properties": {**schema.get("properties", {}), **ENVELOPE}}
            self.kept[name] = (item, validator_for(schema)(whole))
        return self.kept[name]

    def complaints(self, document):
        name = document.get("schema") if isinstance(document, dict) else None
        if not isinstance(name, str):
            yield "the answer names no schema"
            return
        found = self.validator(name)
        if found is None:
            yield f"`licctl schema` knows no {name}"
            return
        item, whole = found
        if isinstance(document.get("items"), list):
            extra = document.keys() - ENVELOPE.keys() - {"items"}
            if extra:
                yield f"{name}: a list has members {sorted(extra)}"
            wrong = (error for one in document["items"][:300] for error in item.iter_errors(one))
        else:
            wrong = whole.iter_errors(document)
        for error in list(wrong)[:3]:
            yield f"{name}: {error.json_path}: {error.message[:200]}"


def leaves(licctl):
    """The commands that the man pages list."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([licctl, "--quiet", "man", folder], check=True, capture_output=True)
        text = "\n".join(path.read_text() for path in pathlib.Path(folder).glob("*.1")).replace("\\-", "-")
    found = set()
    for head in re.findall(r"^\.TP\n\\fB(licctl .*?)\\fR$", text, re.M):
        words = head.split()[1:]
        name = []
        for word in words:
            if not re.fullmatch(r"[a-z][a-z0-9-]*", word):
                break
            name.append(word)
        found.add(" ".join(name))
    return {name for name in found if name and not re.search(rf"\\fBlicctl {name}\\fR\n[^\n]*; see licctl-", text)}


def plain(words):
    """The words without what chooses a form of the answer."""
    kept, words = [], list(words)
    while words:
        word = words.pop(0)
        if word in ("-o", "--output", "--jq"):
            words[:1] = []
        elif word == "--":
            return [*kept, "-o", "json", "--", *words]
        elif not re.match(r"(-o.|--output=|--jq=)", word):
            kept.append(word)
    return [*kept, "-o", "json"]


def command_of(words, known):
    """Which of the known commands the words call."""
    tops = {name.split()[0] for name in known}
    start = next((at for at, word in enumerate(words) if word in tops), len(words))
    called = [word for word in words[start:] if not word.startswith("-")]
    for length in range(min(5, len(called)), 0, -1):
        if " ".join(called[:length]) in known:
            return " ".join(called[:length])
    return None


# Stands before licctl on the PATH of a story: the words once more on a copy, noted down; then the words as they are told.
BESIDE = """#!{python}
import json, os, shutil, subprocess, sys, tempfile
sys.path.insert(0, {folder!r})
from answers import plain
real, notes, home = {real!r}, os.environ["ANSWERS_NOTES"], os.environ["ANSWERS_HOME"]
given = sys.stdin.buffer.read()
words = sys.argv[1:]
copy = tempfile.mkdtemp(dir=os.environ["ANSWERS_COPIES"])
shutil.copytree(home, copy, symlinks=True, dirs_exist_ok=True)
moved = lambda text: text.replace(home, copy)
variables = {{name: moved(value) if name.startswith(("LICCTL_", "HOME")) else value for name, value in os.environ.items()}}
run = subprocess.run([real, *map(moved, plain(words))], input=given, capture_output=True, env=variables, cwd=moved(os.getcwd()))
shutil.rmtree(copy)
with open(notes, "a") as file:
    note = dict(words=words, status=run.returncode, out=run.stdout.decode("utf-8", "replace"), err=run.stderr.decode("utf-8", "replace"))
    file.write(json.dumps(note) + "\\n")
told = subprocess.run([real, *words], input=given)
sys.exit(told.returncode)
"""


def answers(licctl, story):
    """Every command of a story: its words, and what it answers with `-o json`."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        home, beside = folder / "home", folder / "beside"
        for path in (home, beside, folder / "copies"):
            path.mkdir()
        (home / "examples").symlink_to(ROOT / "examples")
        wrapper = beside / "licctl"
        wrapper.write_text(BESIDE.format(python=sys.executable, folder=str(ROOT / "tests/outside"), real=str(licctl)))
        wrapper.chmod(0o755)
        notes = folder / "notes"
        notes.touch()
        environment = {
            "PATH": f"{beside}:/usr/bin:/bin", "HOME": str(home), "LICCTL_NOW": "2026-03-31T00:00:00Z", "LICCTL_SEED": "1",
            "COLUMNS": "100", "LICCTL_STORE": str(home / "store.db"), "ANSWERS_NOTES": str(notes),
            "ANSWERS_HOME": str(home), "ANSWERS_COPIES": str(folder / "copies"), "PYTHONDONTWRITEBYTECODE": "1",
        }
        lines = iter(story.read_text().split("\n"))
        for line in lines:
            if line.startswith("```file "):
                path = home / line.removeprefix("```file ")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("".join(f"{line}\n" for line in iter(lambda: next(lines), "```")))
            elif line == "```console":
                for line in iter(lambda: next(lines), "```"):
                    if line.startswith("$ "):
                        command = line[2:]
                        while command.endswith("\\"):
                            command += "\n" + next(lines)
                        subprocess.run(["sh", "-c", command], cwd=home, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        return [json.loads(line) for line in notes.read_text().splitlines()]


def is_text(words):
    """Whether the words ask for help, or for a form that is no answer of ours."""
    return any(word in ("--help", "-h", "--as", "--emit") or word.startswith(("--as=", "--emit=")) for word in words)


def judge(contract, known, note):
    """The command that a note is of, and what is wrong with it."""
    words, name = note["words"], command_of(note["words"], known)
    out = note["out"].strip()
    if is_text(words) or name in ARTEFACTS:
        return name, out != "", []
    if note["status"] in (0, 1) and out:
        try:
            document = json.loads(out)
        except ValueError:
            return name, False, [] if name in known and out and not out.startswith(("{", "[")) else ["the answer is no JSON document"]
        return name, True, list(contract.complaints(document))
    if note["status"] == 0:
        return name, False, []
    try:
        document = json.loads(note["err"].strip().split("\n")[-1] if note["err"].strip().startswith("{\"") else note["err"])
    except ValueError:
        return name, False, [f"the error is told in another form: {note['err'][:200]!r}"]
    wrong = [error.message for error in validator_for(ERROR)(ERROR).iter_errors(document)]
    return name, False, wrong


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    licctl = pathlib.Path(sys.argv[1]).resolve()
    stories = [pathlib.Path(name) for name in sys.argv[2:]]
    whole = not stories
    stories = stories or [ROOT / "README.md", *sorted((ROOT / "tests/story").rglob("*.md"))]
    known, contract = leaves(licctl), Contract(licctl)
    validated, texts, wrong, count = set(), set(), [], 0
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for story, notes in zip(stories, pool.map(lambda story: answers(licctl, story), stories)):
            for note in notes:
                count += 1
                name, good, complaints = judge(contract, known, note)
                (validated if good else texts).add(name)
                where = f"{story.name}: licctl {' '.join(note['words'])}"
                wrong += [f"{where}\n    {complaint}" for complaint in complaints]
    missing = sorted(known - validated) if whole else []
    for complaint in wrong:
        print(complaint)
    for name in missing:
        print(f"licctl {name}: {'only answers that are no JSON' if name in texts else 'in no story'}")
    print(f"{count} answers of {len(validated)} commands; {len(wrong)} wrong, {len(missing)} commands without one")
    sys.exit(bool(wrong or missing))


if __name__ == "__main__":
    main()
