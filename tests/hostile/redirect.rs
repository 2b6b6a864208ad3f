//! Redirects are answers like any other: nobody goes where they point, and no token does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::proxy::serve;
use crate::table::{RIGHT, hold, hostile, with_headers};

#[test]
fn redirects() {
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&visits);
    let bait = serve(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
        async { Ok(()) }
    });
    let away = |status: u16, name: &str| {
        let headers = format!("{name}: http://localhost:{}/\r\n", bait.address.port());
        vec![with_headers(status, &headers, "{}")]
    };
    let refresh = format!("0; url={}", bait.endpoint());
    hold(vec![
        hostile("redirect.301", "not-aws-json:no-code", away(301, "Location")),
        hostile("redirect.302", "not-aws-json:no-code", away(302, "Location")),
        hostile("redirect.303", "not-aws-json:no-code", away(303, "Location")),
        hostile("redirect.307", "not-aws-json:no-code", away(307, "Location")),
        hostile("redirect.308", "not-aws-json:no-code", away(308, "Location")),
        hostile("redirect.300-choices", "not-aws-json:no-code", away(300, "Location")),
        hostile("redirect.305-use-proxy", "not-aws-json:no-code", away(305, "Location")),
        hostile("redirect.401-challenge", "not-aws-json:no-code", away(401, "WWW-Authenticate: Basic\r\nLocation")),
        hostile("redirect.407-proxy", "not-aws-json:no-code", away(407, "Proxy-Authenticate: Basic\r\nLocation")),
        hostile(
            "redirect.refresh",
            "InvalidParameterException",
            vec![with_headers(400, &format!("Refresh: {refresh}\r\n"), RIGHT)],
        ),
        hostile(
            "redirect.alternative-service",
            "InvalidParameterException",
            vec![with_headers(400, &format!("Alt-Svc: http/1.1=\"{}\"\r\n", bait.address), RIGHT)],
        ),
        hostile("redirect.loop", "not-aws-json:no-code", vec![with_headers(307, "Location: /\r\n", "{}")]),
    ]);
    assert_eq!(visits.load(Ordering::Relaxed), 0, "somebody followed");
}
