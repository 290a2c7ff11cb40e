//! Configuration and command line merged into the settings of a run.
