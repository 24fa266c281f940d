//! An answer to a query beside licenseInfo.

use super::license::Value;

/// Records of elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// What stands around the records.
    pub around: Option<&'static str>,
    /// What each record is called.
    pub record: &'static str,
    pub records: Vec<Vec<(&'static str, Value)>>,
    /// Whether the record is the root of its document; else `sentinelInfo` is.
    pub is_root: bool,
}
