//! The questions: pure functions over what the store streams.

pub mod capacity;
pub mod endings;
pub mod lint;
pub mod standing;
pub mod tolerance;
pub mod usage;

#[cfg(test)]
mod fixture;
