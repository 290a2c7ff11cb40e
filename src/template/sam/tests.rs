//! Tests of the expansion as a whole.
