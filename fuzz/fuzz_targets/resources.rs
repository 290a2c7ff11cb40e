//! Resources made from bytes are checked by the program and by the plain validator of its tests.

#![no_main]

#[path = "../../tests/suite/validity/schema_property/agreement.rs"]
mod agreement;
#[path = "../../tests/suite/validity/schema_property/generator.rs"]
mod generator;
#[path = "../../tests/suite/validity/schema_property/reference.rs"]
mod reference;

use generator::Choices;
use libfuzzer_sys::fuzz_target;
use reference::Reference;

thread_local! {
    /// Reading the schemas takes longer than a hundred comparisons.
    static REFERENCE: Reference = Reference::new();
}

/// Numbers from bytes; 0 when they end.
struct Bytes<'b>(&'b [u8]);

impl Choices for Bytes<'_> {
    fn below(&mut self, limit: u64) -> u64 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        u64::from(*first) % limit
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut choices = Bytes(bytes);
    let types = agreement::types();
    let number = choices.below(256) * 256 + choices.below(256);
    let name = types[number as usize % types.len()];
    let (_, difference) = REFERENCE.with(|reference| agreement::compare(reference, name, &mut choices));
    assert!(difference.is_none(), "{name}: {}", difference.unwrap_or_default());
});
