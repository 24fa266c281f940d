//! Alert configurations of a License Manager: `[feature version]` sections of `alert=SCRIPT ON EMAIL OFF`, `SCRIPT=path` and
//! `EMAIL=addresses`.

use super::lines::Lines;
use super::{Each, Options, Record};
use crate::artefact::trouble::excerpt;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::rms::catalog::alerts::{ALERTS, OFF, ON};
use crate::rms::model::alert::{AlertRule, AlertSection, Target, Way};
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "rms.alerts",
    title: "alert configuration of a Sentinel RMS License Manager",
    binary: true,
    sniff,
};

/// The most sections of a file: one a feature.
const MOST: usize = 100_000;

fn sniff(sample: &Sample<'_>) -> Fit {
    let mut lines = sample.text.lines().map(str::trim).filter(|line| !is_void(line));
    let begins = lines.next().is_some_and(|line| head(line).is_some());
    let is_rule = |line: &str| line.split_once('=').is_some_and(|(name, _)| is_alert(name.trim()));
    if begins && lines.take(20).any(is_rule) { Fit::Yes(8) } else { Fit::No }
}

fn is_alert(name: &str) -> bool {
    ALERTS.iter().any(|alert| alert.name.eq_ignore_ascii_case(name))
}

fn is_void(line: &str) -> bool {
    line.is_empty() || line.starts_with(['#', ';'])
}

/// The feature of the line that begins a section.
fn head(line: &str) -> Option<&str> {
    let feature = line.strip_prefix('[')?.strip_suffix(']')?.trim();
    (!feature.is_empty()).then_some(feature)
}

/// A line within a section.
enum Entry {
    Rule(AlertRule),
    Target(Target),
}

fn entry(line: &str) -> Result<Entry, String> {
    let Some((name, value)) = line.split_once('=') else {
        return Err(format!("`{}` is neither a section nor `name=value`", excerpt(line)));
    };
    let name = name.trim().to_lowercase();
    let value = value.trim();
    if is_alert(&name) {
        return Ok(Entry::Rule(AlertRule { alert: name, ways: ways(value)? }));
    }
    if name.is_empty() || name.contains(char::is_whitespace) || ways(value).is_ok() {
        let known: Vec<&str> = ALERTS.iter().map(|alert| alert.name).collect();
        return Err(format!("`{}` is no alert; there is {}", excerpt(&name), known.join(", ")));
    }
    Ok(Entry::Target(Target { way: name, to: value.to_owned() }))
}

/// `SCRIPT ON EMAIL OFF`, pair by pair.
fn ways(value: &str) -> Result<Vec<Way>, String> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let pairs = words.chunks(2).map(|pair| match pair {
        [name, state] if state.eq_ignore_ascii_case(ON) => Ok((name, true)),
        [name, state] if state.eq_ignore_ascii_case(OFF) => Ok((name, false)),
        _ => Err(format!("`{}` is no row of ways that are {ON} or {OFF}", excerpt(value))),
    });
    let ways: Result<Vec<Way>, String> =
        pairs.map(|pair| pair.map(|(name, on)| Way { name: name.to_lowercase(), on })).collect();
    match ways {
        Ok(ways) if ways.is_empty() => Err("the alert names no way".to_owned()),
        ways => ways,
    }
}

/// Reads a file. A section that stands twice is complained of: which of the two a License Manager takes is not documented.
pub fn read(
    input: &mut dyn BufRead,
    _: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut lines = Lines::new(input);
    let mut sections: Vec<(u64, AlertSection)> = Vec::new();
    while let Some(line) = lines.settled(notes)? {
        let line = line.trim();
        if is_void(line) {
            continue;
        }
        let number = lines.number();
        if let Err(why) = take(&mut sections, line, number) {
            notes.complain(Place::Line(number), why);
        }
    }
    if sections.is_empty() && notes.complaints.is_empty() {
        notes.complain(Place::Whole, "the file names no feature");
    }
    for (line, section) in sections {
        each(Place::Line(line), Record::Alerts(section))?;
    }
    Ok(())
}

fn take(sections: &mut Vec<(u64, AlertSection)>, line: &str, number: u64) -> Result<(), String> {
    if let Some(feature) = head(line) {
        if sections.iter().any(|(_, section)| section.feature == feature) {
            return Err(format!("`{}` has two sections", excerpt(feature)));
        }
        if sections.len() >= MOST {
            return Err(format!("the file has more than {MOST} sections"));
        }
        let section = AlertSection { feature: feature.to_owned(), ..AlertSection::default() };
        sections.push((number, section));
        return Ok(());
    }
    let entry = entry(line)?;
    let Some((_, section)) = sections.last_mut() else {
        return Err("an alert stands before the first section".to_owned());
    };
    match entry {
        Entry::Rule(rule) if section.rules.iter().any(|held| held.alert == rule.alert) => {
            return Err(format!("`{}` stands twice in its section", rule.alert));
        }
        Entry::Rule(rule) => section.rules.push(rule),
        Entry::Target(target) => section.targets.push(target),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{read, sniff};
    use crate::artefact::{Fit, Notes, Sample};
    use crate::rms::export::alerts::section as written;
    use crate::rms::import::{Options, Record};
    use crate::rms::model::alert::AlertSection;
    use proptest::prelude::*;

    const SAMPLE: &str = "[WIDGET 4.2]\nsoftlimit=SCRIPT ON EMAIL OFF\nSCRIPT=/opt/alert.sh\n";

    fn read_all(text: &str) -> (Vec<AlertSection>, Notes) {
        let (mut found, mut notes) = (Vec::new(), Notes::default());
        read(&mut text.as_bytes(), Options::default(), &mut notes, &mut |_, record| {
            if let Record::Alerts(section) = record {
                found.push(section);
            }
            Ok(())
        })
        .unwrap();
        (found, notes)
    }

    #[test]
    fn a_script_that_is_on_is_told_by_its_section() {
        let (sections, notes) = read_all(SAMPLE);
        assert!(notes.complaints.is_empty());
        assert_eq!((sections[0].feature.as_str(), sections.len()), ("WIDGET 4.2", 1));
        assert_eq!(sections[0].ways("softlimit"), ["script"]);
        let (sections, _) =
            read_all("; c\n\n[My Feature 1.0]\r\nDenied = email on\r\nEmail = a b\r\n");
        assert_eq!(sections[0].feature, "My Feature 1.0");
        assert_eq!(
            (sections[0].ways("denied"), sections[0].targets[0].to.as_str()),
            (vec!["email"], "a b")
        );
    }

    #[test]
    fn a_line_that_is_no_alert_is_told_with_its_number() {
        for (text, line) in [
            ("softlimit=SCRIPT ON\n", "line 1"),
            ("[A]\nsoftlimit=SCRIPT\n", "line 2"),
            ("[A]\nsoftlimit=\n", "line 2"),
            ("[A]\nsoftlimits=SCRIPT ON\n", "line 2"),
            ("[A]\nhello\n", "line 2"),
            ("[A]\ndenied=EMAIL ON\n[A]\n", "line 3"),
            ("[A]\ndenied=EMAIL ON\nDENIED=EMAIL OFF\n", "line 3"),
        ] {
            let (_, notes) = read_all(text);
            assert_eq!(notes.complaints.kept[0].place.to_string(), line, "{text}");
        }
        assert_eq!(read_all("").1.complaints.kept.len(), 1);
    }

    #[test]
    fn a_configuration_is_known_by_its_sections_and_alerts() {
        let fit = |text: &str| sniff(&Sample { name: "", bytes: text.as_bytes(), text });
        assert_eq!(fit(SAMPLE), Fit::Yes(8));
        assert_eq!(fit("[section]\nkey=value\n"), Fit::No);
        assert_eq!(fit("softlimit=SCRIPT ON\n"), Fit::No);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_as_it_was(
            features in proptest::collection::btree_set("[A-Za-z][A-Za-z0-9 .]{0,20}[A-Za-z0-9]", 1..5),
            alert in 0..7_usize,
            on in any::<bool>(),
            to in "[a-z/@][a-z/@. ]{0,20}[a-z]",
        ) {
            let alert = crate::rms::catalog::alerts::ALERTS[alert].name;
            let word = if on { "ON" } else { "OFF" };
            let texts = features.iter().map(|feature| format!("[{feature}]\n{alert}=EMAIL {word}\nEMAIL={to}\n"));
            let (sections, notes) = read_all(&texts.collect::<String>());
            prop_assert!(notes.complaints.is_empty());
            let again: String = sections.iter().map(written).collect();
            prop_assert_eq!(read_all(&again).0, sections);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,80}") {
            let _ = read_all(&text);
        }
    }
}
