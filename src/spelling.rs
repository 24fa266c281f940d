//! How far two spellings are apart, for hints at what was meant.

/// Counts the letters that must be put in, left out or changed to make `right` of `left`; case counts.
#[must_use]
pub fn distance(left: &str, right: &str) -> usize {
    let alike = left.chars().zip(right.chars()).take_while(|(one, two)| one == two);
    let alike = alike.map(|(letter, _)| letter.len_utf8()).sum();
    let (left, right) = (left.get(alike..).unwrap_or(left), right.get(alike..).unwrap_or(right));
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, letter) in left.chars().enumerate() {
        // What stands left of the place that is filled: in the row above, and in this row.
        let (mut diagonal, mut before) = (above, above + 1);
        for (place, other) in row.iter_mut().skip(1).zip(&right) {
            let change = diagonal + usize::from(letter != *other);
            diagonal = *place;
            before = change.min(diagonal + 1).min(before + 1);
            *place = before;
        }
        if let Some(first) = row.first_mut() {
            *first = above + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn a_distance_counts_letters_put_in_left_out_and_changed() {
        let cases = [
            ("", "", 0),
            ("edition", "edition", 0),
            ("", "abc", 3),
            ("switchpolicy", "switchingpolicy", 3),
            ("edtion", "edition", 1),
            ("kitten", "sitting", 3),
        ];
        for (left, right, apart) in cases {
            assert_eq!(distance(left, right), apart, "{left} {right}");
            assert_eq!(distance(right, left), apart, "{right} {left}");
        }
    }
}
