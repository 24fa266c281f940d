//! A License Manager in one line: how much it has, its worst finding, its next end.

use super::endings::ends;
use super::lint::findings_of;
use crate::clock::Timestamp;
use crate::finding::Level;
use crate::rms::model::license::{FeatureKey, License};
use crate::rms::model::server::Server;
use crate::rms::rules::node::Node;

/// What is to say of a License Manager in one line.
#[derive(Debug, Default)]
pub struct Standing {
    licenses: u64,
    findings: u64,
    first: Option<(Level, String)>,
    /// The next end.
    pub due: Option<Timestamp>,
}

impl Standing {
    /// Takes a feature.
    pub fn take(
        &mut self,
        server: &Server,
        key: &FeatureKey,
        (licenses, node): (&[License], Option<&Node>),
        now: Timestamp,
    ) {
        self.licenses += u64::try_from(licenses.len()).unwrap_or(0);
        let ends = licenses.iter().flat_map(|license| ends(license, now, server.utc_offset));
        let ends = ends.map(|(_, end)| end);
        for end in ends.filter(|end| *end >= now) {
            self.due = Some(self.due.map_or(end, |due| due.min(end)));
        }
        for finding in findings_of(server, key, (licenses, node), now) {
            self.findings += 1;
            if self.first.as_ref().is_none_or(|(level, _)| finding.severity < *level) {
                let text = format!("{key}: {}", finding.message);
                self.first = Some((finding.severity, text));
            }
        }
    }

    /// The worst level.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.first.as_ref().map(|(level, _)| *level)
    }

    /// `5 licenses`.
    #[must_use]
    pub fn counted(&self) -> String {
        format!("{} license{}", self.licenses, if self.licenses == 1 { "" } else { "s" })
    }

    /// The first of the worst findings, and how many more there are.
    #[must_use]
    pub fn message(&self) -> String {
        match (&self.first, self.findings) {
            (None, _) => "all is well".to_owned(),
            (Some((_, text)), 1) => text.clone(),
            (Some((_, text)), count) => format!("{text}; and {} more", count - 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{at, key, license};
    use super::Standing;
    use crate::finding::Level;
    use crate::rms::model::license::License;
    use crate::rms::model::server::Server;
    use crate::rms::rules::node::node;

    fn take(standing: &mut Standing, licenses: &[License]) {
        let now = at("2026-05-25T00:00:00Z");
        let node = node(licenses, now);
        standing.take(&Server::new("lic01"), &key(), (licenses, node.as_ref()), now);
    }

    #[test]
    fn the_line_of_a_license_manager_counts_and_names_the_worst() {
        let mut standing = Standing::default();
        assert_eq!(standing.message(), "all is well");
        let soft = license(&[("numLicenses", 10), ("softNumLicenses", 12)]);
        take(&mut standing, &[soft]);
        assert_eq!(standing.worst(), Some(Level::Warning));
        let later = at("2027-01-01T00:00:00Z");
        let licenses = [license(&[("deathTime", 1_000)]), license(&[("deathTime", later.s())])];
        take(&mut standing, &licenses[..1]);
        assert_eq!(standing.counted(), "2 licenses");
        assert_eq!(standing.worst(), Some(Level::Error));
        assert_eq!(standing.message(), "CAD 7.0: the license ended on 1970-01-01; and 1 more");
        take(&mut standing, &licenses[1..]);
        assert_eq!(standing.due, Some(later));
    }
}
