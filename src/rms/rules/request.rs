//! Understanding a query and a scope: what is missing, unknown or no number is refused in the order of the API's checks.

use crate::error::Refusal;
use crate::rms::catalog::codes::{SNTL_BAD_INDEX, SNTL_CALLING_ERROR};
use crate::rms::catalog::queries::{QUERIES, QueryVersion};
use crate::rms::model::query::{
    Asked, FeatureScope, FeatureText, LicenseScope, LicenseText, QueryText, Scope, ScopeText,
};

/// Understands a query document.
///
/// Refuses with `SNTL_CALLING_ERROR` what names no query, an unknown one, or a version that there is not.
pub fn query(text: &QueryText) -> Result<Asked, Refusal> {
    let wrong = |message: String| Refusal::new(&SNTL_CALLING_ERROR, message);
    let name = text.query.as_deref().ok_or_else(|| wrong("the query has no name".to_owned()))?;
    let row = QUERIES.iter().find(|row| row.name == name);
    let answered = row.and_then(|row| row.query);
    let query = answered.ok_or_else(|| {
        let near = QUERIES.iter().find(|row| row.name.eq_ignore_ascii_case(name));
        let refusal = wrong(match row {
            Some(_) => format!("the query `{name}` is not answered here"),
            None => format!("`{name}` is no query"),
        });
        match near.filter(|near| near.query.is_some()) {
            Some(near) => refusal.hinted(format!("the name is `{}`, to the letter", near.name)),
            None => {
                refusal.hinted("`licenseInfo`, `featureInfo`, `clientInfo` and others are answered")
            }
        }
    })?;
    let version = match text.version.as_deref() {
        None => QueryVersion::V1_0,
        Some(word) => QueryVersion::named(word).ok_or_else(|| {
            wrong(format!("`{word}` is no version of {name}")).hinted("there is 1.0 and 1.1")
        })?,
    };
    if !query.has(version) {
        let message = format!("{name} has no version {}", version.word());
        return Err(wrong(message).hinted("there is 1.0"));
    }
    Ok(Asked { query, version })
}

/// Understands a scope document.
///
/// Refuses with `SNTL_CALLING_ERROR` when the feature or the license is left out, with `SNTL_BAD_INDEX` what is no index.
pub fn scope(text: &ScopeText) -> Result<Scope, Refusal> {
    let missing = |what: &str| {
        let message =
            format!("the scope has no `{what}`, and licenseInfo needs `feature` and `license`");
        Refusal::new(&SNTL_CALLING_ERROR, message)
    };
    if text.client.is_some() || text.status_code.is_some() {
        let message = "the scope of licenseInfo holds a `feature` and a `license` alone";
        return Err(Refusal::new(&SNTL_CALLING_ERROR, message));
    }
    let feature = text.feature.as_ref().ok_or_else(|| missing("feature"))?;
    let license = text.license.as_ref().ok_or_else(|| missing("license"))?;
    Ok(Scope { feature: self::feature(feature)?, license: self::license(license)? })
}

/// Understands the feature of a scope.
pub fn feature(text: &FeatureText) -> Result<FeatureScope, Refusal> {
    Ok(FeatureScope {
        index: index(text.index.as_deref(), "feature")?,
        name: given(text.name.as_deref()),
        version: given(text.version.as_deref()),
    })
}

fn license(text: &LicenseText) -> Result<LicenseScope, Refusal> {
    Ok(LicenseScope {
        index: index(text.index.as_deref(), "license")?,
        hash: given(text.hash.as_deref()),
    })
}

/// An empty text counts as not given: the page's own sample has an empty hash beside an index.
fn given(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Understands an index; `None` when none was given.
pub fn index(text: Option<&str>, of: &str) -> Result<Option<u32>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse().ok().filter(|_| digits) {
        Some(index) => Ok(Some(index)),
        None => Err(Refusal::new(&SNTL_BAD_INDEX, format!("the {of} index `{text}` is no index"))
            .hinted("whole numbers from 0 to 4294967295")),
    }
}

#[cfg(test)]
mod tests {
    use super::{query, scope};
    use crate::rms::catalog::queries::QueryVersion;
    use crate::rms::model::query::{FeatureText, LicenseText, QueryText, ScopeText};

    fn asked(name: Option<&str>, version: Option<&str>) -> Result<QueryVersion, &'static str> {
        let text =
            QueryText { query: name.map(str::to_owned), version: version.map(str::to_owned) };
        query(&text).map(|asked| asked.version).map_err(|refusal| refusal.code.symbol)
    }

    #[test]
    fn a_query_without_a_version_means_1_0() {
        assert_eq!(asked(Some("licenseInfo"), None), Ok(QueryVersion::V1_0));
        assert_eq!(asked(Some("licenseInfo"), Some("1.0")), Ok(QueryVersion::V1_0));
        assert_eq!(asked(Some("licenseInfo"), Some("1.1")), Ok(QueryVersion::V1_1));
    }

    #[test]
    fn another_version_name_or_case_is_a_calling_error() {
        for (name, version) in [
            (Some("licenseInfo"), Some("1.2")),
            (Some("licenseInfo"), Some("")),
            (Some("LicenseInfo"), Some("1.1")),
            (Some("usageInfo"), None),
            (Some("serverInfo"), Some("1.1")),
            (Some(""), None),
            (None, Some("1.1")),
        ] {
            assert_eq!(asked(name, version), Err("SNTL_CALLING_ERROR"), "{name:?} {version:?}");
        }
    }

    fn texts(index: Option<&str>, license: Option<&str>) -> ScopeText {
        let index = index.map(str::to_owned);
        ScopeText {
            client: None,
            status_code: None,
            feature: Some(FeatureText { index, ..FeatureText::default() }),
            license: license.map(|index| LicenseText { index: Some(index.to_owned()), hash: None }),
        }
    }

    #[test]
    fn both_a_feature_and_a_license_must_be_in_the_scope() {
        let refused = |text: &ScopeText| scope(text).unwrap_err().code.symbol;
        assert_eq!(refused(&ScopeText::default()), "SNTL_CALLING_ERROR");
        assert_eq!(refused(&texts(Some("0"), None)), "SNTL_CALLING_ERROR");
        // What is missing is told before what is no number.
        assert_eq!(refused(&texts(Some("x"), None)), "SNTL_CALLING_ERROR");
        assert!(scope(&texts(Some("0"), Some("0"))).is_ok());
    }

    #[test]
    fn an_index_is_a_decimal_number_of_32_bits() {
        for wrong in ["-1", "abc", "4294967296", "1.0", "+1", "", " 1", "0x1"] {
            let refused = |text: &ScopeText| scope(text).unwrap_err().code.symbol;
            assert_eq!(refused(&texts(Some(wrong), Some("0"))), "SNTL_BAD_INDEX", "{wrong}");
            assert_eq!(refused(&texts(Some("0"), Some(wrong))), "SNTL_BAD_INDEX", "{wrong}");
        }
        let most = scope(&texts(Some("4294967295"), Some("007"))).unwrap();
        assert_eq!((most.feature.index, most.license.index), (Some(u32::MAX), Some(7)));
    }

    #[test]
    fn an_empty_element_counts_as_not_given() {
        let text = ScopeText {
            feature: Some(FeatureText {
                index: Some("2".to_owned()),
                name: Some("  ".to_owned()),
                version: Some(String::new()),
            }),
            license: Some(LicenseText { index: Some("0".to_owned()), hash: Some(String::new()) }),
            ..ScopeText::default()
        };
        let scope = scope(&text).unwrap();
        assert_eq!((scope.feature.name, scope.feature.version), (None, None));
        assert_eq!(scope.license.hash, None);
    }
}
