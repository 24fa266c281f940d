//! Group reservation files (`lsreserv`): `feature,version:group:tokens:member member …`, one group a line.

use super::lines::Lines;
use super::records::Reservation;
use super::{Each, Options, Record};
use crate::artefact::trouble::excerpt;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::rms::model::group::Member;
use std::io::BufRead;

pub static KIND: Kind = Kind {
    name: "rms.reservation",
    title: "group reservation file of a Sentinel RMS License Manager (`lsreserv`)",
    binary: true,
    sniff,
};

fn sniff(sample: &Sample<'_>) -> Fit {
    let lines = sample.text.lines().map(str::trim);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).take(50);
    let mut any = false;
    let all = lines.all(|line| {
        any = true;
        group(line).is_ok()
    });
    // Any text with colons could be one: everything else is asked first.
    if any && all { Fit::Yes(2) } else { Fit::No }
}

/// Reads a file.
pub fn read(
    input: &mut dyn BufRead,
    _: Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut lines = Lines::new(input);
    while let Some(line) = lines.settled(notes)? {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = Place::Line(lines.number());
        match group(line) {
            Ok(group) => each(place, Record::Reservation(group))?,
            Err(why) => notes.complain_with(
                place,
                format!("no reservation: {why}"),
                "a line is `feature,version:group:tokens:member member`",
            ),
        }
    }
    Ok(())
}

/// One line; an error says what is wrong with it.
pub fn group(line: &str) -> Result<Reservation, String> {
    let parts: Vec<&str> = line.split(':').collect();
    let (feature, version) = match parts.first().copied().unwrap_or_default().split_once(',') {
        Some((feature, version)) => (feature.trim(), Some(version)),
        None => (parts.first().copied().unwrap_or_default().trim(), None),
    };
    // The capacity form has its mark in the place of the version, or behind it.
    let capacity = version.is_some_and(|version| {
        version.rsplit(',').next().is_some_and(|word| word.trim().eq_ignore_ascii_case("cap"))
    });
    if feature.is_empty() {
        return Err("it names no feature".to_owned());
    }
    if capacity {
        return of_capacity(line, feature, version.unwrap_or_default(), &parts);
    }
    let [_, name, tokens, members @ ..] = parts.as_slice() else {
        return Err("it has fewer than four parts".to_owned());
    };
    if members.is_empty() {
        return Err("it has fewer than four parts".to_owned());
    }
    // Addresses have colons too.
    let members = self::members(&members.join(":"));
    if members.is_empty() {
        return Err("the group has no members".to_owned());
    }
    if name.trim().is_empty() {
        return Err("the group has no name".to_owned());
    }
    Ok(Reservation {
        feature: unescaped(feature),
        version: version.map(|version| unescaped(version.trim())),
        group: unescaped(name.trim()),
        tokens: number(tokens)?,
        members,
        capacity: None,
    })
}

fn number(text: &str) -> Result<u32, String> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten();
    number.ok_or_else(|| format!("`{}` is no number of tokens", excerpt(text)))
}

/// The capacity form: read as far as a group has a name and tokens, and kept to the letter.
fn of_capacity(
    line: &str,
    feature: &str,
    version: &str,
    parts: &[&str],
) -> Result<Reservation, String> {
    let version = version.rsplit_once(',').map_or("", |(version, _)| version.trim());
    let ([_, "0", name, tokens, _, _, ..] | [_, "1", name, _, tokens, _, _, ..]) = parts else {
        return Err("it is no line of the capacity form".to_owned());
    };
    Ok(Reservation {
        feature: unescaped(feature),
        version: Some(unescaped(version)).filter(|version| !version.is_empty()),
        group: unescaped(name.trim()),
        tokens: number(tokens)?,
        members: Vec::new(),
        capacity: Some(line.to_owned()),
    })
}

fn members(text: &str) -> Vec<Member> {
    let member = |word: &str| {
        let (excluded, word) = match word.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        let (computer, word) = match word.strip_prefix('$') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        Member { name: unescaped(word), computer, excluded }
    };
    let found = text.split_whitespace().map(member);
    found.filter(|member| !member.name.is_empty()).collect()
}

/// `%%` stands for a percent sign, a single one for nothing.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
        } else if letters.next_if_eq(&'%').is_some() {
            out.push('%');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{group, read, sniff};
    use crate::artefact::{Fit, Notes, Sample};
    use crate::rms::import::{Options, Record};

    const SAMPLE: &str = "widget,4.2:design:4:ann bob $ws-17\nwidget:guests:0:!$kiosk eve\n";

    fn read_all(text: &str) -> (usize, Notes) {
        let (mut count, mut notes) = (0, Notes::default());
        read(&mut text.as_bytes(), Options::default(), &mut notes, &mut |_, record| {
            count += usize::from(matches!(record, Record::Reservation(_)));
            Ok(())
        })
        .unwrap();
        (count, notes)
    }

    #[test]
    fn groups_have_users_and_computers_some_of_them_excluded() {
        let design = group(SAMPLE.lines().next().unwrap()).unwrap();
        assert_eq!((design.feature.as_str(), design.version.as_deref()), ("widget", Some("4.2")));
        assert_eq!((design.group.as_str(), design.tokens, design.members.len()), ("design", 4, 3));
        assert!(design.members[2].computer && design.members[2].name == "ws-17");
        let guests = group("widget:guests:0:!$kiosk eve").unwrap();
        assert_eq!((guests.version, guests.tokens), (None, 0));
        assert!(guests.members[0].excluded && guests.members[0].computer);
        let address = group("f:g:1:$fe80::1 ann").unwrap();
        assert_eq!(address.members[0].name, "fe80::1");
    }

    #[test]
    fn a_doubled_percent_sign_is_one_and_a_single_one_is_none() {
        let read = group("f:g:1:dom%%ann user%ABC").unwrap();
        let names: Vec<&str> = read.members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["dom%ann", "userABC"]);
    }

    #[test]
    fn the_capacity_form_is_kept_to_the_letter() {
        let team = group("f,4.2,cap:0:teams:4:10:a b").unwrap();
        assert_eq!(
            (team.group.as_str(), team.tokens, team.version.as_deref()),
            ("teams", 4, Some("4.2"))
        );
        assert_eq!(team.capacity.as_deref(), Some("f,4.2,cap:0:teams:4:10:a b"));
    }

    #[test]
    fn a_line_that_is_none_is_told_with_its_number() {
        for (line, why) in [
            ("f:g:two:a", "`two` is no number of tokens"),
            ("f:g:2:", "the group has no members"),
            ("f:g", "it has fewer than four parts"),
            (":g:2:a", "it names no feature"),
            ("f,v,cap:2:x", "it is no line of the capacity form"),
        ] {
            assert_eq!(group(line).unwrap_err(), why, "{line}");
            let (count, notes) = read_all(&format!("{SAMPLE}\n# c\n{line}\n"));
            assert_eq!(
                (count, notes.complaints.kept[0].place.to_string()),
                (2, "line 5".to_owned())
            );
        }
    }

    #[test]
    fn a_file_of_groups_is_told_weakly() {
        let sniffed = |text: &str| sniff(&Sample { name: "", bytes: text.as_bytes(), text });
        assert_eq!(
            (sniffed(SAMPLE), sniffed("a:b\n"), sniffed("")),
            (Fit::Yes(2), Fit::No, Fit::No)
        );
    }
}
