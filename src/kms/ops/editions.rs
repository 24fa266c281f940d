//! What keys are for, as the user says it: editions by name or Activation ID, channels, what a host serves.

use crate::error::{Outcome, Usage};
use crate::kms::catalog::enumerations::KEY_CHANNELS;
use crate::kms::model::{Channel, ChannelWord, Editions, KeyTarget, OwnEdition, State};
use crate::kms::store::editions;
use crate::output::nearest;
use crate::store::{Put, Tx};
use uuid::Uuid;

/// The editions that a host product serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Serves {
    /// Every one of its application.
    All,
    These(Vec<Uuid>),
}

impl Serves {
    /// Reads the values of `--serves`: `all`, or Activation IDs and names of editions. `None` when there are none.
    pub fn read(texts: &[String], editions: &Editions) -> Outcome<Option<Self>> {
        match texts {
            [] => Ok(None),
            [all] if all.eq_ignore_ascii_case("all") => Ok(Some(Self::All)),
            several => {
                let ids = several.iter().map(|text| edition(text, editions));
                Ok(Some(Self::These(ids.collect::<Outcome<_>>()?)))
            }
        }
    }
}

/// Binds a host product to what it serves.
pub(super) fn serving(mut state: State, activation: Uuid, serves: Option<&Serves>) -> State {
    for product in &mut state.products {
        if product.id == activation && product.kind() == Channel::KmsHost {
            product.serves = match serves {
                Some(Serves::These(ids)) => Some(ids.clone()),
                Some(Serves::All) => None,
                None => product.serves.take(),
            };
        }
    }
    state
}

/// What a key is for, as the user says it.
///
/// Usage error for a word that is no channel.
pub fn target(activation: Uuid, channel: &str, editions: &Editions) -> Outcome<KeyTarget> {
    let channel = ChannelWord::new(channel).ok_or_else(|| {
        let known = KEY_CHANNELS.iter();
        let words: Vec<&str> = known.filter(|row| row.installable).map(|row| row.word).collect();
        Usage::new(format!("there is no channel `{channel}`"))
            .hinted(format!("there is {}", words.join(", ")))
    })?;
    Ok(KeyTarget { activation, channel, edition: editions.edition(activation) })
}

/// The Activation ID of an edition: a GUID, or the name that a list has for it.
///
/// Usage error with the nearest names for a name that none has.
pub fn edition(text: &str, editions: &Editions) -> Outcome<Uuid> {
    if let Ok(id) = Uuid::try_parse(text.trim_matches(['{', '}'])) {
        return Ok(id);
    }
    if let Some(named) = editions.named(text) {
        return Ok(named.activation);
    }
    let names: Vec<String> = editions.all().iter().map(|edition| edition.name.to_owned()).collect();
    let near = nearest(text, &names);
    let usage = Usage::new(format!("no edition is called `{text}`"));
    Err(if near.is_empty() {
        usage.hinted("give its Activation ID, a GUID")
    } else {
        usage.hinted(format!("did you mean {}?", near.join(", ")))
    }
    .into())
}

/// What became of a list of editions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Learned {
    pub added: u64,
    pub changed: u64,
    /// Known already, from a list or from the built-in table.
    pub unchanged: u64,
}

/// Keeps the editions of a list. Those of the built-in table stay as they are: the Activation IDs of which the list says something
/// else come back.
pub fn learn(tx: &mut dyn Tx, list: &[OwnEdition]) -> Outcome<(Learned, Vec<Uuid>)> {
    let built_in = Editions::default();
    let (mut learned, mut kept) = (Learned::default(), Vec::new());
    for own in list {
        if let Some(known) = built_in.get(own.activation) {
            learned.unchanged += 1;
            if (known.pool, known.required) != (own.pool, own.required) {
                kept.push(own.activation);
            }
            continue;
        }
        match editions::save(tx, own)? {
            Put::Added => learned.added += 1,
            Put::Changed => learned.changed += 1,
            Put::Unchanged => learned.unchanged += 1,
        }
    }
    tx.call("sku.import", &format!("editions={}", list.len()));
    Ok((learned, kept))
}

#[cfg(test)]
mod tests {
    use super::super::scratch::DESKTOP;
    use super::*;

    #[test]
    fn an_edition_is_named_by_its_id_or_by_its_name_in_any_case() {
        let known = Editions::default();
        let id = edition("windows 10 PROFESSIONAL", &known).unwrap();
        assert_eq!(edition(&format!("{{{id}}}"), &known).unwrap(), id);
        assert_eq!(edition("Windows 10 Profesional", &known).unwrap_err().status(), 2);
        assert_eq!(Serves::read(&[], &known).unwrap(), None);
        assert_eq!(Serves::read(&["ALL".to_owned()], &known).unwrap(), Some(Serves::All));
        let these = Serves::read(&[DESKTOP.to_owned()], &known).unwrap();
        assert_eq!(these, Some(Serves::These(vec![id])));
    }
}
