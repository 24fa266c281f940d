//! Streams of answers, in order and not.

use super::{read, sniff};
use crate::api::Source;
use crate::artefact::{Fit, Notes, Sample};
use crate::error::Place;
use crate::rms::catalog::elements::{SAMPLED, named};
use crate::rms::catalog::queries::QueryVersion;
use crate::rms::export::sentinelinfo::{Extent, document};
use crate::rms::import::records::ClientState;
use crate::rms::import::{Options, READERS, Record, Taken};
use crate::rms::model::license::{Elements, Extra, License, Origin, Value};
use crate::rms::model::server::ServerInfo;
use proptest::prelude::{Strategy, any, proptest};

struct Read {
    licenses: Vec<License>,
    servers: Vec<ServerInfo>,
    skipped: u64,
    others: Vec<Record>,
    notes: Notes,
}

impl Read {
    fn warned(&self) -> Vec<&str> {
        self.notes.warnings.iter().map(|warning| warning.code).collect()
    }

    fn complaints(&self) -> Vec<String> {
        let kept = self.notes.complaints.kept.iter();
        kept.map(|bad| format!("{}: {}", bad.place, bad.message)).collect()
    }

    fn number(&self, name: &str) -> i64 {
        self.licenses[0].elements.number(named(name).unwrap())
    }

    fn text(&self, name: &str) -> &str {
        self.licenses[0].elements.text(named(name).unwrap())
    }
}

fn taken(text: &str, options: Options) -> Read {
    let mut found = Read {
        licenses: Vec::new(),
        servers: Vec::new(),
        skipped: 0,
        others: Vec::new(),
        notes: Notes::default(),
    };
    let mut notes = Notes::default();
    read(&mut text.as_bytes(), options, &mut notes, &mut |_, record| {
        match record {
            Record::License(license) => found.licenses.push(*license),
            Record::Server(told) => found.servers.push(told.info),
            Record::Skipped => found.skipped += 1,
            other => found.others.push(other),
        }
        Ok(())
    })
    .unwrap();
    found.notes = notes;
    found
}

fn all(text: &str) -> Read {
    taken(text, Options::default())
}

/// A document of one license with these elements beside a name and a hash.
fn one(elements: &str) -> String {
    format!(
        "<sentinelInfo><feature><featureName>CAD</featureName><numLicenses>1</numLicenses>{elements}\
         <licenseHash>D3C802D6979EA395</licenseHash></feature></sentinelInfo>"
    )
}

/// The answer that the page prints.
const PAGE: &str = include_str!("page.xml");

#[test]
fn the_answer_of_the_page_reads_whole_and_writes_to_the_letter() {
    let read = all(PAGE);
    assert_eq!(read.complaints(), Vec::<String>::new());
    // `string` stands where the page has an example of its own.
    assert_eq!(read.warned(), ["W_BAD_CLLOCK"]);
    let license = &read.licenses[0];
    assert_eq!(license.elements.present().count(), SAMPLED);
    assert_eq!(read.text("serverLockingInfo"), "$$$0$$$");
    assert_eq!(read.text("siteLicenseInfo"), "*.*.*.*");
    for extent in [Extent::Sample, Extent::Given] {
        assert_eq!(document(license, extent, QueryVersion::V1_1), PAGE);
    }
    assert_eq!(document(license, Extent::All, QueryVersion::V1_1).lines().count(), 74 + 1);
}

#[test]
fn looping_scripts_put_documents_one_behind_the_other() {
    let text =
        format!("<?xml version=\"1.0\"?>\n{}\n\n<?xml version=\"1.0\"?>\r\n{}\n", one(""), one(""));
    let read = all(&text);
    assert_eq!((read.licenses.len(), read.notes.warnings.len()), (2, 0));
    // Several features in one document, and documents without a declaration.
    let two = one("").replace("</sentinelInfo>", "<feature><featureName>B</featureName><licenseState>1</licenseState></feature></sentinelInfo>");
    assert_eq!(all(&format!("{two}{two}")).licenses.len(), 4);
}

#[test]
fn text_between_documents_is_passed_over_or_refused() {
    let text = format!("<?xml version=\"1.0\"?>\n{}\nstatus = 210139\n", one(""));
    let lenient = all(&text);
    assert_eq!((lenient.licenses.len(), lenient.warned()), (1, vec!["W_JUNK_TEXT"]));
    assert_eq!(lenient.notes.warnings[0].place, "line 2");
    let strict = taken(&text, Options { strict: true, ..Options::default() });
    assert_eq!(strict.complaints(), ["line 2: `status = 210139` stands outside of any element"]);
}

#[test]
fn a_document_that_is_cut_off_does_not_swallow_the_next() {
    let whole = format!("<?xml version=\"1.0\"?>{}\n", one(""));
    for cut in 40..whole.len() - 17 {
        let text = format!("{whole}{}\n{whole}", &whole[..cut]);
        let read = all(&text);
        assert_eq!(read.licenses.len(), 2, "{cut}");
        assert_eq!(read.notes.complaints.count(), 1, "{cut}: {:?}", read.complaints());
        assert!(read.complaints()[0].contains("document 2: "), "{:?}", read.complaints());
    }
}

#[test]
fn elements_come_in_any_order_and_missing_ones_are_missing() {
    let read = all(
        "<sentinelInfo><feature><licenseState>1</licenseState><numLicenses>5</numLicenses><featureName>A</featureName></feature></sentinelInfo>",
    );
    assert_eq!(read.licenses[0].elements.present().count(), 3);
    assert_eq!(read.number("keyLifeTime"), 300);
    assert_eq!(read.licenses[0].feature().version, "");
}

#[test]
fn an_element_that_stands_twice_must_say_the_same() {
    let same = all(&one("<numLicenses>01</numLicenses>"));
    assert_eq!((same.licenses.len(), same.warned()), (1, vec!["W_DUPLICATE_ELEMENT"]));
    let other = all(&one("\n<numLicenses>6</numLicenses>"));
    assert!(other.licenses.is_empty());
    assert_eq!(other.complaints(), ["line 2: `numLicenses` stands twice, with two values"]);
}

#[test]
fn what_no_row_knows_is_kept_to_the_letter() {
    let quantum = "<quantumSeats unit=\"q &amp; &quot;r&quot;\">3<deep>&lt;x</deep> tail<empty/></quantumSeats>";
    let read = all(&one(quantum));
    assert_eq!(read.warned(), ["W_UNKNOWN_ELEMENT"]);
    let extra = &read.licenses[0].extras[0];
    assert_eq!(extra.name, "quantumSeats");
    assert_eq!(extra.xml, quantum.replace("<empty/>", "<empty></empty>"));
    let written = document(&read.licenses[0], Extent::Given, QueryVersion::V1_1);
    assert_eq!(all(&written).licenses, read.licenses);
    let sample = document(&read.licenses[0], Extent::Sample, QueryVersion::V1_1);
    assert!(!sample.contains("quantumSeats"));
}

#[test]
fn a_name_of_another_case_is_another_name() {
    let text = "<sentinelInfo><feature><featurename>A</featurename><licenseState>1</licenseState></feature></sentinelInfo>";
    let read = all(text);
    assert_eq!(
        read.notes.warnings[0].message,
        "`featurename` is unknown and kept; did you mean `featureName`?"
    );
    assert_eq!(
        read.complaints(),
        ["line 1: the license has no `featureName` (SNTL_INVALID_LICENSE, 210092)"]
    );
}

#[test]
fn a_value_with_elements_or_attributes_in_it_is_told() {
    let nested = all(&one("<eid><x/></eid>"));
    assert_eq!(nested.complaints(), ["line 1: `eid` holds an element `x`"]);
    assert!(nested.licenses.is_empty());
    let attributed = all(&one("<eid type='x'>E</eid>"));
    assert_eq!(
        (attributed.text("eid"), attributed.warned()),
        ("E", vec!["W_UNEXPECTED_ATTRIBUTE"])
    );
}

#[test]
fn a_namespace_is_left_out_of_account() {
    let text = one("").replace("sentinelInfo>", "a:sentinelInfo>").replacen(
        "<a:sentinelInfo",
        "<a:sentinelInfo xmlns:a='u'",
        1,
    );
    let read = all(&text);
    assert_eq!((read.licenses.len(), read.warned()), (1, vec!["W_NAMESPACE"]));
    let default = one("").replacen("<sentinelInfo", "<sentinelInfo xmlns='u'", 1);
    assert_eq!(all(&default).warned(), ["W_NAMESPACE"]);
}

#[test]
fn texts_are_decoded_and_vendor_texts_keep_their_blanks() {
    let read = all(&one(
        "<vendorInfo>  A&amp;B &lt;x&gt; </vendorInfo><eid> E </eid><aid><![CDATA[a&b]]></aid>",
    ));
    assert_eq!(read.text("vendorInfo"), "  A&B <x> ");
    assert_eq!((read.text("eid"), read.text("aid")), ("E", "a&b"));
    let written = document(&read.licenses[0], Extent::Given, QueryVersion::V1_1);
    assert!(written.contains("<vendorInfo>  A&amp;B &lt;x&gt; </vendorInfo>"));
}

#[test]
fn hostile_documents_are_refused_before_anything_is_expanded() {
    for text in [
        "<!DOCTYPE sentinelInfo [<!ENTITY a \"b\">]><sentinelInfo/>",
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><sentinelInfo>&b;</sentinelInfo>",
        "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><sentinelInfo/>",
        "<sentinelInfo><feature><featureName>A&x;</featureName></feature></sentinelInfo>",
        "<sentinelInfo><feature><featureName>A&#0;</featureName><licenseState>1</licenseState></feature></sentinelInfo>",
        "<sentinelInfo><feature><featureName>A&#1;</featureName><licenseState>1</licenseState></feature></sentinelInfo>",
        "<sentinelInfo><feature>",
        "",
    ] {
        let read = all(text);
        assert!(read.licenses.is_empty() && !read.notes.complaints.is_empty(), "{text}");
    }
    let bare = all(&one("<vendorInfo>A&B</vendorInfo>"));
    assert!(bare.licenses.is_empty() && bare.notes.complaints.count() == 1);
}

#[test]
fn an_obsolete_element_fills_the_one_that_replaced_it() {
    let read =
        all(&one("<trialElapsedHours>2</trialElapsedHours><trialDaysCount>30</trialDaysCount>"));
    assert_eq!((read.number("trialSeconds"), read.number("trialDays")), (7200, 30));
    let both = all(&one("<trialElapsedHours>2</trialElapsedHours><trialSeconds>0</trialSeconds>"));
    assert_eq!((both.number("trialSeconds"), both.number("trialElapsedHours")), (0, 0));
}

#[test]
fn what_is_odd_is_told_and_grave_oddities_are_refused_when_strict() {
    let odd = one("<isAdditive>7</isAdditive><lockingCrit>32</lockingCrit>");
    assert_eq!(all(&odd).warned(), ["W_LEGACY_LOCK_BIT", "W_UNKNOWN_ENUM"]);
    assert!(taken(&odd, Options { strict: true, ..Options::default() }).licenses.is_empty());
    let legacy = one("<lockingCrit>32</lockingCrit>");
    assert_eq!(taken(&legacy, Options { strict: true, ..Options::default() }).licenses.len(), 1);
}

#[test]
fn a_site_that_no_address_can_be_held_against_is_refused() {
    let site = |pattern: &str| {
        let inner =
            format!("<numSubnets>1</numSubnets><siteLicenseInfo>{pattern}</siteLicenseInfo>");
        let read = all(&one(&inner));
        (read.licenses.len(), read.notes.complaints.count())
    };
    assert_eq!(site("10.1.*.*"), (1, 0));
    for wrong in ["10.1.*", "10.1.*.256", "fe80::*", "ten"] {
        assert_eq!(site(wrong), (0, 1), "{wrong}");
    }
}

#[test]
fn bytes_before_the_first_document_that_do_not_decode_are_the_fault_of_the_file() {
    let reader = READERS.iter().find(|reader| reader.kind.name == "rms.sentinelinfo").unwrap();
    let mut bytes = std::io::Cursor::new(b"\x80\xC2\x00 noise".as_slice());
    let mut notes = Notes::default();
    let options = Options::default();
    reader.read(Source::Bytes(&mut bytes), options, &mut notes, &mut |_, _| Ok(())).unwrap();
    assert_eq!(notes.complaints.count(), 1);
}

#[test]
fn a_feature_is_told_with_its_counters_and_its_clients_follow_it() {
    let read = all(
        "<sentinelInfo><feature><featureName>A</featureName><featureVersion>7</featureVersion><numLicenses>5</numLicenses>\
         <commutedKeys>1</commutedKeys><totalResv>2</totalResv><licFromResv>1</licFromResv><licFromFreePool>3</licFromFreePool>\
         </feature></sentinelInfo>\n\
         <sentinelInfo><client><userName>ann</userName><hostName>ws1</hostName><numUnits>2</numUnits><isHolding>1</isHolding>\
         <isCommuted>0</isCommuted><startTime>1780306200</startTime></client></sentinelInfo>\n\
         <sentinelInfo><client><featureName>B</featureName><userName>bob</userName><isHolding>0</isHolding></client></sentinelInfo>",
    );
    let [Record::Feature(feature), Record::Client(ann), Record::Client(bob)] =
        read.others.as_slice()
    else {
        panic!("{:?}", read.others)
    };
    assert_eq!(feature.feature.to_string(), "A 7");
    assert_eq!((feature.counters.in_use(), feature.counters.reserved), (Some(4), Some(2)));
    assert_eq!(ann.feature.as_ref(), Some(&feature.feature));
    assert_eq!((ann.num_units, ann.start_time), (Some(2), Some(1_780_306_200)));
    assert_eq!(ann.state, ClientState::Running);
    assert_eq!(bob.feature.as_ref().unwrap().name, "B");
    assert_eq!(bob.state, ClientState::Held);
    assert!(read.notes.warnings.iter().all(|one| one.code == "W_NO_LIMIT"), "{:?}", read.notes);
}

#[test]
fn a_counter_or_a_number_of_units_that_is_none_is_told() {
    let feature = "<sentinelInfo><feature><featureName>A</featureName><totalResv>x</totalResv></feature></sentinelInfo>";
    assert_eq!(all(feature).notes.complaints.count(), 1);
    let client = "<sentinelInfo><client><numUnits>1,000</numUnits></client></sentinelInfo>";
    let read = all(client);
    assert!(read.others.is_empty() && read.notes.complaints.count() == 1);
}

#[test]
fn a_pool_is_told_in_the_order_of_preference() {
    let member = |kind: &str, status: &str, name: &str| {
        format!(
            "<server><type>{kind}</type><status>{status}</status><hostName>{name}</hostName>\
             <ipAddress>10.0.0.1</ipAddress></server>"
        )
    };
    let members = member("FOLLOWER", "UP", "b") + &member("LEADER", "UP", "a");
    let read = all(&format!("<sentinelInfo><serverPool>{members}</serverPool></sentinelInfo>"));
    let names: Vec<&str> = read
        .others
        .iter()
        .map(|other| match other {
            Record::Pool(member) => member.host_name.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn answers_to_queries_that_tell_nothing_of_licenses_are_counted_and_left_out() {
    let read = all("<sentinelInfo><status><statusCode>0</statusCode></status></sentinelInfo>");
    assert_eq!((read.skipped, read.warned()), (1, vec!["W_NOT_KEPT"]));
}

#[test]
fn what_was_made_to_harm_its_reader_is_refused() {
    let inside = |what: &str| {
        all(&format!(
            "<sentinelInfo><feature><featureName>A</featureName>{what}<licenseHash>D3C802D6979EA395</licenseHash></feature></sentinelInfo>"
        ))
    };
    let deep = |depth: usize| format!("{}{}", "<x>".repeat(depth), "</x>".repeat(depth));
    let many = |count: usize| {
        let attributes: String = (0..count).map(|at| format!(" a{at}='1'")).collect();
        format!("<x{attributes}/>")
    };
    let named = |length: usize| format!("<{}/>", "x".repeat(length));
    for (good, bad) in [(deep(14), deep(15)), (many(64), many(65)), (named(256), named(257))] {
        assert_eq!(inside(&good).licenses.len(), 1, "{good}");
        let refused = inside(&bad);
        assert!(refused.licenses.is_empty() && !refused.notes.complaints.is_empty(), "{bad}");
    }
}

#[test]
fn a_bare_ampersand_is_an_error_unless_it_is_to_be_repaired() {
    let text = "<sentinelInfo><feature><featureName>A</featureName><vendorInfo>A&B &lt;x&gt;</vendorInfo>\
                <licenseHash>D3C802D6979EA395</licenseHash></feature></sentinelInfo>";
    assert_eq!(all(text).notes.complaints.count(), 1);
    let reader = READERS.iter().find(|reader| reader.kind.name == "rms.sentinelinfo").unwrap();
    let options = Options { lenient_amp: true, ..Options::default() };
    let (mut found, mut notes) = (Vec::new(), Notes::default());
    let mut bytes = std::io::Cursor::new(text);
    reader
        .read(Source::Bytes(&mut bytes), options, &mut notes, &mut |_, record| {
            if let Record::License(license) = record {
                found.push(license.elements.text(named("vendorInfo").unwrap()).to_owned());
            }
            Ok(())
        })
        .unwrap();
    assert_eq!((found, notes.complaints.count()), (vec!["A&B <x>".to_owned()], 0));
}

#[test]
fn a_license_manager_tells_of_itself() {
    let text = "<sentinelInfo><server><majorVersion>9</majorVersion><minorVersion>2</minorVersion><pointId>0</pointId>\
                <buildId>86</buildId><hostName>lic01</hostName><osFamily>Linux</osFamily></server></sentinelInfo>";
    let read = all(text);
    assert_eq!(read.servers[0].version(), "9.2.0.86");
    assert_eq!(read.servers[0].os_family, "Linux");
    let wrong = all(&text.replace(">86<", ">86a<"));
    assert!(wrong.servers.is_empty() && wrong.notes.complaints.count() == 1);
}

#[test]
fn only_what_has_the_root_is_taken_for_an_answer() {
    let sniffed = |text: &str| sniff(&Sample { name: "", bytes: text.as_bytes(), text });
    assert_eq!(sniffed(PAGE), Fit::Yes(9));
    assert_eq!(
        sniffed("status = 0\n<?xml version='1.0'?><p:sentinelInfo xmlns:p='x'>"),
        Fit::Yes(9)
    );
    let script = "printf '<sentinelInfo><feature>' > answer.xml";
    for other in ["", "sentinelInfo", "<a>sentinelInfo</a>", "{\"sentinelInfo\":{}}", script] {
        assert_eq!(sniffed(other), Fit::No, "{other}");
    }
}

#[test]
fn the_place_of_a_complaint_counts_the_lines_of_the_whole_file() {
    let bad = one("\n<pid>x</pid>");
    let read = all(&format!("<?xml ?>\n{}\n<?xml ?>\n{bad}", one("\n")));
    assert_eq!(read.notes.complaints.kept[0].place, Place::Line(6));
}

fn license() -> impl Strategy<Value = License> {
    let text = "[ -~äß€]{0,20}";
    let one = (0..70_usize, any::<u16>(), text);
    (proptest::collection::vec(one, 0..70), proptest::option::of("[a-z]{1,8}")).prop_map(
        |(given, extra)| {
            let mut elements = Elements::default();
            for (at, number, text) in given {
                let element = crate::rms::catalog::elements::ELEMENTS[at];
                let range = crate::rms::import::values::range(element);
                let number = i64::from(number).clamp(*range.start(), *range.end());
                let value = match element.name() {
                    "licenseHash" => Value::Text(format!("{number:016X}")),
                    "siteLicenseInfo" => Value::Text(format!("10.1.*.{}", number % 256)),
                    _ if element.is_text() => Value::Text(text.trim().to_owned()),
                    _ => Value::Number(number),
                };
                elements.set(element, value);
            }
            elements.set(named("featureName").unwrap(), Value::Text("CAD".to_owned()));
            elements.set(named("licenseState").unwrap(), Value::Number(1));
            crate::rms::import::sentinelinfo::replaced(&mut elements);
            let mut license = License::new(elements, Origin::Xml);
            license.extras = extra
                .map(|name| Extra {
                    xml: format!("<x{name}>1</x{name}>"),
                    name: format!("x{name}"),
                })
                .into_iter()
                .collect();
            license
        },
    )
}

proptest! {
    #[test]
    fn any_license_reads_back_as_it_was_written(license in license()) {
        let read = all(&document(&license, Extent::Given, QueryVersion::V1_1));
        proptest::prop_assert_eq!(read.complaints(), Vec::<String>::new());
        proptest::prop_assert_eq!(&read.licenses, &vec![license]);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[<>/a-z&;?! =\"\\[\\]\\-]{0,200}") {
        all(&format!("<sentinelInfo><feature>{text}"));
        all(&text);
    }
}

#[test]
fn a_feature_without_marks_of_a_license_is_taken_for_what_the_user_says() {
    let text = "<sentinelInfo><feature><featureName>A</featureName><numLicenses>5</numLicenses></feature></sentinelInfo>";
    for (record, licenses) in [(None, 0), (Some(Taken::License), 1), (Some(Taken::Feature), 0)] {
        let options = Options { record, ..Options::default() };
        let (mut found, mut notes) = (0, Notes::default());
        super::read(&mut text.as_bytes(), options, &mut notes, &mut |_, record| {
            found += usize::from(matches!(record, Record::License(_)));
            Ok(())
        })
        .unwrap();
        assert_eq!(found, licenses, "{record:?}");
    }
}
