//! Chance that can be repeated: GUIDs that follow from the seed of the command and what they are for.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Draws a random GUID (version 4).
///
/// - `seed`: the command's; the same seed and the same purpose draw the same GUID.
/// - `purpose`: what the GUID is for, told apart word by word; case does not matter.
#[must_use]
pub fn guid(seed: u64, purpose: &[&str]) -> Uuid {
    let mut hasher = Sha256::new();
    hasher.update(b"licctl guid");
    hasher.update(seed.to_le_bytes());
    for word in purpose {
        let word = word.to_lowercase();
        hasher.update(u64::try_from(word.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(word.as_bytes());
    }
    let digest: [u8; 32] = hasher.finalize().into();
    let mut bytes = [0; 16];
    for (byte, drawn) in bytes.iter_mut().zip(digest) {
        *byte = drawn;
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::guid;

    #[test]
    fn the_same_seed_draws_the_same_guid_and_another_purpose_another() {
        let drawn = guid(1, &["kms1", "reboot", "2"]);
        assert_eq!(drawn, guid(1, &["KMS1", "reboot", "2"]));
        assert_eq!(drawn.get_version_num(), 4);
        for other in [
            guid(2, &["kms1", "reboot", "2"]),
            guid(1, &["kms1", "reboot", "3"]),
            guid(1, &["kms1reboot", "2"]),
        ] {
            assert_ne!(drawn, other);
        }
    }
}
