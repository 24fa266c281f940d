//! Decode documents of the license generator: what a license code says, as its parser prints it.
//!
//! The generator counts in minutes where a query counts in seconds, numbers two enumerations otherwise, and writes words for "none":
//! all of it is made what an answer to licenseInfo says. A code has no hash here, so that one is made from what it says.

use super::sentinelinfo::{finished, replaced};
use super::{Each, Options, Record, asctime, values};
use crate::artefact::trouble::{Trouble, excerpt};
use crate::artefact::xml::{Document, Piece};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::rms::catalog::elements::{
    BIRTH_TIME, CHECK_TIME_TAMPER, CL_LOCK_INFO, DEATH_TIME, Element, HOLD_TIME, IS_NODE_LOCKED,
    KEY_LIFE_TIME, LICENSE_HASH, LICENSE_VERSION, LOCAL_REQUEST_LOCK_CRIT_MIN_NUM, NUM_SUBNETS,
    SERVER_LOCKING_INFO, SITE_LICENSE_INFO, named,
};
use crate::rms::catalog::queries::INFO_ROOT;
use crate::rms::catalog::versions::numbered;
use crate::rms::export::escaped;
use crate::rms::export::json;
use crate::rms::model::license::{Elements, Extra, License, Origin, Value};
use sha2::{Digest, Sha256};
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "rms.decode",
    title: "decoded Sentinel RMS license codes as XML, as the parser of the generator prints them",
    binary: true,
    sniff,
};

/// Elements that only the generator writes.
static OWN: [&str; 6] = [
    "codeType",
    "licenseOutputFormat",
    "licenseGenerationTime",
    "lockInfoPrimary",
    "clientLockingInfo",
    "localRequestLockcritMinNum",
];

fn sniff(sample: &Sample<'_>) -> Fit {
    let has = |name: &str| sample.text.contains(&format!("<{name}>"));
    let root = sample.text.contains("<license>") || sample.text.contains("<license ");
    let named = root && has("feature") && has("featureName");
    match () {
        () if !named || sample.text.contains(INFO_ROOT) => Fit::No,
        () if OWN.into_iter().any(has) => Fit::Yes(8),
        () => Fit::Yes(4),
    }
}

/// Elements that are called otherwise in an answer.
static RENAMED: [(&str, &Element); 3] = [
    ("subNetInfo", &SITE_LICENSE_INFO),
    ("clientLockingInfo", &CL_LOCK_INFO),
    ("localRequestLockcritMinNum", &LOCAL_REQUEST_LOCK_CRIT_MIN_NUM),
];

/// Reads a document.
pub fn read(
    input: &mut dyn BufRead,
    options: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut document = Document::new(input);
    let mut code = Code::default();
    let mut found = false;
    loop {
        match document.next() {
            Ok(None) => break,
            Ok(Some(Piece::Open(tag))) => match tag.depth {
                1 if tag.name != "license" => {
                    let message = format!("the root is `{}`, not `license`", excerpt(tag.name));
                    notes.complain(Place::Line(tag.line), message);
                    return Ok(());
                }
                2 => code = Code { line: tag.line, ..Code::default() },
                _ => {}
            },
            Ok(Some(Piece::Close { depth: 2, .. })) => {
                found = true;
                let (place, code) = (Place::Line(code.line), std::mem::take(&mut code));
                if let Some(license) = code.finish(options, notes) {
                    each(place, Record::License(Box::new(license)))?;
                }
            }
            Ok(Some(Piece::Close { name, text, depth })) if depth > 2 => {
                code.take(name, text, depth, notes);
            }
            Ok(Some(Piece::Close { .. })) => {}
            Err(trouble @ Trouble::Skip(..)) => {
                code.bad = true;
                trouble.settle(notes)?;
            }
            Err(trouble) => {
                trouble.settle(notes)?;
                return Ok(());
            }
        }
    }
    if !found && notes.complaints.is_empty() {
        notes.complain(Place::Whole, "the document holds no `feature`");
    }
    Ok(())
}

/// A code under way.
#[derive(Default)]
struct Code {
    line: u64,
    elements: Elements,
    extras: Vec<Extra>,
    server: Vec<String>,
    bad: bool,
}

impl Code {
    fn take(&mut self, name: &str, text: &str, depth: usize, notes: &mut Notes) {
        let place = Place::Line(self.line);
        let trimmed = text.trim();
        match name {
            "lockInfoPrimary" | "lockInfoSecondry" | "lockInfoSecondary" => {
                let which = if name == "lockInfoPrimary" { "Primary" } else { "Secondary" };
                if !trimmed.is_empty() {
                    self.server.push(format!("{which}={trimmed}"));
                }
                return;
            }
            // Its parts have been read.
            "serverLockingInfo" if trimmed.is_empty() => return,
            _ => {}
        }
        let renamed = RENAMED.iter().find(|(known, _)| *known == name).map(|(_, element)| *element);
        let Some(element) = renamed.or_else(|| named(name)).filter(|_| depth == 3) else {
            if values::is_legal(text) {
                let xml = format!("<{name}>{}</{name}>", escaped(text));
                self.extras.push(Extra { name: name.to_owned(), xml });
            }
            return;
        };
        match converted(element, trimmed) {
            Some(number) => {
                self.elements.set(element, Value::Number(number));
                return;
            }
            None if element.at == SITE_LICENSE_INFO.at => {
                let count = i64::try_from(trimmed.split_whitespace().count()).unwrap_or(0);
                self.elements.set(&NUM_SUBNETS, Value::Number(count));
            }
            None => {}
        }
        match values::read(element, text) {
            Ok((value, odd)) => {
                if let Some(odd) = odd {
                    notes.warn(odd.code(), place, odd.message(element));
                }
                if let Some(value) = value {
                    self.elements.set(element, value);
                }
            }
            Err(why) => {
                notes.complain(place, why);
                self.bad = true;
            }
        }
    }

    fn finish(mut self, options: Options, notes: &mut Notes) -> Option<License> {
        let place = Place::Line(self.line);
        if !self.server.is_empty() {
            notes.warn(
                "W_JOINED",
                place,
                "the locking codes of the servers are joined in one text",
            );
            self.elements.set(&SERVER_LOCKING_INFO, Value::Text(self.server.join(";")));
        }
        replaced(&mut self.elements);
        let mut license =
            License { extras: self.extras, ..License::new(self.elements, Origin::Decode) };
        if license.hash().is_none() {
            let digest = Sha256::digest(json::license(&license).to_string().as_bytes());
            let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02X}")).collect();
            license.elements.set(&LICENSE_HASH, Value::Text(hash));
            license.synthetic = true;
        }
        finished(license, place, options, notes).filter(|_| !self.bad)
    }
}

/// The number that an answer has for what the generator writes; `None` where both write the same, and where it is no such text.
///
/// Source: License Generation API, of which minutes and the order of two enumerations differ from licenseInfo.
fn converted(element: &'static Element, text: &str) -> Option<i64> {
    let number = || text.parse::<i64>().ok().filter(|number| *number >= 0);
    let is = |row: &Element| row.at == element.at;
    match () {
        () if is(&LICENSE_VERSION) => {
            let small = text.parse::<u8>().ok()?;
            numbered(small).map(|row| i64::from(row.encoded))
        }
        () if is(&BIRTH_TIME) && text.eq_ignore_ascii_case("no check") => Some(0),
        () if is(&DEATH_TIME) && text.eq_ignore_ascii_case("never") => Some(0),
        () if is(&BIRTH_TIME) || is(&DEATH_TIME) => asctime::seconds(text),
        () if is(&KEY_LIFE_TIME) || is(&HOLD_TIME) => {
            number()?.checked_mul(60).filter(|seconds| values::range(element).contains(seconds))
        }
        // The generator says whether to check, an answer whether not to.
        () if is(&CHECK_TIME_TAMPER) => number().filter(|n| *n <= 1).map(|n| 1 - n),
        // The generator counts from the server lock on.
        () if is(&IS_NODE_LOCKED) => number().filter(|n| *n <= 1).map(|n| 1 - n),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{read, sniff};
    use crate::artefact::{Fit, Notes, Sample};
    use crate::rms::catalog::elements::named;
    use crate::rms::import::{Options, Record};
    use crate::rms::model::license::License;

    const SAMPLE: &str = "<license><feature><codeType>1</codeType><isStandalone>0</isStandalone><featureName>WIDGET</featureName><featureVersion>4.2</featureVersion><birthTime>No Check</birthTime><deathTime>Never</deathTime><numLicenses>12</numLicenses><checkTimeTamper>1</checkTimeTamper><keyLifeTime>5</keyLifeTime><licenseVersion>20</licenseVersion></feature></license>";

    fn licenses(text: &str) -> (Vec<License>, Notes) {
        let (mut found, mut notes) = (Vec::new(), Notes::default());
        read(&mut text.as_bytes(), Options::default(), &mut notes, &mut |_, record| {
            if let Record::License(license) = record {
                found.push(*license);
            }
            Ok(())
        })
        .unwrap();
        (found, notes)
    }

    fn number(text: &str, name: &str) -> i64 {
        let (found, notes) = licenses(text);
        assert!(notes.complaints.is_empty(), "{notes:?}");
        found[0].elements.number(named(name).unwrap())
    }

    #[test]
    fn what_the_generator_writes_is_made_what_an_answer_says() {
        let of = |name| number(SAMPLE, name);
        assert_eq!((of("licenseVersion"), of("birthTime"), of("deathTime")), (156_237_824, 0, 0));
        assert_eq!((of("checkTimeTamper"), of("keyLifeTime"), of("numLicenses")), (0, 300, 12));
        let (found, _) = licenses(SAMPLE);
        assert_eq!(found[0].extras[0].xml, "<codeType>1</codeType>");
        assert!(found[0].synthetic && found[0].hash().is_some_and(|hash| hash.len() == 16));
        assert_eq!(licenses(SAMPLE).0, found);
        let unchecked = SAMPLE.replace("<checkTimeTamper>1", "<checkTimeTamper>0");
        assert_eq!(number(&unchecked, "checkTimeTamper"), 1);
    }

    #[test]
    fn locks_and_subnets_have_other_names() {
        let with = |inner: &str| SAMPLE.replace("<codeType>1</codeType>", inner);
        let text = with(
            "<isNodeLocked>0</isNodeLocked><serverLockingInfo><lockInfoPrimary>2014-*A</lockInfoPrimary><lockInfoSecondry>10-*B</lockInfoSecondry></serverLockingInfo><subNetInfo>10.1.*.* 10.2.*.*</subNetInfo><localRequestLockcritMinNum>2</localRequestLockcritMinNum>",
        );
        let (found, notes) = licenses(&text);
        let text_of = |name: &str| found[0].elements.text(named(name).unwrap()).to_owned();
        assert_eq!(text_of("serverLockingInfo"), "Primary=2014-*A;Secondary=10-*B");
        assert_eq!((number(&text, "isNodeLocked"), number(&text, "numSubnets")), (1, 2));
        assert_eq!(number(&text, "localRequestLockCritMinNum"), 2);
        assert_eq!(notes.warnings[0].code, "W_JOINED");
    }

    #[test]
    fn what_is_no_such_document_is_refused() {
        for text in [
            "",
            "<license/>",
            "<licenses><feature/></licenses>",
            "<license><feature>",
            "<license><feature><featureName>A</featureName><numLicenses>x</numLicenses></feature></license>",
            "<!DOCTYPE license><license/>",
        ] {
            let (found, notes) = licenses(text);
            assert!(found.is_empty() && !notes.complaints.is_empty(), "{text}");
        }
        let sniffed = |text: &str| sniff(&Sample { name: "", bytes: text.as_bytes(), text });
        assert_eq!((sniffed(SAMPLE), sniffed("<license><a/></license>")), (Fit::Yes(8), Fit::No));
    }
}
