//! Random resources, checked twice: by the program and by a slow validator written for this
//! test. Both must find something wrong at the same lines.

mod agreement;
mod generator;
mod reference;

use agreement::{compare, types};
use generator::{Choices, Seeded};
use reference::Reference;

/// Resources that are made and checked.
const CASES: u64 = 2500;

#[test]
fn the_validator_and_a_plain_one_agree_on_random_resources() {
    let types = types();
    let reference = Reference::new();
    let mut choices = Seeded(0x005e_ed0f_4e57);
    let (mut sound, mut wrong) = (0, 0);
    for case in 0..CASES {
        let name = types[choices.below(types.len() as u64) as usize];
        let outcome = compare(&reference, name, &mut choices);
        let (lines, difference) = outcome;
        assert!(difference.is_none(), "case {case}, {name}:\n{}", difference.unwrap());
        if lines == 0 { sound += 1 } else { wrong += 1 }
    }
    println!("{sound} sound resources, {wrong} with mistakes");
    assert!(sound > CASES / 20 && wrong > CASES / 4, "{sound} sound, {wrong} wrong: the mix says nothing");
}
