"""The rows of the table, one function each. How they are measured: `measure`; on what: `inputs`."""

import itertools
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import threading
import time

from inputs import DURABLE, load_licenses, load_raw
from measure import (
    MEGABYTE,
    Failed,
    Missing,
    Result,
    compare,
    first_byte,
    instructions,
    note,
    output,
    pairs,
    run,
    seconds,
)

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEER_SCRIPT = str(ROOT / "benches" / "peer.py")

# Name of a row -> (what it is, the function that measures it).
ROWS = {}


def row(work):
    """Registers a row under the name of its function; `work` is its first cell."""

    def register(function):
        ROWS[function.__name__] = (work, function)
        return function

    return register


def compared(figures, kind, peer, ratio_limit, **limits):
    """A result from what `pairs` returned, of the `kind` wall or cpu.

    `limits` are further goals: `MB` is the largest memory of our side; any other name is given as (figure, limit).
    """
    ours, theirs, ratio, memory = figures
    limits = {what: (memory, limit) if what == "MB" else limit for what, limit in limits.items()}
    checks = [("ratio", ratio, ratio_limit)] + [(what, *pair) for what, pair in limits.items()]
    told = [f"{what} {figure:.3g}" for what, (figure, _) in limits.items() if what != "MB" and figure is not None]
    ours = ", ".join([f"{seconds(ours)} {kind}", *told])
    return Result("", f"{peer} {seconds(theirs)}", ours, ratio, memory, checks)


def rounds(bench):
    """Turns of a row that takes seconds."""
    return 3 if bench.size >= 1_000_000 else 5


@row("licctl --version")
def version(bench):
    """The start of the program: wall time beside a static C program, and its instructions."""
    ours, theirs = [bench.binary, "--version"], [bench.hello()]
    figures = pairs(lambda: run(ours), lambda: run(theirs), 201, "wall")
    return compared(figures, "wall", "C hello", 1.5, Minstr=(instructions(ours), 1.0))


@row("one record by key, fresh process")
def record(bench):
    """A client found by its CMID with all events stored: wall time beside the same select in the sqlite3 shell."""
    ours = bench.licctl(bench.store(), "kms", "client", "show", bench.client(), "-o", "json")
    theirs = ["sqlite3", "-json", bench.indexed(), f"select * from clients where cmid='{bench.client()}'"]
    figures = pairs(lambda: run(ours), lambda: run(theirs), 201, "wall")
    floor = pairs(lambda: run(["/bin/true"]), lambda: run(theirs), 51, "wall")[2]
    result = compared(figures, "wall", "sqlite3", 0.85, Minstr=(instructions(ours), 2.0))
    result.peer += f", true {floor:.2f} ×"
    return result


@row("one durable change, fresh process")
def change(bench):
    """An interval of a host set, with everything that makes it durable: wall time beside the same update."""
    store = bench.path("change.db")
    shutil.copy(bench.store(), store)
    bench.host(store, "bench")
    minutes = itertools.cycle(["10080", "10081"])
    setting = bench.licctl(store, "kms", "host", "set-interval", "--machine", "bench", "--renewal")
    update = f"{DURABLE} update hosts set changes = changes + 1, renewal ="
    ours = lambda: run([*setting, next(minutes)])
    theirs = lambda: run(["sqlite3", bench.indexed(), f"{update} {next(minutes)}"])
    return compared(pairs(ours, theirs, 101, "wall"), "wall", "sqlite3", 1.2)


@row("import of N events from CSV")
def import_csv(bench):
    """Events with Info fields, clients upserted: cpu beside `sqlite3 .import` of columns that need no work."""
    table, raw = bench.events("info"), bench.events("raw")

    def theirs():
        with bench.new_store() as store:
            return load_raw(store, raw)

    figures = pairs(lambda: bench.imported(table), theirs, rounds(bench), "cpu")
    return compared(figures, "cpu", ".import", 1.6, MB=100)


@row("import of N events from EVTX")
def import_evtx(bench):
    """A binary log: cpu beside a Python script on the same reader."""
    ensure_evtx()
    log = bench.events("evtx")

    def theirs():
        with bench.new_store() as store:
            return run([sys.executable, PEER_SCRIPT, log, store])

    figures = pairs(lambda: bench.imported(log), theirs, rounds(bench), "cpu")
    return compared(figures, "cpu", "peer.py", 0.30)


def ensure_evtx():
    """Installs the Python binding of the reader where it is missing."""
    if subprocess.run([sys.executable, "-c", "import evtx"], capture_output=True).returncode:
        note("installing the Python package evtx")
        if subprocess.run([sys.executable, "-m", "pip", "install", "-q", "evtx"], capture_output=True).returncode:
            raise Missing("the Python package evtx cannot be installed")


@row("the same file again")
def again(bench):
    """A second import of one file: cpu beside the first, and nothing added."""
    table, turns = bench.events("info"), []
    for _ in range(rounds(bench)):
        with bench.new_store() as store:
            first = run(bench.licctl(store, "import", table))
            turns.append((run(bench.licctl(store, "import", table)), first))
            told = json.loads(output(bench.licctl(store, "import", table, "-o", "json")))
    added = sum(section.get("added", 0) for item in told["items"] for section in item["sections"].values())
    return compared(compare(turns, "cpu"), "cpu", "first", 0.75, added=(added, 0))


@row("jsonl of N joined rows")
def jsonl(bench):
    """All events, each joined to its client, as JSON Lines: cpu beside `sqlite3 -json` of plain text rows."""
    ours = bench.licctl(bench.store(), "kms", "event", "list", "-o", "jsonl")
    theirs = ["sqlite3", "-json", bench.raw(), "select rowid as record, * from raw"]
    figures = pairs(lambda: run(ours), lambda: run(theirs), rounds(bench), "cpu")
    first = statistics.median(first_byte(ours) for _ in range(11)) * 1000
    result = compared(figures, "cpu", "sqlite3 -json", 1.25, MB=64)
    result.ours += f", first line {first:.3g} ms"
    result.checks.append(("first line ms", first, 20))
    return result


@row("report grouped over N rows")
def report(bench):
    """`kms threshold`, which needs every client's first and last request: cpu beside that grouping of text rows."""
    ours = bench.licctl(bench.store(), "kms", "threshold")
    grouped = "select cmid, activation, count(*), min(time), max(time) from raw where error = 0 group by 1, 2"
    theirs = ["sqlite3", bench.raw(), f"select count(*) from ({grouped})"]
    figures = pairs(lambda: run(ours), lambda: run(theirs), rounds(bench), "cpu")
    return compared(figures, "cpu", "sqlite3", 0.6)


@row("PowerShell JSON in UTF-16")
def powershell(bench):
    """`Get-WinEvent … | ConvertTo-Json` imported, 100 MB at full size: cpu beside `jq -c .` of the same in UTF-8."""
    wide = bench.events("winevent-json", max(bench.size * 34 // 1000, 1))
    narrow = bench.path("narrow.json")
    run(["iconv", "-f", "utf-16", "-t", "utf-8", wide], stdout=narrow)
    figures = pairs(lambda: bench.imported(wide), lambda: run(["jq", "-c", ".", narrow]), rounds(bench), "cpu")
    result = compared(figures, "cpu", "jq", 0.15, MB=32)
    result.ours += f", {os.path.getsize(wide) / MEGABYTE:.0f} MB"
    return result


@row("16 writers, 1,600 processes")
def writers(bench):
    """Sixteen loops of a hundred changes each on one store: wall time beside sqlite3, no error, no change lost."""
    small = bench.path("writers.db")
    shutil.copy(bench.store(), small)
    for number in range(16):
        bench.host(small, f"host-{number:02}")
    peer = bench.path("writers-peer.db")
    shutil.copy(bench.indexed(), peer)

    def ours(number, step):
        words = ["kms", "host", "set-interval", "--machine", f"host-{number:02}", "--renewal", str(10080 + step)]
        run(bench.licctl(small, *words))

    def theirs(_number, _step):
        run(["sqlite3", "-cmd", ".timeout 60000", peer, f"{DURABLE} update hosts set changes = changes + 1"])

    before = int(output(["sqlite3", peer, "select changes from hosts"]))
    mine, other = crowd(ours), crowd(theirs)
    lost = 1600 - (int(output(["sqlite3", peer, "select changes from hosts"])) - before)
    if lost:
        note(f"sqlite3 lost {lost} changes")
    kept = (json.loads(output(bench.licctl(small, "kms", "service", "show", "--machine", f"host-{number:02}", "-o",
                                           "json")))["VLRenewalInterval"] for number in range(16))
    wrong = sum(interval != 10080 + 100 for interval in kept)
    ratio = mine / other
    checks = [("ratio", ratio, 1.6), ("hosts that lost a change", wrong, 0)]
    return Result("", f"sqlite3 {seconds(other)}", f"{seconds(mine)} wall", ratio, None, checks)


def crowd(work):
    """Sixteen threads that call `work(thread, 1..=100)`. Returns the seconds; the first trouble of any is raised."""
    troubles = []

    def loop(number):
        try:
            for step in range(1, 101):
                work(number, step)
        except (Failed, Missing) as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=loop, args=(number,)) for number in range(16)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
    return time.perf_counter() - began


@row("a reader beside an import of N events")
def reader(bench):
    """One record read over and over while another log is imported: the longest wait beside the longest one alone."""
    store = bench.path("reader.db")
    shutil.copy(bench.store(), store)
    other_log = bench.events("info", seed=2)
    read = bench.licctl(store, "kms", "client", "show", bench.client(), "-o", "json")
    alone = [run(read).wall for _ in range(200)]
    importer = subprocess.Popen(bench.licctl(store, "import", other_log), stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)
    beside = []
    while importer.poll() is None:
        beside.append(run(read).wall)
        time.sleep(0.005)
    if importer.returncode:
        raise Failed(f"the import beside the reader ended with {importer.returncode}")
    worst, calm = max(beside), max(alone)
    checks = [("worst ms", worst * 1000, 250)]
    ours = f"worst {seconds(worst)} of {len(beside)} reads"
    return Result("", f"alone {seconds(calm)}", ours, worst / calm, None, checks)


@row("names at TAB")
def completion(bench):
    """The CMIDs that begin with 0, as the shell asks for them at TAB: wall time and instructions."""
    words = ["licctl", "kms", "client", "show", "0"]
    asked = {"COMPLETE": "bash", "LICCTL_STORE": bench.store(), "_CLAP_COMPLETE_INDEX": str(len(words) - 1),
             "_CLAP_COMPLETE_COMP_TYPE": "9", "_CLAP_COMPLETE_SPACE": "true", "_CLAP_IFS": "\n"}
    command = [bench.binary, "--", *words]
    names = output(command, asked).split()
    if not any(name.startswith("0") for name in names):
        raise Missing("no CMID is completed")
    turns = [(run(command, environment=asked), run(["/bin/true"])) for _ in range(101)]
    ours, true, _, memory = compare(turns, "wall")
    counted = instructions(command, asked)
    checks = [("ms", ours * 1000, 10), ("Minstr", counted, 4)]
    told = f"{seconds(ours)} wall, {len(names)} names" + (f", Minstr {counted:.3g}" if counted else "")
    return Result("", f"true {seconds(true)}", told, None, memory, checks)


@row("table of 100,000 rows")
def table(bench):
    """The events as a table for people: cpu beside `column -t` of the raw columns."""
    count = min(bench.size, 100_000)
    ours = bench.licctl(bench.store(), "kms", "event", "list", "--limit", str(count), "-o", "table")
    head = bench.path("head.csv")
    run(["head", "-n", str(count + 1), bench.events("raw")], stdout=head)
    figures = pairs(lambda: run(ours), lambda: run(["column", "-t", "-s", ",", head]), rounds(bench), "cpu")
    return compared(figures, "cpu", "column -t", 0.6, MB=64)


@row("SyncML message linted")
def lint(bench):
    """`csp lint` of one message, 100 MB at full size: cpu beside `xmllint`, which only parses it."""
    ours = bench.licctl(bench.tablet(), "csp", "lint", bench.message())
    return streamed(bench, ours)


@row("SyncML message rehearsed")
def rehearse(bench):
    """`csp apply --dry-run` of the same message, each command executed: cpu beside `xmllint`."""
    ours = bench.licctl(bench.tablet(), "csp", "apply", bench.message(), "--device", "TABLET", "--dry-run")
    return streamed(bench, ours)


def streamed(bench, ours):
    """Compares a command on the message with the parser of the system."""
    theirs = ["xmllint", "--stream", "--noout", bench.message()]
    figures = pairs(lambda: run(ours), lambda: run(theirs), rounds(bench), "cpu")
    result = compared(figures, "cpu", "xmllint", 0.9, MB=24)
    result.ours += f", {os.path.getsize(bench.message()) / MEGABYTE:.0f} MB"
    return result


@row("import of N/10 devices")
def import_devices(bench):
    """Graph JSON into device records: cpu beside `jq | sqlite3 .import` of six columns."""
    columns = ".deviceName,.osVersion,.joinType,.skuNumber,.hardwareInformation.deviceLicensingStatus,.lastSyncDateTime"

    def ours():
        with bench.new_store() as store:
            return run(bench.licctl(store, "csp", "import", bench.inventory()))

    def theirs():
        with bench.new_store() as store:
            table = "create table devices(name text primary key, version, joined, sku, licensing, synced)"
            load = f"sqlite3 -csv \"$2\" '{DURABLE} {table};' '.import /dev/stdin devices'"
            shell = f"jq -r '.[]|[{columns}]|@csv' \"$1\" | {load}"
            return run(["sh", "-c", shell, "sh", bench.inventory(), store])

    return compared(pairs(ours, theirs, rounds(bench), "cpu"), "cpu", "jq, .import", 1.0, MB=100)


@row("one node of one of N/10 devices")
def node(bench):
    """`csp get Edition`, fresh process: wall time beside the same with a single device stored."""
    ours, theirs = (bench.licctl(store, "csp", "get", "Edition", "--device", "WS-000001", "-o", "json")
                    for store in (bench.fleet(), bench.fleet(1)))
    return compared(pairs(lambda: run(ours), lambda: run(theirs), 201, "wall"), "wall", "one device", 1.1)


@row("one change of one of N/10 devices")
def device_change(bench):
    """`csp device set`, fresh process: wall time beside the same with a single device stored."""
    def changing(size, fleet):
        store = bench.path(f"device-change-{size}.db")
        shutil.copy(fleet, store)
        setting = bench.licctl(store, "csp", "device", "set", "--device", "WS-000001", "--os-version")
        versions = itertools.cycle(["10.0.26100.7840", "10.0.26100.7841"])
        return lambda: run([*setting, next(versions)])

    large, small = changing("large", bench.fleet()), changing("small", bench.fleet(1))
    return compared(pairs(large, small, 101, "wall"), "wall", "one device", 1.1)


@row("jsonl of N/10 devices")
def device_list(bench):
    """`csp device list` as JSON Lines: cpu beside `jq -c .[]` of the inventory, and that it streams."""
    ours = bench.licctl(bench.fleet(), "csp", "device", "list", "-o", "jsonl")
    theirs = ["jq", "-c", ".[]", bench.inventory()]
    figures = pairs(lambda: run(ours), lambda: run(theirs), rounds(bench), "cpu")
    first = statistics.median(first_byte(ours) for _ in range(11)) * 1000
    result = compared(figures, "cpu", "jq", 1.0, MB=64)
    result.ours += f", first line {first:.3g} ms"
    result.checks.append(("first line ms", first, 20))
    return result


# Everything that an answer on assignments is made from, as it is stored.
ASSIGNMENTS = """
    select e.entity_id, e.name, e.detail, a.cost, a.detail, l.shown, l.edition_key, l.name, l.total, l.cost_unit,
           l.properties, l.labels
    from vsphere_entities e left join vsphere_assignments a on a.vcenter = e.vcenter and a.entity = e.id
    left join vsphere_licenses l on l.vcenter = a.vcenter and l.id = a.license"""


@row("vsphere: what is wrong with 20 vCenters")
def vsphere_audit(bench):
    """The findings of every vCenter: wall time beside a dump of the rows that they come from."""
    store = bench.vcenters()
    ours = bench.licctl(store, "check", "--domain", "vsphere", "-o", "json", "--fail-on", "error")
    theirs = ["sqlite3", "-json", store, f"{ASSIGNMENTS} order by e.vcenter, e.id"]
    figures = pairs(lambda: run(ours, may_fail=True), lambda: run(theirs), rounds(bench), "wall")
    return compared(figures, "wall", "sqlite3", 2.0)


@row("vsphere: every assignment as JSON")
def vsphere_assignments(bench):
    """All assignments of all vCenters, each with its license: wall time beside a dump of the same rows."""
    store = bench.vcenters()
    ours = bench.licctl(store, "vsphere", "export", "--as", "json", "--select", "assignments", "--all-vcenters")
    theirs = ["sqlite3", "-json", store, f"{ASSIGNMENTS} order by e.vcenter, e.id"]
    figures = pairs(lambda: run(ours), lambda: run(theirs), rounds(bench), "wall")
    return compared(figures, "wall", "sqlite3", 2.0, MB=64)


@row("vsphere: one assignment in a large store")
def vsphere_assign(bench):
    """UpdateAssignedLicense with every vCenter stored: wall time beside the same in a store with one small vCenter."""
    large, small = bench.path("assign-large.db"), bench.path("assign-small.db")
    shutil.copy(bench.vcenters(), large)
    shutil.copy(bench.vcenters(1, 20), small)
    keys = itertools.cycle(["BENCH-00001-00000-AAAAA-AAAA1", "BENCH-00001-00001-AAAAA-AAAA1"])
    assign = lambda store, key: bench.licctl(store, "vsphere", "assign", key, "host-5", "--vcenter", "vc01", "-q")
    for store in (large, small):
        run(assign(store, "BENCH-00001-00001-AAAAA-AAAA1"))
    ours, theirs = (lambda store=store: run(assign(store, next(keys))) for store in (large, small))
    return compared(pairs(ours, theirs, 51, "wall"), "wall", "small store", 1.2)


@row("tslicense: import of 2 N issued licenses")
def tslicense_import(bench):
    """CSV of issued licenses into the store: cpu beside `sqlite3 .import` of the same file under the same key."""
    table = bench.licenses()

    def ours():
        with bench.new_store() as store:
            return run(bench.licctl(store, "tslicense", "import", table))

    def theirs():
        with bench.new_store() as store:
            return load_licenses(store, table)

    return compared(pairs(ours, theirs, rounds(bench), "cpu"), "cpu", ".import", 2.0, MB=200)


# The counts that an audit is made from: licenses in use by server and key pack, and each device once.
AUDITED = """
    select count(*) from (select server, key_pack_id, count(*) from tslicense_evidence
      where status in (2, 3, 5, 6) and expires_ms > {now} group by 1, 2);
    select count(*) from (select hardware_hash, max(key_pack_id) from tslicense_evidence
      where status in (1, 2, 3, 5, 6) and expires_ms > {now} group by 1);"""


@row("tslicense: audit of every server")
def tslicense_audit(bench):
    """`audit --all-servers`: wall time beside the grouped counts over the same rows in the sqlite3 shell."""
    store = bench.license_servers()
    ours = bench.licctl(store, "tslicense", "audit", "--all-servers", "-o", "json")
    theirs = ["sqlite3", store, AUDITED.format(now=1_774_915_200_000)]
    figures = pairs(lambda: run(ours), lambda: run(theirs), rounds(bench), "wall")
    return compared(figures, "wall", "sqlite3", 2.0)


@row("tslicense: one license in a large store")
def tslicense_connect(bench):
    """A device that connects, with every server stored: wall time beside the same in a store with two small servers."""
    large, small = bench.path("connect-large.db"), bench.path("connect-small.db")
    shutil.copy(bench.license_servers(), large)
    shutil.copy(bench.license_servers(200), small)
    devices = itertools.count()

    def connect(store):
        device = f"BENCH-{next(devices)}"
        words = ["simulate", "connect", "--server", "ls0000.corp.example", "--host-os", "2016", "--device", device,
                 "--computer", device, "-q"]
        return run(bench.licctl(store, "tslicense", *words))

    return compared(pairs(lambda: connect(large), lambda: connect(small), 51, "wall"), "wall", "small store", 1.2)


@row("tslicense: one revocation in a large store")
def tslicense_revoke(bench):
    """`issued revoke`, with every server stored: wall time beside the same in a store with two small servers."""
    large, small = bench.path("revoke-large.db"), bench.path("revoke-small.db")
    shutil.copy(bench.license_servers(), large)
    shutil.copy(bench.license_servers(200), small)
    of = ["--server", "ls0000.corp.example"]
    listed = lambda store: output(bench.licctl(store, "tslicense", "issued", "list", *of, "--status", "active", "-o", "name"))
    left = {store: iter(listed(store).split()) for store in (large, small)}

    def revoke(store):
        return run(bench.licctl(store, "tslicense", "issued", "revoke", next(left[store]), *of, "-q"))

    return compared(pairs(lambda: revoke(large), lambda: revoke(small), 51, "wall"), "wall", "small store", 1.2)


@row("vsphere: a plan for 1,000 hosts over 40 licenses")
def vsphere_plan(bench):
    """`plan --all`: cpu, beside the time that is allowed; whether it is the best plan stands in the answer."""
    ours = bench.licctl(bench.cluster(), "vsphere", "plan", "--all", "-o", "json")
    plan = json.loads(output(ours))
    told = [run(ours) for _ in range(5)]
    cpu, memory = statistics.median(done.cpu for done in told), max(done.memory for done in told)
    moves, unplaced = len(plan["moves"]), len(plan["unplaced"])
    best = "no plan is better" if plan["optimal"] else "a better plan may exist"
    what = f"{seconds(cpu)} cpu, {moves} placed on {len(plan['keysUsed'])}, {unplaced} not, {best}"
    return Result("", "", what, None, memory, [("s", cpu, 2)])


@row("clean release build, static")
def build(bench):
    """`cargo build --release` from nothing, as the released program is built: wall time and the size of the program."""
    host = next(line.split()[1] for line in output(["rustc", "-vV"]).splitlines() if line.startswith("host:"))
    target = bench.path("target")
    command = ["cargo", "build", "--release", "--locked", "--bin", "licctl", "--target", host, "--target-dir", target,
               "--manifest-path", str(ROOT / "Cargo.toml")]
    done = run(command, environment={"RUSTFLAGS": "-C target-feature=+crt-static"})
    size = os.path.getsize(os.path.join(target, host, "release", "licctl")) / MEGABYTE
    checks = [("s", done.wall, 240), ("MB of program", size, 12)]
    return Result("", "", f"{seconds(done.wall)} wall, {size:.1f} MB", None, None, checks)


@row("rms: import of 13N/100 licenses")
def rms_import(bench):
    """sentinelInfo, 100 MB at full size, into a new store: cpu beside `xmllint`, which only parses it.

    Of its memory, 24 MiB are the cache of the store, and every command takes 11 MB.
    """
    answers = bench.answers()

    def ours():
        with bench.new_store() as store:
            return run(bench.licctl(store, "rms", "import", answers, "--server", "lic01"))

    theirs = ["xmllint", "--stream", "--noout", answers]
    figures = pairs(ours, lambda: run(theirs), rounds(bench), "cpu")
    result = compared(figures, "cpu", "xmllint", 1.0, MB=60)
    result.ours += f", {os.path.getsize(answers) / MEGABYTE:.0f} MB"
    return result


@row("rms: the same licenses again")
def rms_again(bench):
    """A second import of the same answers, which finds every license as it is: cpu beside the first."""
    answers, turns = bench.answers(), []
    for _ in range(rounds(bench)):
        with bench.new_store() as store:
            importing = bench.licctl(store, "rms", "import", answers, "--server", "lic01")
            first = run(importing)
            turns.append((run(importing), first))
            told = json.loads(output([*importing, "-o", "json"]))
    changed = sum(section.get(what, 0) for item in told["items"] for section in item["sections"].values()
                  for what in ("added", "changed", "removed"))
    return compared(compare(turns, "cpu"), "cpu", "first", 1.0, changed=(changed, 0))


@row("rms: one license of 13N/100")
def rms_query(bench):
    """licenseInfo of one license, fresh process: wall time beside the same of ten licenses."""
    ours, theirs = (bench.licctl(store, "rms", "query", "licenseInfo", "--feature", "FEATURE-000003", "--version", "7.0",
                                 "--license-index", "1", "-o", "json")
                    for store in (bench.license_manager(), bench.license_manager(10)))
    return compared(pairs(lambda: run(ours), lambda: run(theirs), 201, "wall"), "wall", "of ten", 1.1)


@row("rms: N logins and logouts in one transaction")
def rms_tokens(bench):
    """`session replay` of a usage log: cpu beside the sqlite3 shell that makes the row changes of each login and logout in the same
    tables, and keeps no history of them."""
    empty = bench.path("tokens.db")
    license = {"featureName": "CAD", "featureVersion": "7.0", "licenseHash": "AAAA000000000000", "numLicenses": 1000}
    pathlib.Path(bench.path("cad.json")).write_text(json.dumps(license))
    run(bench.licctl(empty, "rms", "server", "add", "lic01"))
    run(bench.licctl(empty, "rms", "license", "add", "--json", bench.path("cad.json")))
    # The rows that every login changes are there before the first one.
    for words in (["login", "CAD", "7.0", "--user", "a", "--host", "b"], ["logout", "1"]):
        run(bench.licctl(empty, "rms", "session", *words))
    manager, feature = (int(number) for number in output(["sqlite3", "-separator", " ", empty,
                        "select server, feature from rms_counts"]).split())
    log, changes = bench.token_log(), bench.token_changes(manager, feature)

    def turn(work):
        with bench.new_store() as store:
            shutil.copy(empty, store)
            return work(store)

    ours = lambda store: run(bench.licctl(store, "rms", "session", "replay", log, "-q"))
    theirs = lambda store: run(["sqlite3", store, "-cmd", DURABLE], stdin=changes)
    # One turn: it takes as long as all the other rows of rms.
    figures = pairs(lambda: turn(ours), lambda: turn(theirs), 1, "cpu")
    return compared(figures, "cpu", "sqlite3", 3.0)


def answered(bench, store, words, limits):
    """An answer over a whole store: its cpu and memory beside what is allowed. A check that finds something ends with 1."""
    command = bench.licctl(store, *words)
    told = [run(command, may_fail="check" in words) for _ in range(rounds(bench))]
    cpu, memory = statistics.median(done.cpu for done in told), max(done.memory for done in told)
    figures = {"s": cpu, "MB": memory, "MB of page": 0}
    if "--html" in words:
        figures["MB of page"] = os.path.getsize(words[-1]) / MEGABYTE
    page = f", a page of {figures['MB of page']:.2f} MB" if figures["MB of page"] else ""
    checks = [(what, figures[what], limit) for what, limit in limits.items()]
    return Result("", "", f"{seconds(cpu)} cpu{page}", None, memory, checks)


EXAMPLE = {"s": 0.05}
# 128 MiB, as this script counts megabytes.
ESTATE = {"s": 3, "MB": 134}


@row("estate: status of examples/contoso")
def example_status(bench):
    """`status` on the example estate: cpu."""
    return answered(bench, bench.contoso(), ["status"], EXAMPLE)


@row("estate: check of examples/contoso")
def example_check(bench):
    """`check` on the example estate: cpu."""
    return answered(bench, bench.contoso(), ["check"], EXAMPLE)


@row("estate: status of N clients, 2 N CALs, N/20 hosts, N/10 licenses")
def estate_status(bench):
    """`status` on a large estate: cpu and memory."""
    return answered(bench, bench.estate(), ["status"], ESTATE)


@row("estate: check of the same")
def estate_check(bench):
    """`check` on a large estate: cpu and memory."""
    return answered(bench, bench.estate(), ["check", "-o", "jsonl"], ESTATE)


@row("estate: report of the same")
def estate_report(bench):
    """`report --html` on a large estate: cpu, memory, and the size of the page."""
    words = ["--quiet", "report", "--html", bench.path("estate.html")]
    return answered(bench, bench.estate(), words, {"MB": ESTATE["MB"], "MB of page": 5})
