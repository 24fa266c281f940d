//! What echoid prints on a machine: its locking codes.

use crate::rms::rules::locks::code_mask;

/// The locking codes of an output: the first word of each line that is one.
///
/// Source: System Administrator Guide, echoid; the layout of the lines: assumed.
#[must_use]
pub fn codes(text: &str) -> Vec<&str> {
    let words = text.lines().filter_map(|line| line.split_whitespace().next());
    words.filter(|word| code_mask(word).is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::codes;

    #[test]
    fn the_first_word_of_a_line_may_be_a_locking_code() {
        let text = "\n   Sentinel RMS host locking code utility\r\n\t14-*1A2B3C  Locking Code 1 (DISK_ID)\r\n\
                    2014-*9F9F\nLocking code: 4-*XYZ\n";
        assert_eq!(codes(text), ["14-*1A2B3C", "2014-*9F9F"]);
        assert_eq!(codes("nothing here\n"), [""; 0]);
    }
}
