//! Writers: records to bytes. They know no store and no file system.

pub mod catalogue;
pub mod list;
