//! Bytes to draw from that are the same in every run.

/// 1 KiB that looks random (SplitMix64, whose first bytes differ even where seeds are near to each other).
pub(crate) fn bytes(seed: u32) -> Vec<u8> {
    let mut state = u64::from(seed);
    let next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).to_be_bytes()
    };
    std::iter::repeat_with(next).take(128).flatten().collect()
}
