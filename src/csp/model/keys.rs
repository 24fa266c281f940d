//! The key catalogue: what the user says of product keys, since nothing here decodes them.
//!
//! An entry knows a key by its digest, by a pattern, or by its last group. Reading the file is left to `import`.

mod glob;

pub use glob::KeyGlob;

use super::key::ProductKey;
use super::version::OsVersion;
use std::fmt;

/// One entry of the key catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEntry {
    /// The name that the admin gave.
    pub id: String,
    pub matcher: KeyMatch,
    /// Number of `GetProductInfo` that the key is for.
    pub edition: i32,
    pub channel: KeyChannel,
    pub uses: KeyUses,
    pub builds: Window,
}

/// By what an entry knows a key: the strongest that is given decides; at least one is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyMatch {
    /// SHA-256 of the 29 characters, upper case.
    pub sha256: Option<[u8; 32]>,
    pub glob: Option<KeyGlob>,
    /// The last group, upper case.
    pub last_five: Option<String>,
}

/// Through what kind of sale or agreement a key came. It never decides anything.
///
/// Source: [INTUNE] both kinds of volume keys upgrade an edition; [CSP2018] says they do not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeyChannel {
    Retail,
    OemDm,
    VolumeGvlk,
    VolumeMak,
    #[default]
    Unknown,
}

impl KeyChannel {
    pub const ALL: [Self; 5] =
        [Self::Retail, Self::OemDm, Self::VolumeGvlk, Self::VolumeMak, Self::Unknown];

    /// The word of the file and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Retail => "Retail",
            Self::OemDm => "OEM:DM",
            Self::VolumeGvlk => "Volume:GVLK",
            Self::VolumeMak => "Volume:MAK",
            Self::Unknown => "Unknown",
        }
    }

    /// Reads the word, in any case.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.word().eq_ignore_ascii_case(word))
    }
}

/// What is done with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// `UpgradeEditionWithProductKey`.
    Upgrade,
    /// `ChangeProductKey`.
    Change,
    /// `CheckApplicability`.
    Check,
}

impl KeyUse {
    pub const ALL: [Self; 3] = [Self::Upgrade, Self::Change, Self::Check];

    /// The word of the file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Change => "change",
            Self::Check => "check",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// What an entry's keys may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUses {
    pub upgrade: bool,
    pub change: bool,
    pub check: bool,
}

impl Default for KeyUses {
    fn default() -> Self {
        Self { upgrade: true, change: true, check: true }
    }
}

impl KeyUses {
    /// The uses of a list; every use when the list is not there.
    #[must_use]
    pub fn of(list: Option<&[KeyUse]>) -> Self {
        list.map_or_else(Self::default, |list| Self {
            upgrade: list.contains(&KeyUse::Upgrade),
            change: list.contains(&KeyUse::Change),
            check: list.contains(&KeyUse::Check),
        })
    }

    #[must_use]
    pub const fn allow(self, kind: KeyUse) -> bool {
        match kind {
            KeyUse::Upgrade => self.upgrade,
            KeyUse::Change => self.change,
            KeyUse::Check => self.check,
        }
    }
}

/// The versions of Windows that an entry is for; both ends belong to it, and an end that is not given is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    pub min: Option<OsVersion>,
    /// When it was given without a revision, its revision is `u32::MAX`.
    pub max: Option<OsVersion>,
}

impl Window {
    #[must_use]
    pub fn holds(self, version: OsVersion) -> bool {
        self.min.is_none_or(|min| min <= version) && self.max.is_none_or(|max| version <= max)
    }
}

/// Two entries that claim the same keys for different editions with equal right, or share a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyConflict {
    pub first: String,
    pub second: String,
    /// `id`, `sha256`, `glob` or `last5`.
    pub member: &'static str,
}

impl fmt::Display for KeyConflict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, second, member } = self;
        if *member == "id" {
            write!(out, "the id `{first}` is used twice")
        } else {
            write!(
                out,
                "`{first}` and `{second}` claim the same keys for different editions by `{member}`"
            )
        }
    }
}

/// The entries, none of which contradicts another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyCatalog {
    entries: Vec<KeyEntry>,
}

impl KeyCatalog {
    /// Takes entries; every conflict among them when there is one.
    ///
    /// Ids are compared without regard to case.
    pub fn new(entries: Vec<KeyEntry>) -> Result<Self, Vec<KeyConflict>> {
        let conflicts: Vec<KeyConflict> = entries
            .iter()
            .enumerate()
            .flat_map(|(place, second)| {
                entries.iter().take(place).filter_map(|first| conflict(first, second))
            })
            .collect();
        if conflicts.is_empty() { Ok(Self { entries }) } else { Err(conflicts) }
    }

    /// Takes entries that were checked when they came in, as those of a store were: comparing all pairs again at every start
    /// would take the square of their number.
    #[must_use]
    pub fn checked_before(entries: Vec<KeyEntry>) -> Self {
        Self { entries }
    }

    /// In the order in which they were given.
    #[must_use]
    pub fn entries(&self) -> &[KeyEntry] {
        &self.entries
    }

    /// The entry that knows a key: by digest, else by the pattern with the longest literal part, else by the last group.
    #[must_use]
    pub fn find(&self, key: &ProductKey) -> Option<&KeyEntry> {
        let digest = key.sha256();
        let by_digest = || self.entries.iter().find(|entry| entry.matcher.sha256 == Some(digest));
        let by_glob = || {
            let strength = |entry: &&KeyEntry| {
                let glob = entry.matcher.glob.as_ref().filter(|glob| glob.matches(key))?;
                Some(glob.strength())
            };
            // Of equals the first is taken, whereas `max_by_key` takes the last.
            let known = self.entries.iter().rev().filter(|entry| strength(entry).is_some());
            known.max_by_key(strength)
        };
        let by_group = || {
            let last = Some(key.last_five());
            self.entries.iter().find(|entry| entry.matcher.last_five.as_deref() == last)
        };
        by_digest().or_else(by_glob).or_else(by_group)
    }
}

/// What two entries disagree about, if they do.
fn conflict(first: &KeyEntry, second: &KeyEntry) -> Option<KeyConflict> {
    let (one, two) = (&first.matcher, &second.matcher);
    let globs = one
        .glob
        .as_ref()
        .zip(two.glob.as_ref())
        .is_some_and(|(one, two)| one.strength() == two.strength() && one.meets(two));
    let member = if first.id.eq_ignore_ascii_case(&second.id) {
        "id"
    } else if first.edition == second.edition {
        return None;
    } else if one.sha256.is_some() && one.sha256 == two.sha256 {
        "sha256"
    } else if globs {
        "glob"
    } else if one.last_five.is_some() && one.last_five == two.last_five {
        "last5"
    } else {
        return None;
    };
    Some(KeyConflict { first: first.id.clone(), second: second.id.clone(), member })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> ProductKey {
        ProductKey::new(text).unwrap()
    }

    fn entry(id: &str, edition: i32, matcher: KeyMatch) -> KeyEntry {
        KeyEntry {
            id: id.to_owned(),
            matcher,
            edition,
            channel: KeyChannel::default(),
            uses: KeyUses::default(),
            builds: Window::default(),
        }
    }

    fn glob(text: &str) -> KeyMatch {
        KeyMatch { glob: Some(KeyGlob::new(text).unwrap()), ..KeyMatch::default() }
    }

    fn digest(text: &str) -> KeyMatch {
        KeyMatch { sha256: Some(key(text).sha256()), ..KeyMatch::default() }
    }

    fn last(text: &str) -> KeyMatch {
        KeyMatch { last_five: Some(text.to_owned()), ..KeyMatch::default() }
    }

    const EDU: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";

    #[test]
    fn a_digest_is_stronger_than_a_pattern_and_a_pattern_than_the_last_group() {
        let found = |entries: Vec<KeyEntry>| {
            KeyCatalog::new(entries).unwrap().find(&key(EDU)).map(|entry| entry.id.clone())
        };
        let weak = entry("last", 48, last("EDU01"));
        let middle = entry("glob", 4, glob("*-EDU01"));
        let longer = entry("longer", 27, glob("*-DDDDD-EDU01"));
        let strong = entry("digest", 121, digest(EDU));
        assert_eq!(found(vec![weak.clone()]).as_deref(), Some("last"));
        assert_eq!(found(vec![weak.clone(), middle.clone()]).as_deref(), Some("glob"));
        let three = vec![weak.clone(), longer.clone(), middle.clone()];
        assert_eq!(found(three).as_deref(), Some("longer"));
        assert_eq!(found(vec![weak, longer, middle, strong]).as_deref(), Some("digest"));
        assert_eq!(found(vec![entry("other", 4, glob("*-ENT01"))]), None);
    }

    #[test]
    fn entries_that_contradict_each_other_are_told_by_name() {
        let cases = [
            (digest(EDU), digest(EDU), "sha256"),
            (last("EDU01"), last("EDU01"), "last5"),
            (glob("*-EDU01"), glob("AAAAA-*"), "glob"),
            (glob("*EDU0?"), glob("*-EDU?1"), "glob"),
        ];
        for (one, two, member) in cases {
            let conflicts =
                KeyCatalog::new(vec![entry("a", 4, one.clone()), entry("b", 121, two.clone())]);
            assert_eq!(
                conflicts.unwrap_err(),
                [KeyConflict { first: "a".to_owned(), second: "b".to_owned(), member }]
            );
            assert!(KeyCatalog::new(vec![entry("a", 4, one), entry("b", 4, two)]).is_ok());
        }
        let twice = vec![entry("a", 4, last("EDU01")), entry("A", 4, last("ENT01"))];
        assert_eq!(KeyCatalog::new(twice).unwrap_err()[0].to_string(), "the id `a` is used twice");
    }

    #[test]
    fn entries_that_were_checked_before_are_taken_as_they_are() {
        // An undo can bring back an entry that another one has taken the place of: the first of them counts.
        let both = vec![entry("a", 4, glob("*-EDU01")), entry("b", 121, glob("AAAAA-*"))];
        assert!(KeyCatalog::new(both.clone()).is_err());
        let catalog = KeyCatalog::checked_before(both);
        assert_eq!(catalog.find(&key(EDU)).map(|entry| entry.id.as_str()), Some("a"));
    }

    #[test]
    fn patterns_that_no_key_can_match_both_of_stand_side_by_side() {
        for (one, two) in [("*-EDU01", "*-ENT01"), ("AAAAA-*", "BBBBB-*"), ("*-EDU0?", "*-EDU1?")] {
            assert!(!KeyGlob::new(one).unwrap().meets(&KeyGlob::new(two).unwrap()), "{one} {two}");
        }
        let catalog = vec![entry("edu", 121, glob("*-EDU01")), entry("ent", 4, glob("*-ENT01"))];
        assert!(KeyCatalog::new(catalog).is_ok());
    }

    #[test]
    fn a_window_holds_both_its_ends() {
        let version = |text: &str| text.parse::<OsVersion>().unwrap();
        let window =
            Window { min: Some(version("10.0.19041")), max: Some(version("10.0.19045.10")) };
        for (text, held) in [
            ("10.0.19040.9999", false),
            ("10.0.19041.0", true),
            ("10.0.19045.10", true),
            ("10.0.19045.11", false),
        ] {
            assert_eq!(window.holds(version(text)), held, "{text}");
        }
        assert!(Window::default().holds(version("10.0.10240.0")));
    }

    #[test]
    fn an_entry_without_a_list_of_uses_serves_all_of_them() {
        assert!(KeyUse::ALL.iter().all(|kind| KeyUses::of(None).allow(*kind)));
        let check = KeyUses::of(Some(&[KeyUse::Check]));
        assert_eq!(KeyUse::ALL.map(|kind| check.allow(kind)), [false, false, true]);
        assert!(KeyChannel::ALL.iter().all(|word| KeyChannel::named(word.word()) == Some(*word)));
        assert!(KeyUse::ALL.iter().all(|word| KeyUse::named(word.word()) == Some(*word)));
    }
}
