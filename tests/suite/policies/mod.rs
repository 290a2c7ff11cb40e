//! Policies: their examples, their fixes, their noise, and peers.

mod examples;
mod fixes;
mod fixes_corpus;
pub mod fixing;
mod guard;
mod noise;
mod paths_of_waiting_and_watching;
mod peers_oracle;
mod warm_up_by_the_model;
