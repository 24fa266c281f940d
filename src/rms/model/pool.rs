//! A pool of redundant License Managers.

/// A License Manager of a pool, in the order of preference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolMember {
    pub name: String,
    pub address: String,
    pub up: bool,
}

/// Who serves what in a pool.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pool {
    pub members: Vec<PoolMember>,
    /// Whether half of an even number is enough: sources disagree.
    pub half: bool,
}

impl Pool {
    /// How many are up.
    #[must_use]
    pub fn up(&self) -> usize {
        self.members.iter().filter(|member| member.up).count()
    }

    /// The first that is up.
    #[must_use]
    pub fn leader(&self) -> Option<&PoolMember> {
        self.members.iter().find(|member| member.up)
    }
}
