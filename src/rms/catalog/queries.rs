//! The queries of `get_info`: their names, versions and the words of their documents.

use super::documents::{API, LICENSE_INFO};
use crate::catalog::{Source, assumed, stated};

/// A version of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum QueryVersion {
    /// Limits up to 2,097,150. What a query without a version means.
    V1_0,
    /// Since RMS 9.5; limits up to 4,294,967,294.
    V1_1,
}

impl QueryVersion {
    pub const ALL: [Self; 2] = [Self::V1_0, Self::V1_1];

    /// The value of the attribute.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
        }
    }

    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.word() == word)
    }
}

/// A query that is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Query {
    LicenseInfo,
    FeatureInfo,
    ClientInfo,
    ServerInfo,
    ServerPoolInfo,
    /// featureCumulativeTrialInfo.
    TrialInfo,
    StatusInfo,
    LastStatusInfo,
    SessionInfo,
}

impl Query {
    /// Whether the query has that version.
    #[must_use]
    pub fn has(self, version: QueryVersion) -> bool {
        let wide = matches!(
            self,
            Self::LicenseInfo | Self::FeatureInfo | Self::ClientInfo | Self::SessionInfo
        );
        wide || version == QueryVersion::V1_0
    }
}

/// The name of a query, and where it is described.
#[derive(Debug)]
pub struct QueryName {
    pub name: &'static str,
    /// `None`: known, and not answered here.
    pub query: Option<Query>,
    pub source: Source,
}

const fn known(name: &'static str) -> QueryName {
    QueryName { name, query: None, source: stated(&API, "get_info, queries") }
}

const fn answered(name: &'static str, query: Query) -> QueryName {
    QueryName { name, query: Some(query), source: stated(&API, "get_info, queries") }
}

/// Every query of the API.
pub static QUERIES: [QueryName; 15] = [
    QueryName {
        name: "licenseInfo",
        query: Some(Query::LicenseInfo),
        source: stated(&LICENSE_INFO, "Query"),
    },
    answered("featureInfo", Query::FeatureInfo),
    answered("clientInfo", Query::ClientInfo),
    answered("serverInfo", Query::ServerInfo),
    answered("serverPoolInfo", Query::ServerPoolInfo),
    answered("featureCumulativeTrialInfo", Query::TrialInfo),
    answered("statusInfo", Query::StatusInfo),
    QueryName {
        name: "lastStatusInfo",
        query: Some(Query::LastStatusInfo),
        source: assumed(
            &API,
            "every command is an application context of its own, in which nothing has failed yet",
        ),
    },
    QueryName {
        name: "sessionInfo",
        query: Some(Query::SessionInfo),
        source: stated(&API, "sntl_licensing_get_session_info"),
    },
    known("recipientInfo"),
    known("fingerprintInfo"),
    known("lockCodeInfo"),
    known("libraryInfo"),
    known("appContextInfo"),
    known("usageInfo"),
];

/// The root of a query document.
pub const QUERY_ROOT: &str = "sentinelQuery";

/// The root of a scope document.
pub const SCOPE_ROOT: &str = "sentinelScope";

/// The root of an answer.
pub const INFO_ROOT: &str = "sentinelInfo";
