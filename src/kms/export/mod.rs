//! Writers: events as files, and the model as the tools of Windows print it or take it. They know no store and no files.

pub mod events;
pub mod plan;
pub mod redact;
pub mod slmgr;
