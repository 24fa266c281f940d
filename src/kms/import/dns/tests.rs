//! The same hosts in every form.

use super::{Form, Records, form, read};
use crate::artefact::{Notes, Sample};
use crate::kms::rules::srv::{Data, Srv};

const ZONE: &str = "; corp.example\n$ORIGIN corp.example.\n$TTL 1h\n@ IN SOA dc01 hostmaster (\n  1 ; serial\n  900 600 86400 3600 )\n  IN NS dc01\n\
    _vlmcs._tcp 3600 IN SRV 0 0 1688 kms01.corp.example.\n            IN 7200 SRV 10 100 1700 kms02\nkms01 A 192.0.2.10\nkms02 CNAME kms01\ntext TXT \"a ; (b\"\n";

const DIG: &str = "\n; <<>> DiG 9.18.1 <<>> -t srv _vlmcs._tcp.corp.example\n;; global options: +cmd\n;; ANSWER SECTION:\n\
    _vlmcs._tcp.corp.example. 3600 IN SRV 0 0 1688 kms01.corp.example.\n_vlmcs._tcp.corp.example. 7200 IN SRV 10 100 1700 kms02.corp.example.\n\n\
    ;; ADDITIONAL SECTION:\nkms01.corp.example. 3600 IN A 192.0.2.10\n\n;; Query time: 0 msec\n";

const NSLOOKUP: &str = "Server:  dc01.corp.example\nAddress:  192.0.2.1\n\n_vlmcs._tcp.corp.example\tSRV service location:\n\
    \t  priority       = 0\n\t  weight         = 0\n\t  port           = 1688\n\t  svr hostname   = kms01.corp.example\n\
    _vlmcs._tcp.corp.example\tSRV service location:\n\t  priority       = 10\n\t  weight         = 100\n\t  port           = 1700\n\t  svr hostname   = kms02.corp.example\n\
    kms01.corp.example\tinternet address = 192.0.2.10\n";

const BIND: &str = "Server:\t\t192.0.2.1\nAddress:\t192.0.2.1#53\n\n_vlmcs._tcp.corp.example\tservice = 0 0 1688 kms01.corp.example.\n_vlmcs._tcp.corp.example\tservice = 10 100 1700 kms02.corp.example.\n";

const JSON: &str = r#"[{"Name":"_vlmcs._tcp.corp.example","Type":33,"TTL":3600,"NameTarget":"kms01.corp.example","Port":1688,"Priority":0,"Weight":0},
    {"Name":"_vlmcs._tcp.corp.example","Type":"SRV","TTL":7200,"NameTarget":"kms02.corp.example","Port":1700,"Priority":10,"Weight":100},
    {"Name":"kms01.corp.example","Type":1,"TTL":3600,"IPAddress":"192.0.2.10"}]"#;

const CSV: &str = "#TYPE Microsoft.DnsClient.Commands.DnsRecord_SRV\n\"Name\",\"Type\",\"TTL\",\"NameTarget\",\"Priority\",\"Weight\",\"Port\"\n\
    \"_vlmcs._tcp.corp.example\",\"SRV\",\"3600\",\"kms01.corp.example\",\"0\",\"0\",\"1688\"\n\"_vlmcs._tcp.corp.example\",\"SRV\",\"7200\",\"kms02.corp.example\",\"10\",\"100\",\"1700\"\n";

fn told(text: &str, origin: Option<&str>) -> (Form, Records, Notes) {
    let form = form(&Sample { name: "x", bytes: text.as_bytes(), text }).unwrap();
    let mut notes = Notes::default();
    let found = read(form, &mut text.as_bytes(), origin, &mut notes).unwrap();
    (form, found, notes)
}

#[test]
fn the_same_hosts_are_read_in_every_form() {
    let srv = |priority, weight, port, target: &str| Srv {
        priority,
        weight,
        port,
        target: target.to_owned(),
    };
    let expected =
        [srv(0, 0, 1688, "kms01.corp.example"), srv(10, 100, 1700, "kms02.corp.example")];
    for (text, form, ttl) in [
        (ZONE, Form::Zone, Some(7200)),
        (DIG, Form::Dig, Some(7200)),
        (NSLOOKUP, Form::Nslookup, None),
        (BIND, Form::Nslookup, None),
        (JSON, Form::Json, Some(7200)),
        (CSV, Form::Csv, Some(7200)),
    ] {
        let (told, found, notes) = told(text, None);
        assert_eq!(told, form);
        assert!(notes.complaints.is_empty(), "{form:?} {:?}", notes.complaints);
        let hosts: Vec<&Srv> =
            found.records.iter().filter_map(|record| record.kms()).map(|(srv, _)| srv).collect();
        assert_eq!(hosts, [&expected[0], &expected[1]], "{form:?}");
        assert_eq!(found.records[1].ttl, ttl, "{form:?}");
        assert!(found.records.iter().all(|record| record.owner.ends_with("corp.example")));
        assert_eq!(found.zones.is_empty(), form != Form::Zone, "{form:?}");
    }
    let (_, zone, _) = told(ZONE, None);
    assert_eq!(zone.zones, ["corp.example"]);
    let kinds: Vec<&Data> = zone.records.iter().skip(2).map(|record| &record.data).collect();
    assert_eq!(kinds, [&Data::Address, &Data::Alias]);
}

#[test]
fn a_name_without_its_dot_belongs_to_the_origin() {
    let zone = "$ORIGIN corp.example.\n_vlmcs._tcp SRV 0 0 1688 kms01.corp.example\n";
    let (_, found, _) = told(zone, None);
    let Data::Srv(srv) = &found.records[0].data else { panic!() };
    assert_eq!(srv.target, "kms01.corp.example.corp.example");
    let (_, found, _) = told("_vlmcs._tcp SRV 0 0 1688 kms01\n", Some("corp.example."));
    assert_eq!(found.records[0].owner, "_vlmcs._tcp.corp.example");
    let (_, found, _) = told("_vlmcs._tcp SRV 0 0 1688 .\n", Some("corp.example"));
    let Data::Srv(srv) = &found.records[0].data else { panic!() };
    assert_eq!(srv.target, ".");
}

#[test]
fn what_is_no_record_is_complained_of_by_its_line() {
    for (text, line) in [
        ("$ORIGIN a.\nx SRV 0 0 1688\n", 2),
        ("$ORIGIN a.\nx SRV 0 0 99999 kms1\n", 2),
        ("$TTL 5\nx SOA (\n", 2),
        ("$TTL 5\nx NONSENSE y\n", 2),
        ("$TTL 5\nx\n", 2),
        ("$TTL 5\n  A 192.0.2.1\n", 2),
    ] {
        let (_, _, notes) = told(text, None);
        assert_eq!(notes.complaints.count(), 1, "{text}");
        assert_eq!(notes.complaints.kept[0].place, crate::error::Place::Line(line), "{text}");
    }
    assert_eq!(told("$INCLUDE x\n$TTL 5\n", None).2.warnings.len(), 1);
    for other in ["", "hello\n", "{\"a\":1}", "Name,Value\n"] {
        let sample = Sample { name: "x", bytes: other.as_bytes(), text: other };
        assert_eq!(form(&sample), None, "{other}");
    }
}
