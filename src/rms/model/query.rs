//! What a caller of `get_info` hands over: first as written, then as understood.

use crate::rms::catalog::queries::{Query, QueryVersion};

/// A query document as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueryText {
    pub query: Option<String>,
    pub version: Option<String>,
}

/// A scope document as written; `None`: the element is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScopeText {
    pub feature: Option<FeatureText>,
    pub license: Option<LicenseText>,
    /// Position of a client.
    pub client: Option<Option<String>>,
    pub status_code: Option<String>,
}

/// The feature of a scope as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeatureText {
    pub index: Option<String>,
    pub name: Option<String>,
    pub version: Option<String>,
}

/// The license of a scope as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenseText {
    pub index: Option<String>,
    pub hash: Option<String>,
}

/// A query that was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub query: Query,
    pub version: QueryVersion,
}

/// A scope that was understood; empty texts count as not given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    pub feature: FeatureScope,
    pub license: LicenseScope,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeatureScope {
    pub index: Option<u32>,
    pub name: Option<String>,
    pub version: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LicenseScope {
    pub index: Option<u32>,
    pub hash: Option<String>,
}
