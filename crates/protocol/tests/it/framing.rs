//! The framing of tagged hashes: other parts are other input.

use proptest::{collection::vec, prelude::*, sample::Index};
use tgp_protocol::tagged_hash;

/// The same bytes, cut at these places; a place that comes twice makes an empty part.
fn cut<'b>(bytes: &'b [u8], places: &[Index]) -> Vec<&'b [u8]> {
    let mut places: Vec<usize> = places.iter().map(|place| place.index(bytes.len() + 1)).collect();
    places.sort_unstable();
    places.push(bytes.len());
    let mut from = 0;
    let part = |to| &bytes[std::mem::replace(&mut from, to)..to];
    places.into_iter().map(part).collect()
}

proptest! {
    #[test]
    fn the_same_bytes_in_other_parts_have_another_hash(
        bytes in vec(any::<u8>(), 0..24), places in [vec(any::<Index>(), 0..5), vec(any::<Index>(), 0..5)],
    ) {
        let [a, b] = places.map(|places| cut(&bytes, &places));
        let hash = |parts: &[&[u8]]| tagged_hash("TGP/0.1/example", parts.iter().copied());
        prop_assert_eq!(a == b, hash(&a) == hash(&b));
        // a length that is moved into the part before it
        let longer = [a[0], &u64::try_from(bytes.len()).unwrap().to_be_bytes(), &bytes].concat();
        prop_assert_ne!(hash(&[a[0], &bytes]), hash(&[&longer]));
    }

    #[test]
    fn the_same_parts_under_another_tag_have_another_hash(
        tags in ["[a-z]{0,4}", "[a-z]{0,4}"], part in vec(any::<u8>(), 0..8),
    ) {
        let [a, b] = tags;
        prop_assert_eq!(a == b, tagged_hash(&a, [part.as_slice()]) == tagged_hash(&b, [part.as_slice()]));
        // nothing of the tag can be moved into the first part
        let moved = [b.as_bytes(), &part].concat();
        prop_assume!(!b.is_empty());
        prop_assert_ne!(tagged_hash(&format!("{a}{b}"), [part.as_slice()]), tagged_hash(&a, [moved.as_slice()]));
    }
}
