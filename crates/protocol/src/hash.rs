use sha2::{Digest, Sha256};

/// The protocol's hash of several parts: `TH(tag, m1..mn)`.
///
/// `SHA-256( SHA-256(tag) , SHA-256(tag) , u64be(n) , u64be(len m1) , m1 , ... )`, where commas concatenate. The tag
/// separates purposes, the counts and lengths separate the parts: other parts never give the same input.
///
/// ```
/// use tgp_protocol::tagged_hash;
///
/// let parts = tagged_hash("TGP/0.1/example", [b"ab".as_slice(), b"c"]);
/// assert_ne!(parts, tagged_hash("TGP/0.1/example", [b"a".as_slice(), b"bc"]));
/// assert_ne!(parts, tagged_hash("TGP/0.1/other", [b"ab".as_slice(), b"c"]));
/// ```
#[must_use]
pub fn tagged_hash<'p, I>(tag: &str, parts: I) -> [u8; 32]
where
    I: IntoIterator<Item = &'p [u8], IntoIter: ExactSizeIterator>,
{
    let parts = parts.into_iter();
    let tag = Sha256::digest(tag);
    let mut hash = Sha256::new();
    hash.update(tag);
    hash.update(tag);
    hash.update(length(parts.len()));
    for part in parts {
        hash.update(length(part.len()));
        hash.update(part);
    }
    hash.finalize().into()
}

fn length(length: usize) -> [u8; 8] {
    // no platform has lengths beyond 64 bits
    u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes()
}
