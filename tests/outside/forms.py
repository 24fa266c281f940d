#!/usr/bin/env python3
"""Reads the forms of `licctl check` with tools that are not ours.

usage: forms.py LICCTL SARIF-SCHEMA PATH ...

The findings of the PATHs are written in every form of `--as`. SARIF is held against the schema of OASIS, JUnit is read by
`junitparser`, OpenMetrics by the parser of the Prometheus client, twice: as OpenMetrics, and as the older text that textfile
collectors read. The output for monitoring is held against the grammar of the plug-in guidelines, and workflow commands against
what the runner of GitHub takes. Each form must tell the same findings as `-o json`.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import junitparser
from jsonschema import FormatChecker
from jsonschema.validators import validator_for
from prometheus_client import parser as prometheus
from prometheus_client.openmetrics import parser as openmetrics

NOW = "2026-03-31T00:00:00Z"
NUMBER = r"-?[0-9.]+"
RANGE = rf"(?:@?(?:~|{NUMBER})?:?(?:{NUMBER})?)"
PERFDATA = re.compile(
    rf"('(?:[^'=]|'')+'|[^\s'=]+)=(?:{NUMBER}|U)(s|us|ms|%|B|KB|MB|TB|c)?"
    rf"(?:;({RANGE})(?:;({RANGE})(?:;({NUMBER})?(?:;({NUMBER})?)?)?)?)?(?=\s|$)"
)
WORKFLOW = re.compile(r"::(error|warning|notice)(?: ((?:file|line|endLine|col|endColumn|title)=[^,:\r\n]*(?:,(?:file|line|endLine|col|endColumn|title)=[^,:\r\n]*)*))?::(.+)")


class Check:
    def __init__(self, licctl, paths):
        self.licctl, self.paths, self.wrong = licctl, paths, []
        self.findings = json.loads(self.run("-o", "json")[0])["items"]
        self.levels = collections.Counter(finding["severity"] for finding in self.findings)

    def run(self, *words, statuses=(0, 1)):
        command = [self.licctl, "--now", NOW, "--no-progress", "check", *self.paths, *words]
        answer = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"})
        if answer.returncode not in statuses:
            sys.exit(f"{' '.join(command)}: {answer.returncode}: {answer.stderr}")
        return answer.stdout, answer.returncode

    def holds(self, what, truth):
        if not truth:
            self.wrong.append(what)


def sarif(check, schema):
    text, _ = check.run("--as", "sarif")
    log = json.loads(text)
    schema = json.loads(pathlib.Path(schema).read_text())
    validator = validator_for(schema)(schema, format_checker=FormatChecker())
    for error in list(validator.iter_errors(log))[:10]:
        check.wrong.append(f"sarif: {error.json_path}: {error.message[:200]}")
    check.holds("sarif: one run", len(log["runs"]) == 1)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    check.holds("sarif: each rule once", len(rules) == len(set(rules)))
    results = [result for result in run["results"] if not result.get("suppressions")]
    check.holds("sarif: each finding once", len(results) == len(check.findings))
    check.holds("sarif: rules are told by number and name alike", all(rules[one["ruleIndex"]] == one["ruleId"] for one in results))
    prints = [json.dumps(one["partialFingerprints"], sort_keys=True) for one in results]
    check.holds("sarif: each result has a fingerprint of its own", len(prints) == len(set(prints)))


def junit(check):
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
        file.write(check.run("--as", "junit")[0])
        file.flush()
        suites = junitparser.JUnitXml.fromfile(file.name)
    cases = [case for suite in suites for case in suite]
    failed = [case for case in cases if any(isinstance(result, junitparser.Failure) for result in case.result)]
    told = [(case.classname, case.name) for case in cases]
    check.holds("junit: each case is named once", len(told) == len(set(told)))
    check.holds("junit: an error is a failure", len(failed) == check.levels["error"])
    before = (suites.tests, suites.failures, suites.skipped, suites.errors)
    suites.update_statistics()
    check.holds("junit: the totals are those of the cases", before == (suites.tests, suites.failures, suites.skipped, suites.errors))


def metrics(check):
    text, _ = check.run("--as", "openmetrics")
    for name, read in (("openmetrics", openmetrics), ("text format", prometheus)):
        try:
            families = {family.name: family for family in read.text_string_to_metric_families(text)}
        except ValueError as error:
            check.wrong.append(f"{name}: {error}")
            continue
        found = families.get("licctl_domain_findings")
        counts = collections.Counter()
        for sample in found.samples if found else ():
            counts[sample.labels["severity"]] += int(sample.value)
        check.holds(f"{name}: the counts are those of the findings", +counts == check.levels)
        check.holds(f"{name}: no sample has a time of its own", not any(sample.timestamp for family in families.values() for sample in family.samples))


def nagios(check):
    text, status = check.run("--as", "nagios", statuses=(0, 1, 2))
    first, _, rest = text.partition("\n")
    check.holds("nagios: the status is that of the worst finding", status == (2 if check.levels["error"] else 1 if check.levels["warning"] else 0))
    words, bar, perfdata = first.partition(" | ")
    check.holds("nagios: the line opens with the service and its state", re.fullmatch(r"LICCTL (OK|WARNING|CRITICAL) - .+", words))
    check.holds("nagios: performance data stands behind one bar", bar and "|" not in words + perfdata + rest)
    left = PERFDATA.sub("", perfdata).strip()
    check.holds(f"nagios: {left!r} is no performance data", not left)
    values = {match[1].strip("'"): match[0] for match in PERFDATA.finditer(perfdata)}
    check.holds("nagios: labels differ in their first 19 letters", len({label[:19] for label in values}) == len(values))
    check.holds("nagios: output stays within 8 KB", len(text.encode()) <= 8192)


def github(check):
    text, _ = check.run("--as", "github")
    lines = [line for line in text.splitlines() if line.startswith("::")]
    for line in lines:
        check.holds(f"github: {line[:120]!r} is no workflow command", WORKFLOW.fullmatch(line))
    kinds = [line[2:].split("::")[0].split()[0] for line in lines]
    # The runner shows ten of a kind a step and keeps the rest in the log: those that are shown are to be the worst.
    check.holds("github: the worst come first", kinds == sorted(kinds, key=["error", "warning", "notice"].index))
    levels = {"error": "error", "warning": "warning", "notice": "info"}
    check.holds("github: each finding once", collections.Counter(levels[kind] for kind in kinds) == check.levels)


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    check = Check(pathlib.Path(sys.argv[1]).resolve(), sys.argv[3:])
    sarif(check, sys.argv[2])
    for form in (junit, metrics, nagios, github):
        form(check)
    for wrong in check.wrong:
        print(wrong)
    print(f"{len(check.findings)} findings in five forms; {len(check.wrong)} complaints")
    sys.exit(bool(check.wrong))


if __name__ == "__main__":
    main()
