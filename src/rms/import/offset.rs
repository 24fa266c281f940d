//! How far local times are ahead of UTC, as people write it: `+02:00`.

/// Seconds of `+02:00`, `-0730`, `+2` or `Z`; `None` when it is none, or more than 14 hours.
#[must_use]
pub fn seconds(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        None if rest.len() == 4 => rest.split_at_checked(2)?,
        None => (rest, "0"),
        _ => return None,
    };
    let number = |text: &str| {
        let digits =
            (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i64>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let ahead = hours * 3600 + minutes * 60;
    (minutes < 60 && ahead <= 14 * 3600).then_some(sign * ahead)
}

/// `+02:00`.
#[must_use]
pub fn written(seconds: i64) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::{seconds, written};

    #[test]
    fn an_offset_is_written_in_several_ways() {
        for (text, expected) in
            [("+02:00", 7200), ("-0730", -27_000), ("+2", 7200), ("Z", 0), ("-00:15", -900)]
        {
            assert_eq!(seconds(text), Some(expected), "{text}");
            assert_eq!(seconds(&written(expected)), Some(expected));
        }
        for wrong in ["", "2", "+", "+15:00", "+2:60", "+2:5", "CET", "+é0"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
