//! What a device answers: pure functions from a device, a request and a moment to an answer and the device afterwards.
//!
//! `answer` is the one entry for reading and writing nodes; `session` takes whole messages through it, `intune` whole profiles. What
//! happens at the device itself stands beside it: a restart in `upgrade`, a sign-in in `subscriptions`, a switch in the Store in
//! `smode`. `decode` tells what a number means.

pub mod address;
pub mod answer;
pub mod applicability;
pub mod control;
pub mod decode;
mod denial;
pub mod fold;
pub mod intune;
mod keys;
mod licensing;
mod operation;
pub mod protocol;
pub mod read;
pub mod session;
pub mod smode;
pub mod subscriptions;
pub mod upgrade;
pub mod value;
mod versions;
mod write;

#[cfg(test)]
mod edges;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod random;
#[cfg(test)]
mod worked;
