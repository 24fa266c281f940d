//! What a License Manager holds: itself, features, licenses with their elements; and what a caller asks.

pub mod license;
pub mod query;
pub mod server;
