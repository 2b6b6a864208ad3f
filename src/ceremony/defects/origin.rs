//! Origins in client data. The draft's own is `https://` and a host that belongs to the relying party id (`http://localhost`
//! where that is the id).

use serde_json::Value;

use super::draft::Draft;
use super::steps::Steps;
use super::{Defect, observed, refused};

pub(super) fn defects<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    foreign(steps).into_iter().chain(forms(steps)).chain(choices(steps)).collect()
}

/// Of somebody else.
fn foreign<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    let row = |name, title, edit| refused(name, title, edit, steps.origin, steps.class_origin);
    vec![
        row("origin-other-host", "refuses the origin of another host", |draft: &mut T| {
            draft.client_data().set("origin", "https://evil.test");
        }),
        row("origin-prefixed", "refuses an origin whose host only ends with the relying party id", |draft| {
            edit(draft, |scheme, rest| format!("{scheme}://evil-{rest}"));
        }),
        row("origin-suffixed", "refuses an origin whose host only begins with the relying party id", |draft| {
            let host = format!("https://{}.evil.test", draft.rp_id());
            draft.client_data().set("origin", host);
        }),
        row("origin-parent", "refuses the origin of a domain above the relying party id", |draft| {
            let above = draft.rp_id().split_once('.').map_or("test", |(_, above)| above);
            let origin = format!("https://{above}");
            draft.client_data().set("origin", origin);
        }),
        row(
            "origin-user-other-host",
            "refuses an origin whose user is the relying party id and whose host is another",
            |draft| {
                let origin = format!("https://{}@evil.test", draft.rp_id());
                draft.client_data().set("origin", origin);
            },
        ),
        row(
            "origin-path-other-host",
            "refuses an origin of another host with the relying party id in its path",
            |draft| {
                let origin = format!("https://evil.test/https://{}", draft.rp_id());
                draft.client_data().set("origin", origin);
            },
        ),
        row("origin-scheme", "refuses an origin that is not secure", |draft| {
            edit(draft, |scheme, rest| format!("{}://{rest}", if scheme == "https" { "http" } else { "ws" }));
        }),
        row("origin-opaque", "refuses an opaque origin", |draft| draft.client_data().set("origin", "null")),
    ]
}

/// What is no origin.
fn forms<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    let none = |name, title, edit| refused(name, title, edit, steps.origin, steps.class_origin_form);
    let more = |name, title, edit| refused(name, title, edit, steps.origin_form, steps.class_origin_form);
    vec![
        none("origin-missing", "refuses client data without an origin", |draft: &mut T| {
            draft.client_data().remove("origin");
        }),
        none("origin-null", "refuses an origin that is null", |draft| {
            draft.client_data().set("origin", Value::Null);
        }),
        none("origin-empty", "refuses an empty origin", |draft| draft.client_data().set("origin", "")),
        none("origin-array", "refuses an origin that is an array with its own in it", |draft| {
            let data = draft.client_data();
            data.set("origin", vec![Value::from(data.text("origin"))]);
        }),
        none("origin-bare-host", "refuses an origin that is a host without a scheme", |draft| {
            edit(draft, |_, rest| rest.to_owned());
        }),
        more("origin-slash", "refuses an origin with a slash after it", |draft| {
            edit(draft, |scheme, rest| format!("{scheme}://{rest}/"));
        }),
        more("origin-path", "refuses an origin with a path", |draft| {
            edit(draft, |scheme, rest| format!("{scheme}://{rest}/sign-in"));
        }),
        more("origin-query", "refuses an origin with a query", |draft| {
            edit(draft, |scheme, rest| format!("{scheme}://{rest}?a=b"));
        }),
        more("origin-user", "refuses an origin with a user", |draft| {
            edit(draft, |scheme, rest| format!("{scheme}://user@{rest}"));
        }),
        more("origin-case", "refuses an origin in capitals", |draft| {
            edit(draft, |scheme, rest| format!("{scheme}://{rest}").to_uppercase());
        }),
        more("origin-space", "refuses an origin with a space before it", |draft| {
            edit(draft, |scheme, rest| format!(" {scheme}://{rest}"));
        }),
        more("origin-dot", "refuses an origin whose host ends with a dot", |draft| {
            edit(draft, |scheme, rest| format!("{scheme}://{rest}."));
        }),
    ]
}

fn choices<T: Draft>(steps: &Steps) -> Vec<Defect<T>> {
    let row = |name, title, edit| observed(name, title, edit, steps.origin_choice);
    vec![
        row("origin-subdomain", "observes the origin of a subdomain of the relying party id", |draft: &mut T| {
            edit(draft, |scheme, rest| format!("{scheme}://login.{rest}"));
        }),
        row("origin-port", "observes an origin with another port", |draft| {
            edit(draft, |scheme, rest| format!("{scheme}://{}:8443", rest.split(':').next().unwrap_or(rest)));
        }),
        row("origin-android", "observes the origin of an Android app", |draft| {
            let app = "android:apk-key-hash:7d1043473d55bfa90e8530d35801d4e381bc69f0";
            draft.client_data().set("origin", app);
        }),
    ]
}

/// Edits the origin, by its scheme and by what follows `://`.
fn edit<T: Draft>(draft: &mut T, edit: impl FnOnce(&str, &str) -> String) {
    let data = draft.client_data();
    let (scheme, rest) = data.text("origin").split_once("://").unwrap_or_default();
    data.set("origin", edit(scheme, rest));
}
