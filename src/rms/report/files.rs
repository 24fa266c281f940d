//! What is wrong with files that go to a License Manager: license codes, of which only remarks are known, and reservation groups.

use crate::artefact::Notes;
use crate::error::Place;
use crate::finding::{FilePlace, Finding, Level};
use crate::rms::import::records::Remark;
use crate::rms::model::group::Group;
use crate::rms::model::license::FeatureKey;
use crate::rms::rules::limits::Units;
use std::collections::{BTreeMap, BTreeSet};

/// The most groups of a file, and members of a group.
///
/// Source: `SentinelLM` System Administrator's Guide, reservation file.
const MOST: usize = 256;

/// The longest name, in characters. Source: as above.
const LONGEST: usize = 64;

fn finding(file: &str, line: Option<u64>, class: &'static str, level: Level) -> Finding {
    let object = line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
    Finding {
        place: Some(FilePlace { file: file.to_owned(), line }),
        ..Finding::new("rms", class, level, object, "")
    }
}

/// What a reader complained of, as findings.
#[must_use]
pub fn told(file: &str, class: &'static str, notes: &Notes) -> Vec<Finding> {
    let complaints = notes.complaints.kept.iter().map(|complaint| {
        let line = match complaint.place {
            Place::Line(line) => Some(line),
            _ => None,
        };
        let remedy = complaint.remedy.clone().unwrap_or_else(|| "mend the line".to_owned());
        Finding {
            message: complaint.message.clone(),
            ..finding(file, line, class, Level::Error).remedy(remedy)
        }
    });
    complaints.collect()
}

/// What the bytes of a file of license codes alone show.
///
/// Source: Developer Guide, License File: other than ASCII, the behaviour is undefined.
#[must_use]
pub fn marks(file: &str, bytes: &[u8]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |line: Option<u64>, class: &'static str, message: &str| {
        let remedy = "save the file as plain ASCII, as the vendor sent it";
        let finding = finding(file, line, class, Level::Error).remedy(remedy);
        found.push(Finding { message: message.to_owned(), ..finding });
    };
    let wide = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    if wide {
        add(None, "lservrc.encoding", "the file is UTF-16: a License Manager finds no code in it");
    } else if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        add(Some(1), "lservrc.encoding", "a byte order mark stands before the first code");
    }
    let rest = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if !wide && let Some(at) = rest.iter().position(|byte| !byte.is_ascii()) {
        let before = rest.iter().take(at).filter(|byte| **byte == b'\n').count();
        let line = u64::try_from(before).unwrap_or(u64::MAX).saturating_add(1);
        add(Some(line), "lservrc.encoding", "a character beyond ASCII: a code may be misread");
    }
    if bytes.contains(&b'\r') && !bytes.contains(&b'\n') {
        add(None, "lservrc.line-ends", "lines end with a carriage return alone");
    }
    found
}

/// What the remarks of a file of license codes show.
#[must_use]
pub fn codes(file: &str, remarks: &[Remark]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |line: u64, class: &'static str, message: String, remedy: &'static str| {
        let finding = finding(file, Some(line), class, Level::Warning).remedy(remedy);
        found.push(Finding { message, ..finding });
    };
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let mut exclusive: BTreeMap<&FeatureKey, u64> = BTreeMap::new();
    for remark in remarks {
        let line = remark.lines.0;
        if let Some(first) = seen.get(remark.sha256.as_str()) {
            let message = format!("the code of line {first} stands here again");
            add(line, "lservrc.duplicate", message, "take one of them out");
            continue;
        }
        seen.insert(&remark.sha256, line);
        let Some(feature) = &remark.feature else {
            let message = "the code has no remark that names its feature".to_owned();
            add(line, "lservrc.no-remark", message, "write down which feature it is of");
            continue;
        };
        // Source: SentinelLM System Administrator's Guide: of two exclusive codes the later one counts.
        if remark.combining == Some(1)
            && let Some(first) = exclusive.insert(feature, line)
        {
            let message =
                format!("the exclusive code of `{feature}` in line {line} makes this one idle");
            add(first, "lservrc.shadowed", message, "take the older one out, or order aggregates");
        }
    }
    found
}

/// What the groups of a reservation file show.
///
/// - `groups`: with their lines, in the order of the file.
/// - `features`: what the License Manager serves; `None`: it is not known.
#[must_use]
pub fn groups(
    file: &str,
    groups: &[(u64, Group)],
    features: Option<&[(FeatureKey, Units)]>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, (line, group)) in groups.iter().enumerate() {
        let mut add = |class: &'static str, message: String, remedy: &'static str| {
            let finding = finding(file, Some(*line), class, Level::Warning).remedy(remedy);
            found.push(Finding { message, ..finding });
        };
        if at == MOST {
            add("reservation.groups", format!("more than {MOST} groups"), "join some of them");
        }
        if group.members.len() > MOST {
            let message = format!("`{}` has {} members", group.name, group.members.len());
            add("reservation.members", message, "256 are the most: split the group");
        }
        let names = [&group.name].into_iter().chain(group.members.iter().map(|one| &one.name));
        for name in names.filter(|name| name.chars().count() > LONGEST) {
            let message = format!("`{name}` has more than {LONGEST} characters");
            add("reservation.name", message, "use a shorter name");
        }
        if group.tokens == 0 {
            let message = format!("`{}` has no tokens, which shuts its members out", group.name);
            add("reservation.shut-out", message, "give it tokens, if that is not meant");
        }
        overlaps(group, groups.get(..at).unwrap_or_default(), &mut add);
        if let Some(features) = features {
            unknown(group, features, &mut add);
        }
    }
    for (key, total) in features.unwrap_or_default() {
        found.extend(clipped(file, groups, key, *total));
    }
    found
}

type Add<'a> = dyn FnMut(&'static str, String, &'static str) + 'a;

/// Members that stand in an earlier group of the same feature: there they count.
fn overlaps(group: &Group, before: &[(u64, Group)], add: &mut Add<'_>) {
    let alike = |other: &Group| {
        let both = group.version.as_ref().zip(other.version.as_ref());
        other.feature == group.feature && both.is_none_or(|(one, other)| one == other)
    };
    for (line, other) in before.iter().filter(|(_, other)| alike(other)) {
        let names: BTreeSet<String> =
            other.members.iter().map(crate::rms::model::group::Member::text).collect();
        let twice: Vec<String> = group
            .members
            .iter()
            .map(crate::rms::model::group::Member::text)
            .filter(|name| names.contains(name))
            .collect();
        if !twice.is_empty() {
            let message = format!("in the group of line {line} already: {}", twice.join(", "));
            add("reservation.overlap", message, "groups of a feature share no members");
        }
    }
}

fn unknown(group: &Group, features: &[(FeatureKey, Units)], add: &mut Add<'_>) {
    if features.iter().any(|(key, _)| group.is_of(key)) {
        return;
    }
    let version = group.version.as_ref().map(|version| format!(" {version}"));
    let feature = format!("{}{}", group.feature, version.unwrap_or_default());
    let message = format!("the License Manager has no feature `{feature}`");
    add("reservation.unknown", message, "names are matched to the letter");
}

/// Groups that together ask for more tokens than there are.
fn clipped(file: &str, groups: &[(u64, Group)], key: &FeatureKey, total: Units) -> Option<Finding> {
    let limit = total.finite()?;
    let own = groups.iter().filter(|(_, group)| group.is_of(key));
    let (mut sum, mut over) = (0_u64, None);
    for (line, group) in own {
        sum = sum.saturating_add(group.tokens);
        over = over.or_else(|| (sum > limit).then_some(*line));
    }
    let finding = finding(file, Some(over?), "reservation.clipped", Level::Warning)
        .with("tokens", sum)
        .with("limit", limit)
        .remedy("later groups get what is left: set fewer tokens apart");
    let message = format!("{sum} tokens of `{key}` are set apart, and there are {limit}");
    Some(Finding { message, ..finding })
}

#[cfg(test)]
mod tests {
    use super::{codes, groups, marks};
    use crate::finding::{Finding, Level};
    use crate::rms::import::records::Remark;
    use crate::rms::model::group::{Group, Member};
    use crate::rms::model::license::FeatureKey;
    use crate::rms::rules::limits::Units;

    fn classes(found: &[Finding]) -> Vec<(&'static str, Option<u64>)> {
        let line = |one: &Finding| one.place.as_ref().and_then(|place| place.line);
        found.iter().map(|one| (one.class, line(one))).collect()
    }

    #[test]
    fn bytes_that_a_license_manager_may_misread_are_errors() {
        let told = |bytes: &[u8]| classes(&marks("f", bytes));
        assert_eq!(told(b"abc# \"A\"\n"), []);
        assert_eq!(told(b"\xEF\xBB\xBFabc#\n"), [("lservrc.encoding", Some(1))]);
        assert_eq!(told(b"\xFF\xFEa\0"), [("lservrc.encoding", None)]);
        assert_eq!(told(b"abc#\n\xE9\n"), [("lservrc.encoding", Some(2))]);
        assert_eq!(told(b"abc#\rdef#\r"), [("lservrc.line-ends", None)]);
        assert!(marks("f", b"\xFF\xFE").iter().all(|one| one.severity == Level::Error));
    }

    fn remark(code: &str, line: u64, feature: &str, combining: u32) -> Remark {
        let key = FeatureKey { name: feature.to_owned(), version: String::new() };
        Remark {
            sha256: code.to_owned(),
            lines: (line, line),
            feature: Some(key).filter(|key| !key.name.is_empty()),
            combining: Some(combining),
            ..Remark::default()
        }
    }

    #[test]
    fn the_later_of_two_exclusive_codes_makes_the_first_one_idle() {
        let all = [
            remark("a", 1, "CAD", 1),
            remark("b", 2, "CAD", 0),
            remark("c", 3, "CAD", 1),
            remark("a", 4, "CAD", 1),
            remark("d", 5, "", 0),
        ];
        let expected = [
            ("lservrc.shadowed", Some(1)),
            ("lservrc.duplicate", Some(4)),
            ("lservrc.no-remark", Some(5)),
        ];
        assert_eq!(classes(&codes("f", &all)), expected);
    }

    fn group(line: u64, name: &str, tokens: u64, members: &str) -> (u64, Group) {
        let members = members.split_whitespace().map(Member::read).collect();
        let feature = "cad".to_owned();
        (line, Group { feature, version: None, name: name.to_owned(), tokens, members })
    }

    #[test]
    fn groups_share_no_members_and_ask_for_no_more_than_there_is() {
        let cad = FeatureKey { name: "cad".to_owned(), version: "7".to_owned() };
        let all =
            [group(1, "eng", 8, "ann $pc9"), group(2, "qa", 5, "$pc9"), group(4, "x", 0, "eve")];
        let told = |features| classes(&groups("f", &all, features));
        let alone = [("reservation.overlap", Some(2)), ("reservation.shut-out", Some(4))];
        assert_eq!(told(None), alone);
        let ten = [(cad.clone(), Units::Finite(10))];
        assert_eq!(told(Some(&ten)), [alone[0], alone[1], ("reservation.clipped", Some(2))]);
        let endless = [(cad, Units::Unlimited)];
        assert_eq!(told(Some(&endless)), alone);
        let none = told(Some(&[]));
        assert_eq!(none.iter().filter(|(class, _)| *class == "reservation.unknown").count(), 3);
    }

    #[test]
    fn names_and_numbers_have_their_bounds() {
        let long = group(1, &"n".repeat(65), 1, "ann");
        assert_eq!(classes(&groups("f", &[long], None)), [("reservation.name", Some(1))]);
        let members: Vec<String> = (0..257).map(|at| format!("u{at}")).collect();
        let many = group(1, "g", 1, &members.join(" "));
        assert_eq!(classes(&groups("f", &[many], None)), [("reservation.members", Some(1))]);
        let all: Vec<_> = (0..257).map(|at| group(at, "g", 1, &format!("u{at}"))).collect();
        assert_eq!(classes(&groups("f", &all, None)), [("reservation.groups", Some(256))]);
    }
}
