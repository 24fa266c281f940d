//! Files of license codes (`lservrc`, `lservrlf`): what the remarks behind the codes say. The codes themselves go nowhere.
//!
//! A code ends at `#`; what follows on the line is a remark of the generator. A code is known by a digest of its bytes without blanks.

use super::lines::Lines;
use super::records::{FeatureFacts, Remark};
use super::{Each, Options, Record};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::rms::catalog::elements::{FEATURE_NAME, FEATURE_VERSION, IS_ADDITIVE};
use crate::rms::import::records::Counters;
use crate::rms::model::license::{Elements, FeatureKey, Origin, Value};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "rms.lservrc",
    title: "file of Sentinel RMS license codes (`lservrc`); only its remarks are read",
    binary: true,
    sniff,
};

/// With which the line begins that says how tokens are spread over a pool.
const DISTRIBUTION: &str = "#DIST_CRIT:";

/// What is said of a byte order mark, and of letters that no code has.
const NOT_ASCII: &str = "a character beyond ASCII: the License Manager may misread the file";

/// Letters and digits that a code has at least.
const SHORTEST: usize = 24;

fn sniff(sample: &Sample<'_>) -> Fit {
    let code = |line: &str| {
        line.split_once('#').is_some_and(|(code, rest)| {
            let letters = code.chars().filter(char::is_ascii_alphanumeric).count();
            letters >= SHORTEST && !code.contains(['<', '{', '=']) && remark(rest).feature.is_some()
        })
    };
    if sample.text.lines().take(200).any(code) { Fit::Yes(7) } else { Fit::No }
}

/// Reads a file; every code with a remark stands for a license of the feature that it names.
pub fn read(
    input: &mut dyn BufRead,
    _: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut seen = HashSet::new();
    let mut found = 0_u64;
    walk(input, notes, &mut |remark, notes| {
        found += 1;
        let place = Place::Line(remark.lines.0);
        if !seen.insert(remark.sha256.clone()) {
            notes.warn("W_DUPLICATE_CODE", place, "a code stands twice in the file");
            return Ok(());
        }
        match facts(&remark) {
            Some(facts) => each(place, Record::Feature(Box::new(facts))),
            None => {
                let message = "a code has no remark that names its feature";
                notes.warn("W_NO_REMARK", place, message);
                each(place, Record::Skipped)
            }
        }
    })?;
    if found == 0 && notes.complaints.is_empty() {
        notes.complain(Place::Whole, "the file holds no license code");
    }
    Ok(())
}

/// A line without the byte order mark that an editor put before the first one.
fn unmarked<'l>(line: &'l str, number: u64, notes: &mut Notes) -> &'l str {
    let Some(rest) = line.strip_prefix('\u{feff}') else { return line };
    notes.warn("W_NOT_ASCII", Place::Line(number), NOT_ASCII);
    rest
}

/// Hands out what is said of every code, in order.
pub fn walk(
    input: &mut dyn BufRead,
    notes: &mut Notes,
    each: &mut dyn FnMut(Remark, &mut Notes) -> Outcome<()>,
) -> Outcome<()> {
    let mut lines = Lines::new(input);
    let (mut digest, mut length, mut first) = (Sha256::new(), 0, 0);
    let mut held: Option<Remark> = None;
    while let Some(line) = lines.settled(notes)? {
        let number = lines.number();
        let line = unmarked(line.trim(), number, notes);
        if let Some(spread) = line.strip_prefix(DISTRIBUTION) {
            if let Some(held) = &mut held {
                held.distribution = Some(spread.trim().to_owned());
            }
            continue;
        }
        if line.starts_with('#') && length == 0 {
            continue;
        }
        if !line.is_ascii() {
            notes.warn("W_NOT_ASCII", Place::Line(number), NOT_ASCII);
        }
        let (code, rest) =
            line.split_once('#').map_or((line, None), |(code, rest)| (code, Some(rest)));
        if length == 0 {
            first = number;
        }
        for byte in code.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
            digest.update([byte]);
            length += 1;
        }
        let Some(rest) = rest.filter(|_| length > 0) else { continue };
        if let Some(held) = held.take() {
            each(held, notes)?;
        }
        let sha256 = std::mem::take(&mut digest).finalize();
        let sha256 = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        held = Some(Remark { sha256, lines: (first, number), ..remark(rest) });
        length = 0;
    }
    if let Some(held) = held {
        each(held, notes)?;
    }
    if length > 0 {
        notes.complain_with(
            Place::Line(first),
            "a code does not end with `#`",
            "the rest of the file may be missing",
        );
    }
    Ok(())
}

/// Words of remarks, and the values of `isAdditive` that they mean.
static COMBINING: [(&str, u32); 3] = [("additive", 0), ("exclusive", 1), ("aggregate", 2)];

/// What a remark says: `"FEATURE" version "VER", no expiration date, exclusive`.
fn remark(text: &str) -> Remark {
    let mut remark = Remark::default();
    let quoted = |text: &str| -> Option<(String, String)> {
        let (_, rest) = text.split_once('"')?;
        let (inner, behind) = rest.split_once('"')?;
        Some((inner.to_owned(), behind.to_owned()))
    };
    let Some((name, behind)) = quoted(text) else { return remark };
    let (version, behind) = match behind.trim_start().strip_prefix("version") {
        Some(rest) => quoted(rest).unwrap_or_default(),
        None => (String::new(), behind),
    };
    remark.feature = Some(FeatureKey { name, version }).filter(|key| !key.name.is_empty());
    for part in behind.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match COMBINING.iter().find(|(word, _)| part.eq_ignore_ascii_case(word)) {
            Some((_, value)) => remark.combining = Some(*value),
            None => {
                remark.expiry.get_or_insert_with(|| part.to_owned());
            }
        }
    }
    remark
}

/// The feature of a code, told without a license that can be known again.
fn facts(remark: &Remark) -> Option<FeatureFacts> {
    let feature = remark.feature.clone()?;
    let mut elements = Elements::default();
    elements.set(&FEATURE_NAME, Value::Text(feature.name.clone()));
    elements.set(&FEATURE_VERSION, Value::Text(feature.version.clone()));
    if let Some(combining) = remark.combining {
        elements.set(&IS_ADDITIVE, Value::Number(i64::from(combining)));
    }
    Some(FeatureFacts {
        feature,
        elements,
        counters: Counters::default(),
        extras: Vec::new(),
        alone: true,
        origin: Origin::Lservrc,
    })
}

#[cfg(test)]
mod tests {
    use super::{read, sniff, walk};
    use crate::artefact::{Fit, Notes, Sample};
    use crate::rms::import::{Options, Record};

    const CODE: &str = "1B2A3C4D5E6F 7A8B9C0D1E2F,3A4B5C6D7E8F";

    fn file() -> String {
        format!(
            "# written by hand\n{CODE}# \"WIDGET\" version \"4.2\", no expiration date, exclusive\n\
             {CODE}\n 99# \"CAM\" version \"\", expires 31 Dec 2026, aggregate\n#DIST_CRIT: a:5^b:5\n"
        )
    }

    #[test]
    fn remarks_are_read_and_codes_go_nowhere() {
        let mut found = Vec::new();
        walk(&mut file().as_bytes(), &mut Notes::default(), &mut |remark, _| {
            found.push(remark);
            Ok(())
        })
        .unwrap();
        let [widget, cam] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(widget.feature.as_ref().unwrap().to_string(), "WIDGET 4.2");
        assert_eq!((widget.combining, widget.lines), (Some(1), (2, 2)));
        assert_eq!(widget.expiry.as_deref(), Some("no expiration date"));
        assert_eq!((cam.combining, cam.lines), (Some(2), (3, 4)));
        assert_eq!(cam.distribution.as_deref(), Some("a:5^b:5"));
        assert_ne!(widget.sha256, cam.sha256);
        assert!(!format!("{found:?}").contains("1B2A"));
    }

    #[test]
    fn a_code_that_is_cut_off_and_one_that_stands_twice_are_told() {
        let told = |text: &str| {
            let (mut notes, mut count) = (Notes::default(), 0);
            read(&mut text.as_bytes(), Options::default(), &mut notes, &mut |_, record| {
                count += u64::from(matches!(record, Record::Feature(_)));
                Ok(())
            })
            .unwrap();
            for kept in &notes.complaints.kept {
                assert!(!kept.message.contains("1B2A"));
            }
            (count, notes.complaints.count(), notes.warnings.len())
        };
        assert_eq!(told(&file()), (2, 0, 0));
        // The same warning is told once.
        assert_eq!(told(&format!("{}{}", file(), file())), (2, 0, 1));
        assert_eq!(told(&format!("{}{CODE}\n", file())), (2, 1, 0));
        assert_eq!(told(""), (0, 1, 0));
        assert_eq!(told(&format!("\u{feff}{}", file())), (2, 0, 1));
    }

    #[test]
    fn a_file_of_codes_is_known_by_its_remarks() {
        let sniffed = |text: &str| sniff(&Sample { name: "", bytes: text.as_bytes(), text });
        assert_eq!(sniffed(&file()), Fit::Yes(7));
        for other in
            ["", "# \"A\" version \"1\"\n", "a long line without any sharp sign at all in it"]
        {
            assert_eq!(sniffed(other), Fit::No, "{other}");
        }
    }
}
