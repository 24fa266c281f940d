//! What the two managers answer: state in, state or refusal out. Time is an argument.

pub mod assign;
pub mod catalogue;
pub mod decode;
pub mod expiry;
pub mod features;
pub mod info;
pub mod inventory;
pub mod pattern;
pub mod standing;
pub mod units;

#[cfg(test)]
pub(crate) mod fixture;
