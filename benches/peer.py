#!/usr/bin/env python3
"""What a careful administrator's script does with a KMS log: parse it, remember the clients, store both in SQLite.

Usage: peer.py IN.csv|IN.evtx OUT.db

The CSV is `generate events N info`: time, record, and the nine fields of event 12290 in one. For EVTX the package
`evtx` must be installed; it wraps the same reader that licctl uses. Prints the numbers of events and clients.
"""

import csv
import json
import os
import sqlite3
import sys


def from_csv(path):
    """Yields (time, record, list of fields) of each row of the table."""
    with open(path, newline="") as table:
        rows = csv.reader(table)
        next(rows)
        for time, record, fields in rows:
            yield time, int(record), fields


def from_evtx(path):
    """Yields the same of each record of a binary log."""
    import evtx

    for record in evtx.PyEvtxParser(path, number_of_threads=1).records_json():
        event = json.loads(record["data"])["Event"]
        system, data = event["System"], event["EventData"]["Data"]
        while isinstance(data, (dict, list)):
            data = data["#text"] if isinstance(data, dict) else data[0]
        yield system["TimeCreated"]["#attributes"]["SystemTime"], system["EventRecordID"], data


def main():
    source, target = sys.argv[1:3]
    if os.path.exists(target):
        os.remove(target)
    clients, events = {}, []
    for time, record, info in (from_evtx if source.endswith(".evtx") else from_csv)(source):
        field = info.split(",")
        code, name, cmid, status, product = int(field[0], 16), field[2], field[3], int(field[6]), field[8]
        client = clients.get(cmid)
        if client is None:
            client = clients[cmid] = [len(clients) + 1, name, product, status, time, time, 0]
        client[6] += 1
        if time >= client[5]:
            client[5], client[3] = time, status
        events.append((1, record, time, client[0], status, product, code))
    store = sqlite3.connect(target)
    store.execute(
        "create table clients(id integer primary key, cmid text unique, fqdn, product, status, first, last, requests)"
    )
    store.execute(
        "create table events(source, record, time, client, status, product, code,"
        " primary key(source, record)) without rowid"
    )
    rows = ((c[0], cmid, *c[1:]) for cmid, c in clients.items())
    store.executemany("insert into clients values(?,?,?,?,?,?,?,?)", rows)
    store.executemany("insert into events values(?,?,?,?,?,?,?)", events)
    store.commit()
    print(len(events), len(clients))


if __name__ == "__main__":
    main()
