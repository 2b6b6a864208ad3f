//! The server of the library `cognitox` on 127.0.0.1 only, with everything in memory: `cognitox-loopback PORT`.

use std::net::Ipv4Addr;

use cognitox::{api, config::StorageConfig, jwt::set_issuer_base_url, storage::Storage};
use tower_http::cors::{Any, CorsLayer};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::args().nth(1).ok_or("usage: cognitox-loopback PORT")?.parse()?;
    set_issuer_base_url(format!("http://localhost:{port}"))?;
    let storage = Storage::with_config(StorageConfig::memory())?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    // As in its own program: what OPTIONS is answered with comes of it.
    let cors = CorsLayer::new().allow_origin(Any).allow_methods(Any).allow_headers(Any);
    axum::serve(listener, api::create_router(storage).layer(cors)).await?;
    Ok(())
}
