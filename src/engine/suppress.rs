//! Suppressions: which findings the author has answered for.
