//! Which feature and which license a scope means.

use super::table::{Entry, Feature, Table};
use crate::error::{Outcome, Refusal, Warning};
use crate::rms::catalog::codes::{
    SNTL_APP_UNNAMED, SNTL_CALLING_ERROR, SNTL_NO_MORE_FEATURES, SNTL_NO_MORE_LICENSES,
    SNTL_NO_SUCH_FEATURE, SNTL_NO_SUCH_LICENSE,
};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::query::{FeatureScope, LicenseScope};

/// Whether what the page leaves open is let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rigour {
    Lenient,
    Strict,
}

/// Finds the feature.
///
/// Refuses with `SNTL_APP_UNNAMED` when nothing names it, `SNTL_NO_MORE_FEATURES` past the last index, `SNTL_NO_SUCH_FEATURE`
/// when no feature has the name and version.
///
/// Source: licenseInfo, Feature Parameters; an index beside a name or a version alone: assumed.
pub fn feature(table: &mut dyn Table, scope: &FeatureScope) -> Outcome<Feature> {
    let named = |name: &str, version: &str| FeatureKey {
        name: name.to_owned(),
        version: version.to_owned(),
    };
    match (scope.index, scope.name.as_deref(), scope.version.as_deref()) {
        (None, None, None) => Err(unnamed("the scope names no feature")),
        (None, None, Some(_)) => Err(unnamed("a version alone names no feature")),
        (Some(index), None, None) => table.feature_at(index)?.ok_or_else(|| {
            Refusal::new(&SNTL_NO_MORE_FEATURES, format!("there is no feature {index}")).into()
        }),
        // All three: the index is ignored, whatever it is.
        (_, Some(name), Some(version)) => {
            let key = named(name, version);
            table.feature_named(&key)?.ok_or_else(|| missing(&key))
        }
        (None, Some(name), None) => {
            let key = named(name, "");
            table.feature_named(&key)?.ok_or_else(|| missing(&key))
        }
        (Some(index), Some(name), None) => {
            if let Some(found) = table.feature_named(&named(name, ""))? {
                return Ok(found);
            }
            let found = table.feature_at(index)?.filter(|feature| feature.key.name == name);
            found.ok_or_else(|| none_such(format!("feature {index} is not called `{name}`")))
        }
        (Some(index), None, Some(version)) => {
            let found = table.feature_at(index)?.filter(|feature| feature.key.version == version);
            found.ok_or_else(|| none_such(format!("feature {index} is not of version `{version}`")))
        }
    }
}

fn unnamed(message: &str) -> crate::error::Stop {
    Refusal::new(&SNTL_APP_UNNAMED, message)
        .hinted("give the feature index, or the name, and the version if the feature has one")
        .into()
}

fn none_such(message: String) -> crate::error::Stop {
    Refusal::new(&SNTL_NO_SUCH_FEATURE, message)
        .hinted("`licctl rms feature list` shows the features")
        .into()
}

/// A feature that a License Manager does not have: `SNTL_NO_SUCH_FEATURE`.
#[must_use]
pub fn missing(key: &FeatureKey) -> crate::error::Stop {
    let FeatureKey { name, version } = key;
    if !version.is_empty() {
        return none_such(format!("there is no feature `{key}`"));
    }
    Refusal::new(&SNTL_NO_SUCH_FEATURE, format!("there is no feature `{name}` without a version"))
        .hinted("give the version too, if the feature has one; `licctl rms feature list` shows it")
        .into()
}

/// Finds the license of a feature; a warning tells of an index that a hash overrides.
///
/// Refuses with `SNTL_CALLING_ERROR` when nothing names it, or index and hash both do and rigour forbids it,
/// `SNTL_NO_MORE_LICENSES` past the last index, `SNTL_NO_SUCH_LICENSE` when none has the hash.
///
/// Source: licenseInfo, License Parameters; a hash beside an index: assumed.
pub fn license(
    table: &mut dyn Table,
    feature: &Feature,
    scope: &LicenseScope,
    rigour: Rigour,
) -> Outcome<(Entry, Option<Warning>)> {
    let mut warning = None;
    let found = match (scope.index, scope.hash.as_deref()) {
        (None, None) => {
            let message = "the scope names no license";
            return Err(Refusal::new(&SNTL_CALLING_ERROR, message)
                .hinted("give the license index or the hash")
                .into());
        }
        (Some(index), None) => table.license_at(feature.id, index)?.ok_or_else(|| {
            let message = format!("`{}` has no license {index}", feature.key);
            Refusal::new(&SNTL_NO_MORE_LICENSES, message)
        })?,
        (index, Some(hash)) => {
            if let Some(index) = index {
                let message = format!("the license index {index} is ignored beside a hash");
                if rigour == Rigour::Strict {
                    let message = "the scope has both a license index and a hash";
                    return Err(Refusal::new(&SNTL_CALLING_ERROR, message)
                        .hinted("give one of them")
                        .into());
                }
                warning = Some(Warning::new("W_INDEX_IGNORED", message));
            }
            table.license_hashed(feature.id, &hash.to_ascii_uppercase())?.ok_or_else(|| {
                let message = format!("`{}` has no license of hash `{hash}`", feature.key);
                Refusal::new(&SNTL_NO_SUCH_LICENSE, message)
                    .hinted("`licctl rms license list` shows the hashes")
            })?
        }
    };
    Ok((found, warning))
}

#[cfg(test)]
mod tests {
    use super::{Rigour, feature, license};
    use crate::error::{Outcome, Stop};
    use crate::rms::model::license::FeatureKey;
    use crate::rms::model::query::{FeatureScope, LicenseScope};
    use crate::rms::rules::fixture;
    use crate::rms::rules::table::{Entry, Feature, Table};

    /// Features with the hashes of their licenses.
    struct Plain(Vec<(&'static str, &'static str, Vec<&'static str>)>);

    impl Plain {
        fn feature(&self, at: usize) -> Option<Feature> {
            let (name, version, _) = self.0.get(at)?;
            let key = FeatureKey { name: (*name).to_owned(), version: (*version).to_owned() };
            Some(Feature { id: i64::try_from(at).unwrap(), key })
        }

        fn license(&self, feature: i64, at: usize) -> Option<Entry> {
            let (_, _, hashes) = &self.0[usize::try_from(feature).unwrap()];
            let license = fixture::license(1).says("licenseHash", hashes.get(at)?);
            Some(Entry { id: i64::try_from(at).unwrap(), license })
        }
    }

    impl Table for Plain {
        fn feature_at(&mut self, index: u32) -> Outcome<Option<Feature>> {
            Ok(self.feature(usize::try_from(index).unwrap()))
        }
        fn feature_named(&mut self, key: &FeatureKey) -> Outcome<Option<Feature>> {
            Ok((0..self.0.len()).filter_map(|at| self.feature(at)).find(|found| found.key == *key))
        }
        fn license_at(&mut self, feature: i64, index: u32) -> Outcome<Option<Entry>> {
            Ok(self.license(feature, usize::try_from(index).unwrap()))
        }
        fn license_hashed(&mut self, feature: i64, hash: &str) -> Outcome<Option<Entry>> {
            let (_, _, hashes) = &self.0[usize::try_from(feature).unwrap()];
            let at = hashes.iter().position(|held| *held == hash);
            Ok(at.and_then(|at| self.license(feature, at)))
        }
    }

    fn found(table: &mut Plain, index: i64, name: &str, version: &str) -> Result<String, String> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let scope = FeatureScope {
            index: u32::try_from(index).ok(),
            name: given(name),
            version: given(version),
        };
        feature(table, &scope).map(|found| found.key.to_string()).map_err(symbol)
    }

    fn symbol(stop: Stop) -> String {
        let Stop::Refused(refusal) = stop else { panic!("{stop:?}") };
        refusal.code.symbol.to_owned()
    }

    fn table() -> Plain {
        Plain(vec![
            ("CAD", "7.0", vec!["AAAA000000000000", "BBBB000000000000"]),
            ("CAM", "", vec!["CCCC000000000000"]),
            ("A", "", vec![]),
            ("A", "7.0", vec![]),
        ])
    }

    #[test]
    fn every_combination_of_index_name_and_version_is_resolved() {
        let none = -1;
        let more = "SNTL_NO_MORE_FEATURES";
        let (unnamed, absent) = ("SNTL_APP_UNNAMED", "SNTL_NO_SUCH_FEATURE");
        let cases = [
            (none, "", "", Err(unnamed)),
            (none, "", "7.0", Err(unnamed)),
            (0, "", "", Ok("CAD 7.0")),
            (3, "", "", Ok("A 7.0")),
            (4, "", "", Err(more)),
            (none, "CAM", "", Ok("CAM")),
            // The version is mandatory when the license has one.
            (none, "CAD", "", Err(absent)),
            (none, "A", "", Ok("A")),
            (none, "CAD", "7.0", Ok("CAD 7.0")),
            (none, "cad", "7.0", Err(absent)),
            (none, "CAD", "8.0", Err(absent)),
            // All three: the index is ignored, in range or not.
            (1, "CAD", "7.0", Ok("CAD 7.0")),
            (99, "CAD", "7.0", Ok("CAD 7.0")),
            (99, "CAD", "8.0", Err(absent)),
            (0, "CAD", "", Ok("CAD 7.0")),
            (3, "A", "", Ok("A")),
            (1, "CAD", "", Err(absent)),
            (0, "", "7.0", Ok("CAD 7.0")),
            (1, "", "7.0", Err(absent)),
            (99, "", "7.0", Err(absent)),
        ];
        for (index, name, version, expected) in cases {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(
                found(&mut table(), index, name, version),
                expected,
                "{index} {name} {version}"
            );
        }
    }

    fn hash_of(index: Option<u32>, hash: &str, rigour: Rigour) -> Result<(String, bool), String> {
        let mut table = table();
        let cad = table.feature(0).unwrap();
        let hash = Some(hash.to_owned()).filter(|hash| !hash.is_empty());
        let scope = LicenseScope { index, hash };
        license(&mut table, &cad, &scope, rigour)
            .map(|(found, warning)| (found.license.hash().unwrap().to_owned(), warning.is_some()))
            .map_err(symbol)
    }

    #[test]
    fn a_license_is_named_by_index_or_by_hash() {
        let lenient = Rigour::Lenient;
        let ok = |hash: &str, warned| Ok((hash.to_owned(), warned));
        let no = |symbol: &str| Err(symbol.to_owned());
        assert_eq!(hash_of(Some(0), "", lenient), ok("AAAA000000000000", false));
        assert_eq!(hash_of(Some(1), "", lenient), ok("BBBB000000000000", false));
        assert_eq!(hash_of(Some(2), "", lenient), no("SNTL_NO_MORE_LICENSES"));
        assert_eq!(hash_of(None, "", lenient), no("SNTL_CALLING_ERROR"));
        assert_eq!(hash_of(None, "bbbb000000000000", lenient), ok("BBBB000000000000", false));
        // A hash of another feature is none here.
        assert_eq!(hash_of(None, "CCCC000000000000", lenient), no("SNTL_NO_SUCH_LICENSE"));
    }

    #[test]
    fn a_hash_beside_an_index_wins_with_a_warning() {
        let hash = "BBBB000000000000";
        assert_eq!(hash_of(Some(0), hash, Rigour::Lenient), Ok((hash.to_owned(), true)));
        assert_eq!(hash_of(Some(0), hash, Rigour::Strict), Err("SNTL_CALLING_ERROR".to_owned()));
    }
}
