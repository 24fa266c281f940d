//! Listings of every layout, and what is said when there is none.

use super::{read, sniff};
use crate::artefact::{Fit, Notes, Sample};
use crate::error::Stop;
use crate::rms::catalog::elements::named;
use crate::rms::import::local::Local;
use crate::rms::import::records::{ClientFacts, ClientState, FeatureFacts, PoolMember};
use crate::rms::import::{Options, Record};
use crate::rms::model::license::{Elements, License};

const PRESENT: &str = include_str!("present.txt");
const OLD: &str = include_str!("old.txt");

#[derive(Default)]
struct Read {
    licenses: Vec<License>,
    features: Vec<FeatureFacts>,
    clients: Vec<ClientFacts>,
    host: Option<String>,
    pool: Vec<PoolMember>,
    empty: bool,
    notes: Notes,
}

impl Read {
    fn warned(&self) -> Vec<&str> {
        self.notes.warnings.iter().map(|warning| warning.code).collect()
    }
}

fn taken(text: &str, local: Local<'_>) -> Result<Read, Stop> {
    let (mut found, mut notes) = (Read::default(), Notes::default());
    let options = Options { local, ..Options::default() };
    read(&mut text.as_bytes(), options, &mut notes, &mut |_, record| {
        match record {
            Record::License(license) => found.licenses.push(*license),
            Record::Feature(facts) => found.features.push(*facts),
            Record::Client(client) => found.clients.push(*client),
            Record::Server(told) => found.host = told.name,
            Record::Pool(member) => found.pool.push(member),
            Record::Empty => found.empty = true,
            other => panic!("{other:?}"),
        }
        Ok(())
    })?;
    found.notes = notes;
    Ok(found)
}

fn all(text: &str) -> Read {
    taken(text, Local::Ahead(0)).unwrap()
}

fn number(elements: &Elements, name: &str) -> i64 {
    elements.number(named(name).unwrap())
}

/// A listing of one feature with these lines.
fn feature(lines: &str) -> Read {
    all(&format!("|- Feature Information\n|- Feature name : \"A\"\n{lines}"))
}

fn says(line: &str, name: &str) -> i64 {
    let read = feature(&format!("|- {line}\n"));
    assert!(read.features[0].elements.has(named(name).unwrap()), "{line}: {:?}", read.notes);
    number(&read.features[0].elements, name)
}

#[test]
fn the_present_layout_reads_whole() {
    let read = taken(PRESENT, Local::Ahead(7200)).unwrap();
    assert!(read.notes.warnings.is_empty() && read.notes.complaints.is_empty(), "{:?}", read.notes);
    assert_eq!(read.host.as_deref(), Some("lic01.example.org"));
    let facts = &read.features[0];
    assert_eq!(facts.feature.to_string(), "WIDGET 4.2");
    let of = |name: &str| number(&facts.elements, name);
    assert_eq!((of("licenseVersion"), of("numLicenses")), (156_237_824, 12));
    assert_eq!((of("deathTime"), of("isAdditive"), of("isNodeLocked")), (1_798_754_399, 2, 1));
    assert_eq!((of("checkTimeTamper"), of("vmDetection"), of("keyLifeTime")), (0, 0, 300));
    assert_eq!((of("isCommuter"), of("commutedKeys"), of("softNumLicenses")), (1, 1, 10));
    assert_eq!((facts.counters.in_use(), facts.counters.unreserved_free), (Some(3), Some(9)));
    let client = &read.clients[0];
    assert_eq!((client.user_name.as_str(), client.start_time), ("ann", Some(1_780_306_200)));
    assert_eq!((client.state, client.group.as_str()), (ClientState::Running, "DefaultGrp"));
}

#[test]
fn the_layout_of_old_kits_reads_with_its_words() {
    let read = all(OLD);
    assert!(read.notes.warnings.is_empty() && read.notes.complaints.is_empty(), "{:?}", read.notes);
    let facts = &read.features[0];
    let of = |name: &str| number(&facts.elements, name);
    assert_eq!((facts.feature.name.as_str(), facts.feature.version.as_str()), ("gadget", ""));
    assert_eq!((of("numLicenses"), of("isNodeLocked"), of("isAdditive")), (6, 2, 0));
    assert_eq!((of("holdingCrit"), of("commutedKeys"), of("deathTime")), (1, 1, 0));
    assert_eq!(of("softNumLicenses"), i64::from(facts.elements.unlimited()));
    assert_eq!((facts.counters.in_use(), facts.counters.unreserved_free), (Some(4), Some(2)));
    assert_eq!((read.clients.len(), read.clients[0].state), (1, ClientState::Commuted));
    let twice = all(&format!("{OLD}\n{OLD}"));
    assert_eq!((twice.features.len(), twice.clients.len()), (2, 2));
}

#[test]
fn licenses_and_clients_come_in_any_order() {
    let license = |hash: &str| {
        format!(
            "   |- License Information\n     |- License Hash : {hash}\n     |- License storage name : D:\\RMS\\a: b\\lservrc\n     |- License status : Active\n     |- Maximum concurrent user(s) : 4\n"
        )
    };
    let client = "   |- Client Information\n     |- User name : ann\n     |- Host name : ws\n     |- Status : This license is being held.\n";
    let text =
        format!("{}{client}{}{client}", license("0011223344556677"), license("8899aabbccddeeff"));
    let read = feature(&text);
    assert_eq!((read.licenses.len(), read.clients.len()), (2, 2));
    let license = &read.licenses[0];
    assert_eq!(license.feature().name, "A");
    assert_eq!(license.elements.text(named("licenseStorage").unwrap()), "D:\\RMS\\a: b\\lservrc");
    assert_eq!(read.licenses[1].hash(), Some("8899AABBCCDDEEFF"));
    assert!(!read.features[0].alone && read.clients[1].state == ClientState::Held);
}

#[test]
fn values_are_read_by_their_grammar() {
    for (line, name, expected) in [
        (
            "Additive/exclusive/aggregate : Aggregate license(Additive without restrictions).",
            "isAdditive",
            2,
        ),
        ("Check time tamper : No", "checkTimeTamper", 1),
        ("Allowed on VM : NO", "vmDetection", 1),
        (
            "Maximum commuter checkout days : Restricted to license expiry date",
            "commuterMaxCheckoutDays",
            0,
        ),
        ("Maximum commuter checkout days : 30 days", "commuterMaxCheckoutDays", 30),
        ("Hold time : 10 min(s)", "holdTime", 600),
        ("Token lifetime (heartbeat) : Infinite.", "keyLifeTime", 4_294_967_295),
        ("License Version : Not defined", "licenseVersion", 4_294_967_295),
        ("License Version : Older than Sentinel RMS Development Kit 7.0.0", "licenseVersion", 0),
        ("Expiration date : License has no expiration", "deathTime", 0),
        ("License start date : License is current.", "birthTime", 0),
        ("Majority rule : ON.", "majorityRule", 1),
        ("Trial elapsed hours : 2", "trialSeconds", 7200),
        ("Local request must lock to : Disk ID, Hostname", "localRequestLockCritRequired", 12),
        ("Local request lock items : 3 (required & float)", "localRequestLockCritMinNum", 3),
        ("Sharing criterion : Vendor defined criteria based sharing.", "sharingCrit", 4),
        ("License type : \"Trial License\"", "licType", 1),
        ("License type : \"Perpetual License\"", "isStandalone", 2),
        ("License type : \"Grace License\"", "gracePeriodFlag", 1),
    ] {
        assert_eq!(says(line, name), expected, "{line}");
    }
}

#[test]
fn unlimited_depends_on_the_version_wherever_that_stands() {
    let of = |version: &str| {
        says(
            &format!("Maximum concurrent user(s) : Unlimited\n|- License Version : {version}"),
            "numLicenses",
        )
    };
    assert_eq!((of("0x09500000"), of("0x08600000")), (4_294_967_294, 2_097_150));
}

#[test]
fn two_pairs_may_stand_on_one_line() {
    let read = feature("Unreserved keys in use : 4 Available unreserved : 6\n");
    let counters = read.features[0].counters;
    assert_eq!((counters.unreserved_in_use, counters.unreserved_free), (Some(4), Some(6)));
    let derived = feature("Maximum concurrent user(s) : 10\nUnreserved tokens in use : 4\n");
    assert_eq!(derived.features[0].counters.unreserved_free, Some(6));
}

#[test]
fn names_keep_the_quotes_within() {
    let read = all(
        "|- Feature Information\n  |- Feature name : \"A \"x\"\"  \t\n  |- Feature version : \"\"\n",
    );
    assert_eq!(read.features[0].feature.name, "A \"x\"");
}

#[test]
fn what_means_nothing_is_kept_and_told() {
    let read = feature("|- Capacity type : None\n|- Betriebsart : 3\n|- Sharing limit : many\n");
    assert_eq!(read.warned(), ["W_UNKNOWN_LABEL", "W_BAD_VALUE", "W_NO_LIMIT"]);
    assert_eq!(read.notes.warnings[1].place, "line 5");
}

#[test]
fn dates_without_a_zone_are_told() {
    let line = "|- Client Information\n|- User name : a\n|- Status : Running since Mon Jun  1 04:00:00 2026\n";
    let text = format!("|- Feature Information\n|- Feature name : \"A\"\n{line}");
    let told = taken(&text, Local::Untold).unwrap();
    assert_eq!(told.warned().last(), Some(&"W_LOCAL_TIME_ASSUMED_UTC"));
    for day in [" 1", "01"] {
        let text = text.replace("Jun  1", &format!("Jun {day}"));
        let read = taken(&text, Local::Ahead(-4 * 3600)).unwrap();
        assert_eq!(read.clients[0].start_time, Some(1_780_300_800));
    }
}

#[test]
fn a_listing_that_reached_nobody_is_no_empty_estate() {
    for text in [
        "Unable to contact any servers. Probably no servers running on this subnet.\n",
        "  Server name not set, or monitor cannot talk to the server.\n Try setting the LSHOST environment variable.\n",
    ] {
        match taken(text, Local::Untold) {
            Err(Stop::BadArtefact(complaints)) => {
                assert!(complaints.kept[0].message.contains("(210017)"), "{complaints:?}");
            }
            other => panic!("{:?}", other.map(|read| read.features.len())),
        }
    }
    let empty = all("There is no license in the server lic01\n");
    assert!(empty.empty && empty.features.is_empty());
    assert!(taken("Press Enter to continue . . .\n", Local::Untold).is_err());
}

#[test]
fn of_a_polling_listing_the_last_whole_round_counts() {
    let cut: String = PRESENT.lines().take(6).map(|line| format!("{line}\n")).collect();
    let read = all(&format!("{}{PRESENT}{cut}", PRESENT.replace("12\n", "11\n")));
    assert_eq!(read.features.len(), 1);
    assert_eq!(number(&read.features[0].elements, "numLicenses"), 12);
    assert_eq!(read.warned(), ["W_POLLS"]);
}

#[test]
fn of_all_polls_each_feature_counts_as_it_was_listed_last() {
    let other = PRESENT.replace("\"WIDGET\"", "\"GADGET\"");
    let rounds = format!("{other}{}{PRESENT}", PRESENT.replace("12\n", "11\n"));
    let options = Options { all_polls: true, ..Options::default() };
    let (mut found, mut notes) = (Vec::new(), Notes::default());
    super::read(&mut rounds.as_bytes(), options, &mut notes, &mut |_, record| {
        match record {
            Record::Feature(facts) => {
                found.push((facts.feature.name.clone(), number(&facts.elements, "numLicenses")));
            }
            Record::Client(client) => assert!(client.feature.is_some()),
            _ => {}
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(found, [("WIDGET".to_owned(), 12), ("GADGET".to_owned(), 12)]);
}

#[test]
fn a_listing_is_known_by_its_banner_or_its_labels() {
    let sniffed = |text: &str| sniff(&Sample { name: "", bytes: text.as_bytes(), text });
    assert_eq!((sniffed(PRESENT), sniffed(OLD)), (Fit::Yes(8), Fit::Yes(6)));
    for other in ["", "User name : ann\n", "{}", "a,b\n1,2\n"] {
        assert_eq!(sniffed(other), Fit::No, "{other}");
    }
}

proptest::proptest! {
    #[test]
    fn no_listing_makes_the_reader_panic(lines in proptest::collection::vec("[ |:\"a-zA-Z0-9#.-]{0,40}", 0..12), label in 0..96_usize, value in "\\PC{0,40}") {
        let _ = taken(&lines.join("\n"), Local::Untold);
        let _ = taken(&format!("{PRESENT}{}", lines.join("\n")), Local::Ahead(7200));
        let (label, _) = super::labels::LABELS[label];
        let _ = taken(&format!("{OLD}{label} : {value}\n"), Local::Untold);
    }
}

/// The table of redundant License Managers, as lsmon prints it below a feature.
const TABLE: &str = "|- Redundant server status        :
                   Server Name/Address :  Units           Units        Units
                                            Allocation      Issued    Commuter
                                 lic01 :          10           4           1
                              10.1.2.3 :          10           0           0
";

#[test]
fn the_table_of_redundant_servers_tells_the_pool_and_who_issued_what() {
    let limit = "|- Maximum concurrent user(s) : 20\n|- Redundant servers : 2\n";
    let found = feature(&format!("{limit}{TABLE}|- Majority rule : ON.\n"));
    let members: Vec<(&str, &str, bool, bool)> = found
        .pool
        .iter()
        .map(|one| (one.host_name.as_str(), one.ip_address.as_str(), one.leader, one.up))
        .collect();
    assert_eq!(members, [("lic01", "", true, true), ("", "10.1.2.3", false, true)]);
    let facts = &found.features[0];
    assert_eq!(number(&facts.elements, "numServers"), 2);
    assert_eq!(number(&facts.elements, "majorityRule"), 1);
    let kept: Vec<&str> = facts.extras.iter().map(|extra| extra.xml.as_str()).collect();
    assert_eq!(
        kept,
        ["<redundantServerStatus><server><hostName>lic01</hostName><allocation>10</allocation>\
          <issued>4</issued><commuter>1</commuter></server><server><hostName>10.1.2.3</hostName>\
          <allocation>10</allocation><issued>0</issued><commuter>0</commuter></server></redundantServerStatus>"]
    );
    assert_eq!(found.warned(), [""; 0]);
}

#[test]
fn a_server_that_two_features_list_is_one_of_the_pool() {
    let one = format!("|- Feature Information\n|- Feature name : \"A\"\n{TABLE}");
    let two = format!("|- Feature Information\n|- Feature name : \"B\"\n{TABLE}");
    assert_eq!(all(&format!("{one}{two}")).pool.len(), 2);
}

#[test]
fn what_stands_outside_of_the_table_is_no_row_of_it() {
    let row = "lic01 10 4 1\n";
    let found = feature(&format!("{row}{TABLE}|- Sharing limit : 3\n{row}"));
    assert_eq!(found.pool.len(), 2);
    assert_eq!(found.notes.warnings[0].code, "W_JUNK_TEXT");
}

#[test]
fn what_is_told_of_a_feature_beside_its_labels_is_kept_with_its_first_license() {
    let license = "|- License Information\n|- License Hash : 00112233445566";
    let found = feature(&format!("|- Capacity type : Pooled\n{TABLE}{license}77\n{license}88\n"));
    let names = |at: usize| {
        let license: &License = &found.licenses[at];
        license.extras.iter().map(|extra| extra.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(0), ["capacityType", "redundantServerStatus"]);
    assert_eq!(names(1), [""; 0]);
}
