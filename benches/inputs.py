"""What the rows work on: generated events, stores of licctl, databases of the peers. The rows themselves: `rows`."""

import contextlib
import functools
import json
import zlib
import os
import pathlib
import shutil

from measure import note, run

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The end of the generated events: reports look back from here.
NOW = "2026-03-31T00:00:00Z"
# The pragmas of the peer, as strict as those of licctl's store.
DURABLE = "pragma synchronous=extra;"
COLUMNS = "time text, fqdn text, cmid text, status int, activation text, error int"


class Bench:
    """Where the inputs, stores and peers of all rows lie; each is made when the first row asks for it."""

    def __init__(self, folder, size, binary, generator):
        self.folder, self.size, self.binary, self.generator = folder, size, binary, generator
        self.fresh = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    @functools.cache
    def events(self, form, count=None, seed=1):
        """A file of generated events."""
        count = count or self.size
        name = self.path(f"events-{count}-{seed}.{form}")
        note(f"making {count} events as {form}")
        run([self.generator, "events", str(count), form, str(seed)], stdout=name)
        return name

    def licctl(self, store, *words):
        """The words of a licctl command on a store."""
        return [self.binary, "--store", store, "--now", NOW, *words]

    @contextlib.contextmanager
    def new_store(self):
        """A path where no store is yet; what was put there is removed afterwards, for it may be large."""
        self.fresh += 1
        path = self.path(f"fresh-{self.fresh}.db")
        yield path
        pathlib.Path(path).unlink(missing_ok=True)

    def imported(self, file):
        """Imports a file into a new store."""
        with self.new_store() as store:
            return run(self.licctl(store, "import", file))

    @functools.cache
    def store(self):
        """A store with all events, for the rows that read."""
        note(f"importing {self.size} events")
        path = self.path("full.db")
        run(self.licctl(path, "import", self.events("info")))
        return path

    @functools.cache
    def raw(self):
        """The peer's events as text columns, as a shell loads them."""
        path = self.path("raw.db")
        load_raw(path, self.events("raw"))
        return path

    @functools.cache
    def indexed(self):
        """The peer's clients under a unique key, one updatable row beside them."""
        path = self.path("indexed.db")
        shutil.copy(self.raw(), path)
        run(["sqlite3", path, """
            create table clients(id integer primary key, cmid text unique, fqdn text, status int, requests int);
            insert into clients(cmid, fqdn, status, requests) select cmid, fqdn, status, count(*) from raw group by cmid;
            create table hosts(name text primary key, renewal int, changes int);
            insert into hosts values('bench', 10080, 0);"""])
        return path

    @functools.cache
    def client(self):
        """The CMID of a client in the middle of the log."""
        with open(self.events("raw")) as lines:
            return [next(lines) for _ in range(self.size // 2 + 1)][-1].split(",")[2]

    @functools.cache
    def message(self):
        """A SyncML message of half as many commands as events, 100 MB at full size."""
        name = self.path("message.xml")
        note(f"making a message of {self.size // 2} commands")
        run([self.generator, "syncml", str(self.size // 2)], stdout=name)
        return name

    @functools.cache
    def tablet(self):
        """A store with one device, on which every command of the message succeeds."""
        path = self.path("tablet.db")
        run(self.licctl(path, "csp", "device", "add", "TABLET", "--edition", "48", "--os-version", "10.0.26100.1",
                        "--s-mode"))
        return path

    @functools.cache
    def inventory(self, count=None):
        """Graph JSON of a tenth as many devices as events."""
        count = count or max(self.size // 10, 1)
        name = self.path(f"devices-{count}.json")
        note(f"making {count} devices")
        run([self.generator, "devices", str(count)], stdout=name)
        return name

    @functools.cache
    def fleet(self, count=None):
        """A store with the devices of an inventory; WS-000001 is in each."""
        path = self.path(f"fleet-{count or 'full'}.db")
        run(self.licctl(path, "csp", "import", self.inventory(count)))
        return path

    def host(self, store, name):
        """Adds a machine that is an active KMS host to a store."""
        key = "8c1c5410-9f39-4805-8c9d-63a07706358f"
        kms = lambda *words: run(self.licctl(store, "kms", *words))
        kms("machine", "add", name, "--version", "10.0.20348.2700")
        kms("key", "install", "--machine", name, "--activation-id", key, "--channel", "Volume:CSVLK",
            "--partial", f"B{zlib.crc32(name.encode()) % 10000:04d}")  # one key serves six machines at most
        kms("product", "activate", "--machine", name, key)

    @functools.cache
    def vcenters(self, count=20, hosts=None):
        """A store with vCenters, 50,000 hosts at full size, and a tenth as many keys; its first vCenter is `vc01`."""
        hosts = hosts or max(self.size // 20 // count, 20)
        note(f"making {count} vCenters of {hosts} hosts")
        path, folder = self.path(f"vcenters-{count}-{hosts}.db"), self.path(f"vcenters-{count}-{hosts}")
        pathlib.Path(folder).mkdir(exist_ok=True)
        for number in range(1, count + 1):
            vcenter_files(folder, number, hosts)
        run(self.licctl(path, "vsphere", "import", folder))
        return path

    @functools.cache
    def licenses(self, count=None):
        """CSV of issued licenses, twice as many as events, of a server for every 4,000 of them."""
        count = count or self.size * 2
        name = self.path(f"licenses-{count}.csv")
        note(f"making {count} issued licenses")
        run([self.generator, "licenses", str(count)], stdout=name)
        return name

    @functools.cache
    def license_servers(self, count=None):
        """A store with those servers, 40 key packs each, and their licenses; `ls0000.corp.example` is in each."""
        count = count or self.size * 2
        path, packs = self.path(f"servers-{count}.db"), self.path(f"keypacks-{count}.csv")
        run([self.generator, "keypacks", str(count)], stdout=packs)
        note(f"importing {count} issued licenses")
        run(self.licctl(path, "tslicense", "import", packs, self.licenses(count)))
        return path

    @functools.cache
    def cluster(self, hosts=1000, licenses=40):
        """A store with one vCenter: hosts of four sizes without a license, and licenses that hold them all but a few."""
        note(f"making {hosts} hosts for {licenses} licenses")
        path, folder = self.path("cluster.db"), pathlib.Path(self.path("cluster"))
        folder.mkdir(exist_ok=True)
        cores = [(2, 16), (2, 24), (1, 64), (4, 8)]
        systems = [{"self": {"type": "HostSystem", "value": f"host-{at}"}, "name": f"esx{at:05d}",
                    "summary": {"hardware": {"numCpuPkgs": cores[at % 4][0],
                                             "numCpuCores": cores[at % 4][0] * cores[at % 4][1]}}}
                   for at in range(hosts)]
        kept = [{"licenseKey": f"BENCH-00000-{at:05d}-AAAAA-AAAA1", "editionKey": "esx.standard.cpuPackageCoreLimited",
                 "name": "vSphere 8 Standard", "total": 50 + at, "used": 0, "costUnit": "cpuPackage:32core",
                 "properties": [{"key": "ProductName", "value": "VMware ESX Server"}]} for at in range(licenses)]
        for name, value in (("hosts.json", {"hostSystems": systems}), ("licenses.json", kept)):
            (folder / name).write_text(json.dumps(value))
        run(self.licctl(path, "vsphere", "import", folder, "--vcenter", "vc01"))
        return path

    @functools.cache
    def answers(self, count=None):
        """One sentinelInfo document of licenses, two a feature: 130,000 of them and 100 MB at full size."""
        count = count or max(self.size * 13 // 100, 10)
        name = self.path(f"answers-{count}.xml")
        note(f"making {count} licenses")
        with open(name, "w") as out:
            out.write('<?xml version="1.0" encoding="UTF-8"?>\n<sentinelInfo>\n')
            for at in range(count):
                out.write(license_answer(at))
            out.write("</sentinelInfo>\n")
        return name

    @functools.cache
    def license_manager(self, count=None):
        """A store with the licenses of such a document, of the License Manager `lic01`."""
        path = self.path(f"licenses-{count or 'full'}.db")
        run(self.licctl(path, "rms", "import", self.answers(count), "--server", "lic01"))
        return path

    @functools.cache
    def token_log(self):
        """A usage log of as many logins as the size says, each given back fifty logins later."""
        name = self.path("lservsta")
        note(f"making a log of {self.size} logins")
        with open(name, "w") as out:
            for at in range(self.size + HELD):
                if at < self.size:
                    out.write(token_line(at, 0, at))
                if at >= HELD:
                    out.write(token_line(at, 2, at - HELD))
        return name

    @functools.cache
    def token_changes(self, manager, feature):
        """The row changes of such a log as statements of the sqlite3 shell, in one transaction."""
        name = self.path("tokens.sql")
        with open(name, "w") as out:
            out.write("begin immediate;\n")
            for at in range(self.size + HELD):
                if at < self.size:
                    out.write(token_login(manager, feature, at))
                if at >= HELD:
                    out.write(token_logout(manager, feature, at, at - HELD))
            out.write("commit;\n")
        return name

    @functools.cache
    def contoso(self):
        """A store with the invented company of `examples/contoso`."""
        path = self.path("contoso.db")
        run(self.licctl(path, "--quiet", "import", str(ROOT / "examples" / "contoso")))
        return path

    @functools.cache
    def estate(self):
        """A store of everything at once: as many clients as `size` says and four requests of each, twice as many issued licenses,
        a twentieth as many hosts of 20 vCenters, a tenth as many licenses of a License Manager."""
        path, packs = self.path("estate.db"), self.path("estate-keypacks.csv")
        folder = self.path("estate-vcenters")
        clients, issued = self.events("info", 4 * self.size), self.licenses()
        run([self.generator, "keypacks", str(2 * self.size)], stdout=packs)
        for number in range(1, 21):
            vcenter_files(folder, number, max(self.size // 20 // 20, 20))
        answers = self.answers(max(self.size // 10, 10))
        note("importing an estate")
        for words in (["import", clients], ["tslicense", "import", packs, issued], ["import", folder],
                      ["rms", "import", answers, "--server", "lic01"]):
            run(self.licctl(path, "--quiet", *words))
        return path

    @functools.cache
    def hello(self):
        """The smallest program there is: C, static, one line of output."""
        source, program = self.path("hello.c"), self.path("hello")
        pathlib.Path(source).write_text('#include <stdio.h>\nint main(void) { puts("hello 1.0"); return 0; }\n')
        run(["gcc", "-static", "-O2", "-o", program, source])
        return program


# Logins between a login and its logout, and the second of the first one.
HELD = 50
FIRST = 1_780_300_805


def token_line(at, transaction, client):
    """A line of a usage log; its local date is that of the first second, which no figure hangs on."""
    life = HELD if transaction == 2 else 0
    return (f"2 0 - Mon Jun 01 08:00:05 2026 {FIRST + at} CAD v7.0 {transaction} 1 {life} user{client % 1000} ws{client % 1000} "
            "9.5.0 1 -\n")


def token_usage(feature_time, event, client, nth, life):
    """The row that is logged of a login or a logout."""
    return (f"insert into rms_usage values(1,'CAD','7.0',{feature_time},{event},'user{client % 1000}','ws{client % 1000}',{nth},1,"
            f"{HELD},{life},'','',20,0,0,2);\n")


def token_counts(manager, feature, used, key, event, now):
    """What the tokens come to, and the next numbers."""
    return (f"update rms_counts set used={used} where server={manager} and feature={feature};\n"
            f"update rms_counters set next_key={key},next_event={event},latest_s={now} where server={manager};\n")


def token_login(manager, feature, at):
    """The statements of a login."""
    user, now = at % 1000, FIRST + at
    return (f"insert into rms_sessions values({manager},{at + 1},{feature},'running','user{user}','ws{user}',1,0,0,null,1,null,null,"
            f"'AAAA000000000000',null,{now},{now},null,0,'DefaultGrp','','','',null,'','',0,0,'');\n"
            + token_usage(now, 0, at, -2 * at - 1, "null")
            + token_counts(manager, feature, min(at + 1, HELD), at + 2, -2 * at - 2, now))


def token_logout(manager, feature, at, client):
    """The statements of a logout."""
    now = FIRST + at
    return (f"delete from rms_sessions where server={manager} and key_id={client + 1};\n"
            + token_usage(now, 2, client, -2 * at - 2, HELD)
            + token_counts(manager, feature, HELD, at + 2, -2 * at - 3, now))


def vcenter_files(folder, number, hosts):
    """Hosts and assignments of one vCenter, in a folder of its name, as govc prints them: every tenth host begins another key, whose units are all taken."""
    uuid, keys = f"{number:08d}-5150-4c1e-9d2f-000000000001", []
    properties = [{"key": "ProductName", "value": "VMware ESX Server"}, {"key": "ProductVersion", "value": "8.0"}]
    properties += [{"key": "feature", "value": {"key": f"f{at}", "value": f"vSphere feature {at}"}} for at in range(8)]
    for at in range((hosts + 9) // 10):
        keys.append({"licenseKey": f"BENCH-{number:05d}-{at:05d}-AAAAA-AAAA1", "editionKey": "esx.standard.cpuPackage",
                     "name": "vSphere 8 Standard", "total": 24, "used": 20, "costUnit": "cpuPackage",
                     "properties": properties, "labels": [{"key": "batch", "value": str(at)}]})
    version = {"key": "ProductVersion", "value": "8.0"}
    assigned = [{"entityId": f"host-{at}", "scope": uuid, "entityDisplayName": f"vc{number:02d}-esx{at:05d}",
                 "assignedLicense": keys[at // 10], "properties": [version, {"key": "entityCost", "value": 2}]}
                for at in range(hosts)]
    hardware = {"numCpuPkgs": 2, "numCpuCores": 32, "numCpuThreads": 64}
    systems = [{"self": {"type": "HostSystem", "value": f"host-{at}"}, "name": f"vc{number:02d}-esx{at:05d}",
                "parent": {"type": "ClusterComputeResource", "value": f"domain-c{at // 32}"},
                "summary": {"hardware": hardware, "runtime": {"connectionState": "connected"}}} for at in range(hosts)]
    place = pathlib.Path(folder, f"vc{number:02d}")
    place.mkdir(parents=True, exist_ok=True)
    for name, value in (("assigned.json", assigned), ("hosts.json", {"hostSystems": systems})):
        (place / name).write_text(json.dumps(value))
    about = {"about": {"instanceUuid": uuid, "version": "8.0.3", "apiType": "VirtualCenter", "licenseProductName": "x"}}
    (place / "about.json").write_text(json.dumps(about))


def load_licenses(path, table):
    """The peer of an import of issued licenses: `sqlite3 .import` into columns of text, under the key that they are found by."""
    pathlib.Path(path).unlink(missing_ok=True)
    columns = "id int, pack int, status int, issued text, expires text, hardware text, computer text, user text, server text"
    return run(["sqlite3", path, DURABLE, "pragma cache_size=-65536",
                f"create table licenses({columns}, primary key(server, id, pack)) without rowid",
                ".mode csv", f".import --skip 1 {table} licenses"])


def license_answer(at):
    """A license as an answer to licenseInfo has it, with the elements that managers fill."""
    seats = 5 + at % 90
    elements = {"featureName": f"FEATURE-{at // 2:06}", "featureVersion": "7.0", "licType": 0, "numLicenses": seats,
                "isNodeLocked": 2, "sharingCrit": 0, "lockingCrit": 0, "holdingCrit": 0, "numSubnets": 0,
                "siteLicenseInfo": "", "vendorInfo": f"order {at:08} of the bench", "keyLifeTime": 300,
                "softNumLicenses": seats - 1, "isStandalone": 0, "checkTimeTamper": 0, "isAdditive": 2,
                "isRedundant": 0, "isCommuter": 1, "commuterMaxCheckoutDays": 30, "licenseVersion": 156237824,
                "licenseHash": f"{at * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF:016X}", "licenseState": 1,
                "birthTime": 1767225600, "deathTime": 1798761599 + at}
    lines = "".join(f"<{name}>{value}</{name}>\n" for name, value in elements.items())
    return f"<feature>\n{lines}</feature>\n"


def load_raw(path, table):
    """The peer of an import: `sqlite3 .import` of normalised text. Returns its `Run`."""
    pathlib.Path(path).unlink(missing_ok=True)
    return run(["sqlite3", path, DURABLE, "pragma cache_size=-65536", f"create table raw({COLUMNS})",
                ".mode csv", f".import --skip 1 {table} raw"])
