//! Reading texts in tests, and a license with values of every type.

use super::record::{Record, Said};
use super::{Each, Options};
use crate::api::Source;
use crate::artefact::Notes;
use crate::error::Outcome;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::{
    AnyValue, EvaluationInfo, KeyAnyValue, KeyValue, LocalizableMessage, Width,
};

/// How a reader is called.
pub(in crate::vsphere) type Read =
    fn(Source<'_>, &Options, &mut Notes, &mut Each<'_>) -> Outcome<()>;

/// What a text says.
pub(in crate::vsphere) fn records_of(read: Read, text: &str) -> (Vec<Said>, Notes) {
    let (records, notes) = all_of(read, text, &Options::default());
    (records.into_iter().map(|record| record.said).collect(), notes)
}

/// The records of a text, with the vCenters that they name.
pub(in crate::vsphere) fn all_of(
    read: Read,
    text: &str,
    options: &Options,
) -> (Vec<Record>, Notes) {
    let (mut records, mut notes) = (Vec::new(), Notes::default());
    let mut input = text.as_bytes();
    read(Source::Text(&mut input), options, &mut notes, &mut |_, record| {
        records.push(record);
        Ok(())
    })
    .unwrap();
    (records, notes)
}

/// A license whose properties have a value of every type that all forms with types carry.
pub(in crate::vsphere) fn every_value() -> LicenseInfo {
    let pair = KeyValue::new("dvs", "vSphere <Distributed> \"Switch\" & é");
    let mut inner = LicenseInfo::of_key("BBBBB-BBBBB-BBBBB-BBBBB-BBBB2");
    "vc".clone_into(&mut inner.edition_key);
    inner.properties = vec![KeyAnyValue::long("expirationHours", 7)];
    let values = [
        AnyValue::Text(" blanks\nand lines ".to_owned()),
        AnyValue::Boolean(true),
        AnyValue::Whole(Width::Byte, -128),
        AnyValue::Whole(Width::Short, 32767),
        AnyValue::Whole(Width::Int, -1),
        AnyValue::Whole(Width::Long, i64::MAX),
        AnyValue::Real(0.5, false),
        AnyValue::Real(0.25, true),
        AnyValue::Instant("2015-07-19T09:27:29.130636+02:00".to_owned()),
        AnyValue::Binary("AAEC".to_owned()),
        AnyValue::Pair(pair.clone()),
        AnyValue::License(Box::new(inner)),
        AnyValue::Evaluation(EvaluationInfo {
            properties: vec![KeyAnyValue::long("expirationHours", 1439)],
        }),
        AnyValue::Message(Box::new(LocalizableMessage {
            key: "k".to_owned(),
            arg: vec![KeyAnyValue::text("diagnostic", "u")],
            message: Some("m".to_owned()),
        })),
        AnyValue::Texts(vec!["x".to_owned(), "y".to_owned()]),
        AnyValue::Pairs(vec![pair.clone()]),
        AnyValue::AnyPairs(Vec::new()),
        AnyValue::AnyPairs(vec![KeyAnyValue::text("a", "b")]),
        AnyValue::Opaque("FooBar".to_owned(), "<a>1</a><b/>".to_owned()),
    ];
    let numbered = values.into_iter().enumerate();
    LicenseInfo {
        edition_key: "esx.enterprisePlus.cpuPackageCoreLimited".to_owned(),
        name: "vSphere 8 Enterprise Plus".to_owned(),
        total: 8,
        used: Some(0),
        cost_unit: "cpuPackage:32core".to_owned(),
        properties: numbered
            .map(|(at, value)| KeyAnyValue::new(&format!("p{at}"), value))
            .collect(),
        labels: vec![pair],
        ..LicenseInfo::of_key("AAAAA-AAAAA-AAAAA-AAAAA-AAAA1")
    }
}
