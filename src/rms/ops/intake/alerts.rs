//! The alert configuration under way in an import: a file is the configuration, whole.

use crate::api::Counts;
use crate::rms::model::alert::AlertSection;

/// What became of the sections, told apart by their feature.
pub(super) fn counted(stored: &[AlertSection], new: &[AlertSection]) -> Counts {
    let held = |section: &AlertSection| {
        stored.iter().find(|held| held.feature == section.feature).map(|held| held == section)
    };
    let mut counts = Counts::default();
    for section in new {
        match held(section) {
            None => counts.added += 1,
            Some(true) => counts.unchanged += 1,
            Some(false) => counts.changed += 1,
        }
    }
    let gone = |one: &&AlertSection| !new.iter().any(|section| section.feature == one.feature);
    counts.removed = u64::try_from(stored.iter().filter(gone).count()).unwrap_or(0);
    counts
}
