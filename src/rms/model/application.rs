//! Which features make up an application: a License Manager cannot tell.

use super::glob::Glob;
use super::license::FeatureKey;

/// Features of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub feature: Glob,
    /// `None`: every version.
    pub version: Option<Glob>,
    pub application: String,
}

/// Features and their applications, in the order of their file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applications(pub Vec<Member>);

impl Applications {
    /// The application of a feature: that of the first line that matches it.
    #[must_use]
    pub fn of(&self, key: &FeatureKey) -> Option<&str> {
        let matches = |member: &&Member| {
            member.feature.matches(&key.name)
                && member.version.as_ref().is_none_or(|version| version.matches(&key.version))
        };
        self.0.iter().find(matches).map(|member| member.application.as_str())
    }
}
