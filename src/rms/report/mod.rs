//! The questions: pure functions over what the store streams.

pub mod around;
pub mod capacity;
pub mod difference;
pub mod drawn;
pub mod endings;
pub mod files;
pub mod lint;
pub mod standing;
pub mod tolerance;
pub mod usage;

#[cfg(test)]
mod fixture;
