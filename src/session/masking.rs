//! Command lines without their secrets, for the history and for what is printed.

use crate::api::Api;
use crate::apis;

/// The command line for the history, secrets masked by the domains' rules.
pub(super) fn masked(words: &[String]) -> String {
    // Secrets of two domains may look alike: the one that the command names knows how much of its own may be seen.
    let own = words.iter().find_map(|word| apis::find(word));
    let shown: Vec<String> = words
        .iter()
        .map(|word| {
            let hidden = hidden_by(own, word);
            if hidden == *word { quoted(word) } else { hidden }
        })
        .collect();
    shown.join(" ")
}

/// A word of a command line with its secrets masked by the domains' rules.
#[must_use]
pub fn hidden(word: &str) -> String {
    hidden_by(None, word)
}

/// No domain has a shorter secret, and most words of a command line are shorter.
const SHORTEST: usize = 8;

/// As [`hidden`], by the rule of `own` first.
fn hidden_by(own: Option<&'static Api>, word: &str) -> String {
    if word.len() < SHORTEST {
        return word.to_owned();
    }
    let secret = |word: &str| {
        let apis = own.into_iter().chain(apis::APIS.iter().copied());
        apis.into_iter().find_map(|api| (api.secret)(word))
    };
    match word.split_once('=').and_then(|(flag, value)| Some((flag, value, secret(value)?))) {
        Some((flag, value, mask)) => format!("{flag}={}", mask.apply(value)),
        None => secret(word).map_or_else(|| word.to_owned(), |mask| mask.apply(word)),
    }
}

fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./:=@,+%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
