//! Types that hold what the API holds: the device, the messages that it is sent, the profiles that admins write.

pub mod answer;
pub mod ddf;
pub mod device;
pub mod key;
pub mod keys;
pub mod message;
pub mod profile;
pub mod version;
