//! The `cogspec` command.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    cogspec::cli::main().await
}
