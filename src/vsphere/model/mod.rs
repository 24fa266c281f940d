//! Types that hold what the API holds, and what the model keeps beside it.

pub mod assignment;
pub mod catalogue;
pub mod entity;
pub mod key;
pub mod license;
pub mod value;
pub mod vcenter;
