//! What a License Manager holds: itself, features, licenses with their elements; and what a caller asks.

pub mod alert;
pub mod application;
pub mod glob;
pub mod group;
pub mod info;
pub mod license;
pub mod pool;
pub mod query;
pub mod request;
pub mod server;
pub mod session;
pub mod trial;
pub mod usage;
