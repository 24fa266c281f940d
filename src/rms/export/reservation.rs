//! Reservation groups as the lines of a group reservation file.

use crate::rms::model::group::{Group, Member};

/// Writes a group as one line.
#[must_use]
pub fn line(group: &Group) -> String {
    let version = group.version.as_ref().map(|version| format!(",{}", escaped(version)));
    let members: Vec<String> =
        group.members.iter().map(|one| escaped(&Member::text(one))).collect();
    format!(
        "{}{}:{}:{}:{}\n",
        escaped(&group.feature),
        version.unwrap_or_default(),
        escaped(&group.name),
        group.tokens,
        members.join(" ")
    )
}

/// A single percent sign vanishes when it is read, and two are one.
fn escaped(text: &str) -> String {
    text.replace('%', "%%")
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::rms::import::reservation::group;

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        for text in [
            "widget,4.2:design:4:ann bob $ws-17",
            "widget:guests:0:!$kiosk eve",
            "f:g:1:dom%%ann $fe80::1",
        ] {
            let read = group(text).unwrap().group().unwrap();
            assert_eq!(line(&read), format!("{text}\n"));
        }
    }
}
