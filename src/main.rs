//! The `dewline` command.

fn main() -> std::process::ExitCode {
    dewline::cli::main()
}
