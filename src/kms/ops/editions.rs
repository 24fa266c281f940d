//! What keys are for, as the user says it: editions by name or Activation ID, channels, what a host serves.

use crate::error::{Outcome, Usage};
use crate::kms::catalog::enumerations::KEY_CHANNELS;
use crate::kms::catalog::skus;
use crate::kms::model::{Channel, ChannelWord, Edition, KeyTarget, State};
use crate::output::nearest;
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
    pub fn read(texts: &[String]) -> Outcome<Option<Self>> {
        match texts {
            [] => Ok(None),
            [all] if all.eq_ignore_ascii_case("all") => Ok(Some(Self::All)),
            several => {
                let ids = several.iter().map(|text| edition(text));
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
pub fn target(activation: Uuid, channel: &str) -> Outcome<KeyTarget> {
    let channel = ChannelWord::new(channel).ok_or_else(|| {
        let known = KEY_CHANNELS.iter();
        let words: Vec<&str> = known.filter(|row| row.installable).map(|row| row.word).collect();
        Usage::new(format!("there is no channel `{channel}`"))
            .hinted(format!("there is {}", words.join(", ")))
    })?;
    Ok(KeyTarget { activation, channel, edition: Edition::listed(activation) })
}

/// The Activation ID of an edition: a GUID, or the name that a list has for it.
///
/// Usage error with the nearest names for a name that none has.
pub fn edition(text: &str) -> Outcome<Uuid> {
    if let Ok(id) = Uuid::try_parse(text.trim_matches(['{', '}'])) {
        return Ok(id);
    }
    let named = skus::SKUS.iter().find(|sku| sku.name.eq_ignore_ascii_case(text));
    if let Some(sku) = named {
        return Ok(sku.activation);
    }
    let names: Vec<String> = skus::SKUS.iter().map(|sku| sku.name.to_owned()).collect();
    let near = nearest(text, &names);
    let usage = Usage::new(format!("no edition is called `{text}`"));
    Err(if near.is_empty() {
        usage.hinted("give its Activation ID, a GUID")
    } else {
        usage.hinted(format!("did you mean {}?", near.join(", ")))
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::super::scratch::DESKTOP;
    use super::*;

    #[test]
    fn an_edition_is_named_by_its_id_or_by_its_name_in_any_case() {
        let id = edition("windows 10 PROFESSIONAL").unwrap();
        assert_eq!(edition(&format!("{{{id}}}")).unwrap(), id);
        assert_eq!(edition("Windows 10 Profesional").unwrap_err().status(), 2);
        assert_eq!(Serves::read(&[]).unwrap(), None);
        assert_eq!(Serves::read(&["ALL".to_owned()]).unwrap(), Some(Serves::All));
        let these = Serves::read(&[DESKTOP.to_owned()]).unwrap();
        assert_eq!(these, Some(Serves::These(vec![id])));
    }
}
