//! Writers: records to bytes. They know no store and no file system.

pub mod catalogue;
pub mod declared;
pub mod list;
pub mod sheet;
pub mod steps;
pub mod terraform;
pub mod vim_cmd;
pub mod xml;
