//! What becomes of a license that an import meets again.

use super::FileState;
use crate::error::Place;
use crate::rms::model::license::License;

/// Tells that a hash stands twice in a file.
pub(super) fn twice(state: &mut FileState, place: Place, hash: &str, same: bool) {
    if same {
        let message = "a license stands twice in the file";
        state.notes.warn("W_DUPLICATE_LICENSE", place, message);
    } else {
        let message = format!("two different licenses have the hash `{hash}`");
        state.notes.complain(place, message);
    }
}

/// A license with what a newer record says of it; what that leaves out stays.
pub(super) fn merged(mut held: License, newer: License) -> License {
    held.elements.merge(&newer.elements);
    for extra in newer.extras {
        match held.extras.iter_mut().find(|held| held.name == extra.name) {
            Some(held) => *held = extra,
            None => held.extras.push(extra),
        }
    }
    held
}
