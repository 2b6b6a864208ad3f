//! Structure-aware generators: something right, then labelled defects.
//!
//! Each generator draws from [`arbitrary::Unstructured`], that is from bytes: a fuzzer's, or those of a proptest strategy,
//! which so shrinks. What is drawn carries the labels of its defects, and these say what it must be called; whether it is
//! called so, [`crate::oracle::labels`] decides.
//!
//! | module | what it draws |
//! |---|---|
//! | [`options`] | creation options, with the rules that they break |

pub mod options;
