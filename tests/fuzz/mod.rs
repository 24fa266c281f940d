//! A fuzz target for each reader. `cargo test` runs a few thousand inputs; `cargo bolero test fuzz::csp::NAME --sanitizer NONE` goes on.
//!
//! Whatever the bytes are: no panic, and every record that comes out is one that the store can hold.

mod csp;
mod kms;
mod rms;
mod tslicense;
mod vsphere;

/// Half of the inputs are noise, half are a good file with noise in it.
fn noisy(seed: &str, bytes: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    match bytes.split_first() {
        Some((first, rest)) if first % 2 == 1 => {
            let at = usize::from(*first) * seed.len() / 256;
            file.extend_from_slice(&seed.as_bytes()[..at]);
            file.extend_from_slice(rest);
            file.extend_from_slice(&seed.as_bytes()[at..]);
        }
        _ => file.extend_from_slice(bytes),
    }
    file
}
