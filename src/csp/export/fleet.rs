//! Wishes as a custom profile of Fleet: commands one behind the other, without a root and without numbers.

use super::syncml::command;
use super::wish::Asked;

/// Writes a profile. The server numbers the commands and puts them into its own message.
pub(super) fn write(asked: &[Asked<'_>]) -> String {
    let mut out = String::new();
    for asked in asked {
        command(&mut out, asked, None, 0);
    }
    out
}
