//! The `cogspec` command.

fn main() -> std::process::ExitCode {
    cogspec::cli::main()
}
